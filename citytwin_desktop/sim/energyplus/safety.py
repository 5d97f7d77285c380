"""Refuse input files from outside that could run code or reach other files.

EnergyPlus runs Python plug-ins, talks to other programs and opens files named in its input. Nothing of
that is needed for a building, so none of it is let in. The text is judged as it stands, before anything
parses it; what a reader could take in two ways is refused instead of guessed at.
"""

import ntpath
import posixpath
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from citytwin_desktop.errors import KnownError

_FORBIDDEN_STEMS = ("pythonplugin", "externalinterface", "energymanagementsystem")
"""In any place of a class name: ``Output:EnergyManagementSystem`` writes files as well."""

_FILE_CLASSES = ("construction:windowdatafile", "coil:dx:ashrae205", "chiller:electric:ashrae205", "parametric:")
"""Classes that are about files; other fields with a file name are optional, and judged as paths."""
_TABLE_CLASSES = ("schedule:file",)
"""Classes that read a table of numbers: let in when it lies beside the input file, named without any folder."""

_FILE_ENDINGS = re.compile(r"\.(py|pyc|fmu|dll|so|dylib|exe|bat|cmd|sh|imf|idf|epw|ini|rvi|mvi)$", re.IGNORECASE)
_LARGEST_CHARACTERS = 50_000_000
_LONGEST_FIELD = 1000
_COMMENT = re.compile(r"![^\n]*")
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[\\/]", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n]+")
_CLASS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_ /\-]*")


def check_idf_text(text: str) -> None:
    """Check the text of an input file, before anything parses it.

    Parameters
    ----------
    text : str
        The whole file, decoded.

    Raises
    ------
    KnownError
        When it has an object of a forbidden class, includes another file, names one outside its folder, or
        has characters that readers take in different ways.
    """
    if len(text) > _LARGEST_CHARACTERS:
        msg = f"The IDF has more than {_LARGEST_CHARACTERS // 1_000_000} million characters: split it into buildings."
        raise KnownError(msg)
    _check_characters(text)
    # Readers disagree on what ends a line, and with it a comment: whatever any of them may see must be harmless.
    every_end = _LINE_ENDS.sub("\n", text)
    if re.search(r"^\s*##", every_end, re.MULTILINE):
        raise KnownError("The IDF contains macro commands (##…): expand or remove them before importing it.")
    for reading in {text.replace("\r\n", "\n"), every_end}:
        _check_statements(_COMMENT.sub("", reading))


def check_objects(rows: Iterable[list[Any]]) -> None:
    """Check objects as eppy keeps them: class name, then field values.

    Raises
    ------
    KnownError
        As `check_idf_text`.
    """
    for number, row in enumerate(rows, start=1):
        fields = [str(field) for field in row if field is not None]
        for field in fields:
            _check_characters(field)
        _check_object(fields, number)


def _check_statements(bare: str) -> None:
    for number, statement in enumerate(bare.split(";"), start=1):
        if statement.strip(" \t\r\n"):
            _check_object(statement.split(","), number)


def _check_object(fields: list[str], number: int) -> None:
    name = _SPACE.sub(" ", fields[0]).strip(" ")
    _check_class(name, f"object {number}")
    where = f"{name[:80]} (object {number})"
    for field in fields[1:]:
        _check_path(field.strip(), where)
    if name.lower().startswith(_TABLE_CLASSES) and set("/\\") & set(_plain("".join(fields))):
        msg = f"The IDF reads a file in another folder in {where}: put it beside the IDF, and name it without a folder."
        raise KnownError(msg)
    if name.lower().startswith(_FILE_CLASSES):
        msg = f"The IDF reads a file in {where}: put its values into the IDF, or remove it before importing."
        raise KnownError(msg)


def _check_characters(text: str) -> None:
    """Refuse characters that hide: no reader shows them, and each one may drop or keep them."""
    for letter in set(text) - set("\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co"):
            if letter == "\ufeff" and text.rfind(letter) == 0:
                continue  # the mark at the beginning of a file that some editors write
            msg = f"The IDF contains the invisible character U+{ord(letter):04X}: remove it before importing."
            raise KnownError(msg)


def _check_class(name: str, where: str) -> None:
    folded = unicodedata.normalize("NFKC", name).lstrip("\ufeff")
    squeezed = re.sub(r"[^a-z]", "", folded.lower())
    if any(stem in squeezed for stem in _FORBIDDEN_STEMS):
        msg = f"The IDF contains {name[:80]} ({where}), which can run other programs: remove it before importing."
        raise KnownError(msg)
    # Look-alike letters of other scripts do not fold; no class of EnergyPlus has any.
    if not _CLASS_NAME.fullmatch(name.lstrip("\ufeff")):
        msg = f"The IDF contains “{name[:80]}” ({where}), which is no class of EnergyPlus: remove it before importing."
        raise KnownError(msg)


def _check_path(field: str, where: str) -> None:
    """Refuse absolute paths, paths that climb and programs; a plain name stays inside the folder of the run."""
    if len(field) > _LONGEST_FIELD:
        raise KnownError(f"The IDF has a field of {len(field)} characters in {where}: shorten it before importing.")
    for plain in {field.strip("\"' "), _plain(field).strip("\"' ")}:
        if _outside(plain):
            msg = f"The IDF names a file outside its folder, “{plain[:80]}” in {where}: remove it before importing."
            raise KnownError(msg)


def _plain(field: str) -> str:
    return unicodedata.normalize("NFKC", field)


def _outside(plain: str) -> bool:
    pieces = [piece.strip() for piece in re.split(r"[\\/]", plain)]
    return (
        posixpath.isabs(plain)
        or ntpath.isabs(plain)
        or bool(ntpath.splitdrive(plain)[0])
        or ".." in pieces
        or plain.startswith(("~", "$", "%"))
        or _ADDRESS.match(plain) is not None
        or plain.lower().startswith("file:")
        or _FILE_ENDINGS.search(plain) is not None
    )
