"""The file that a command writes on what became of each object."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def write_report(path: Path, content: Any, document: "Document", *, changed: bool = True) -> None:
    """Write a report as JSON; where that cannot be, what it tells of is taken back, for nothing may be half done.

    Parameters
    ----------
    path : Path
    content : object
        JSON.
    document : Document
    changed : bool
        Whether the last command is to be undone.

    Raises
    ------
    KnownError
        When the place cannot be written.
    """
    from citytwin_desktop.formats.files import write_bytes

    try:
        write_bytes(path, json.dumps(content, indent=1, ensure_ascii=False).encode())
    except KnownError as error:
        if changed:
            document.undo()
        msg = f"The report {error}"
        raise KnownError(msg) from None
