"""Which attribute fills which column: guessed by name and by whether its values make sense, overruled by the user."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from citytwin_desktop.catalog.functions import function_of_attribute
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints.attribute_values import lengths_m, numbers, text_of, years
from citytwin_desktop.formats.footprints.column_names import (
    BUILDING_ID_NAMES,
    FEET_NAMES,
    NAMES,
    NEW_YORK_FEET,
    NEW_YORK_MARKS,
)
from citytwin_desktop.formats.length_units import FOOT_M, UNITS_M

_CUT_NAME = 10
_LOOKED_AT = 2_000
"""Values of an attribute that a guess is made from."""
_UNIT = re.compile(r"^(.*?)_?(ft|feet|foot|cm|mm|m|meters?|metres?|mtr)$")
_SENSE = {
    "height_m": (0.5, 1000.0),
    "storeys": (0.5, 200.0),
    "ground_elevation_m": (-500.0, 6000.0),
    "top_elevation_m": (-500.0, 7000.0),
    "base_height_m": (0.0, 1000.0),
}
_SHARE_WITH_SENSE = 0.5
_GROUPS_SHARE = 0.2
"""A guessed identifier has at least this share of different values, or it is a class and no identifier."""

Columns = Mapping[str, Sequence[Any]]


def plain_name(name: str) -> str:
    """Name in small letters without accents, with underlines for all else: ``measuredHeight`` is measured_height."""
    parts = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").replace("Ø", "O"))
    text = "".join(part for part in parts if not unicodedata.combining(part))
    text = re.sub(r"([a-z])([A-Z])", r"\1_\2", text)
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or name.lower()


@cache
def _ranks(column: str) -> dict[str, int]:
    """Rank of each known name, without underlines."""
    return {name.replace("_", ""): rank for rank, name in reversed(list(enumerate(NAMES[column])))}


@cache
def _cut_ranks(column: str) -> dict[str, int]:
    """Rank of each known name as a Shapefile cuts it off, with and without underlines.

    What two columns' names are cut off to, such as the altitudes of BD TOPO, stands for neither.
    """
    foreign = {form for other in NAMES if other != column for form, _ in _cut_forms(other)}
    return {form: rank for form, rank in reversed(_cut_forms(column)) if form not in foreign}


@cache
def _cut_forms(column: str) -> list[tuple[str, int]]:
    long = [(rank, name) for rank, name in enumerate(NAMES[column]) if len(name) > _CUT_NAME]
    return [(form[:_CUT_NAME], rank) for rank, name in long for form in (name, name.replace("_", ""))]


def rank_of(column: str, name: str) -> int | None:
    """How well a name fits a column, 0 best, None not at all."""
    plain = plain_name(name)
    forms = [plain]
    if column.endswith("_m") and (match := _UNIT.match(plain)) and match[1]:
        forms.append(match[1])
    known = _ranks(column)
    found = [known[form.replace("_", "")] for form in forms if form.replace("_", "") in known]
    if not found and len(name) == _CUT_NAME:
        lower = name.lower()
        found = [_cut_ranks(column)[form] for form in (lower, plain) if form in _cut_ranks(column)]
    return min(found, default=None)


def unit_m(name: str, all_names: Sequence[str] = ()) -> float:
    """Length that a 1 in a column stands for [m], by the column's name and the company it is in."""
    plain = plain_name(name)
    if plain in FEET_NAMES:
        return FOOT_M
    if plain in NEW_YORK_FEET and len(NEW_YORK_MARKS & {plain_name(other) for other in all_names}) > 1:
        return FOOT_M
    match = _UNIT.match(plain)
    if match is None or not match[1]:
        return 1.0
    stands_apart = plain[len(match[1])] == "_" or any(match[1].replace("_", "") in _ranks(column) for column in _SENSE)
    return UNITS_M[match[2]] if stands_apart else 1.0


def guess_columns(columns: Columns) -> dict[str, str]:
    """Attribute for each column of ours that one fits.

    Parameters
    ----------
    columns : mapping of str to sequence
        Values by attribute, None for none.
    """
    names = list(columns)
    found: dict[str, str] = {}
    for column in NAMES:
        if column == "surface_type":
            continue
        ranked = sorted((rank, name) for name in names if (rank := rank_of(column, name)) is not None)
        for _, name in _reordered(column, ranked, columns):
            if _fits(column, name, columns[name], names):
                found[column] = name
                break
    if "id" not in found and "name" in found and _all_different(columns[found["name"]]):
        found["id"] = found["name"]
    if found.get("name") == found.get("function"):
        found.pop("name", None)
    return found


def _reordered(column: str, ranked: list[tuple[int, str]], columns: Columns) -> list[tuple[int, str]]:
    """For the function, attributes whose words we know come first."""
    if column != "function":
        return ranked
    return sorted(ranked, key=lambda item: -round(_known_share(item[1], columns[item[1]]), 1))


def _known_share(name: str, values: Sequence[Any]) -> float:
    words = [text for value in values[:_LOOKED_AT] if (text := text_of(value))]
    return sum(bool(known_function(name, word)) for word in words) / len(words) if words else 0.0


@cache
def known_function(attribute: str, word: str) -> str:
    """`function_of_attribute`, remembered."""
    return function_of_attribute(plain_name(attribute), word)


def _fits(column: str, name: str, values: Sequence[Any], names: Sequence[str]) -> bool:
    seen = values[:_LOOKED_AT]
    if column == "id":
        return _identifies(name, values)
    if column == "function":
        return any(text_of(value).lower() not in ("", "yes", "no") and not isinstance(value, bool) for value in seen)
    if column == "name":
        return any(text_of(value) and not isinstance(value, bool | dict) for value in seen)
    given = years(seen) if column == "year_built" else _measured(column, name, seen, names)
    stated = sum(bool(text_of(value)) for value in seen)
    if column == "year_built":
        return _makes_sense(np.isfinite(given), stated)
    low, high = _SENSE[column]
    # A zero stands for “unknown” in many tables; it speaks neither for the attribute nor against it.
    return _makes_sense((given >= low) & (given <= high), int(np.isfinite(given[given != 0.0]).sum()))


def _makes_sense(good: np.ndarray[Any, np.dtype[np.bool_]], stated: int) -> bool:
    return bool(good.any()) and int(good.sum()) >= _SHARE_WITH_SENSE * stated


def _measured(column: str, name: str, values: Sequence[Any], names: Sequence[str]) -> FloatArray:
    return numbers(values) if column == "storeys" else lengths_m(values, unit_m(name, names))


def _identifies(name: str, values: Sequence[Any]) -> bool:
    words = [text_of(value) for value in values]
    if not words or sum(map(bool, words)) < 0.99 * len(words):
        return False
    different = len(set(words))
    return different >= (0.01 if plain_name(name) in BUILDING_ID_NAMES else _GROUPS_SHARE) * len(words)


def _all_different(values: Sequence[Any]) -> bool:
    words = [text_of(value) for value in values]
    return len(words) > 1 and all(words) and len(set(words)) == len(words)


def chosen_columns(columns: Columns, wished: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Guess, overruled by what the user said, and the wished attributes that are not there.

    Where a wished attribute is not there, the guess stays.

    Parameters
    ----------
    columns : mapping of str to sequence
    wished : mapping of str to str
        Attribute by column; an empty one takes none.
    """
    found = guess_columns(columns)
    found.update({column: name for column, name in wished.items() if name in columns or not name})
    found = {column: name for column, name in found.items() if name}
    return found, [name for name in wished.values() if name and name not in columns]


def check_wishes(wished: Mapping[str, str]) -> None:
    """Refuse columns that are none of ours.

    Raises
    ------
    KnownError
        Naming those that there are.
    """
    for column in wished:
        if column not in NAMES:
            msg = f"There is no column “{column[:40]}” to fill from an attribute: choose one of {', '.join(NAMES)}."
            raise KnownError(msg)
