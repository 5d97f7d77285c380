"""What “+3 m”, “−10 %” or “×1.2” mean in a field of numbers."""

import re

from citytwin_desktop.document.relative_change import RelativeChange
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.numbers import parse_number

_RELATIVE = re.compile(r"([+\-\u2212\u2013×x*/÷])\s*([\d.,\s]*\d)\s*(.*)", re.IGNORECASE)
_TIMES, _PARTS, _LESS = "×x*", "/÷", "-\u2212\u2013"


def examples(unit: str) -> str:
    """What can be typed into a field of numbers."""
    return f"{unit}, +3, −10 %, ×1.2".removeprefix(", ")


def relative_change(text: str, unit: str = "") -> RelativeChange | None:
    """The change that a text asks for, `None` where it is no relative one.

    Parameters
    ----------
    text : str
        An amount with a sign, in per cent or in the field's own unit, or a factor after a sign of multiplication.
    unit : str
        Of the field.

    Raises
    ------
    KnownError
        When the unit is another one, or the change cannot be.
    """
    found = _RELATIVE.fullmatch(text.strip())
    if found is None:
        return None
    sign, number, told = found[1].lower(), parse_number(found[2]), found[3].strip()
    if number is None or (sign in _PARTS and number == 0.0):
        raise KnownError(f"“{text.strip()}” is no change: type one such as +3, −10 % or ×1.2.")
    if sign in _TIMES or sign in _PARTS:
        if told:
            raise KnownError(f"“{text.strip()}” multiplies, which has no unit: leave out “{told}”.")
        return RelativeChange(factor=number if sign in _TIMES else 1.0 / number)
    signed = -number if sign in _LESS else number
    if told == "%":
        return RelativeChange(factor=1.0 + signed / 100.0)
    if told and told.casefold().replace(" ", "") != unit.casefold().replace(" ", ""):
        own = f"in {unit}, or as a share with %" if unit else "without a unit, or as a share with %"
        raise KnownError(f"“{told}” is not the unit here: type the change {own}.")
    return RelativeChange(amount=signed)
