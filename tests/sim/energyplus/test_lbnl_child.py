"""EnergyPlus from a library in a child process, as on Apple silicon, against a fake of its Python package."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus import lbnl_child, locate, shipped_weather

_API = """
import json, sys
class _Functional:
    @staticmethod
    def ep_version():
        return "{version}-cf7368216c (fake)"
class _States:
    def new_state(self):
        return 7
class _Runtime:
    def run_energyplus(self, state, arguments):
        print("EnergyPlus is faked.")
        with open("arguments.json", "w") as file:
            json.dump([state, arguments], file)
        return {code}
class EnergyPlusAPI:
    functional, state_manager, runtime = _Functional(), _States(), _Runtime()
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "pyenergyplus").mkdir(parents=True)
    (folder / "pyenergyplus" / "__init__.py").touch()
    (folder / "libenergyplusapi.dylib").touch()
    return folder


def fake(site: Path, version: str = "25.2.0", code: int = 0) -> None:
    (site / "pyenergyplus" / "api.py").write_text(_API.format(version=version, code=code), encoding="utf-8")


def run_script(folder: Path, site: Path | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if site is not None:
        environment["PYTHONPATH"] = str(site)
    command = [sys.executable, "-P", lbnl_child.__file__, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("code", [0, 1])
def test_arguments_go_through_and_the_exit_code_comes_back(tmp_path: Path, site: Path, code: int) -> None:
    fake(site, code=code)
    arguments = ["-w", "in.epw", "-d", str(tmp_path), "in.idf"]
    done = run_script(tmp_path, site, *arguments)
    assert done.returncode == code, done.stderr
    assert json.loads((tmp_path / "arguments.json").read_text()) == [7, arguments]
    assert "EnergyPlus is faked." in done.stdout


def test_another_engine_is_refused(tmp_path: Path, site: Path) -> None:
    fake(site, version="26.1.0")
    done = run_script(tmp_path, site, "in.idf")
    assert done.returncode == lbnl_child.WRONG_VERSION
    assert "EnergyPlus 26.1.0 is installed, but 25.2.0 is needed" in done.stdout
    assert not (tmp_path / "arguments.json").exists()


def test_a_missing_package_is_named(tmp_path: Path, site: Path) -> None:
    (site / "pyenergyplus" / "api.py").write_text("raise ImportError('no library')", encoding="utf-8")
    done = run_script(tmp_path, site, "in.idf")
    assert done.returncode == lbnl_child.NO_PACKAGE
    assert "pyenergyplus-lbnl cannot be loaded (no library)" in done.stdout


def test_the_script_and_the_program_want_the_same_engine() -> None:
    assert lbnl_child.VERSION == locate.ENERGYPLUS_VERSION


def on_a_mac(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    monkeypatch.setattr(locate.sys, "platform", "darwin")
    monkeypatch.setattr(locate.platform, "machine", lambda: "arm64")
    monkeypatch.syspath_prepend(str(site))


def test_on_apple_silicon_the_command_is_the_child(tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_mac(monkeypatch, site)
    found = locate.locate.__wrapped__()
    assert found.command == (sys.executable, "-P", lbnl_child.__file__)
    assert found.executable == site / "libenergyplusapi.dylib"
    fake(site)
    monkeypatch.setenv("PYTHONPATH", str(site))
    done = subprocess.run([*found.command, "-w", "in.epw", "in.idf"], cwd=tmp_path, check=False, capture_output=True)
    assert done.returncode == 0
    assert json.loads((tmp_path / "arguments.json").read_text())[1] == ["-w", "in.epw", "in.idf"]


def test_on_apple_silicon_the_weather_is_that_of_its_package(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_mac(monkeypatch, site)
    found = locate.locate.__wrapped__()
    monkeypatch.setattr(shipped_weather, "locate", lambda: found)
    with pytest.raises(KnownError, match="lacks its weather file"):
        shipped_weather.chicago_weather_path()
    weather = site / "pyenergyplus" / "data" / "weather" / "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw"
    weather.parent.mkdir(parents=True)
    weather.touch()
    assert shipped_weather.chicago_weather_path() == weather


def test_what_is_missing_on_apple_silicon_is_a_sentence(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_mac(monkeypatch, site)
    (site / "libenergyplusapi.dylib").unlink()
    with pytest.raises(KnownError, match="library is missing"):
        locate.locate.__wrapped__()
    monkeypatch.setattr(locate, "find_spec", lambda _name: None)
    with pytest.raises(KnownError, match="not installed"):
        locate.locate.__wrapped__()


def test_elsewhere_the_command_is_the_program() -> None:
    found = locate.locate()
    assert found.command == (str(found.executable),)
    assert found.launcher == ()
