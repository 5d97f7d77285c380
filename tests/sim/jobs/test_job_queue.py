"""The queue: events, failures, cancellation, and what it leaves behind (nothing)."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from job_engines import Number

from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.job import Job, JobCancelled, JobDone, JobFailed, JobProgress, JobStarted
from citytwin_desktop.sim.jobs.queue import JobQueue
from citytwin_desktop.sim.jobs.run_folders import PREFIX


def job(engine: str, key: str = "k", value: float = 1.0, text: str = "", **options) -> Job:
    return Job(key, f"job_engines:{engine}", f"Test {key}", (), Number(value, text), **options)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    threads = set(threading.enumerate())
    with JobQueue(local_executor(2), tmp_path) as made:
        yield made
    assert set(threading.enumerate()) <= threads, "threads leaked"
    assert list(tmp_path.glob(f"{PREFIX}*")) == [], "a run folder was left"


def wait_for_pid(path: Path) -> int:
    deadline = time.monotonic() + 15
    while not (path.exists() and path.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return int(path.read_text())


def gone(pid: int, within_s: float = 1.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_events_of_a_good_job_come_in_order(queue: JobQueue, tmp_path: Path) -> None:
    queue.submit(job("half_way", value=21.0, text=str(tmp_path / "heard")))
    events = []
    for event in queue.run():
        events.append(event)
        if event == JobProgress("k", 0.5, "half way"):
            (tmp_path / "heard").touch()
    assert isinstance(events[0], JobStarted)
    assert JobProgress("k", 0.5, "half way") in events
    assert isinstance(events[-1], JobDone)
    assert events[-1].outputs == Number(42.0)
    assert not queue.busy


def test_known_errors_pass_and_bugs_are_named_without_their_details(queue: JobQueue) -> None:
    queue.submit_all([job("refuse", "a"), job("stumble", "b"), job("unpicklable", "c"), job("double", "d")])
    ends = {event.key: event for event in queue.run() if isinstance(event, JobDone | JobFailed)}
    assert ends["a"].message == "The roof of building B7 is missing: draw it."
    assert "Test b" in ends["b"].message
    assert "secret" not in ends["b"].message
    assert "ZeroDivisionError: secret detail" in ends["b"].detail
    assert isinstance(ends["c"], JobFailed)
    assert isinstance(ends["d"], JobDone), "one bad job must not stop the rest"


def test_cpu_time_counts_children(queue: JobQueue) -> None:
    queue.submit(job("burn_in_child", value=0.4))
    done = list(queue.run())[-1]
    assert 0.35 <= done.cpu_s < 2.0  # the clock ticks in hundredths


def test_cancel_of_a_listening_job_keeps_the_pool(queue: JobQueue, tmp_path: Path) -> None:
    queue.submit_all([job("sleep_in_child", str(i), text=str(tmp_path / f"pid{i}")) for i in range(2)])
    queue.submit_all(job("double", f"later {i}") for i in range(50))
    queue.poll(0.1)
    pids = [wait_for_pid(tmp_path / f"pid{i}") for i in range(2)]
    began = time.monotonic()
    queue.cancel()
    assert time.monotonic() - began < 2.0
    assert all(gone(pid) for pid in pids)
    events = list(queue.run())
    assert sum(isinstance(event, JobCancelled) for event in events) == 52
    assert not any(isinstance(event, JobDone) for event in events)
    queue.submit(job("double", "after"))
    assert isinstance(list(queue.run())[-1], JobDone)


def test_cancel_of_a_deaf_job_ends_worker_and_child(queue: JobQueue, tmp_path: Path) -> None:
    queue.submit_all([job("deaf_with_child", "deaf", text=str(tmp_path / "pid")), job("double", "kept", value=4.0)])
    queue.poll(0.1)
    pid = wait_for_pid(tmp_path / "pid")
    began = time.monotonic()
    queue.cancel({"deaf"})
    assert time.monotonic() - began < 2.0
    assert gone(pid, 0.1)
    ends = {event.key: event for event in queue.run() if isinstance(event, JobDone | JobFailed | JobCancelled)}
    assert isinstance(ends["deaf"], JobCancelled)
    assert isinstance(ends["kept"], JobDone)


def test_a_worker_killed_from_outside_fails_its_job_only(queue: JobQueue, tmp_path: Path) -> None:
    queue.submit(job("die_with_child", "dead", text=str(tmp_path / "pid")))
    queue.submit_all(job("double", f"other {i}") for i in range(4))
    ends = {event.key: event for event in queue.run() if isinstance(event, JobDone | JobFailed)}
    assert "ended from outside" in ends["dead"].message
    assert ends["dead"].message.count(".") == 1, "one sentence"
    assert gone(wait_for_pid(tmp_path / "pid"))
    assert sum(isinstance(event, JobDone) for event in ends.values()) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="the parent death signal exists on Linux only")
def test_the_kernel_ends_the_child_of_a_killed_worker(queue: JobQueue, tmp_path: Path) -> None:
    queue.submit(job("die_with_supervised_child", text=str(tmp_path / "pid")))
    pid = wait_for_pid_while_polling(queue, tmp_path / "pid")
    assert gone(pid, 3.0)
    list(queue.run())


def wait_for_pid_while_polling(queue: JobQueue, path: Path) -> int:
    queue.poll(0.05)
    return wait_for_pid(path)


def test_an_idle_worker_may_die(queue: JobQueue) -> None:
    queue.submit(job("threads", "first"))
    first = list(queue.run())[-1]
    os.kill(int(first.outputs.text), 9)
    time.sleep(0.3)
    queue.submit_all(job("double", str(i)) for i in range(3))
    ends = [event for event in queue.run() if isinstance(event, JobDone | JobFailed)]
    assert [type(event) for event in ends] == [JobDone] * 3


def test_a_job_that_takes_too_long_is_stopped(queue: JobQueue) -> None:
    queue.submit_all([job("touch", "slow", value=30.0, timeout_s=0.4), job("double", "quick")])
    began = time.monotonic()
    ends = {event.key: event for event in queue.run() if isinstance(event, JobDone | JobFailed)}
    assert time.monotonic() - began < 10.0
    assert "stopped after" in ends["slow"].message
    assert isinstance(ends["quick"], JobDone)


def test_jobs_are_drawn_only_as_workers_become_free(queue: JobQueue) -> None:
    drawn = []

    def endless() -> Iterator[Job]:
        for number in range(20):
            drawn.append(number)
            yield job("touch", str(number), value=0.05)

    queue.submit_all(endless())
    queue.poll(0.0)
    assert len(drawn) <= 5, "twice the workers, and one looked ahead"
    assert sum(isinstance(event, JobDone) for event in queue.run()) == 20


def test_numeric_threads_are_pinned_and_a_wide_job_runs_alone(queue: JobQueue) -> None:
    queue.submit_all([job("threads", "a"), job("threads", "wide", threads=3), job("threads", "b")])
    events = list(queue.run())
    values = {event.key: event.outputs.value for event in events if isinstance(event, JobDone)}
    assert values == {"a": 1.0, "wide": 3.0, "b": 1.0}
    order = [event.key for event in events if isinstance(event, JobStarted | JobDone)]
    assert order == ["a", "a", "wide", "wide", "b", "b"]


def test_two_jobs_with_one_key_are_a_bug(queue: JobQueue) -> None:
    queue.submit_all([job("touch", "same", value=0.2), job("touch", "same", value=0.2)])
    with pytest.raises(BugError, match="same key"):
        queue.poll(0.0)


def test_any_executor_of_the_standard_interface_will_do(tmp_path: Path) -> None:
    with JobQueue(ThreadPoolExecutor(2), tmp_path) as queue:
        queue.submit(job("double", value=3.0))
        assert list(queue.run())[-1].outputs == Number(6.0)


def test_a_script_without_main_guard_does_not_start_itself_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from citytwin_desktop.sim.jobs.executors import local_executor\n"
        "from citytwin_desktop.sim.jobs.job import Job\n"
        "from citytwin_desktop.sim.jobs.queue import JobQueue\n"
        "from job_engines import Number\n"
        "with JobQueue(local_executor(1)) as queue:\n"
        "    queue.submit(Job('k', 'job_engines:double', 't', (), Number(4)))\n"
        "    print(list(queue.run())[-1].outputs.value)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment, timeout=60)
    assert done.stdout.strip() == "8", done.stderr
