"""Numbers, lengths and years as people write them into tables."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.formats.footprints.attribute_values import (
    is_range,
    length_m,
    lengths_m,
    number_of,
    numbers,
    text_of,
    year_of,
)


@pytest.mark.parametrize(
    ("written", "metres"),
    [
        (12, 12.0),
        (12.5, 12.5),
        ("12", 12.0),
        ("12,5", 12.5),
        ("12 m", 12.0),
        ("12m", 12.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("40'", 12.192),
        ("12'6\"", 3.81),
        ("40 ft", 12.192),
        ("40 feet", 12.192),
        ("250 cm", 2.5),
        ("4-6", 5.0),
        ("4;6", 5.0),
        ("~9", 9.0),
    ],
)
def test_lengths_with_their_units(written: object, metres: float) -> None:
    assert length_m(written) == pytest.approx(metres, rel=1e-12)


@pytest.mark.parametrize(
    "nothing", [None, "", "NULL", "nan", "n/a", "unknown", "12 parrots", True, [], {}, "x" * 99, "--"]
)
def test_what_is_no_length_is_unknown(nothing: object) -> None:
    assert math.isnan(length_m(nothing))
    assert math.isnan(number_of(nothing))


def test_a_plain_number_may_not_have_a_unit_that_is_dropped() -> None:
    assert number_of("4,5") == 4.5
    assert number_of("3 floors") == 3.0
    assert math.isnan(number_of("12 ft"))


@pytest.mark.parametrize(
    ("written", "year"),
    [
        (1985, 1985),
        (1985.0, 1985),
        ("1985", 1985),
        ("1985-01-01", 1985),
        ("01.05.1985", 1985),
        ("~1910", 1910),
        ("1890s", 1895),
        ("before 1900", 1900),
        ("1950 - 1960", 1950),
        ("C19", 1850),
        ("early C20", 1915),
        ("late C18", 1785),
    ],
)
def test_years(written: object, year: int) -> None:
    assert year_of(written) == year


@pytest.mark.parametrize("nothing", [0, 9999, -1, "", "NULL", "19", "12345", None, True, float("nan"), float("inf")])
def test_what_is_no_year_is_unknown(nothing: object) -> None:
    assert math.isnan(year_of(nothing))


def test_placeholders_are_unknown_and_units_multiply() -> None:
    found = lengths_m([-9999, -1, 9999, 0, 10, "-999"], 0.3048)
    assert np.isnan(found[[0, 1, 2, 5]]).all()
    assert found[3:5] == pytest.approx([0.0, 3.048])
    assert np.isnan(numbers(["-9999"])).all()


def test_spans_are_told_from_numbers_below_zero() -> None:
    assert is_range("4-6")
    assert not is_range("-6")
    assert number_of("-6") == -6.0


def test_words_without_a_decimal_point() -> None:
    assert [text_of(value) for value in (3.0, 3, "NULL", None, " a ", float("nan"))] == ["3", "3", "", "", "a", ""]


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.none(), st.booleans(), st.lists(st.text())))
def test_anything_gives_a_number_or_nothing(value: object) -> None:
    for reader in (length_m, number_of, year_of):
        assert isinstance(reader(value), float)
    assert isinstance(text_of(value), str)
