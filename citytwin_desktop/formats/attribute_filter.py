"""Conditions on attributes of a source, such as ``YEAR > 1990 and USE = 'office'``."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from citytwin_desktop.errors import KnownError

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_CONDITION = re.compile(
    r"""\s*(?:"(?P<quoted>[^"]+)"|(?P<name>[^\s"'=<>!]+))\s*(?P<sign>==|!=|<>|<=|>=|=|<|>)\s*
        (?:'(?P<text>[^']*)'|(?P<plain>[^\s'"]+))\s*""",
    re.VERBOSE,
)
_AND = re.compile(r"\s*\band\b", re.IGNORECASE)

Condition = Callable[[Mapping[str, Any]], bool]


def attribute_condition(text: str) -> Condition:
    """Make a test of a building's attributes from its text.

    Comparisons are joined by ``and``. Numbers compare as numbers where both sides are; texts regardless of case. A
    building that lacks the attribute does not meet the condition.

    Parameters
    ----------
    text : str
        Such as ``YEAR > 1990 and "Roof type" = 'flat'``; empty takes everything.

    Raises
    ------
    KnownError
        When it is no such text.
    """
    comparisons: list[tuple[str, Callable[[Any, Any], bool], str]] = []
    rest = text.strip()
    while rest:
        match = _CONDITION.match(rest)
        if match is None:
            msg = f"The filter “{text}” cannot be read at “{rest[:20]}”: write it as NAME > VALUE and NAME = 'TEXT'."
            raise KnownError(msg)
        value = match["text"] if match["text"] is not None else match["plain"]
        comparisons.append((match["quoted"] or match["name"], _OPERATORS[match["sign"]], value))
        rest = rest[match.end() :]
        if rest:
            joined = _AND.match(rest)
            if joined is None or not rest[joined.end() :].strip():
                msg = f"The filter “{text}” cannot be read at “{rest[:20]}”: join conditions by “and”."
                raise KnownError(msg)
            rest = rest[joined.end() :]
    return lambda attributes: all(_meets(attributes, *comparison) for comparison in comparisons)


def _meets(attributes: Mapping[str, Any], name: str, sign: Callable[[Any, Any], bool], wanted: str) -> bool:
    value = attributes.get(name)
    if value is None or value == "":
        return False
    left, right = _number(value), _number(wanted)
    if left is not None and right is not None:
        return sign(left, right)
    return sign(str(value).casefold(), wanted.casefold())


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
