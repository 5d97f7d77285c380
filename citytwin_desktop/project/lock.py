"""One writer for each project file: a lock beside it that names host and process."""

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from citytwin_desktop.errors import KnownError


@dataclass(frozen=True)
class Holder:
    """Who has a project open for writing."""

    host: str
    pid: int
    started: float

    @property
    def alive(self) -> bool:
        """Whether the process still runs; on another host we cannot know and assume it does."""
        if self.host != socket.gethostname():
            return True
        try:
            return bool(abs(psutil.Process(self.pid).create_time() - self.started) < 2.0)
        except psutil.Error:
            return False

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


def holder(path: Path) -> Holder | None:
    """Who holds the lock of a project, or None."""
    try:
        content = json.loads(_lock_path(path).read_text(encoding="utf-8"))
        found = Holder(str(content["host"]), int(content["pid"]), float(content["started"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        # A lock cut short by a power failure says nothing and holds nothing.
        return None
    return found if found.alive else None


def acquire(path: Path) -> None:
    """Take the lock of a project.

    Raises
    ------
    KnownError
        When another process has it, or the folder cannot be written.
    """
    lock = _lock_path(path)
    own = {"host": socket.gethostname(), "pid": os.getpid(), "started": psutil.Process().create_time()}
    for _ in range(2):
        try:
            with lock.open("x", encoding="utf-8") as file:
                json.dump(own, file)
        except FileExistsError:
            if (other := holder(path)) is not None:
                msg = f"“{path.name}” is open in {other}: close it there, or open a read-only copy here."
                raise KnownError(msg) from None
            lock.unlink(missing_ok=True)
        except OSError as error:
            msg = f"“{path.parent}” cannot be written ({error.strerror}): copy the project to a folder of your own."
            raise KnownError(msg) from None
        else:
            return
    msg = f"“{path.name}” is being opened by another process: try again."
    raise KnownError(msg)


def release(path: Path) -> None:
    """Give the lock back."""
    _lock_path(path).unlink(missing_ok=True)


def _lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")
