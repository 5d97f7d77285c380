"""Conditions on buildings: what they find, that unknown stays unknown, and that nothing else can be smuggled in."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.document.queries import matching_rows
from citytwin_desktop.document.querying import syntax
from citytwin_desktop.document.querying.fields import FIELDS, nearest
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.document.querying.tokens import QueryError
from citytwin_desktop.errors import KnownError


def objects(*values: Any) -> np.ndarray:
    column = np.empty(len(values), object)
    column[:] = values
    return column


@pytest.fixture(scope="module")
def buildings() -> Buildings:
    attributes = ({"roofType": "Flat", "roof type": "a", "units": 3}, {"units": "12"}, {}, {"units": "many", "x": True})
    return Buildings(
        {
            "id": objects("a", "b", "c", "d"),
            "name": objects("1 High Street", "", "High's Corner", "3 low lane"),
            "function": objects("residential", "office", "", "residential"),
            "year_built": np.array([1930.0, 1970.0, np.nan, 2010.0]),
            "storeys": np.array([2.0, np.nan, 3.0, 2010.0]),
            "attributes": objects(*attributes),
        }
    )


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("year_built < 1965", "a"),
        ("year_built >= 1930 and function = 'residential'", "ad"),
        ("not year_built < 1965", "bd"),
        ("NOT (year < 1965 OR storeys > 5)", ""),
        ("not not year < 1965", "a"),
        ("function == '' or year_built > 2000", "cd"),
        ("function != ''", "abd"),
        ("function != 'office'", "ad"),
        ("function = 'RESIDENTIAL'", "ad"),
        ("id = 'A'", ""),
        ("id != 'a'", "bcd"),
        ("1965 > year_built", "a"),
        ("year = storeys", "d"),
        ("year is unknown or storeys is unknown", "bc"),
        ("year is not unknown and name is known", "ad"),
        ("not year is known", "c"),
        ("year between 1930 and 1970", "ab"),
        ("year not between 1930 and 1970", "d"),
        ("function in ('office', 'retail')", "b"),
        ("year not in (1930, 2010)", "b"),
        ("name contains 'HIGH'", "ac"),
        ("name not contains 'high'", "d"),
        ("name startswith '1 '", "a"),
        ("name endswith 'lane' or name like '%''s corner'", "cd"),
        ("name like '_ high%'", "a"),
        ("attributes.roofType = 'flat'", "a"),
        ("rooftype is unknown", None),
        ("roofType is unknown", "bcd"),
        ("\"roof type\" = 'a' or attributes.\"roof type\" = 'b'", "a"),
        ("attributes.units > 2", "ab"),
        ("units = 'many'", "d"),
        ("units contains '2' and x is unknown", "b"),
        ("x = true", "d"),
        ("(function = 'office') or (year_built < -5)", "b"),
    ],
)
def test_conditions(buildings: Buildings, expression: str, found: str | None) -> None:
    if found is None:
        with pytest.raises(QueryError, match="did you mean roofType"):
            matching_rows(FieldReader(buildings=buildings), expression)
        return
    assert "".join(buildings.ids[matching_rows(FieldReader(buildings=buildings), expression)]) == found


@pytest.mark.parametrize(
    ("expression", "blamed"),
    [
        ("", ""),
        ("year_built", "year_built"),
        ("__import__('os')", "("),
        ("year_built < 'x'", "year_built < 'x'"),
        ("name > 5", "name > 5"),
        ("1 < year_built < 3", "<"),
        ("1 < 2", "1 < 2"),
        ("a.b = 1", "a.b"),
        ("f(1) = 1", "("),
        ("height", "height"),
        ("(" * 300, "("),
        ("(year < 5", ""),
        ("attributes = 1", "attributes"),
        ("1; 2", ";"),
        ("year < 5 yeer > 3", "yeer"),
        ("year < 5 and yeer > 3", "yeer"),
        ("name = 'x", "'x"),
        ("year contains 'x'", "year"),
        ("year between 3", ""),
        ("year in 3", "3"),
        ("stale", "stale"),
        ("heating_demand > 150", "heating_demand"),
        ("energyplus is old", "energyplus is old"),
        ("year is 5", "5"),
    ],
)
def test_what_is_no_condition_is_refused_where_it_is_wrong(buildings: Buildings, expression: str, blamed: str) -> None:
    with pytest.raises(QueryError) as caught:
        matching_rows(FieldReader(buildings=buildings), expression)
    assert isinstance(caught.value, KnownError)
    assert expression[caught.value.start : caught.value.end] == blamed
    assert str(caught.value).endswith((".", "…."))


def test_every_field_can_be_named_and_is_told_apart() -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in FIELDS)
    assert all(item.title[0].isupper() for item in FIELDS.values())
    assert nearest("hating_demand", list(FIELDS))[0] == "heating_demand"


# --- the language against a slow reading of it, row by row

NAMES = {"year_built": "number", "storeys": "number", "function": "text", "name": "text", "units": "either"}
NUMBERS = st.sampled_from([1930, 1970, 3, 12, -1.5])
TEXTS = st.sampled_from(["residential", "Office", "high", "3", ""])


def leaves() -> st.SearchStrategy[str]:
    numeric, textual = st.sampled_from(["year_built", "storeys", "units"]), st.sampled_from(["function", "name"])
    signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    quoted = TEXTS.map(lambda text: f"'{text}'")
    words = st.sampled_from(["contains", "startswith", "endswith"])
    return st.one_of(
        st.builds("{} {} {}".format, numeric, signs, NUMBERS),
        st.builds("{} {} {}".format, NUMBERS, signs, numeric),
        st.builds("{} {} {}".format, textual, signs, quoted),
        st.builds("{} {} {}".format, textual, words, quoted),
        st.builds("{} not between {} and {}".format, numeric, NUMBERS, NUMBERS),
        st.builds("{} in ({}, {})".format, textual, quoted, quoted),
        st.builds("{} is {}known".format, st.sampled_from(list(NAMES)), st.sampled_from(["", "un", "not "])),
    )


CONDITIONS = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not {}".format, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None)
@given(CONDITIONS)
def test_the_language_agrees_with_a_slow_reading(expression: str) -> None:
    buildings = _table()
    expected = [row for row in range(len(buildings)) if answer(syntax.parse(expression), buildings, row)]
    assert matching_rows(FieldReader(buildings=buildings), expression).tolist() == expected


def _table() -> Buildings:
    random = np.random.default_rng(1)
    count = 24
    pick = lambda *values: objects(*random.choice(np.array(values, object), count))  # noqa: E731
    units = pick("3", "12", "many", "")
    return Buildings(
        {
            "id": objects(*(f"B{row}" for row in range(count))),
            "function": pick("residential", "office", ""),
            "name": pick("High street", "3", "Residential high", ""),
            "year_built": random.choice([1930.0, 1970.0, np.nan], count),
            "storeys": random.choice([3.0, 12.0, np.nan], count),
            "attributes": objects(*({"units": value} if value else {} for value in units)),
        }
    )


def answer(node: syntax.Node, buildings: Buildings, row: int) -> bool | None:
    """Yes, no or unknown, of one row."""
    match node:
        case syntax.Joined(parts, every):
            answers = {answer(part, buildings, row) for part in parts}
            decisive = not every
            return decisive if decisive in answers else None if None in answers else not decisive
        case syntax.Not(part):
            inner = answer(part, buildings, row)
            return None if inner is None else not inner
        case syntax.Comparison(left, sign, right):
            return compared(value(left, buildings, row), sign, value(right, buildings, row), (left, right))
        case syntax.Between(operand, low, high):
            number, first, last = (value(side, buildings, row) for side in (operand, low, high))
            return None if not isinstance(number, float) else first <= number <= last
        case syntax.OneOf(operand, choices):
            return _any(answer(syntax.Comparison(operand, "=", choice), buildings, row) for choice in choices)
        case syntax.Match(operand, how, pattern):
            text, wanted = str(value(operand, buildings, row)).lower(), str(pattern.value).lower()
            found = {
                "contains": wanted in text,
                "startswith": text.startswith(wanted),
                "endswith": text.endswith(wanted),
            }
            return found[how] if text else None
        case syntax.Known(operand):
            return value(operand, buildings, row) not in ("", None)
    raise AssertionError(node)


def _any(answers: Any) -> bool | None:
    found = set(answers)
    return True if True in found else None if None in found else False


def value(operand: syntax.Operand, buildings: Buildings, row: int) -> Any:
    if operand.kind != "name":
        return operand.value
    if operand.value == "units":
        text = buildings.columns["attributes"][row].get("units", "")
        return float(text) if text.isdigit() else text
    found = buildings.columns[str(operand.value)][row]
    return None if found != found else found


def compared(left: Any, sign: str, right: Any, sides: Any) -> bool | None:
    texts = isinstance(left, str) and isinstance(right, str)
    if texts and "" in (sides[0].value, sides[1].value) and sign in ("=", "!="):
        return (left == right) == (sign == "=")
    if left in (None, "") or isinstance(left, str) != isinstance(right, str) or right is None:
        return None
    if texts:
        left, right = left.lower(), right.lower()
    return {"=": left == right, "!=": left != right, "<": left < right, "<=": left <= right, ">": left > right,
            ">=": left >= right}[sign]  # fmt: skip
