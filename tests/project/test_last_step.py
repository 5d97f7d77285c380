"""Undo of the last command reads and works out nothing, and leaves the same bytes as when it reads everything."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.project import edit_log, project_file
from tests.conftest import CityFile


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile) -> Any:
    made = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(count=4))])
    yield made
    made.close()


def rows(document: Document) -> list[Any]:
    with closing(sqlite3.connect(document.path)) as beside:
        tables = ("buildings ORDER BY fid", "ct_geometry ORDER BY fid", "ct_assignment ORDER BY 1, 2")
        return [beside.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608


def test_undo_of_the_last_command_works_nothing_out(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    before, stored = document.project.district, rows(document)
    document.execute("remove_buildings", building_ids=["B1", "B3"])
    after = document.project.district

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("worked out again what was known")

    monkeypatch.setattr(project_file, "apply_all", never)
    monkeypatch.setattr(edit_log, "changes_of", never)
    monkeypatch.setattr("citytwin_desktop.project.writing.footprint_shapes", never)
    monkeypatch.setattr("citytwin_desktop.project.writing.pack_surfaces", never)
    assert document.undo() is not None
    assert document.project.district is before
    assert rows(document) == stored
    assert document.redo() is not None
    assert document.project.district is after
    assert document.undo() is not None
    assert rows(document) == stored


def test_undo_from_the_file_leaves_the_same_rows(document: Document) -> None:
    stored = rows(document)
    document.execute("add_scenario", name="Deep")
    document.execute("assign_package", scenario_id="deep", building_ids=["B0", "B2"], package_id="deep")
    assigned = rows(document)
    document.execute("remove_scenario", scenario_id="deep")
    document.project.load()
    document.undo()
    assert rows(document) == assigned
    document.undo()
    document.undo()
    assert rows(document) == stored
    document.execute("remove_buildings", building_ids=["B1", "B3"])
    document.project.load()
    document.undo()
    assert rows(document) == stored


def test_commands_that_change_nothing_are_taken_back_one_by_one(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=3)
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=4)
    document.undo()
    document.undo()
    assert document.undo_title is not None
    assert "Import" in document.undo_title
    assert [entry.undone for entry in document.history()] == [False, True, True]
    document.redo()
    document.redo()
    assert document.redo() is None
    assert [entry.undone for entry in document.history()] == [False, False, False]
    # The same district on both sides: what is taken back next is told by the log alone.
    for name in ("first", "second"):
        document.project.execute(name, name, {}, ())
    assert [document.project.undo()[0].command for _ in range(2)] == ["second", "first"]  # type: ignore[index]
    assert [document.project.redo()[0].command for _ in range(2)] == ["first", "second"]  # type: ignore[index]


def test_a_way_through_the_history_ends_what_was_known(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=3)
    seq = document.history()[-1].seq
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=5)
    document.go_to(seq)
    assert document.city.buildings.column("storeys")[0] == 3
    document.undo()
    assert document.history()[-2].undone
    assert [entry.undone for entry in document.history()] == [False, True, True]
