"""A real Dask scheduler with real workers on the loopback, as processes of their own, for tests."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

REPOSITORY = Path(__file__).resolve().parents[1]
PATIENCE_S = 40.0


class Cluster:
    """Processes of a cluster, all of them ended by `stop`.

    Attributes
    ----------
    address : str
        ``dask://127.0.0.1:PORT``.
    temporary : Path
        Folder for temporary files of the workers.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.temporary = folder, folder / "temporary"
        self.temporary.mkdir(parents=True)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--no-dashboard", "--scheduler-file", str(folder / "scheduler.json"))
        self.address = self._address().replace("tcp://", "dask://")

    def add_worker(self, name: str, *options: str, path: list[str] | None = None) -> "subprocess.Popen[bytes]":
        """Start a worker with one thread."""
        at = self.address.replace("dask://", "tcp://")
        fixed = ("--nthreads", "1", "--no-dashboard", "--name", name, "--local-directory", str(self.temporary))
        return self._start("worker", at, *fixed, *options, path=path)

    def log(self) -> str:
        """What the processes have printed."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        """End every process, politely first."""
        for process in reversed(self.processes):
            with suppress(psutil.Error):
                for victim in [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]:
                    victim.resume()
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, kind: str, *options: str, path: list[str] | None = None) -> "subprocess.Popen[bytes]":
        code = "from distributed.cli.dask_" + kind + " import main; main()"
        arguments = [sys.executable, "-W", "ignore", "-c", code, *options, "--host", "127.0.0.1"]
        arguments += ["--port", "0"] if kind == "scheduler" else []
        log = self.folder / f"{kind}-{len(self.processes)}.log"
        places = [str(REPOSITORY), str(REPOSITORY / "tests" / "sim" / "jobs")] if path is None else path
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places), "TMPDIR": str(self.temporary)}
        with log.open("wb") as printed:
            process = subprocess.Popen(
                arguments, stdout=printed, stderr=subprocess.STDOUT, env=environment, cwd=self.folder
            )
        self.processes.append(process)
        return process

    def _address(self) -> str:
        file, deadline = self.folder / "scheduler.json", time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with suppress(OSError, ValueError):
                return str(json.loads(file.read_text())["address"])
            time.sleep(0.05)
        raise AssertionError(self.log())

    @property
    def workers(self) -> int:
        """Workers that have ever registered."""
        return self.log().count("Registered to:")

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many workers have ever registered."""
        deadline = time.monotonic() + PATIENCE_S
        while self.workers < count:
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)


@contextmanager
def cluster_of(folder: Path, *workers: tuple[str, ...]) -> Iterator[Cluster]:
    """A running cluster with workers of these options."""
    cluster = Cluster(folder)
    try:
        for number, options in enumerate(workers):
            cluster.add_worker(f"w{number}", *options)
        cluster.wait_for_workers(len(workers))
        yield cluster
    finally:
        cluster.stop()
