"""The same jobs on a Dask cluster: a real scheduler and two real workers on the loopback."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from job_engines import Number

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.jobs.executors import executor_at
from citytwin_desktop.sim.jobs.job import Job, JobCancelled, JobDone, JobFailed, JobPart, JobProgress, JobStarted
from citytwin_desktop.sim.jobs.queue import JobQueue
from citytwin_desktop.sim.jobs.run_folders import PREFIX
from tests.dask_cluster import Cluster, cluster_of

pytest.importorskip("distributed", reason="dask and distributed are not installed")

END = JobDone | JobFailed | JobCancelled


def job(engine: str, key: str = "k", value: float = 1.0, text: str = "", **options) -> Job:
    return Job(key, f"job_engines:{engine}", f"Test {key}", (), Number(value, text), **options)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One worker under a nanny, as they usually are, and one without."""
    with cluster_of(tmp_path_factory.mktemp("cluster"), (), ("--no-nanny",)) as made:
        yield made


@pytest.fixture(scope="module")
def frail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler without workers, for tests that add some and break it."""
    with cluster_of(tmp_path_factory.mktemp("frail")) as made:
        yield made


@pytest.fixture
def queue(cluster: Cluster, tmp_path: Path) -> Iterator[JobQueue]:
    threads = set(threading.enumerate())
    with JobQueue(executor_at(cluster.address), tmp_path) as made:
        yield made
    assert set(threading.enumerate()) <= threads, "threads leaked"
    assert list(tmp_path.glob(f"{PREFIX}*")) == []
    wait_until(lambda: not list(cluster.temporary.glob("citytwin-*")), "a run folder was left on a worker", 5.0)


def wait_until(condition: Callable[[], object], words: str, within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, words
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def pid_in(path: Path) -> int:
    wait_until(lambda: path.exists() and path.read_text(), f"nothing wrote {path.name}")
    return int(path.read_text())


def ends(events: list) -> dict[str, END]:
    return {event.key: event for event in events if isinstance(event, END)}


def test_events_failures_parts_and_time_limits_travel(queue: JobQueue, tmp_path: Path) -> None:
    heard, taken = tmp_path / "heard", tmp_path / "taken"
    queue.submit_all(
        [
            job("half_way", "good", value=21.0, text=str(heard)),
            job("refuse", "refused"),
            job("stumble", "stumbled"),
            job("unpicklable", "unpicklable"),
            job("give_parts", "parts", text=str(taken)),
            job("touch", "slow", value=60.0, timeout_s=0.5),
            job("threads", "wide", threads=2),
        ]
    )
    events, half_way = [], JobProgress("good", 0.5, "half way")
    for event in queue.run():
        events.append(event)
        if event == half_way:
            heard.touch()
        if sum(isinstance(event, JobPart) for event in events) == 2:
            taken.touch()
    of_good = [event for event in events if event.key == "good"]
    assert isinstance(of_good[0], JobStarted)
    assert half_way in of_good
    assert of_good[-1].outputs == Number(42.0)
    assert [e.data for e in events if isinstance(e, JobPart)] == [b"\x00first" * 1000, b"second"]
    end = ends(events)
    assert end["refused"].message == "The roof of building B7 is missing: draw it."
    assert "secret" not in end["stumbled"].message
    assert "ZeroDivisionError: secret detail" in end["stumbled"].detail
    assert isinstance(end["unpicklable"], JobFailed)
    assert "was stopped after" in end["slow"].message
    assert end["wide"].outputs.value == min(2.0, len(os.sched_getaffinity(0)))


def test_cancel_ends_the_children_of_listening_and_deaf_jobs(queue: JobQueue, tmp_path: Path) -> None:
    queue.submit_all([job(name, name, text=str(tmp_path / name)) for name in ("sleep_in_child", "deaf_with_child")])
    queue.submit_all(job("double", f"later {number}") for number in range(20))
    queue.poll(0.1)
    pids = [pid_in(tmp_path / name) for name in ("sleep_in_child", "deaf_with_child")]
    began = time.monotonic()
    queue.cancel()
    wait_until(lambda: all(gone(pid) for pid in pids), "a child has outlived its job", 2.0)
    assert time.monotonic() - began < 2.0
    events = list(queue.run())
    assert sum(isinstance(event, JobCancelled) for event in events) == 22
    assert not any(isinstance(event, JobDone) for event in events)
    queue.submit(job("double", "after"))
    assert isinstance(list(queue.run())[-1], JobDone), "the cluster goes on"


def test_a_dying_engine_harms_neither_worker_nor_batch(queue: JobQueue, tmp_path: Path) -> None:
    queue.submit(job("die_with_child", "dead", text=str(tmp_path / "pid")))
    queue.submit_all(job("double", f"other {number}") for number in range(3))
    end = ends(list(queue.run()))
    assert "ended from outside" in end["dead"].message
    assert sum(isinstance(event, JobDone) for event in end.values()) == 3
    wait_until(lambda: gone(pid_in(tmp_path / "pid")), "the child of the dead engine lives on")


def test_inputs_name_no_file_of_this_machine_and_kept_files_come_home(queue: JobQueue, tmp_path: Path) -> None:
    home = tmp_path / "failed runs"
    inputs = __import__("job_engines").WithFiles(str(home), str(tmp_path / "x.trace"))
    queue.submit(Job("k", "job_engines:keep_and_fail", "Test", (), inputs))
    (failed,) = [event for event in queue.run() if isinstance(event, JobFailed)]
    assert failed.message == "The trace file is named “”."
    assert (home / "b.idf").read_text() == "Version,25.2;"
    assert f"kept at {home}" in failed.detail


def test_workers_without_us_and_no_workers_are_refused(frail: Cluster, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="has no workers"):
        executor_at(frail.address)
    (tmp_path / "citytwin_desktop").mkdir()
    (tmp_path / "citytwin_desktop" / "__init__.py").touch()
    blind = frail.add_worker("blind", "--no-nanny", path=[str(tmp_path)])
    frail.wait_for_workers(1)
    with pytest.raises(KnownError, match="lacks CityTwin Desktop"):
        executor_at(frail.address)
    blind.terminate()
    blind.wait(10)


def test_a_job_of_a_lost_worker_is_done_again_and_a_lost_cluster_is_a_sentence(frail: Cluster, tmp_path: Path) -> None:
    known = frail.workers
    for name in ("one", "two"):
        frail.add_worker(name, "--no-nanny")
    frail.wait_for_workers(known + 2)
    with JobQueue(executor_at(frail.address, 3), tmp_path) as queue:
        marks = [tmp_path / "first", tmp_path / "second"]
        queue.submit_all(job("sleep_in_child", mark.name, text=str(mark)) for mark in marks)
        queue.submit_all(job("sleep_in_child", f"later {number}", text=str(tmp_path / "later")) for number in range(3))
        queue.poll(0.1)
        lost, other = (pid_in(mark) for mark in marks)
        psutil.Process(lost).parent().parent().send_signal(signal.SIGKILL)  # through our process to Dask's
        wait_until(lambda: gone(lost), "the child of the killed worker lives on", 4.0)
        queue.cancel({"second", "later 0"})  # makes room on the worker that is left
        wait_until(lambda: gone(other), "a child has outlived its job", 2.0)
        wait_until(lambda: marks[0].read_text() not in ("", str(lost)), "the job has not begun anew")
        child = pid_in(marks[0])
        frail.scheduler.send_signal(signal.SIGKILL)
        began = time.monotonic()
        end = ends(list(queue.run()))
        assert time.monotonic() - began < 25.0
        wait_until(lambda: gone(child), "the child lives on without a scheduler", 10.0)
    failed = [event for event in end.values() if isinstance(event, JobFailed)]
    assert {event.key for event in failed} == {"first", "later 1", "later 2"}
    assert all("was lost" in event.message for event in failed)


def test_whoever_dies_leaves_nothing_running_on_the_cluster(cluster: Cluster, tmp_path: Path) -> None:
    import subprocess

    script = (
        "from job_engines import Number\n"
        "from citytwin_desktop.sim.jobs.executors import executor_at\n"
        "from citytwin_desktop.sim.jobs.job import Job\n"
        "from citytwin_desktop.sim.jobs.queue import JobQueue\n"
        f"with JobQueue(executor_at({cluster.address!r})) as queue:\n"
        f"    queue.submit(Job('k', 'job_engines:sleep_in_child', 't', (), Number(1, {str(tmp_path / 'pid')!r})))\n"
        "    list(queue.run())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    client = subprocess.Popen([sys.executable, "-c", script], env=environment, cwd=tmp_path)
    child = pid_in(tmp_path / "pid")
    client.kill()
    client.wait()
    wait_until(lambda: gone(child), "a child works on for a client that is dead", 5.0)


@pytest.mark.parametrize("address", ["dask://", "dask://h", "dask://h:0", "dask:h:1", "dask://a:b@h:1", "slurm"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(KnownError, match="dask://HOST:PORT"):
        executor_at(address)


def test_nobody_there_is_a_sentence_within_ten_seconds() -> None:
    began = time.monotonic()
    with pytest.raises(KnownError, match="No Dask scheduler answered at dask://127"):
        executor_at("dask://127.0.0.1:9")
    assert time.monotonic() - began < 10.0


def test_another_service_at_the_address_is_a_sentence() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        with pytest.raises(KnownError, match="check the address"):
            executor_at(f"dask://127.0.0.1:{server.getsockname()[1]}")
        assert time.monotonic() - began < 10.0


def test_other_code_and_other_versions_are_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.sim.jobs import dask_connection

    with monkeypatch.context() as patch:
        patch.setattr(dask_connection, "code_fingerprint", lambda: "another")
        with pytest.raises(KnownError, match="another version of CityTwin Desktop"):
            executor_at(cluster.address)
    with monkeypatch.context() as patch:
        patch.setattr(dask_connection, "_own_versions", lambda: {"Python": "3.11", "distributed": "1.0"})
        with pytest.raises(KnownError, match=r"has distributed 20\S+ and this program has 1.0"):
            executor_at(cluster.address)


def test_a_worker_that_joins_later_with_other_code_is_refused(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.sim.jobs import dask_executor

    monkeypatch.setattr(dask_executor, "code_fingerprint", lambda: "another")
    queue.submit(job("double"))
    (failed,) = [event for event in queue.run() if isinstance(event, JobFailed)]
    assert "another version of CityTwin Desktop" in failed.message


def test_without_dask_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(KnownError, match=r"install citytwin-desktop\[dask\]"):
        executor_at("dask://127.0.0.1:8786")


def test_it_is_an_executor_like_any_other(cluster: Cluster) -> None:
    with executor_at(cluster.address) as executor:
        assert executor.submit(pow, 2, 5).result(10.0) == 32


def test_a_cluster_without_workers_does_not_keep_us_waiting(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from citytwin_desktop.sim.jobs import dask_executor, run_folders

    monkeypatch.setattr(dask_executor, "_NO_WORKER_S", 1.0)
    with JobQueue(executor_at(cluster.address), tmp_path) as queue:
        for process in cluster.processes[1:]:
            run_folders.kill_tree(process.pid)
        queue.submit_all([job("double", "a"), job("double", "b")])
        messages = [event.message for event in queue.run() if isinstance(event, JobFailed)]
    assert len(messages) == 2
    assert all("has no workers left" in message for message in messages)
