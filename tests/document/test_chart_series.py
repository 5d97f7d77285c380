"""Series of charts: the same numbers as the tables, whatever is stale, estimated or missing said with them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.document.chart_columns import Painted, chart_columns, column_values
from citytwin_desktop.document.chart_delivered import first_hour, hours_of, months_from
from citytwin_desktop.document.chart_gathering import chart_rows, gather
from citytwin_desktop.document.chart_lines import DURATION, HOURLY, MONTHLY, PROFILE, lines_of, marks_of, year_table
from citytwin_desktop.document.chart_series import BY_CARRIER, DELIVERED, CancelledError, ChartRequest, chart_variables
from citytwin_desktop.document.delivered import DeliveredSeries
from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.document.energy_values import DEMANDS
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.document.side_document import SideDocument
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.ui.background import Worker
from tests.conftest import CityFile, box_city

AREA_M2 = 160.0


def store(document: Document, name: str, engine: str, key: str, seed: int) -> None:
    """A year of hours as an engine leaves it, another one for each building."""
    hours = np.random.default_rng(seed)
    series = {item: StoredSeries("kWh", hours.gamma(2.0, 2.0, 8760).astype(np.float32)) for item in DEMANDS}
    summary = {item: (float(found.values.sum()), "kWh") for item, found in series.items()}
    summary |= {"floor_area_m2": (AREA_M2, "m2"), "peak_heating_demand": (9.0, "kW")}
    about = {} if engine == "energyplus" else {"expected_error": {"annual": 0.1, "monthly": 0.1, "level": "archetype"}}
    with document.project.writing() as connection:
        result_store.put(connection, StoredResult(key, engine, "25.2", 1.0, about, series, summary=summary))
        result_store.show(connection, engine, "baseline", [(name, key, "")])


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    return []


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile, weather_file: Path, made: list[bytes]) -> Iterator[Document]:
    """B1 is a part of B0: both simulated; B2 has an estimate, B3 nothing."""
    from citytwin_desktop.document.document import open_document

    path = tmp_path / "p.citytwin.gpkg"
    if made:
        path.write_bytes(made[0])
    else:
        city = box_city()
        city["CityObjects"]["B1"] |= {"type": "BuildingPart", "parents": ["B0"]}
        first = create_document(path)
        first.execute("import_city", sources=[str(city_file(document=city))])
        first.execute("set_weather", path=str(weather_file))
        first.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
        keys = first.keys.energy(first.project.district, first.weather, "baseline")
        for seed, name in enumerate(("B0", "B1")):
            store(first, name, "energyplus", keys[name], seed)
        store(first, "B2", "estimate", first.energy.estimate_keys("baseline")["B2"], 5)
        first.close()
        made.append(path.read_bytes())
    found = open_document(path)
    yield found
    found.close()


def gathered(document: Document, *names: str, ids: tuple[str, ...] = ()) -> Any:
    return gather(document, ChartRequest(names, ("baseline",), ids))


def test_sums_are_those_of_the_command_line(document: Document) -> None:
    names = ("heating_demand", "hot_water_demand", BY_CARRIER, "final_energy")
    data = gathered(document, *names)
    by_name = {(item.variable, item.carrier): item for item in data.series}
    for name in ("heating_demand", "hot_water_demand"):
        row = result_table(document, name, "baseline", "city", "hour").rows[0]
        assert by_name[name, ""].hours == pytest.approx(row.values, rel=1e-6)
    carriers = result_table(document, "final_energy", "baseline", "city", "hour").rows
    assert {row.carrier for row in carriers} == {carrier for name, carrier in by_name if name == BY_CARRIER}
    for row in carriers:
        assert by_name[BY_CARRIER, row.carrier].hours == pytest.approx(row.values, rel=1e-9)
    total = by_name["final_energy", ""]
    assert total.hours == pytest.approx(sum(row.values for row in carriers), rel=1e-6)
    sums = document.monthly_sums("heating_demand", ["B0", "B1", "B2"])
    heating = by_name["heating_demand", ""]
    assert sums is not None
    assert heating.months == pytest.approx(sums.monthly_kwh, rel=1e-9)
    assert (heating.buildings, heating.asked, heating.stale, heating.estimates) == (3, 4, 0, 1)
    assert heating.area_m2 == 3 * AREA_M2
    assert marks_of(heating) == ["1 estimated", "3 of 4"]
    assert {(gap.variable, gap.missing, gap.engine) for gap in data.gaps} == {(name, 1, "energyplus") for name in names}


def test_a_building_stands_for_its_parts(document: Document) -> None:
    assert chart_rows(document, ("B1",)).tolist() == [1]
    data = gathered(document, "heating_demand", ids=("B0",))
    table = result_table(document, "heating_demand", "baseline", "building", "month")
    assert data.series[0].months == pytest.approx(next(row for row in table.rows if row.id == "B0").values)
    assert data.series[0].whole
    assert not data.gaps


def test_every_chart_holds_the_whole_year_and_tells_its_marks(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.3)
    data = gathered(document, "heating_demand", "cooling_demand")
    heating = data.series[0]
    assert heating.stale == 1
    annual = float(heating.hours.sum())
    for kind, days in ((HOURLY, 1), (DURATION, 1), (PROFILE, 365), (MONTHLY, 1)):
        lines, left_out = lines_of(data, kind, per_area=False)
        assert not left_out
        assert lines[0].y.sum() * days == pytest.approx(annual)
        table = year_table(data, kind, lines)
        written = list(csv.reader(io.StringIO(table.to_csv().decode())))
        about = [row[0] for row in written if row[0].startswith("#")]
        assert any("energyplus 25.2" in line and "1 stale" in line and "1 estimated" in line for line in about)
        assert any("1 of 4 buildings" in line for line in about)
        rows = written[len(about) + 1 :]
        column = written[len(about)].index(next(name for name in table.header if name.startswith("Heating")))
        assert written[len(about)][column].endswith("[kWh]")
        assert sum(float(row[column]) for row in rows) * days == pytest.approx(annual)
    zoomed = year_table(data, HOURLY, lines_of(data, HOURLY, per_area=False)[0], (48, 72))
    assert [row[0] for row in zoomed.rows] == list(range(49, 73))
    assert zoomed.rows[0][1] == "3 Jan 00:00"
    per_area = lines_of(data, MONTHLY, per_area=True)[0][0]
    assert per_area.unit == "kWh/m²"
    assert per_area.y.sum() == pytest.approx(annual / (3 * AREA_M2))


def test_the_rest_is_said_and_not_left_out_in_silence(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    data = gathered(document, "solar_irradiance", "pv_yield", DELIVERED)
    assert not data.series
    assert [gap.engine for gap in data.gaps] == ["collectors", "solar", ""]
    monkeypatch.setattr("citytwin_desktop.document.chart_gathering.MOST_BUILDINGS", 2)
    data = gathered(document, "heating_demand")
    assert (data.buildings, data.first) == (4, 2)
    assert "the first 2 of them" in year_table(data, MONTHLY, lines_of(data, MONTHLY, per_area=False)[0]).about[1]

    def stop(done: int, _of: int) -> None:
        if done == 1:
            raise CancelledError

    with pytest.raises(CancelledError):
        gather(document, ChartRequest(("heating_demand",), ("baseline",)), stop)


def test_a_side_document_reads_while_the_first_one_writes(document: Document) -> None:
    side, request = SideDocument(document), ChartRequest(("heating_demand", "hot_water_demand"), ("baseline",))
    expected = gather(document, request)
    in_transaction = []

    def read() -> Any:
        in_transaction.append(True)
        return gather(side, request)

    with document.project.writing():
        worker = Worker(read)
        assert worker.wait(30.0)
    found = worker.result()
    assert in_transaction
    for one, other in zip(found.series, expected.series, strict=True):
        assert (one.hours == other.hours).all()
    # An edit is followed when it is told, and the keys of the main thread stay its own.
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.3)
    side.follow(document)
    assert gather(side, request).series[0].stale == 1
    side.rest()
    path = document.path
    document.close()
    assert not path.with_name(f"{path.name}-wal").exists()
    document.project = type(document.project).open(path)


def delivered(unit: str, interval_s: float, values: Any, start: str = "2015-01-01T00:00:00") -> DeliveredSeries:
    array = np.asarray(values, float)
    return DeliveredSeries("B0", "measured", "", unit, interval_s, start, "measurement", "city.gml", array)


def test_delivered_series_come_to_hours_or_months() -> None:
    quarters = np.arange(8760.0 * 4)
    hours = hours_of(delivered("MWh", 900.0, quarters), 8760)
    assert hours is not None
    assert hours[1] == pytest.approx(1000.0 * (4 + 5 + 6 + 7))
    power = hours_of(delivered("W", 900.0, quarters), 8760)
    assert power is not None
    assert power[1] == pytest.approx(5.5 / 1000)
    moved = hours_of(delivered("kWh", 3600.0, np.arange(8760.0), "2015-02-01T06:00:00"), 8760)
    assert moved is not None
    assert moved[31 * 24 + 6] == 0.0
    assert moved[0] == 8760 - 31 * 24 - 6
    assert hours_of(delivered("kWh", 3600.0, np.ones(8760)), 8784) is None
    months = months_from(delivered("GJ", 30.42 * 86400, range(12), "2015-03-01"))
    assert months is not None
    assert months[2] == 0.0
    assert months[3] == pytest.approx(1000 / 3.6)
    assert months_from(delivered("°C", 30.42 * 86400, range(12))) is None
    assert first_hour("no date", 8760) == 0
    assert first_hour("2016-02-29T00:00:00", 8760) == 58 * 24


def test_delivered_series_are_lines_of_their_own(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    items = (delivered("kWh", 3600.0, np.full(8760, 2.0)), delivered("kWh", 86400.0, np.ones(365)))
    monkeypatch.setattr("citytwin_desktop.document.chart_delivered.delivered_series", lambda *_: items[:1])
    line = gathered(document, DELIVERED).series[0]
    assert (line.delivered, line.title, line.unit) == (True, "measured (measurement)", "kWh")
    assert line.months.sum() == pytest.approx(17520.0)
    monkeypatch.setattr("citytwin_desktop.document.chart_delivered.delivered_series", lambda *_: items[1:])
    gap = gathered(document, DELIVERED).gaps[0]
    assert "365 values, one in 1 day" in gap.sentence


def test_columns_of_every_kind(document: Document) -> None:
    names = {item.name for item in chart_columns()}
    assert {"year_built", "wall_u_value_w_m2k", "volume_m3", "heating_demand", "peak_heating", "pv_yield"} <= names
    heating = column_values(document, "heating_demand", "baseline")
    shown = document.energy.shown("baseline")
    annual = [document.building_result("heating_demand", name, "baseline").annual_kwh for name in ("B0", "B1", "B2")]
    whole = [(annual[0] + annual[1]) / 2, *annual[1:]]  # a building's value includes its parts
    assert heating.values[:3] == pytest.approx(np.array(whole) / AREA_M2, rel=1e-5)
    assert np.isnan(heating.values[3])
    assert heating.estimate.tolist() == [False, False, True, False]
    assert heating.column.unit == "kWh/m²a"
    assert set(shown) == {"B0", "B1", "B2"}
    january = column_values(document, "heating_demand", "baseline", Painted("heating_demand", month=0))
    months = document.monthly_sums("heating_demand", ["B0", "B1"])
    assert months is not None
    assert january.values[0] == pytest.approx(months.monthly_kwh[0] / (2 * AREA_M2), rel=1e-5)
    assert column_values(document, "volume_m3", "baseline").values == pytest.approx([960.0, 480.0, 480.0, 480.0])
    assert np.isfinite(column_values(document, "wall_u_value_w_m2k", "baseline").values).all()
    for item in chart_columns():
        assert len(column_values(document, item.name, "baseline").values) == 4


def test_every_variable_with_hours_can_be_drawn() -> None:
    names = {item.name for item in chart_variables()}
    wanted = {"heating_demand", "cooling_demand", "hot_water_demand", "electricity_use", "final_energy", BY_CARRIER}
    assert wanted | {"solar_irradiance", "pv_yield", "solar_thermal_yield", DELIVERED} <= names
    assert "peak_heating" not in names


def test_keys_are_apart(document: Document) -> None:
    side = SideDocument(document)
    before = dict(vars(document.keys)["_specs"])
    side.keys.specs(side.project.district, "baseline")
    assert vars(document.keys)["_specs"].keys() == before.keys()
    assert content_key("a") != content_key("b")
    side.rest()
