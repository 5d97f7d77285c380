"""Reading of weather files: known means, and every way of being incomplete."""

from pathlib import Path

import pytest

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.epw import read_epw


@pytest.fixture
def lines(weather_file: Path) -> list[str]:
    return weather_file.read_text(encoding="latin-1").splitlines()


def read(lines: list[str]) -> object:
    return read_epw("\n".join(lines).encode("latin-1"), "test.epw")


def test_chicago(weather_file: Path) -> None:
    weather = read_epw(weather_file.read_bytes(), weather_file.name)
    assert weather.hours == 8760
    assert (weather.latitude_deg, weather.longitude_deg, weather.time_zone_h) == (41.98, -87.92, -6.0)
    assert len(weather.ground_temperatures_c) == 12


@pytest.mark.parametrize(
    ("name", "mean_c", "global_kwh_m2"),
    [
        ("CAN_PQ_Montreal.Intl.AP.716270_CWEC.epw", 6.33, 1410),
        ("GBR_ENG_London.Wea.Ctr-St.James.Park.037700_TMYx.2007-2021.epw", 12.09, 1100),
    ],
)
def test_known_means(shared_data: Path, name: str, mean_c: float, global_kwh_m2: float) -> None:
    weather = read_epw((shared_data / "epw" / name).read_bytes(), name)
    assert weather.dry_bulb_c.mean() == pytest.approx(mean_c, abs=0.005)
    assert weather.global_horizontal_wh_m2.sum() / 1000 == pytest.approx(global_kwh_m2, abs=0.5)


def test_a_truncated_year_is_refused(lines: list[str]) -> None:
    with pytest.raises(KnownError, match="holds 5000 hours instead of 8,760"):
        read(lines[:5008])


def test_a_row_cut_short_is_refused(lines: list[str]) -> None:
    lines[-1] = lines[-1][:20]
    with pytest.raises(KnownError, match="breaks off in hour 8760"):
        read(lines)


def test_hours_out_of_order_are_refused(lines: list[str]) -> None:
    lines[100], lines[101] = lines[101], lines[100]
    with pytest.raises(KnownError, match="hour 93 out of order"):
        read(lines)


@pytest.mark.parametrize(
    ("column", "value", "hours", "words"),
    [(6, "99.9", 7, "dry-bulb"), (14, "9999", 1, "direct normal"), (21, "x", 1, "wind"), (21, "999", 8, "wind")],
)
def test_missing_values_are_refused_by_name(lines: list[str], column: int, value: str, hours: int, words: str) -> None:
    for place in range(20, 20 + hours):
        cells = lines[place].split(",")
        cells[column] = value
        lines[place] = ",".join(cells)
    with pytest.raises(KnownError, match=words):
        read(lines)


@pytest.mark.parametrize(
    "start",
    [
        "LOCATIONS,a",
        "LOCATION,a,b,c,d,e,north,west,0,0",
        "LOCATION,a,b,c,d,e,95,0,0,0",
        "LOCATION,a,b,c,d,e,42,-88,9,0",
    ],
)
def test_impossible_places_are_refused(lines: list[str], start: str) -> None:
    with pytest.raises(KnownError, match=r"test\.epw"):
        read([start, *lines[1:]])


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xff" * 100, b"LOCATION"])
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(KnownError, match="not an EPW"):
        read_epw(data, "test.epw")
