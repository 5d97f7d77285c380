"""Temporary folders: stale ones go, those of live processes stay."""

import subprocess
import sys
from pathlib import Path

import psutil

from citytwin_desktop.sim.jobs import run_folders


def test_sweep_removes_the_dead_and_spares_the_living(tmp_path: Path) -> None:
    dead = tmp_path / f"{run_folders.PREFIX}999999999-1700000000-abc"
    (dead / "000001" / "work").mkdir(parents=True)
    reused = tmp_path / f"{run_folders.PREFIX}{psutil.Process().pid}-1000-abc"  # our id, but another process's start
    reused.mkdir()
    foreign = tmp_path / f"{run_folders.PREFIX}notes"
    foreign.mkdir()
    alive = run_folders.create_queue_folder(tmp_path)
    assert not dead.exists()
    assert not reused.exists()
    assert foreign.exists()
    assert run_folders.sweep_stale(tmp_path) == 0
    assert alive.exists()


def test_sweep_ends_children_of_a_dead_queue(tmp_path: Path) -> None:
    stale = tmp_path / f"{run_folders.PREFIX}999999999-1700000000-abc" / "000001"
    stale.mkdir(parents=True)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        run_folders.record_child(stale, child.pid)
        assert run_folders.sweep_stale(tmp_path) == 1
        assert child.wait(5) != 0
    finally:
        child.kill()


def test_a_later_process_with_the_same_id_is_not_killed(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (tmp_path / run_folders.CHILDREN).write_text(f"{child.pid} 1000.0\n")
        run_folders.kill_children(tmp_path)
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()
