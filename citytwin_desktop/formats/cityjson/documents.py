"""The documents of a file one after another: one for a CityJSON file, a line each for a CityJSONSeq."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.json_text import NotJson, load
from citytwin_desktop.formats.files import LARGEST_FILE_BYTES

_LARGEST_LINE_BYTES = 1 << 30
"""Of a line after the first; a feature is one building, not a city."""
_BUFFER = 1 << 20


@dataclass(frozen=True)
class Document:
    """One JSON text of a file.

    Parameters
    ----------
    line : int
        Counted from 1.
    text : bytes
    value : object
        As parsed; None where `fault` says why not.
    codes : tuple of str
        What had to be put right in the text.
    fault : str
        Why it could not be parsed, in a few words.
    alone : bool
        Whether it is a file of its own, not a line of a sequence.
    """

    line: int
    text: bytes
    value: Any
    codes: tuple[str, ...] = ()
    fault: str = ""
    alone: bool = False


def documents(stream: BinaryIO, name: str) -> Iterator[Document]:
    """Parse a stream document by document; a sequence is never in memory as a whole.

    Parameters
    ----------
    stream : binary file
        At its start.
    name : str
        Of the file, for messages.

    Raises
    ------
    KnownError
        When not even the first document is JSON.
    """
    reader: Any = io.BufferedReader(stream, _BUFFER) if isinstance(stream, io.RawIOBase) else stream
    number, line = 0, b""
    while not _bare(line) and (line := _line(reader, LARGEST_FILE_BYTES, name)):
        number += 1
    first = _bare(line)
    following = _next_line(reader, name)
    head = None
    if following is not None:
        try:
            head = load(first)
        except NotJson:
            head = None
    if head is None:
        yield _whole(line, following, reader, name)
        return
    yield Document(number, first, head[0], head[1])
    while following is not None:
        number += 1
        if text := _bare(following):
            yield _of_line(number, text)
        following = _next_line(reader, name)


def _whole(first: bytes, following: bytes | None, reader: BinaryIO, name: str) -> Document:
    """Read what does not begin with a line that is JSON by itself: a file in one piece, or nothing of ours."""
    text = first
    if following is not None:
        text = b"".join([first, following, reader.read(LARGEST_FILE_BYTES + 1 - len(first))])
    if len(text) > LARGEST_FILE_BYTES:
        msg = f"“{name}” is larger than 4 GB: split it, or have it as a CityJSONSeq."
        raise KnownError(msg)
    try:
        value, codes = load(text)
    except NotJson as fault:
        msg = f"“{name}” is not valid JSON ({str(fault)[:80]}): get an undamaged copy of it."
        raise KnownError(msg) from None
    return Document(1, text, value, codes, alone=True)


def _of_line(number: int, text: bytes) -> Document:
    try:
        return Document(number, text, *load(text))
    except NotJson as fault:
        return Document(number, text, None, fault=str(fault)[:80])


def _next_line(reader: BinaryIO, name: str) -> bytes | None:
    """Next line that is not blank, None at the end."""
    while line := _line(reader, _LARGEST_LINE_BYTES, name):
        if line.strip():
            return line
    return None


def _line(reader: BinaryIO, most: int, name: str) -> bytes:
    line = reader.readline(most + 1)
    if len(line) > most:
        msg = f"“{name}” has a line of more than {most >> 30} GB: get an undamaged copy of it."
        raise KnownError(msg)
    return line


def _bare(line: bytes) -> bytes:
    # A record separator may stand before each text of a sequence (RFC 7464).
    return line.strip(b" \t\r\n\x1e")
