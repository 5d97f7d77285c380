"""Temporary folders of runs: one for each queue, one inside it for each job, and none left behind.

The folder of a queue is named after its process, so that the next start can tell a dead process's
leftovers from the work of one that is alive. Inside a job's folder, small files carry what has to
survive the sudden death of either side: the worker's progress, the children it has started and the
wish to cancel. A file works from any process, needs no thread and cannot block a killed writer.
"""

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

PREFIX = "citytwin-run-"
WORK, PROGRESS, WORKER, CANCEL, CHILDREN, PARTS = (
    "work", "progress.json", "worker.json", "cancel", "children", "parts"
)  # fmt: skip
_START_TOLERANCE_S = 2.0


def create_queue_folder(parent: Path | None = None) -> Path:
    """Make the folder of a new queue, readable by this user only, after sweeping stale ones.

    Parameters
    ----------
    parent : Path, optional
        Where to make it; the system's folder for temporary files by default.
    """
    parent = parent or Path(tempfile.gettempdir())
    sweep_stale(parent)
    me = psutil.Process()
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{me.pid}-{int(me.create_time())}-", dir=parent))


def sweep_stale(parent: Path) -> int:
    """Remove the folders, and end the children, of queues whose process is dead; returns how many."""
    swept = 0
    for folder in parent.glob(f"{PREFIX}*"):
        parts = folder.name.removeprefix(PREFIX).split("-")
        if len(parts) < 3 or not (parts[0] + parts[1]).isdigit() or not _is_mine(folder):
            continue
        if process_alive(int(parts[0]), float(parts[1])):
            continue
        for job_folder in folder.iterdir():
            kill_children(job_folder)
        remove(folder)
        swept += 1
    return swept


def create_job_folder(queue_folder: Path, number: int) -> Path:
    """Make the folder of one job and the work folder inside it that the engine sees."""
    folder = queue_folder / f"{number:06d}"
    (folder / WORK).mkdir(parents=True)
    return folder


def remove(folder: Path, patience_s: float = 1.0) -> None:
    """Delete a folder tree; tries again for a while, since a process that was just killed may still hold a file."""
    deadline = time.monotonic() + patience_s
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
        if time.monotonic() > deadline:
            return
        if folder.exists():
            time.sleep(0.02)


def write_json(path: Path, content: Any) -> None:
    """Replace a small file in one step, so that a reader never sees half of it."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(path)


def read_json(path: Path) -> Any:
    """Content of a small file, None when it is not there."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_part(job_folder: Path, name: str, data: bytes) -> None:
    """Hand over bytes under a name, in one step; parts are read in the order that they were written."""
    folder = job_folder / PARTS
    folder.mkdir(exist_ok=True)
    number = len(list(folder.iterdir()))
    draft = folder / f"{number:06d} {name}.new"
    draft.write_bytes(data)
    draft.rename(draft.with_suffix(".part"))


def read_parts(job_folder: Path, already: int) -> list[tuple[str, bytes]]:
    """Parts that have come since so many were read, as (name, bytes)."""
    whole = sorted((job_folder / PARTS).glob("*.part"))
    return [(path.stem.partition(" ")[2], path.read_bytes()) for path in whole[already:]]


def record_child(job_folder: Path, pid: int) -> None:
    """Note a child process, so that it can be ended even when the worker that started it is gone."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.Error:
        return
    with (job_folder / CHILDREN).open("a", encoding="utf-8") as file:
        file.write(f"{pid} {started}\n")


def kill_children(job_folder: Path) -> None:
    """End every recorded child that still runs, with all its descendants."""
    try:
        lines = (job_folder / CHILDREN).read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        pid, started = line.split()
        if process_alive(int(pid), float(started)):
            kill_tree(int(pid))


def kill_tree(pid: int) -> None:
    """End a process and its descendants at once."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for victim in [*process.children(recursive=True), process]:
            with suppress(psutil.Error):
                victim.kill()


def process_alive(pid: int, started: float) -> bool:
    """Whether the process that was started then still runs; a later process with the same id does not count."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started) < _START_TOLERANCE_S
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _is_mine(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and not folder.is_symlink() and (os.name == "nt" or status.st_uid == os.getuid())
