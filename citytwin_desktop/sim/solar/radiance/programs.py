"""The programs of Radiance as child processes: their paths, their files, their errors."""

import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.jobs.executors import available_cores

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_HOW_TO_INSTALL = "install it with `pip install citytwin-desktop[validation]`"


def radiance_package() -> Path:
    """Folder of the installed pyradiance package.

    Raises
    ------
    KnownError
        When it is not installed.
    """
    from importlib.util import find_spec

    # Only its programs are wanted; importing the package would load compiled modules for nothing.
    found = find_spec("pyradiance")
    if found is None or not found.submodule_search_locations:
        msg = f"The validation of solar needs Radiance from the package pyradiance: {_HOW_TO_INSTALL}."
        raise KnownError(msg)
    return Path(next(iter(found.submodule_search_locations)))


@dataclass(eq=False)
class Programs:
    """Radiance in a folder of its own; leaving it ends what still runs and removes the folder.

    Parameters
    ----------
    package : Path
        Of pyradiance; see `radiance_package`.
    workers : int, optional
        Programs at once; one for each core that this process may use by default.
    """

    package: Path = field(default_factory=radiance_package)
    workers: int = field(default_factory=available_cores)

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="citytwin-radiance-")
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """Where the files are; the programs run in it."""
        return Path(self._folder.name)

    def stop(self) -> None:
        """Kill what runs and start nothing more."""
        with self._lock:
            self._closed = True
            for child in self._running:
                child.kill()

    def write(self, name: str, data: str | bytes) -> str:
        """Write a file into the folder and give its name back."""
        (self.folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return name

    def run(self, program: str, arguments: Sequence[str], given: bytes = b"") -> bytes:
        """Run a program and give what it wrote to its standard output.

        Parameters
        ----------
        program : str
            For example ``rtrace``.
        arguments : sequence of str
        given : bytes
            For its standard input.

        Raises
        ------
        KnownError
            When it is missing or fails; with the last line that it wrote.
        CancelledError
            When it was stopped.
        """
        child = self._start(program, arguments)
        try:
            output, complaint = child.communicate(given)
        finally:
            with self._lock:
                self._running.discard(child)
                stopped = self._closed
            if child.poll() is None:
                child.kill()
                child.wait()
        if child.returncode != 0:
            if stopped:
                raise CancelledError("The validation was cancelled.")
            lines = complaint.decode(errors="replace").strip().splitlines() or [f"exit code {child.returncode}"]
            raise KnownError(f"The Radiance program {program} failed ({lines[-1][:200]}); reinstall pyradiance.")
        return output

    def _start(self, program: str, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
        path = self.package / "bin" / (f"{program}.exe" if os.name == "nt" else program)
        environment = {**os.environ, "RAYPATH": os.pathsep.join([str(self.folder), str(self.package / "lib")])}
        with self._lock:
            if self._closed:
                raise CancelledError("The validation was cancelled.")
            try:
                child = subprocess.Popen(  # noqa: S603 - our own arguments
                    [str(path), *arguments],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    cwd=self.folder,
                    env=environment,
                )
            except OSError as error:
                msg = f"The Radiance program {path.name} does not start ({error.strerror}); reinstall pyradiance."
                raise KnownError(msg) from None
            self._running.add(child)
        return child

    def at_once(self, work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> list[Result]:
        """``work(piece)`` of every piece, in order, several at a time; the first failure stops all.

        Parameters
        ----------
        work : callable
        pieces : sequence
        """
        with ThreadPoolExecutor(self.workers, thread_name_prefix="radiance") as pool:
            futures = [pool.submit(work, piece) for piece in pieces]
            try:
                return [future.result() for future in futures]
            except BaseException:
                for future in futures:
                    future.cancel()
                self.stop()
                raise
