"""Where what solar runs traced is kept: in the user's cache, one file for each project, the oldest removed."""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

import platformdirs

NO_CACHE = "CITYTWIN_NO_TRACE_CACHE"
"""Environment variable that keeps runs from leaving anything in the cache."""

_ABANDONED_S = 86_400.0
_MOST_FILES = 8
_MOST_BYTES = 2 * 1024**3


def trace_file(project: Path) -> Path | str:
    """File for the traces of a project; an empty string when nothing is to be kept.

    Older files of other projects are removed when they become too many or too large.

    Parameters
    ----------
    project : Path
        The project file; its place stands for it.
    """
    if os.environ.get(NO_CACHE):
        return ""
    folder = Path(platformdirs.user_cache_dir("citytwin-desktop", appauthor=False)) / "solar-traces"
    own = folder / f"{hashlib.blake2b(str(project.resolve()).encode(), digest_size=16).hexdigest()}.trace"
    _tidy(folder, own)
    return own


def _tidy(folder: Path, own: Path) -> None:
    with suppress(OSError):
        found = sorted(
            ((path.stat().st_mtime, path.stat().st_size, path) for path in folder.glob("*.trace") if path != own),
            reverse=True,
        )
        kept = 0
        for number, (_, size, path) in enumerate(found):
            kept += size
            if number >= _MOST_FILES - 1 or kept > _MOST_BYTES:
                path.unlink(missing_ok=True)
        for draft in folder.glob("*.new"):
            if draft.stat().st_mtime < time.time() - _ABANDONED_S:
                draft.unlink(missing_ok=True)
