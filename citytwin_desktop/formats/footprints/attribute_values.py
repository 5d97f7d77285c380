"""Numbers, years and words out of attribute values as people write them."""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.formats.length_units import FOOT_M, UNITS_M

NO_VALUES = frozenset(
    {"", "null", "none", "nan", "n/a", "na", "-", "--", "?", "unknown", "<null>", "unbekannt", "k.a."}
)
_PLACEHOLDERS = frozenset({-1.0, -9.0, -99.0, -999.0, -9999.0, -32768.0, 9999.0, 99999.0, 999999.0})
"""Numbers that stand for “unknown” in tables without empty cells."""

_NUMBER = r"[-+]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:[eE][-+]?\d+)?"
_PLAIN = re.compile(rf"~?\s*({_NUMBER})\s*([a-zA-Z.'’′″\"]*)")
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:-|–|;|bis|to|/)\s*(\d+(?:[.,]\d+)?)\s*([a-zA-Z.'’′″\"]*)")
_FEET_INCHES = re.compile(r"(\d+(?:\.\d+)?)\s*['’′]\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|″|'')\s*)?")
_COUNTED = dict.fromkeys(
    ("", "floors", "floor", "storeys", "storey", "stories", "story", "levels", "level", "geschosse", "etages", "piani",
     "plantas", "lagen", "x", "st", "fl", "og", "vg"), 1.0,
)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|2100)(?!\d)")
_DECADE = re.compile(r"(?<!\d)(1[0-9]{2}0|20[0-9]0)s\b")
_CENTURY = re.compile(r"^\s*(?:(early|mid|late)\s+)?c(\d{1,2})\s*$", re.IGNORECASE)
_CENTURY_SHIFT = {"": 50, "early": 15, "mid": 50, "late": 85}


def number_of(value: Any) -> float:
    """Plain number, nan for none; a text may have a decimal comma, thousands and a range, whose middle counts."""
    return _number(value, None)


def length_m(value: Any) -> float:
    """Length [m], nan for none; a text may name its unit (``12 m``, ``40 ft``, ``12'6"``)."""
    return _number(value, UNITS_M)


def _number(value: Any, units: dict[str, float] | None) -> float:
    if isinstance(value, bool):
        return math.nan
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.nan
    if not isinstance(value, str) or len(value) > 40:
        return math.nan
    return _text_number(value.strip(), units)


def _text_number(text: str, units: dict[str, float] | None) -> float:
    if text.lower() in NO_VALUES:
        return math.nan
    if units and (match := _FEET_INCHES.fullmatch(text)):
        return float(match[1]) * FOOT_M + float(match[2] or 0) * FOOT_M / 12
    if match := _PLAIN.fullmatch(text):
        number, unit = _decimal(match[1]), match[2]
    elif match := _RANGE.fullmatch(text):
        number, unit = (_decimal(match[1]) + _decimal(match[2])) / 2.0, match[3]
    else:
        return math.nan
    return number * (units or _COUNTED).get(unit.lower(), math.nan)


def _decimal(text: str) -> float:
    """Number with point or comma; where both occur, the last is the decimal mark."""
    if "," in text and "." in text:
        thousands = "," if text.rfind(".") > text.rfind(",") else "."
        text = text.replace(thousands, "")
    text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return math.nan


def is_range(value: Any) -> bool:
    """Whether a text gives two numbers, such as ``4-6``."""
    return isinstance(value, str) and len(value) <= 40 and bool(_RANGE.fullmatch(value.strip()))


def year_of(value: Any) -> float:
    """Year from a number, a date or a text such as ``1890s``, ``~1910`` or ``C19``; nan for none.

    A decade or century counts by its middle, a span by its first year.
    """
    if isinstance(value, bool):
        return math.nan
    if isinstance(value, int | float):
        return float(round(value)) if math.isfinite(value) and 1000 <= value <= 2100 else math.nan
    if not isinstance(value, str) or len(value) > 60:
        return math.nan
    if match := _DECADE.search(value):
        return float(match[1]) + 5.0
    if match := _YEAR.search(value):
        return float(match[1])
    if match := _CENTURY.match(value):
        year = (int(match[2]) - 1) * 100 + _CENTURY_SHIFT[(match[1] or "").lower()]
        return float(year) if 1000 <= year <= 2100 else math.nan
    return math.nan


def lengths_m(values: Sequence[Any], unit_m: float = 1.0) -> FloatArray:
    """(n,) float64 [m]: lengths of a column, nan for none; placeholders such as -9999 are none.

    Parameters
    ----------
    values : sequence
    unit_m : float [m]
        Unit of plain numbers.
    """
    found = np.array([length_m(value) for value in values], np.float64)
    found[np.isin(found, list(_PLACEHOLDERS))] = np.nan
    return found * unit_m


def numbers(values: Sequence[Any]) -> FloatArray:
    """(n,) float64: numbers of a column, nan for none and for placeholders."""
    found = np.array([number_of(value) for value in values], np.float64)
    found[np.isin(found, list(_PLACEHOLDERS))] = np.nan
    return found


def years(values: Sequence[Any]) -> FloatArray:
    """(n,) float64: years of a column, nan for none."""
    return np.array([year_of(value) for value in values], np.float64)


def text_of(value: Any) -> str:
    """Value as a word: whole numbers without a decimal point, empty for none."""
    if isinstance(value, float):
        return "" if math.isnan(value) else (str(int(value)) if value.is_integer() else str(value))
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    text = "" if value is None else str(value).strip()
    return "" if text.lower() in NO_VALUES else text
