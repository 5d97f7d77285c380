"""The project file between two processes, under two names, and when the disk or the name goes away."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from citytwin_desktop.document.document import create_document, open_document
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import lock
from tests.conftest import CityFile

_TAKE = """
import sys, time
from pathlib import Path
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import lock
path = Path(sys.argv[1])
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
try:
    lock.acquire(path)
except KnownError:
    print("refused")
else:
    print("taken", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def project(tmp_path: Path, city_file: CityFile) -> Path:
    path = tmp_path / "p.citytwin.gpkg"
    document = create_document(path)
    document.execute("import_city", sources=[str(city_file(count=2))])
    document.close()
    return path


@pytest.mark.parametrize("stale", [None, "", '{"host": "HOST", "pid": 1, "started": 1.0}'])
def test_of_many_processes_at_once_one_gets_the_lock(tmp_path: Path, stale: str | None) -> None:
    path = tmp_path / "p.citytwin.gpkg"
    if stale is not None:
        left = tmp_path / "p.citytwin.gpkg.lock"
        left.write_text(stale.replace("HOST", os.uname().nodename), encoding="utf-8")
        os.utime(left, (0, 0))
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", _TAKE, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for taker in takers:
        assert taker.stdout is not None
        assert taker.stdout.readline() == "ready\n"
    for taker in takers:
        assert taker.stdin is not None
        taker.stdin.write("go\n")
        taker.stdin.flush()
    answers = [taker.stdout.readline().strip() for taker in takers if taker.stdout]
    for taker in takers:
        taker.communicate("end\n")
    assert sorted(answers) == ["refused"] * 3 + ["taken"]
    assert [file.name for file in tmp_path.iterdir()] == ["p.citytwin.gpkg.lock"]


def test_a_lock_of_another_process_is_not_given_back(tmp_path: Path) -> None:
    path = tmp_path / "p.citytwin.gpkg"
    other = tmp_path / "p.citytwin.gpkg.lock"
    other.write_text('{"host": "elsewhere", "pid": 1, "started": 1.0}', encoding="utf-8")
    lock.release(path)
    assert other.exists()


def test_a_lock_that_is_a_folder_is_a_sentence(project: Path) -> None:
    (project.parent / f"{project.name}.lock").mkdir()
    with pytest.raises(KnownError, match=r"stale lock .* cannot be removed"):
        open_document(project)


def test_a_link_has_the_lock_and_the_journal_of_its_file(project: Path) -> None:
    (project.parent / "elsewhere").mkdir()
    link = project.parent / "elsewhere" / "link.citytwin.gpkg"
    try:
        link.symlink_to(project)
    except OSError:
        pytest.skip("links cannot be made here")
    document = open_document(project)
    document.execute("edit_buildings", building_ids=["B0"], column="name", value="new")
    with pytest.raises(KnownError, match="is open in process"):
        open_document(link)
    looking = open_document(link, read_only=True)
    assert looking.city.building("B0").name == "new"
    looking.close()
    document.close()
    assert [file.name for file in link.parent.iterdir()] == [link.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let go of open files")
@pytest.mark.parametrize("replaced", [False, True])
def test_an_edit_into_a_file_without_its_name_is_refused(project: Path, replaced: bool) -> None:
    document = open_document(project)
    project.rename(project.with_name("moved.gpkg"))
    if replaced:
        project.write_bytes(b"another")
    with pytest.raises(KnownError, match="was moved, replaced or deleted"):
        document.execute("edit_buildings", building_ids=["B0"], column="name", value="lost")
    document.project.save_copy(project.with_name("copy.gpkg"))
    document.close()
    assert not project.with_name(f"{project.name}.lock").exists()
    copy = open_document(project.with_name("copy.gpkg"))
    assert len(copy.city.buildings) == 2
    copy.close()


def test_memory_stays_behind_a_file_that_refuses_an_undo(project: Path) -> None:
    document: Any = open_document(project)
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=4)

    def refuse(_connection: object) -> None:
        raise OSError("the disk is gone")

    engine = document.project._engine
    event.listen(engine, "commit", refuse)
    with pytest.raises(OSError, match="disk is gone"):
        document.undo()
    event.remove(engine, "commit", refuse)
    assert document.city.building("B0").storeys == 4
    document.close()
    document = open_document(project)
    assert document.city.building("B0").storeys == 4
    document.close()


def test_closing_beside_a_reader_is_no_fault(project: Path) -> None:
    document = open_document(project)
    document.execute("edit_buildings", building_ids=["B0"], column="name", value="kept")
    reader = open_document(project, read_only=True)
    with reader.project.reading():
        document.close()
    reader.close()
    assert not project.with_name(f"{project.name}.lock").exists()
    document = open_document(project)
    assert document.city.building("B0").name == "kept"
    document.close()
