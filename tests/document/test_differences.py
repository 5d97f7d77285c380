from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.document.building_values import energy_totals, of_buildings
from citytwin_desktop.document.comparison import compare_scenarios, share_of
from citytwin_desktop.document.differences import depends_on_scenario, minus
from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.document.values import SurfaceValues
from citytwin_desktop.document.variables import VARIABLES
from citytwin_desktop.errors import KnownError
from tests.conftest import box_city
from tests.stored_demand import AREA_M2, store_demand

DEEP = {"B0": 30.0, "B1": 90.0}
NOW = {"B0": 120.0, "B1": 80.0, "B2": 60.0}


@pytest.fixture
def document(tmp_path: Path, city_file: Callable[..., Path], weather_file: Path) -> Iterator[Document]:
    """Four boxes, B1 a part of B0; results of three today, and of two of the three that have a package."""
    city = box_city()
    city["CityObjects"]["B0"] |= {"children": ["B1"]}
    city["CityObjects"]["B1"] |= {"type": "BuildingPart", "parents": ["B0"]}
    made = create_document(tmp_path / "two.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file("parts.city.json", city))])
    made.execute("set_weather", path=str(weather_file))
    made.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    made.execute("add_scenario", name="Deep")
    made.execute("assign_package", scenario_id="deep", building_ids=["B0", "B2"], package_id="deep")
    store_demand(made, "baseline", NOW)
    store_demand(made, "deep", DEEP)
    yield made
    made.close()


def by_row(document: Document, found: SurfaceValues) -> dict[str, float]:
    owner, ids = document.city.surfaces.building, document.city.buildings.ids
    return {str(ids[row]): float(value) for row, value in zip(owner, found.values, strict=True)}


def difference(
    document: Document, name: str, first: str, second: str, month: int | None = None, *, total: bool = False
) -> SurfaceValues:
    """What a view paints as A − B."""
    sides = []
    for scenario in (first, second):
        found = document.surface_values(name, scenario, month=month)
        sides.append(of_buildings(document, found, scenario, month, total=True) if total else found)
    return minus(*sides)


def test_what_is_painted_adds_up_to_what_the_command_line_compares(document: Document) -> None:
    told = compare_scenarios(document, "heating_demand", "deep", "baseline")
    painted = by_row(document, difference(document, "heating_demand", "deep", "baseline"))
    assert painted["B0"] == -90.0
    assert np.isnan(painted["B2"])
    assert np.isnan(painted["B3"])
    assert np.nansum(list(painted.values())) * AREA_M2 == pytest.approx(told["difference"])
    totals = difference(document, "heating_demand", "deep", "baseline", total=True)
    assert totals.unit == "kWh/a"
    # The total of a building stands on its parts too.
    assert by_row(document, totals)["B1"] == by_row(document, totals)["B0"] == pytest.approx(told["difference"])
    assert told["first"]["total"] == pytest.approx(sum(DEEP.values()) * AREA_M2)
    assert [row["id"] for row in told["rows"]] == ["B0"], "a part counts with its building"


def test_shares_are_of_the_scenario_that_is_held_against(document: Document) -> None:
    """One function for the command line, the bar and the list; of nought there is no share, rather than none."""
    told = compare_scenarios(document, "heating_demand", "deep", "baseline")
    back = compare_scenarios(document, "heating_demand", "baseline", "deep")
    assert (told["reference"], back["reference"]) == ("baseline", "deep")
    assert told["relative"] == pytest.approx(told["difference"] / told["second"]["total"])
    assert told["relative"] == share_of(told["first"]["total"], told["second"]["total"])
    assert back["relative"] == pytest.approx(-told["difference"] / told["first"]["total"])
    assert share_of(3.0, 0.0) is None
    assert share_of(-1.0, -2.0) == 0.5, "the sign is that of the difference"


def test_months_add_up_to_the_year(document: Document) -> None:
    months = [difference(document, "heating_demand", "deep", "baseline", month=month).values for month in range(12)]
    year = difference(document, "heating_demand", "deep", "baseline").values
    assert np.sum(months, axis=0) == pytest.approx(year, rel=1e-4, nan_ok=True)
    assert months[0][0] == pytest.approx(min(month[0] for month in months)), "most is saved in January"


def test_final_energy_is_compared_over_all_its_carriers(document: Document) -> None:
    told = compare_scenarios(document, "final_energy", "deep", "baseline")
    sums = energy_totals(document, VARIABLES["final_energy"], "baseline").kwh
    assert told["second"]["total"] == pytest.approx(np.nansum(sums[:2]))


def test_nothing_stale_is_shown_as_fresh(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value="0.3")
    found, owner = difference(document, "heating_demand", "deep", "baseline"), document.city.surfaces.building
    assert found.stale[owner == 0].all()
    assert not found.stale[owner == 1].any()
    assert not compare_scenarios(document, "heating_demand", "deep", "baseline")["second"]["fresh"]


def test_odd_questions_are_refused(document: Document) -> None:
    with pytest.raises(KnownError, match="no scenario"):
        compare_scenarios(document, "heating_demand", "deep", "gone")
    one = document.surface_values("heating_demand")
    with pytest.raises(KnownError, match="cannot be subtracted"):
        minus(one, replace(one, unit="kWh/m²"))
    assert depends_on_scenario("final_energy")
    assert not depends_on_scenario("solar_irradiation")


def test_surface_values_are_gathered_by_area(document: Document) -> None:
    city = document.city
    area, group = city.surfaces.polygons.areas_m2, city.buildings.parent_row()[city.surfaces.building]
    values = np.arange(len(area), dtype=np.float32)
    values[group == 3] = np.nan
    found = SurfaceValues("heat_transmission", "kWh/m²a", values, np.arange(len(area)) == 2)
    mean, total = of_buildings(document, found), of_buildings(document, found, total=True)
    mine = group == 0
    assert mine.sum() > (city.surfaces.building == 0).sum(), "parts count with their building"
    assert mean.values[mine] == pytest.approx(np.average(values[mine], weights=area[mine]))
    assert total.values[mine] == pytest.approx((values * area)[mine].sum())
    assert (mean.unit, total.unit) == ("kWh/m²a", "kWh/a")
    assert np.isnan(mean.values[group == 3]).all()
    assert mean.stale[mine].all()
    assert not mean.stale[~mine].any()
