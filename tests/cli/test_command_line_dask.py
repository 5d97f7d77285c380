"""`citytwin simulate --executor dask://…` on a real cluster, and runs that go on after a crash."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from citytwin_desktop.cli.app import run
from citytwin_desktop.document.document import Document, create_document, open_document
from tests.conftest import box_city
from tests.dask_cluster import REPOSITORY, Cluster, cluster_of

pytest.importorskip("distributed", reason="dask and distributed are not installed")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_of(tmp_path_factory.mktemp("cluster"), ("--no-nanny",), ("--no-nanny",)) as made:
        yield made


def project(folder: Path, weather_file: Path, count: int) -> Path:
    source = folder / "boxes.city.json"
    source.write_text(json.dumps(box_city(count=count)), encoding="utf-8")
    document = create_document(folder / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(source)])
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1960)
    document.close()
    return document.path


def energyplus_children(of: psutil.Process) -> list[psutil.Process]:
    return [child for child in of.children(recursive=True) if "energyplus" in child.name()]


def wait_for_energyplus(of: psutil.Process) -> psutil.Process:
    deadline = time.monotonic() + 90.0
    while not (found := energyplus_children(of)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found[0]


def fresh(document: Document) -> set[str]:
    return set(document.status("energyplus").fresh)


def heating(path: Path) -> np.ndarray:
    document = open_document(path)
    result = document.building_result("heating_demand", "B0")
    document.close()
    assert result is not None
    return result.values


def test_a_project_is_simulated_on_the_cluster(
    cluster: Cluster, tmp_path: Path, weather_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project(tmp_path, weather_file, 3)
    beside = tmp_path / "beside.citytwin.gpkg"
    shutil.copy(path, beside)
    simulate = ["simulate", str(path), "--engine", "energyplus", "--json"]
    capsys.readouterr()
    assert run([*simulate, "--buildings", "B0,B1", "--executor", cluster.address]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["run"], told["failed"], told["skipped_fresh"]) == (2, [], 0)
    assert told["cpu_s"] > 0.5, "the processor time of the workers counts"
    assert run([*simulate, "--buildings", "B0", "--executor", cluster.address]) == 0
    assert json.loads(capsys.readouterr().out)["skipped_fresh"] == 1
    assert run(["simulate", str(beside), "--engine", "energyplus", "--buildings", "B0"]) == 0
    capsys.readouterr()
    np.testing.assert_array_equal(heating(path), heating(beside), "the same job, the same numbers, here and there")
    assert run(["simulate", str(path), "--engine", "energyplus", "--executor", "dask://127.0.0.1:9"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "No Dask scheduler answered" in printed.err
    assert "Traceback" not in printed.err
    document = open_document(path)
    assert fresh(document) == {"B0", "B1"}
    assert not document.status("energyplus").failed, "nothing half-written"
    document.close()


def test_cancel_really_stops_energyplus_on_the_cluster(cluster: Cluster, tmp_path: Path, weather_file: Path) -> None:
    document = open_document(project(tmp_path, weather_file, 3))
    run_there = document.start_run("energyplus", executor=cluster.address)
    deadline = time.monotonic() + 90.0
    workers = [psutil.Process(process.pid) for process in cluster.processes[1:]]
    while not (found := [child for worker in workers for child in energyplus_children(worker)]):
        run_there.poll(0.05)
        assert time.monotonic() < deadline
    began = time.monotonic()
    run_there.cancel()
    while any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in found):
        assert time.monotonic() - began < 2.0, "EnergyPlus has outlived its run"
        time.sleep(0.01)
    while list(cluster.temporary.glob("citytwin-*")):
        assert time.monotonic() - began < 5.0, "a folder was left"
        time.sleep(0.05)
    assert run_there.cancelled
    document.close()


def test_after_the_main_process_was_killed_finished_buildings_are_not_run_again(
    tmp_path: Path, weather_file: Path
) -> None:
    path = project(tmp_path, weather_file, 6)
    arguments = [sys.executable, "-m", "citytwin_desktop", "simulate", str(path), "--engine", "energyplus"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(tmp_path)}
    with (tmp_path / "printed").open("wb") as printed:
        process = subprocess.Popen([*arguments, "--workers", "1"], env=environment, stderr=printed, stdout=printed)
    deadline = time.monotonic() + 90.0
    while len(stored(path)) < 2:
        assert process.poll() is None, (tmp_path / "printed").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    child = wait_for_energyplus(psutil.Process(process.pid))
    process.send_signal(signal.SIGKILL)
    process.wait()
    gone_by = time.monotonic() + 5.0
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < gone_by, "EnergyPlus works on for a program that is dead"
        time.sleep(0.02)
    document = open_document(path)
    done = fresh(document)
    assert 2 <= len(done) < 6
    again = document.start_run("energyplus")
    assert (again.total, again.skipped_fresh) == (6 - len(done), len(done))
    again.wait()
    assert again.failed == {}
    assert len(fresh(document)) == 6
    document.close()


def stored(path: Path) -> list[str]:
    """Keys of the results that are in the file, read beside whoever writes it."""
    import sqlite3

    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return [key for (key,) in connection.execute("SELECT key FROM ct_result WHERE engine = 'energyplus'")]
    finally:
        connection.close()
