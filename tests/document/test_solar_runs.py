"""Solar runs of a document: first map and exact hours, tracing again, conditions, cells."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.document.solar_traces import NO_CACHE, trace_file
from citytwin_desktop.document.solar_values import SolarTime
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path
from tests.conftest import box_city


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Document]:
    """Twelve boxes under Chicago's weather, with a cache of their own."""
    monkeypatch.delenv(NO_CACHE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    source = tmp_path / "boxes.city.json"
    source.write_text(json.dumps(box_city(count=12)), encoding="utf-8")
    made = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(source)])
    made.execute("set_weather", path=str(chicago_weather_path()))
    yield made
    made.close()


def test_the_first_map_comes_before_the_exact_hours(document: Document) -> None:
    assert document.solar.shown().key == ""
    run = document.start_run("solar")
    first = None
    while not run.finished:
        run.poll(0.05)
        shown = document.solar.shown()
        if shown.key and not shown.exact and first is None:
            assert shown.fresh
            first = document.surface_values("solar_irradiation").values.copy()
    shown = document.solar.shown()
    assert shown.exact
    assert first is not None
    exact = document.surface_values("solar_irradiation").values
    lit = exact > 1.0
    np.testing.assert_allclose(first[lit], exact[lit], rtol=0.05)
    assert "First map; the exact hours follow." in run.log
    with document.project.reading() as connection:
        assert len(result_store.keys(connection, "solar operators")) == 1
    floors = document.city.surfaces.kind == 2
    area = document.city.surfaces.polygons.areas_m2
    table = result_table(document, "solar_irradiation", "baseline", "city", "year")
    assert table.to_json()["exact"]
    # The mean of the city is over what can get light, not over floors on the soil.
    assert table.rows[0].values[0] == pytest.approx(np.average(exact[~floors], weights=area[~floors]), rel=1e-4)


def test_a_first_map_that_was_left_is_refined_by_the_next_run(document: Document) -> None:
    run = document.start_run("solar")
    while not run.finished and not document.solar.shown().key:
        run.poll(0.01)
    run.cancel()
    shown = document.solar.shown()
    assert (shown.fresh, shown.exact) == (True, False)
    assert document.surface_values("solar_irradiance", hour=4116).values.max() > 100.0
    again = document.start_run("solar")
    assert again.total == 1
    again.wait()
    assert document.solar.shown().exact
    assert document.start_run("solar").total == 0


def test_an_edit_traces_only_what_it_affects_and_undo_brings_the_old_map_back(document: Document) -> None:
    document.start_run("solar").wait()
    before = document.surface_values("solar_irradiation").values.copy()
    document.execute("remove_buildings", building_ids=["B11"])
    assert not document.solar.shown().fresh
    document.start_run("solar").wait()
    shown = document.solar.shown()
    with document.project.reading() as connection:
        found = result_store.about(connection, shown.key)
    assert found is not None
    assert found.about["traced_share"] < 1.0
    document.undo()
    assert document.solar.shown().fresh
    np.testing.assert_array_equal(document.surface_values("solar_irradiation").values, before)
    assert document.start_run("solar").total == 0


def test_snow_and_bright_walls_change_the_result_and_leaves_without_trees_do_not(document: Document) -> None:
    document.start_run("solar").wait()
    january = document.surface_values("solar_irradiation", month=0).values.copy()
    july = document.surface_values("solar_irradiation", month=6).values.copy()
    document.execute("set_solar_conditions", leaf_on_months="5,6,7")
    assert document.solar.shown().fresh
    document.execute("set_solar_conditions", snow_months="1,2")
    assert not document.solar.shown().fresh
    document.start_run("solar").wait()
    walls = document.city.surfaces.kind == 0
    assert document.surface_values("solar_irradiation", month=0).values[walls].sum() > 1.1 * january[walls].sum()
    np.testing.assert_allclose(document.surface_values("solar_irradiation", month=6).values, july, rtol=0.01, atol=0.1)
    # Nothing had to be traced for that, yet the hours are there and nothing is left to run.
    assert document.surface_values("solar_irradiance", hour=4116).values.max() > 100.0
    assert document.start_run("solar").total == 0
    document.execute("edit_buildings", building_ids=["B0"], column="wall_reflectance", value=0.8)
    assert not document.solar.shown().fresh


def test_spans_parts_days_and_views(document: Document) -> None:
    document.start_run("solar").wait()
    may = document.surface_values("solar_irradiation", month=4).values
    span = document.surface_values("solar_irradiation", hours=(2880, 3624)).values
    np.testing.assert_allclose(span, may, rtol=1e-3, atol=1e-3)
    parts = [
        document.surface_values(f"solar_irradiance_{name}", hour=4116).values
        for name in ("beam", "diffuse", "reflected")
    ]
    np.testing.assert_allclose(sum(parts), document.surface_values("solar_irradiance", hour=4116).values, rtol=1e-3)
    roof = np.flatnonzero(document.city.surfaces.kind == 1)[0]
    assert document.surface_values("direct_sunlight", hour=4116).values[roof] == pytest.approx(15.2, abs=0.3)
    assert document.surface_values("sky_view_factor").values[roof] == pytest.approx(1.0, abs=0.02)


def test_cells_are_made_on_demand(document: Document) -> None:
    assert document.solar_cells.values("solar_irradiation", SolarTime()) is None
    with pytest.raises(KnownError, match="1 to 10 m"):
        document.solar_cells.start(0.5)
    run = document.solar_cells.start(5.0)
    run.wait()
    assert not run.failed
    layout = document.solar_cells.layout
    assert layout is not None
    found = document.solar_cells.values("solar_irradiation", SolarTime())
    assert found is not None
    assert not found.stale
    assert len(found.values) == layout.at.max() + 1
    document.start_run("solar").wait()
    whole = document.surface_values("solar_irradiation").values
    surface = int(np.flatnonzero(document.city.surfaces.kind == 1)[0])
    own = layout.at[layout.start[surface] : layout.start[surface] + layout.grid[surface].prod()]
    assert found.values[own].mean() == pytest.approx(whole[surface], rel=0.02)
    document.execute("remove_buildings", building_ids=["B3"])
    stale = document.solar_cells.values("solar_irradiance", SolarTime(4116))
    assert stale is not None
    assert stale.stale
    document.solar_cells.drop()
    assert document.solar_cells.layout is None


def test_the_cache_can_be_turned_off_and_does_not_grow(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(str(trace_file(document.path))).parent
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(12):
        (folder / f"{number:02d}.trace").write_bytes(b"old")
    trace_file(document.path)
    assert len(list(folder.iterdir())) == 7
    monkeypatch.setenv(NO_CACHE, "1")
    assert trace_file(document.path) == ""
