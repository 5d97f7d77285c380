"""Child processes: errors in a sentence, nothing left behind."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.solar.radiance import programs as module
from citytwin_desktop.sim.solar.radiance.programs import Programs
from citytwin_desktop.sim.solar.radiance.radiance_scene import write_sky
from citytwin_desktop.sim.solar.radiance.tracing import Effort, octree


def test_missing_radiance_says_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(KnownError, match=r"pip install citytwin-desktop\[validation\]"):
        module.radiance_package()


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with Programs(package=tmp_path) as broken, pytest.raises(KnownError, match="rtrace"):
        broken.run("rtrace", [])


def test_an_error_of_radiance_is_passed_on(programs: Programs) -> None:
    programs.write("wrong.rad", "void polygon x 0 0 5 1 1 1 1 1\n")
    with pytest.raises(KnownError, match="oconv failed"):
        programs.run("oconv", ["wrong.rad"])


def test_the_folder_goes_and_the_programs_die(programs: Programs) -> None:
    folder = programs.folder
    tree = octree(programs, "long", [write_sky(programs, "long_sky", np.ones(145), 1)])
    rays = np.tile([0.0, 0.0, 1.0, 0.0, 0.0, 1.0], (10_000, 1))
    failures: list[Exception] = []

    def trace() -> None:
        try:
            programs.run("rtrace", [*Effort(1, 65536).options(), tree], rays.tobytes())
        except CancelledError as error:
            failures.append(error)

    thread = threading.Thread(target=trace)
    thread.start()
    time.sleep(0.5)
    assert thread.is_alive(), "the long run was not long"
    programs.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert [str(error) for error in failures] == ["The validation was cancelled."]
    with pytest.raises(CancelledError):
        programs.run("oconv", [])
    programs.__exit__(None, None, None)
    assert not folder.exists()


def test_the_first_failure_stops_all(programs: Programs) -> None:
    def work(piece: int) -> int:
        if piece == 1:
            raise KnownError("piece 1 fails")
        return piece

    with pytest.raises(KnownError, match="piece 1 fails"):
        programs.at_once(work, range(4))
