"""The command line in a hostile place: full disks, and names that could steer a terminal."""

import subprocess
import sys
from pathlib import Path

import pytest

from citytwin_desktop.cli.app import run
from citytwin_desktop.cli.output import say
from tests.conftest import CityFile


def test_names_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("citytwin: “\x1b[31mred\n\u202eback” has 1\u2009000 m²: repair it.")
    assert capsys.readouterr().err == "citytwin: “\ufffd[31mred\ufffd\ufffdback” has 1\u2009000 m²: repair it.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_sentence(tmp_path: Path, city_file: CityFile) -> None:
    project = tmp_path / "p.citytwin.gpkg"
    assert run(["import", str(city_file()), "--into", str(project)]) == 0
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "citytwin_desktop", "info", str(project), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "The output cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
