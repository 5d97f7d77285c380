"""Matching by an identifier that table and buildings share, whatever each puts around it."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from citytwin_desktop.analysis.table_matching.matches import IntArray, Matches, collected

_SEPARATORS = re.compile(r"[\s._:/\\-]+")
_PREFIX = re.compile(r"^(?:.*[./:#_-])?(?=[^./:#_-]+$)")


def _plain(text: str) -> str:
    return text.strip().casefold()


def _squeezed(text: str) -> str:
    """Without separators and a spreadsheet's decimals."""
    return _SEPARATORS.sub("", _plain(text).removesuffix(".0"))


def _last_part(text: str) -> str:
    """Last part after a separator, without leading zeros: ``NL.IMBAG.Pand.0503100000000123``, ``UPRN-000012``."""
    return _PREFIX.sub("", _plain(text).removesuffix(".0")).lstrip("0")


_STAGES: tuple[tuple[Callable[[str], str], float, int, str], ...] = (
    (lambda text: text.strip(), 1.0, 1, "same identifier"),
    (_plain, 0.99, 1, "same identifier but for capitals"),
    (_squeezed, 0.97, 3, "same identifier but for separators"),
    (_last_part, 0.95, 4, "same identifier but for what stands before it"),
)
"""How identifiers are compared, strictest first: the key made of them, its confidence, its shortest length."""


def match_identifiers(keys: Sequence[str], buildings: Sequence[str], group: IntArray) -> Matches:
    """Match rows by identifier.

    Parameters
    ----------
    keys : sequence of str
        Identifier in each row of the table, empty for none.
    buildings : sequence of str
        Identifier of each building, empty for none.
    group : ndarray, (n_buildings,) int64
        Row of the building that each one is a part of; parts of one building are no ambiguity.
    """
    tables = [_places(buildings, make, least) for make, _, least, _ in _STAGES]
    found: dict[str, tuple[int, float, bool, str]] = {}
    for key in keys:
        if key not in found:
            found[key] = _one(key, tables, group)
    return collected([found[key] for key in keys])


def _places(buildings: Sequence[str], make: Callable[[str], str], least: int) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for row, name in enumerate(buildings):
        if name and len(key := make(name)) >= least:
            places.setdefault(key, []).append(row)
    return places


def _one(key: str, tables: list[dict[str, list[int]]], group: IntArray) -> tuple[int, float, bool, str]:
    if not key.strip():
        return -1, 0.0, False, "the row has no identifier"
    for (make, confidence, least, reason), places in zip(_STAGES, tables, strict=True):
        wanted = make(key)
        if len(wanted) < least or not (rows := places.get(wanted)):
            continue
        outer = np.unique(group[rows])
        row = int(outer[0]) if int(outer[0]) in rows else rows[0]
        if len(outer) > 1:
            return row, confidence, True, f"{len(outer)} buildings have this identifier"
        return row, confidence, False, reason
    return -1, 0.0, False, "no building has this identifier"
