"""Opening documents for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from citytwin_desktop.cli.output import say

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def check_project_path(path: Path) -> None:
    """Refuse a name that no project can have, and what is there but no file.

    Raises
    ------
    KnownError
        With the reason.
    """
    from citytwin_desktop.errors import KnownError

    try:
        usable = path.is_file() or not path.exists()
    except OSError as error:
        msg = f"“{str(path)[:60]}…” is no usable name for a project ({error.strerror}): choose another."
        raise KnownError(msg) from None
    if not usable:
        msg = f"“{path}” is no ordinary file: choose the name of a project, NAME.citytwin.gpkg."
        raise KnownError(msg)


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator["Document"]:
    """Open a document and close it in the end, whatever happens.

    Parameters
    ----------
    path : Path
    read_only : bool
        For commands that only look: works beside an open window.
    """
    from citytwin_desktop.document.document import open_document

    check_project_path(path)
    document = open_document(path, read_only=read_only)
    if document.project.left_out:
        say(document.project.left_out)
    try:
        yield document
    finally:
        document.close()


@contextmanager
def opened_or_created(path: Path) -> Iterator["Document"]:
    """Open a document for writing, or make it; one that was made for nothing is removed."""
    from citytwin_desktop.document.document import create_document, open_document

    check_project_path(path)
    new = not path.exists()
    document = create_document(path) if new else open_document(path)
    try:
        yield document
    except BaseException:
        document.close()
        if new:
            for left in (path, *(path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm", "-journal"))):
                left.unlink(missing_ok=True)
        raise
    document.close()
