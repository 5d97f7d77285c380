"""Conditions on columns: what they find, and that nothing else can be smuggled in."""

import numpy as np
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.document.queries import matching_ids
from citytwin_desktop.errors import KnownError


@pytest.fixture
def buildings() -> Buildings:
    texts = [np.array(items, object) for items in (["a", "b", "c", "d"], ["residential", "office", "", "residential"])]
    return Buildings({"id": texts[0], "function": texts[1], "year_built": np.array([1930.0, 1970.0, np.nan, 2010.0])})


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("year_built < 1965", "a"),
        ("year_built >= 1930 and function = 'residential'", "ad"),
        ("not year_built < 1965", "bcd"),
        ("function == '' or year_built > 2000", "cd"),
        ("id != 'a'", "bcd"),
        ("1965 > year_built", "a"),
        ("(function = 'office') or (year_built < -5)", "b"),
    ],
)
def test_conditions(buildings: Buildings, expression: str, found: str) -> None:
    assert "".join(matching_ids(buildings, expression)) == found


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "year_built",
        "__import__('os')",
        "year_built < 'x'",
        "1 < year_built < 3",
        "a.b = 1",
        "f(1) = 1",
        "height",
        "(" * 300,
        "attributes = 1",
        "1; 2",
    ],
)
def test_what_is_no_condition_is_refused(buildings: Buildings, expression: str) -> None:
    with pytest.raises(KnownError):
        matching_ids(buildings, expression)
