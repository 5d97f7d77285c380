"""Numbers for people, told alike wherever they stand: three significant digits, thin spaces between thousands."""

import math
from collections.abc import Iterable

THIN_SPACE = "\u2009"
MINUS = "\u2212"
DIGITS = 3
"""Significant digits of a number that is told; the same value never has more in one place than in another."""


def number_text(value: float, digits: int = DIGITS) -> str:
    """A number with so many significant digits, never in powers of ten; an en dash for nan."""
    if not math.isfinite(value):
        return "–"
    if value == 0.0:
        return "0"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    rounded = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{abs(rounded):,.{min(decimals, 6)}f}".replace(",", THIN_SPACE)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if rounded < 0 else "") + text


def range_text(values: Iterable[float]) -> str:
    """One number, or ``12–31`` for a mixed selection; an en dash when nothing is known."""
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return "–"
    low, high = number_text(min(known)), number_text(max(known))
    return low if low == high else f"{low}–{high}"


def digits_beside(value: float, result: float) -> int:
    """Significant digits of a line of a sum, so that it reaches down to the last digit that the result shows.

    Parameters
    ----------
    value, result : float
    """
    if not (math.isfinite(value) and math.isfinite(result) and value and result):
        return DIGITS
    return DIGITS + max(math.floor(math.log10(abs(value))) - math.floor(math.log10(abs(result))), 0)
