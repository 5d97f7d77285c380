"""Large cities under the hand: nothing is counted on the thread of the window, and what is counted is true."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.document.engine_status import engine_status
from citytwin_desktop.document.freshness import ENGINES, CurrentKeys
from citytwin_desktop.project.result_store import StoredResult, StoredSeries, put_all, show

COUNT = 12


@pytest.fixture
def ready(tmp_path: Path, city_file: Callable[..., Path], weather_file: Path) -> Path:
    """A project that can run."""
    from citytwin_desktop.document.document import create_document

    path = tmp_path / "row.citytwin.gpkg"
    document = create_document(path)
    document.execute("import_city", sources=[str(city_file(count=COUNT))])
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    document.close()
    return path


def store_estimates(document: Any) -> None:
    """Results for every building, as an estimate leaves them."""
    keys = document.energy.estimate_keys("baseline")
    year = StoredSeries("kWh", np.zeros(8760, np.float32))
    series = dict.fromkeys(("heating_demand", "cooling_demand", "lighting", "equipment"), year)
    area = {"floor_area_m2": (80.0, "m2")}
    with document.project.writing() as connection:
        put_all(
            connection, [StoredResult(key, "estimate", "1", 0.0, {}, series, summary=area) for key in keys.values()]
        )
        show(connection, "estimate", "baseline", [(name, key, "") for name, key in keys.items()])
    document.results_arrived("estimate", tuple(keys))


def test_a_large_city_is_counted_aside(
    window: Any, qtbot: Any, ready: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from citytwin_desktop.document import document as documents
    from citytwin_desktop.ui import stale_counts

    monkeypatch.setattr(stale_counts, "AT_ONCE_BUILDINGS", COUNT - 1)
    counted_on: list[threading.Thread] = []

    def watched(*asked: Any) -> Any:
        counted_on.append(threading.current_thread())
        return engine_status(*asked)

    monkeypatch.setattr(documents, "engine_status", watched)
    window.open_path(ready)
    session, standing = window.session, window.session.standing
    document = session.document
    assert standing.counting
    assert window.bars.stale_pill.text() == "Counting…"
    qtbot.waitUntil(lambda: not standing.counting)
    assert window.bars.stale_pill.text() == "Nothing stale"
    assert len(standing.status("estimate").missing) == COUNT
    # What was found out aside is known here: the next question costs nothing.
    assert document.keys.knows(document.project.district, document.weather, "baseline")
    assert threading.main_thread() not in counted_on
    store_estimates(document)
    qtbot.waitUntil(lambda: not standing.counting)
    assert len(standing.status("estimate").fresh) == COUNT
    counted_on.clear()
    document.execute("edit_buildings", building_ids=["B0", "B1"], column="wall_u_value_w_m2k", value=0.2)
    document.execute("edit_buildings", building_ids=["B2"], column="wall_u_value_w_m2k", value=0.2)
    # Two edits while it counts: only what is true after the second is told.
    told: list[dict[str, int]] = []
    standing.changed.connect(lambda: standing.counting or told.append(standing.stale))
    qtbot.waitUntil(lambda: not standing.counting)
    assert [counts["estimate"] for counts in told] == [3]
    assert window.bars.stale_pill.text() == "● 3 stale"
    assert counted_on
    assert threading.main_thread() not in counted_on
    document.undo()
    document.undo()
    qtbot.waitUntil(lambda: not standing.counting)
    assert standing.stale["estimate"] == 0
    for engine in ENGINES:
        assert standing.status(engine) == document.status(engine, "baseline")
    assert window.session.document.keys.energy(
        document.project.district, document.weather, "baseline"
    ) == CurrentKeys().energy(document.project.district, document.weather, "baseline")
    # Closed in the middle of counting, the project is one plain file all the same.
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.25)
    assert standing.counting
    window.colour_by("heating_demand")
    window.close_project()
    assert not standing.counting
    assert [path.name for path in ready.parent.iterdir() if path.name.startswith(ready.name)] == [ready.name]
    # Opened with a result painted, it waits for keys that the window's thread would need seconds for.
    known: list[bool] = []
    energy = CurrentKeys.energy

    def asked(keys: CurrentKeys, *state: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            known.append(keys.knows(*state))
        return energy(keys, *state)

    monkeypatch.setattr(CurrentKeys, "energy", asked)
    window.open_path(ready)
    window.links.repaint()
    assert window.workspace.painter.waiting
    assert window.workspace.legend.title == "Heating demand: being read…"
    qtbot.waitUntil(lambda: window.workspace.painter.shown is not None)
    assert not window.workspace.painter.waiting
    today = session.document.surface_values("heating_demand")
    np.testing.assert_array_equal(window.workspace.painter.shown.values, today.values)
    np.testing.assert_array_equal(window.workspace.painter.shown.stale, today.stale)
    assert known
    assert all(known)


def test_a_small_city_is_counted_at_once(opened: Any) -> None:
    standing = opened.session.standing
    assert not standing.counting
    assert len(standing.status("solar").missing) == 4
    assert standing.missing("solar") == "No weather file: choose one"
