"""Each kind of unusable file gets a sentence of its own, and stays as it was."""

import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from citytwin_desktop.document.document import create_document, open_document
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile


@pytest.fixture
def project(tmp_path: Path, city_file: CityFile) -> Path:
    path = tmp_path / "p.citytwin.gpkg"
    document = create_document(path)
    document.execute("import_city", sources=[str(city_file(count=20))])
    document.close()
    return path


def edit(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def truncated(share: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, int(path.stat().st_size * share))


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "b")


BAD = {
    "empty": (truncated(0.0), "is empty"),
    "header only": (truncated(0.001), "not a CityTwin project|cut short"),
    "half": (truncated(0.5), "cut short"),
    "nearly whole": (truncated(0.999), "cut short"),
    "zip": (zipped, "not a CityTwin project"),
    "foreign database": (lambda p: edit(p, "PRAGMA application_id = 7"), "database of another program"),
    "foreign tables": (lambda p: edit(p, "DROP TABLE ct_meta"), "database of another program"),
    "newer": (lambda p: edit(p, "UPDATE ct_meta SET value = '9.0' WHERE key = 'schema_version'"), "newer CityTwin"),
    "trigger": (
        lambda p: edit(p, "CREATE TRIGGER evil AFTER INSERT ON ct_edit_log BEGIN DELETE FROM ct_edit_log; END"),
        "foreign trigger or view “evil”",
    ),
    "view": (lambda p: edit(p, "CREATE VIEW spy AS SELECT * FROM ct_meta"), "foreign trigger or view “spy”"),
    "geometry": (
        lambda p: edit(p, "UPDATE ct_geometry SET data = zeroblob(40) WHERE fid = 3"),
        "geometry .* is damaged",
    ),
}


@pytest.mark.parametrize(("damage", "words"), BAD.values(), ids=BAD.keys())
def test_bad_files(project: Path, damage: Callable[[Path], None], words: str) -> None:
    damage(project)
    before = project.read_bytes()
    with pytest.raises(KnownError, match=words) as caught:
        open_document(project)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    assert project.read_bytes() == before
    assert not project.with_name(project.name + ".lock").exists()


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="does not exist"):
        open_document(tmp_path / "no.citytwin.gpkg")
    with pytest.raises(KnownError, match="is a folder"):
        open_document(tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_existing_file_is_never_replaced(project: Path) -> None:
    with pytest.raises(KnownError, match="exists already"):
        create_document(project)
    open_document(project).close()


def test_a_newer_minor_version_opens_read_only(project: Path) -> None:
    edit(project, "UPDATE ct_meta SET value = '1.9' WHERE key = 'schema_version'")
    document = open_document(project)
    assert document.read_only
    with pytest.raises(KnownError, match="read-only"):
        document.execute("edit_buildings", building_ids=["B0"], column="name", value="x")
    document.close()


def test_read_only_shows_everything_and_writes_nothing(project: Path) -> None:
    before = project.read_bytes()
    document = open_document(project, read_only=True)
    assert len(document.city.buildings) == 20
    with pytest.raises(KnownError, match="read-only: save a copy"):
        document.undo()
    document.close()
    assert project.read_bytes() == before


def test_a_second_writer_is_told_who_has_it(project: Path) -> None:
    first = open_document(project)
    with pytest.raises(KnownError, match=f"open in process {os.getpid()} on "):
        open_document(project)
    beside = open_document(project, read_only=True)
    assert len(beside.city.buildings) == 20
    beside.close()
    first.close()
    open_document(project).close()


@pytest.mark.parametrize("content", ["", "{", json.dumps({"host": "x"}), "[]"])
def test_a_damaged_lock_holds_nothing(project: Path, content: str) -> None:
    project.with_name(project.name + ".lock").write_text(content)
    document = open_document(project)
    assert not document.read_only
    document.close()


def test_the_lock_of_a_dead_process_is_taken_over(project: Path) -> None:
    import socket

    lock = {"host": socket.gethostname(), "pid": 2**22 - 1, "started": 1.0}
    project.with_name(project.name + ".lock").write_text(json.dumps(lock))
    open_document(project).close()
    lock["host"] = "another-host"
    project.with_name(project.name + ".lock").write_text(json.dumps(lock))
    with pytest.raises(KnownError, match="another-host"):
        open_document(project)
