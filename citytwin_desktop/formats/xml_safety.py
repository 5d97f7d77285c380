"""XML read safely: no document type, no entity, no network, and an end to what one object may take in memory."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any

from lxml import etree

from citytwin_desktop.errors import KnownError

MOST_PENDING_BYTES = 256 << 20
"""XML of one object, from the end of the one before to its own; of a whole document in `parse_tree`."""
MOST_PENDING_MARKS = 16_000_000
"""Tags and attributes in the same: each takes some 100 bytes in memory, however short it is in the file."""
_COUNTED_FROM_BYTES = 8 << 20
_BLOCK = 1 << 16
_LONGEST_PROLOG = 1 << 20

# Depth (256), length of one text (10 MB) and of a name are limited by libxml2 itself while ``huge_tree`` is off.
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
_REASONS = {
    etree.ErrorTypes.ERR_INVALID_ENCODING: "has letters that are not in the encoding it declares",
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: "declares an encoding that nobody knows",
    etree.ErrorTypes.ERR_INVALID_CHAR: "has characters that no XML may have",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "breaks off in the middle",
    etree.ErrorTypes.ERR_NAME_TOO_LONG: "has a name that is longer than reasonable",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "is nested deeper, or has a longer text, than any city file",
}


def iterate(stream: IO[bytes], name: str, tags: Iterable[str] | None = None) -> Iterator[etree._Element]:
    """Elements of a document in the order in which they end, while it is being read.

    The caller frees each one with `release` when it is done with it.

    Parameters
    ----------
    stream : binary file
        From its beginning.
    name : str
        Of the file, for messages.
    tags : iterable of str, optional
        Names in Clark notation (``{namespace}name``, ``{*}name`` for any namespace); all elements when not given.

    Raises
    ------
    KnownError
        When it is not well-formed XML, breaks off, has a DOCTYPE, is nested too deep, or holds one object that is
        too large for memory.
    """
    parser = etree.XMLPullParser(events=("end",), tag=None if tags is None else tuple(tags), **_SAFE)
    pending_bytes = pending_marks = 0
    try:
        for block in _blocks(stream, name):
            parser.feed(block)
            pending_bytes += len(block)
            for element in _ended(parser):
                yield element
                pending_bytes = pending_marks = 0
            if pending_bytes > _COUNTED_FROM_BYTES:
                pending_marks += block.count(b"<") + block.count(b"=")
            if pending_bytes > MOST_PENDING_BYTES or pending_marks > MOST_PENDING_MARKS:
                msg = f"“{name}” holds one object that is too large to read (over {pending_bytes >> 20} MB): split it."
                raise KnownError(msg)
        parser.close()
    except (etree.XMLSyntaxError, LookupError) as error:
        raise KnownError(_sentence(error, name, parser)) from None
    # What ended with the last bytes.
    yield from _ended(parser)


def parse_tree(data: bytes, name: str) -> etree._Element:
    """Root of a small document.

    Parameters
    ----------
    data : bytes
    name : str
        Of the file, for messages.

    Raises
    ------
    KnownError
        As `iterate`, of the document as a whole.
    """
    if len(data) > MOST_PENDING_BYTES or data.count(b"<") + data.count(b"=") > MOST_PENDING_MARKS:
        msg = f"“{name}” is too large to read at once ({len(data) >> 20} MB of XML): split it."
        raise KnownError(msg)
    parser = etree.XMLParser(**_SAFE)
    try:
        for start in range(0, max(len(data), 1), _BLOCK):
            block = data[start : start + _BLOCK]
            parser.feed(_check_start(block, name) if start == 0 else block)
        root: etree._Element = parser.close()
    except (etree.XMLSyntaxError, LookupError) as error:
        raise KnownError(_sentence(error, name, parser)) from None
    return root


def release(element: etree._Element) -> None:
    """Free what stands before an element whose tree is still being read; it goes itself with the next call."""
    parent = element.getparent()
    if parent is not None:
        while parent[0] is not element:
            del parent[0]


def local_name(element: etree._Element) -> str:
    """Name of an element without its namespace; empty for a comment or a processing instruction."""
    tag: Any = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _ended(parser: Any) -> Iterator[etree._Element]:
    """Elements that have ended since the last call."""
    return (element for _, element in parser.read_events())


def _blocks(stream: IO[bytes], name: str) -> Iterator[bytes]:
    first = _check_start(stream.read(_BLOCK), name, stream)
    return chain([first], iter(lambda: stream.read(_BLOCK), b""))


def _check_start(data: bytes, name: str, stream: IO[bytes] | None = None) -> bytes:
    """Refuse a document type before anything behind it is parsed.

    Gives back what was read, without white space before the XML declaration, which many exporters leave there.
    """
    data = data.lstrip(b" \t\r\n")
    probe: Any = etree.XMLPullParser(events=("start",), **_SAFE)
    try:
        probe.feed(data)
        root = next(probe.read_events(), None)
        while root is None and stream is not None and len(data) < _LONGEST_PROLOG and (more := stream.read(_BLOCK)):
            data += more
            probe.feed(more)
            root = next(probe.read_events(), None)
    except (etree.XMLSyntaxError, LookupError) as error:
        # An error behind the first tag is told by the parser that reads the file.
        root = next(probe.read_events(), None)
        if root is None:
            raise KnownError(_sentence(error, name, probe)) from None
    info = None if root is None else root[1].getroottree().docinfo
    if info is None:
        msg = f"“{name}” is no XML document: choose another file."
        raise KnownError(msg)
    if info.internalDTD is not None or info.doctype:
        msg = f"“{name}” has a DOCTYPE, which could reach for other files: remove that line."
        raise KnownError(msg)
    return data


def _sentence(error: Exception, name: str, parser: Any) -> str:
    if not isinstance(error, etree.XMLSyntaxError):
        return f"“{name}” declares an encoding that nobody knows: save it as UTF-8."
    line, code = error.lineno or 0, getattr(error, "code", 0)
    if code == etree.ErrorTypes.ERR_DOCUMENT_EMPTY:
        return f"“{name}” is empty or no XML document: choose another file."
    reason = _REASONS.get(code)
    if reason is None:
        told = [entry.message for entry in parser.error_log] or [str(error.msg)]
        reason = f"is damaged ({told[-1].strip()[:80]})"
    if "no element found" in reason:
        reason = "is damaged or uses an entity that it does not declare"
    place = f" in line {line}" if line else ""
    remedy = "save it as UTF-8" if "encoding" in reason else "get an undamaged copy of it"
    return f"“{name}” {reason}{place}: {remedy}."
