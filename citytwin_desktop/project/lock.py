"""One writer for each project file: a lock beside it that names host and process."""

import errno
import json
import os
import secrets
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from citytwin_desktop.errors import KnownError

_ATTEMPTS = 5
_FRESH_S = 0.5


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
    found = _read(_lock_path(path))
    return found if found is not None and found.alive else None


def _read(lock: Path) -> Holder | None:
    try:
        content = json.loads(lock.read_text(encoding="utf-8"))
        return Holder(str(content["host"]), int(content["pid"]), float(content["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        # A lock cut short by a power failure says nothing and holds nothing.
        return None


def acquire(path: Path) -> None:
    """Take the lock of a project.

    Raises
    ------
    KnownError
        When another process has it, or the folder cannot be written.
    """
    lock = _lock_path(path)
    draft = lock.with_name(f".{lock.name}.{secrets.token_hex(4)}")
    own = {"host": socket.gethostname(), "pid": os.getpid(), "started": psutil.Process().create_time()}
    try:
        draft.write_text(json.dumps(own), encoding="utf-8")
        for _ in range(_ATTEMPTS):
            if _place(draft, lock):
                return
            if (other := holder(path)) is not None:
                msg = f"“{path.name}” is open in {other}: close it there, or open a read-only copy here."
                raise KnownError(msg)
            _remove_stale(lock)
    except OSError as error:
        remedy = "free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "copy the project elsewhere"
        msg = f"“{path.parent}” cannot be written ({error.strerror}): {remedy} and try again."
        raise KnownError(msg) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    msg = f"“{path.name}” is being opened by another process: try again."
    raise KnownError(msg)


def release(path: Path) -> None:
    """Give the lock back, if it is still ours."""
    found = _read(_lock_path(path))
    if found is not None and (found.pid, found.host) == (os.getpid(), socket.gethostname()):
        with suppress(OSError):
            _lock_path(path).unlink(missing_ok=True)


def _place(draft: Path, lock: Path) -> bool:
    """Put a complete lock in its place in one step, so that nobody ever reads half of one; False when taken."""
    try:
        os.link(draft, lock)
    except FileExistsError:
        return False
    except OSError:
        # A disk without hard links (FAT): exclusive creation has a moment in which the lock is empty.
        try:
            with lock.open("x", encoding="utf-8") as file:
                file.write(draft.read_text(encoding="utf-8"))
        except FileExistsError:
            return False
    return True


def _remove_stale(lock: Path) -> None:
    """Take a dead lock away; it is moved aside first, for another process may have just replaced it by its own."""
    aside = lock.with_name(f".{lock.name}.{secrets.token_hex(4)}")
    try:
        if time.time() - lock.stat().st_mtime < _FRESH_S and _read(lock) is None:
            time.sleep(_FRESH_S)
            return
        lock.rename(aside)
        found = _read(aside)
        if found is not None and found.alive:
            _place(aside, lock)
        aside.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        with suppress(OSError):
            aside.rename(lock)
        msg = f"The stale lock “{lock}” cannot be removed ({error.strerror}): delete it yourself and try again."
        raise KnownError(msg) from None


def _lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")
