"""Refuse input files from outside that could run code or reach other files.

EnergyPlus runs Python plug-ins, talks to other programs and opens files named in its input. Nothing of
that is needed for a building, so none of it is let in.
"""

import ntpath
import posixpath
import re
from collections.abc import Iterable
from typing import Any

from citytwin_desktop.errors import KnownError

_FORBIDDEN_CLASSES = ("pythonplugin", "externalinterface", "energymanagementsystem")
_COMMENT = re.compile(r"![^\n]*")


def check_idf_text(text: str) -> None:
    """Check the text of an input file, before anything parses it.

    Raises
    ------
    KnownError
        When it has an object of a forbidden class, includes another file, or names one outside its folder.
    """
    if re.search(r"^\s*##", text, re.MULTILINE):
        raise KnownError("The IDF contains macro commands (##…): expand or remove them before importing it.")
    for number, statement in enumerate(_COMMENT.sub("", text).split(";"), start=1):
        fields = [field.strip() for field in statement.split(",")]
        _check_class(fields[0], f"object {number}")
        for field in fields[1:]:
            _check_path(field, f"{fields[0]} (object {number})")


def check_objects(rows: Iterable[list[Any]]) -> None:
    """Check objects as eppy keeps them: class name, then field values.

    Raises
    ------
    KnownError
        As `check_idf_text`.
    """
    for number, row in enumerate(rows, start=1):
        _check_class(str(row[0]), f"object {number}")
        for field in row[1:]:
            if isinstance(field, str):
                _check_path(field, f"{row[0]} (object {number})")


def _check_class(name: str, where: str) -> None:
    plain = name.strip().lower()
    if plain.startswith(_FORBIDDEN_CLASSES):
        msg = f"The IDF contains {name} ({where}), which can run code outside EnergyPlus: remove it before importing."
        raise KnownError(msg)


def _check_path(field: str, where: str) -> None:
    """Refuse absolute paths and paths that climb; a plain file name stays inside the folder of the run."""
    plain = field.strip().strip('"')
    outside = (
        posixpath.isabs(plain)
        or ntpath.isabs(plain)
        or bool(ntpath.splitdrive(plain)[0])
        or ".." in re.split(r"[\\/]", plain)
        or plain.startswith("~")
        or re.match(r"[a-z][a-z0-9+.-]*://", plain, re.IGNORECASE) is not None
    )
    if outside:
        raise KnownError(
            f"The IDF names a file outside its folder, “{plain[:80]}” in {where}: remove it before importing."
        )
