"""Write the objects of an IDF as text, quickly and so that no name can break out of its field."""

import math
from collections.abc import Iterable
from typing import Any

from citytwin_desktop.errors import BugError

_FORBIDDEN = str.maketrans({",": "_", ";": "_", "!": "_", "\n": " ", "\r": " ", "\t": " "})
_LONGEST_NAME = 100
_SEPARATOR = ",\n  "


def idf_text(rows: Iterable[list[Any]]) -> str:
    """Text of an input file.

    Parameters
    ----------
    rows : iterable of list
        Class name and field values of every object, as eppy keeps them; trailing empty fields are dropped.
    """
    return "\n".join(_object(row) for row in rows) + "\n"


def escaped(name: str) -> str:
    """A name without the characters that have a meaning in an IDF, cut to the length that EnergyPlus takes."""
    plain = name.translate(_FORBIDDEN)
    if not plain.isprintable():
        plain = "".join(letter for letter in plain if letter.isprintable())
    return plain[:_LONGEST_NAME].strip()


def _object(row: list[Any]) -> str:
    fields = [_number(value) if type(value) is float else _field(value) for value in row]
    while fields and not fields[-1]:
        fields.pop()
    return _SEPARATOR.join(fields) + ";"


def _field(value: Any) -> str:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, int):
        return str(value)
    return _number(float(value))


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise BugError("a number of an EnergyPlus input file is not finite")
    return f"{value:.10g}"
