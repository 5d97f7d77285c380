"""A run goes on by itself: its results are stored aside, told together, and whoever only looks never waits for it."""

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.document import events, result_writing
from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.document.result_writing import ResultWriter
from citytwin_desktop.document.run_work import RunWork
from citytwin_desktop.document.runs import Run
from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.sim.jobs.job import Job, JobDone
from tests.conftest import CityFile


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile, weather_file: Path) -> Any:
    made = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(count=3))])
    made.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
    made.execute("set_weather", path=str(weather_file))
    yield made
    made.close()


def some_results(count: int) -> list[StoredResult]:
    hours = StoredSeries("kWh", np.ones(8760, np.float32))
    return [StoredResult(f"key {n}", "estimate", "1", 0.0, {}, {"heating_demand": hours}) for n in range(count)]


def plan_of(*names: str, prepare: Any = None) -> RunPlan:
    keys = {name: f"key {name}" for name in names}
    return RunPlan("estimate", "Estimate", "baseline", keys, len(names), len(names), 0, prepare, {})


def test_a_bunch_is_packed_before_the_file_is_locked_and_is_bounded(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    locked = document.project._write_turn.locked

    def packed(results: list[StoredResult]) -> Any:
        assert not locked(), "an edit waits while results are packed"
        return result_store.PackedResults([], [], [])

    monkeypatch.setattr(result_writing, "stored_results", lambda *_: some_results(1000))
    monkeypatch.setattr(result_writing.result_store, "packed", packed)
    monkeypatch.setattr(result_writing.result_store, "put_packed", lambda *_: sizes.append(int(locked())))
    writer = ResultWriter(document.project, plan_of("B0"))
    writer.take(Job("j", "estimate", "J", ("B0",), None), JobDone("j", None, 0.0, 0.0))
    stored: tuple[str, ...] = ()
    while writer.busy:
        before = len(sizes)
        assert not stored, "shown before all of it was there"
        stored = writer.write()
        assert len(sizes) - before <= result_writing.MOST_AT_ONCE // result_writing.AT_ONCE
    assert stored == ("B0",)
    assert all(sizes)


def test_reading_and_looking_go_on_while_a_thread_writes(document: Document) -> None:
    inside, leave = threading.Event(), threading.Event()

    def write() -> None:
        with document.project.writing_aside() as connection:
            result_store.put_all(connection, some_results(1))
            inside.set()
            assert leave.wait(10.0)

    writer = threading.Thread(target=write)
    writer.start()
    assert inside.wait(10.0)
    revision = document.project.revision
    began = time.monotonic()
    with document.project.reading() as connection:
        assert result_store.about(connection, "key 0") is None
    assert document.status("estimate").missing == {"B0", "B1", "B2"}
    assert time.monotonic() - began < 2.0, "SQLite's own wait for a lock is five seconds"
    leave.set()
    writer.join()
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=3)
    assert document.project.revision > revision
    with document.project.reading() as connection:
        assert result_store.about(connection, "key 0") is not None


def test_nothing_is_written_into_a_closed_project(tmp_path: Path, city_file: CityFile) -> None:
    made = create_document(tmp_path / "q.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(count=1))])
    with made.project.writing_aside() as connection:
        result_store.put_all(connection, some_results(1))
    made.close()
    assert [path.name for path in tmp_path.glob("q.citytwin*")] == ["q.citytwin.gpkg"]
    with pytest.raises(BugError), made.project.writing_aside():
        pass


def test_a_run_that_prepares_stops_at_once_and_writes_nothing_later(document: Document) -> None:
    begun, go_on = threading.Event(), threading.Event()
    queues: list[int] = []

    def prepare() -> Any:
        begun.set()
        assert go_on.wait(10.0)
        return [Job("j", "estimate", "J", ("B0",), None)], {"B1": "No."}

    run = Run(document, "estimate", "E", lambda: plan_of("B0", "B1", prepare=prepare), lambda: queues.append(1))  # type: ignore[arg-type,return-value]
    assert (run.fraction, run.finished) == (0.0, False)
    assert begun.wait(10.0)
    run.stop()
    run.poll(0.0)
    assert run.finished
    assert run.cancelled
    assert run.state == "Cancelled after 0 of 2."
    go_on.set()
    assert run._work is not None
    run._work._thread.join(10.0)
    assert queues == []
    assert not document.status("estimate").failed


def test_what_arrives_is_told_together(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.document.run_work import Planned, Stored
    from citytwin_desktop.document.work_thread import Ended

    told: list[tuple[str, ...]] = []
    document.events.changed.connect(
        lambda event: told.append(event.building_ids) if isinstance(event, events.ResultsArrived) else None
    )
    monkeypatch.setattr(RunWork, "begin", lambda _: None)
    run = Run(document, "estimate", "E", lambda: plan_of("B0"), lambda: None)  # type: ignore[arg-type,return-value]
    feed = run._work._told  # type: ignore[union-attr]
    feed.put(Planned(plan_of("B0", "B1", "B2")))
    for name in ("B0", "B1", "B2"):
        feed.put(Stored((name,)))
        run.poll()
    assert told == [("B0",)], "each telling paints the city"
    feed.put(Ended())
    run.poll()
    assert told == [("B0",), ("B1", "B2")]


def test_a_run_planned_aside_is_the_same_run(document: Document) -> None:
    here, aside = (document.start_run("estimate", aside=apart) for apart in (False, True))
    assert (here.total, here.title) == (3, aside.title)
    here.cancel()
    while not aside.total and not aside.finished:
        aside.poll(0.1)
    assert (aside.total, aside.skipped_fresh) == (3, 0)
    aside.wait()
    assert aside.succeeded == 3
    assert document.status("estimate").fresh == {"B0", "B1", "B2"}
    unknown = document.start_run("estimate", building_ids=["nobody"], aside=True)
    with pytest.raises(KnownError, match="nobody"):
        unknown.wait()
    assert unknown.finished
    with pytest.raises(KnownError, match="There is no engine"):
        document.start_run("magic")
