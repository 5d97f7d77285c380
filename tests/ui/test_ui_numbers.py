import pytest

from citytwin_desktop.ui.numbers import energy_unit, parse_number, range_text, with_unit
from citytwin_desktop.ui.scale_bar import round_length_m
from citytwin_desktop.ui.selection_values import mixed_text, origin_kind
from citytwin_desktop.ui.variables import VARIABLES, Request


@pytest.mark.parametrize(
    ("typed", "value"), [("0,35", 0.35), ("1\u2009230", 1230.0), (" -4 ", -4.0), ("\u22122", -2.0)]
)
def test_numbers_are_read_as_people_type_them(typed: str, value: float) -> None:
    assert parse_number(typed) == value


@pytest.mark.parametrize("typed", ["", "abc", "1.2.3", "inf", "nan"])
def test_anything_else_is_no_number(typed: str) -> None:
    assert parse_number(typed) is None


def test_one_magnitude_for_a_column() -> None:
    assert energy_unit([12.0, 90.0]) == (1.0, "kWh")
    assert energy_unit([12.0, 90_000.0]) == (1e3, "MWh")
    assert energy_unit([5e7, 1.0]) == (1e6, "GWh")


def test_mixed_selection_shows_ranges() -> None:
    assert range_text([12.0, 31.0, float("nan")]) == "12–31"
    assert range_text([0.35, 0.35]) == "0.35"
    assert range_text([]) == "–"
    assert mixed_text(["a", "b", ""]) == "3 values"
    assert mixed_text(["a", "a"]) == "a"
    assert with_unit(5.0, "m") == "5\u2009m"


@pytest.mark.parametrize(("longest", "length"), [(130.0, 100.0), (99.0, 50.0), (2.1, 2.0), (7000.0, 5000.0)])
def test_scale_bar_lengths_are_round(longest: float, length: float) -> None:
    assert round_length_m(longest) == length


def test_origin_marks() -> None:
    assert origin_kind("package Deep, measure walls: 2019") == "package"
    assert origin_kind("archetype NL-residential-1930-1945") == "archetype"
    assert origin_kind("edited in this project") == "edited"
    assert origin_kind("") == ""


def test_periods_ask_for_hour_month_or_year() -> None:
    solar, heating = VARIABLES["solar_irradiation"], VARIABLES["heating_demand"]
    assert solar.request("day", 4116) == Request("solar_irradiance", hour=4116)
    assert solar.request("month", 4116) == Request("solar_irradiation", month=5)
    assert solar.request("span", 4116, (24, 72)) == Request("solar_irradiation", hours=(24, 72))
    assert VARIABLES["direct_sunlight"].request("day", 4116) == Request("direct_sunlight", hour=4104)
    assert heating.request("day", 4116) == Request("heating_demand")
    assert solar.request("month", 1416) == Request("solar_irradiation", month=2)
    assert solar.request("month", 1416, year_hours=8784) == Request("solar_irradiation", month=1)
    assert solar.request("month", 8783, year_hours=8784) == Request("solar_irradiation", month=11)
    assert solar.follows("day")
    assert not heating.follows("day")
