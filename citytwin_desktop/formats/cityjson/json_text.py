"""JSON texts as files really hold them: other encodings, NaN, keys that are there twice."""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson

_BOMS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe\x00\x00": "utf-32-le",
    b"\x00\x00\xfe\xff": "utf-32-be",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
_NO_NUMBER = re.compile(rb"[:\[,]\s*-?(?:NaN|Infinity)\b")
_COUNTED = (b'"geometry"', b'"attributes"')
_MOST_DIGITS, _BEYOND_INTEGERS = 300, 1 << 63
_LARGEST_CHECKED_BYTES = 256 << 20


class NotJson(Exception):  # noqa: N818 - a finding, not a failure of ours
    """Text that cannot be read as JSON; the message says why in a few words."""


def load(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """Parse one JSON text.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    tuple
        The value, and codes of what had to be put right: ``encoding_guessed``, ``not_a_number``.

    Raises
    ------
    NotJson
        When it is none, or nested too deeply.
    """
    codes: list[str] = []
    bom = next((mark for mark in _BOMS if data.startswith(mark)), b"")
    if bom:
        data = data[len(bom) :]
        if (encoding := _BOMS[bom]) != "utf-8":
            data = _recoded(data, encoding)
        data = data.lstrip(b"\x1e")
    try:
        return orjson.loads(data), ()
    except orjson.JSONDecodeError as error:
        reason = str(error).split(":")[0]
    if not _is_utf8(data):
        # What people save in Windows programs without a word about it.
        codes.append("encoding_guessed")
        data = _recoded(data, "cp1252")
    if "infinity" in reason or _NO_NUMBER.search(data):
        codes.append("not_a_number")
    if not codes:
        raise NotJson(reason)
    return _lenient(data), tuple(codes)


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeError:
        msg = f"its text is no {encoding.upper()}"
        raise NotJson(msg) from None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _lenient(data: bytes) -> Any:
    """Parse with NaN, infinities and numbers beyond any, none of which JSON has, as null."""
    try:
        return json.loads(data, parse_constant=lambda _: None, parse_float=_finite, parse_int=_countable)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error).split(":")[0]) from None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _countable(text: str) -> int | float | None:
    """Numbers that others can hold, as the fast parser gives them."""
    if len(text) > _MOST_DIGITS:
        return None
    number = int(text)
    return number if abs(number) < _BEYOND_INTEGERS else float(number)


def doubled_keys(data: bytes, objects: Sequence[Any]) -> list[str]:
    """Identifiers of city objects that a text gives more than once, of which parsing keeps the last only.

    Parameters
    ----------
    data : bytes
        The text.
    objects : sequence
        City objects as parsed.

    Notes
    -----
    The text is parsed a second time, slowly, only where words that stand once in an object occur more often than
    in what was parsed.
    """
    items = [item for item in objects if isinstance(item, dict)]
    seen = [sum(word in item for item in items) for word in ("geometry", "attributes")]
    suspicious = any(data.count(word) > count for word, count in zip(_COUNTED, seen, strict=True))
    if not suspicious or len(data) > _LARGEST_CHECKED_BYTES:
        return []
    doubled: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(found)
        if len(table) < len(found):
            counts = Counter(key for key, value in found if _is_object(key, value))
            doubled.extend(key for key, count in counts.items() if count > 1)
        return table

    try:
        json.loads(data, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return []
    return doubled


def _is_object(key: str, value: Any) -> bool:
    return isinstance(value, dict) and ("type" in value or key == "CityObjects")
