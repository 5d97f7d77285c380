"""Weather files as programs and people really write them: read alike, or refused with the right sentence."""

import gzip
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.epw import read_epw, read_weather_file
from citytwin_desktop.formats.epw_lines import HEADERS
from citytwin_desktop.formats.epw_values import dew_point_c, longest_run, saturation_pressure_pa
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

Row = list[str]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return Path(chicago_weather_path()).read_text(encoding="latin-1").splitlines()


@pytest.fixture(scope="module")
def plain(lines: list[str]) -> Weather:
    return read_epw(joined(lines), "plain.epw")


def joined(lines: list[str], end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode("latin-1")


def rows(lines: list[str], change: Callable[[int, Row], Row | None]) -> list[str]:
    changed = (change(number, line.split(",")) for number, line in enumerate(lines[8:]))
    return [*lines[:8], *(",".join(row) for row in changed if row is not None)]


def cell(lines: list[str], column: int, value: str, hours: range) -> list[str]:
    made = list(lines)
    for hour in hours:
        cells = made[8 + hour].split(",")
        cells[column] = value
        made[8 + hour] = ",".join(cells)
    return made


def same(weather: Weather, plain: Weather) -> None:
    for name in ("dry_bulb_c", "dew_point_c", "pressure_pa", "direct_normal_wh_m2", "wind_speed_m_s"):
        np.testing.assert_array_equal(getattr(weather, name), getattr(plain, name))
    assert (weather.latitude_deg, weather.name) == (plain.latitude_deg, plain.name)


def written_well(weather: Weather) -> None:
    """What engines rely on: eight headers in order, 8,760 rows of 35 numbers, hours 1 to 24; and a stable file."""
    text = weather.raw.decode("utf-8").split("\n")
    assert [line.split(",")[0] for line in text[:8]] == list(HEADERS)
    assert text[7].startswith("DATA PERIODS,1,1,")
    body = [line.split(",") for line in text[8:] if line]
    assert len(body) == weather.hours
    assert [row[1:4] for row in body[:25]][-1] == ["1", "2", "1"]
    assert [int(row[3]) for row in body[:24]] == list(range(1, 25))
    assert {len(row) for row in body} == {35}
    assert all(float(row[column]) == float(row[column]) for row in body[::97] for column in range(6, 35))
    again = read_epw(weather.raw, "again.epw")
    assert (again.raw, again.remarks, again.content_hash) == (weather.raw, weather.remarks, weather.content_hash)


def without(lines: list[str], *places: int) -> list[str]:
    return [line for number, line in enumerate(lines) if number not in places]


DIALECTS: dict[str, tuple[Callable[[list[str]], bytes], str]] = {
    "mark": (lambda lines: b"\xef\xbb\xbf" + joined(lines), "byte order mark"),
    "utf-16": (lambda lines: b"\xff\xfe" + "\n".join(lines).encode("utf-16-le"), "byte order mark"),
    "old line ends": (lambda lines: joined(lines, "\r"), "Line ends"),
    "no design conditions": (lambda lines: joined(without(lines, 1, 3, 6)), "header lines"),
    "headers reordered": (lambda lines: joined([lines[0], *lines[6:0:-1], *lines[7:]]), "header lines"),
    "lower case after a line": (lambda lines: joined(["", "Location" + lines[0][8:], *lines[1:]]), "header lines"),
    "blank lines": (lambda lines: joined([*lines[:200], "", ",,,", *lines[200:]]), "Blank lines"),
    "no records": (lambda lines: joined([*lines[:7], "DATA PERIODS,1,,Data,Sunday,1/1,12/31", *lines[8:]]), "records"),
    "hours from 0": (lambda lines: joined(rows(lines, lambda _, r: [*r[:3], str(int(r[3]) - 1), *r[4:]])), "0 to 23"),
    "semicolons": (
        lambda lines: joined([*[line.replace(",", ";") for line in lines[:8]],
                              *[line.replace(",", ";").replace(".", ",") for line in lines[8:]]]),
        "commas",
    ),
    "short rows": (lambda lines: joined(rows(lines, lambda _, r: r[:24])), "Missing columns"),
    "blank cells": (lambda lines: joined(cell(lines, 12, "", range(5, 8))), "3 blank cells"),
    "from July": (
        lambda lines: joined([*lines[:8], *lines[8 + 181 * 24 :], *lines[8 : 8 + 181 * 24]]), "begins on 1 July",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_dialects_give_the_same_weather_and_bytes_that_engines_can_read(
    name: str, lines: list[str], plain: Weather
) -> None:
    make, words = DIALECTS[name]
    weather = read_epw(make(lines), f"{name}.epw")
    same(weather, plain)
    assert words in weather.remarks[0]
    written_well(weather)


def test_harmless_dialects_keep_their_bytes(lines: list[str], plain: Weather) -> None:
    changed = [line + ",," for line in lines[:8]] + [line.replace(",", ", ") for line in lines[8:]]
    changed = rows(changed, lambda n, r: [str(1990 + n % 20), *r[1:4], "0", *r[5:]])
    data = joined(changed, "\r\n") + b"\r\n\r\n"
    weather = read_epw(data, "crlf.epw")
    same(weather, plain)
    assert (weather.raw, weather.remarks) == (data, ())


def test_midnight_as_hour_zero_ends_the_day(lines: list[str], plain: Weather) -> None:
    def by_date_before(_: int, row: Row) -> Row:
        return [*row[:3], "0" if row[3] == "24" else row[3], *row[4:]]

    def by_date_after(number: int, row: Row) -> Row:
        if row[3] != "24":
            return row
        following = lines[8 + (number + 1) % 8760].split(",")
        return [*following[:3], "0", *row[4:]]

    for change in (by_date_before, by_date_after):
        weather = read_epw(joined(rows(lines, change)), "midnight.epw")
        same(weather, plain)
        assert "end of the last hour" in weather.remarks[0]


def test_short_gaps_are_filled_by_straight_lines_and_told(lines: list[str], plain: Weather) -> None:
    changed = cell(cell(lines, 6, "99.9", range(4000, 4005)), 9, "999999", range(8759, 8760))
    changed = cell(changed, 21, "", range(1))
    weather = read_epw(joined(changed), "gaps.epw")
    first, last = plain.dry_bulb_c[3999], plain.dry_bulb_c[4005]
    assert weather.dry_bulb_c[4000:4005] == pytest.approx(first + (last - first) * np.arange(1, 6) / 6.0)
    around = (plain.pressure_pa[8758] + plain.pressure_pa[0]) / 2.0
    assert weather.pressure_pa[8759] == pytest.approx(around), "the end of the year is followed by its beginning"
    assert weather.remarks[0].startswith("5 values of dry-bulb temperature missing in gaps up to 5 h interpolated")
    assert len(weather.remarks) == 3
    written_well(weather)
    assert read_epw(weather.raw, "g").dry_bulb_c[4002] == pytest.approx(weather.dry_bulb_c[4002], abs=0.005)


@pytest.mark.parametrize("column", [6, 9, 21])
def test_long_gaps_are_refused_with_their_length(lines: list[str], column: int) -> None:
    with pytest.raises(KnownError, match=r"in 7 hours .*longest gap is 7 hours and only 6 are filled"):
        read_epw(joined(cell(lines, column, "999999", range(100, 107))), "gap.epw")


@pytest.mark.parametrize("column", [13, 14, 15])
def test_radiation_is_never_made_up(lines: list[str], column: int) -> None:
    with pytest.raises(KnownError, match="radiation in 1 hours"):
        read_epw(joined(cell(lines, column, "9999", range(12, 13))), "dark.epw")


def test_a_missing_dew_point_follows_from_humidity(lines: list[str], plain: Weather) -> None:
    weather = read_epw(joined(cell(lines, 7, "99.9", range(8760))), "dry.epw")
    # The file gives humidity in whole per cents, and in some hours one that does not fit its dew point.
    assert np.quantile(np.abs(weather.dew_point_c - plain.dew_point_c)[plain.dry_bulb_c > 0], 0.95) < 0.4
    assert "8760 dew points worked out" in weather.remarks[0]
    humid = read_epw(joined(cell(lines, 8, "999", range(8760))), "humid.epw")
    warm = plain.dry_bulb_c > 0
    off = np.abs(humid.relative_humidity_percent - plain.relative_humidity_percent)[warm]
    assert np.quantile(off, 0.95) < 2.0
    with pytest.raises(KnownError, match="relative humidity in 8760 hours"):
        read_epw(joined(cell(cell(lines, 7, "99.9", range(8760)), 8, "999", range(8760))), "none.epw")


def test_moist_air_against_published_values() -> None:
    # WMO-No. 8, annex 4.B; Sonntag 1990: 6.112 hPa at 0 °C, 23.39 hPa at 20 °C within 0.3 %.
    assert saturation_pressure_pa(np.array([0.0, 20.0])) == pytest.approx([611.2, 2339.0], rel=3e-3)
    assert dew_point_c(np.array([20.0]), np.array([100.0])) == pytest.approx([20.0])
    assert dew_point_c(np.array([25.0]), np.array([50.0])) == pytest.approx([13.9], abs=0.05)


def test_runs_go_round_the_year() -> None:
    assert longest_run(np.array([1, 0, 1, 1], bool)) == 3
    assert longest_run(np.zeros(4, bool)) == 0
    assert longest_run(np.ones(4, bool)) == 4


def test_slightly_negative_radiation_is_night(lines: list[str]) -> None:
    weather = read_epw(joined(cell(lines, 13, "-3", range(2))), "night.epw")
    assert (weather.global_horizontal_wh_m2[:2] == 0.0).all()
    assert "2 slightly negative values of radiation set to 0" in weather.remarks[0]


def test_leap_years(lines: list[str]) -> None:
    day = [line.replace(",2,28,", ",2,29,", 1) for line in lines if line.split(",")[1:3] == ["2", "28"]]
    place = next(n for n, line in enumerate(lines) if n > 7 and line.split(",")[1:3] == ["3", "1"])
    whole = [*lines[:place], *day, *lines[place:]]
    assert read_epw(joined(whole), "leap.epw").hours == 8784
    with pytest.raises(KnownError, match="29 February, yet only 8760 hours"):
        read_epw(joined(whole[:-24]), "short.epw")


def test_the_southern_hemisphere_and_half_hours(lines: list[str]) -> None:
    cells = lines[0].split(",")
    south = ",".join([*cells[:6], "-33.9", "-70.8", "-4.5", "5"])
    weather = read_epw(joined([south, *lines[1:]]), "south.epw")
    assert (weather.latitude_deg, weather.time_zone_h) == (-33.9, -4.5)
    date_line = ",".join([*cells[:6], "-13.8", "-171.8", "13", "5"])
    assert "centred" not in str(read_epw(joined([date_line, *lines[1:]]), "samoa.epw").remarks[:0])


def test_hours_in_another_time_zone_are_remarked_on(lines: list[str], plain: Weather) -> None:
    assert plain.remarks == ()
    shifted = [*lines[:8]]
    for number in range(8760):
        stamp, values = lines[8 + number].split(",")[:6], lines[8 + (number + 3) % 8760].split(",")[6:]
        shifted.append(",".join([*stamp, *values]))
    weather = read_epw(joined(shifted), "utc.epw")
    assert "h earlier than noon at the place: check its time zone" in weather.remarks[0]
    assert weather.raw == joined(shifted), "a remark alone changes no bytes"


def test_odd_ground_temperatures(lines: list[str], plain: Weather) -> None:
    cells = lines[3].split(",")
    wrong_count = ",".join(["GROUND TEMPERATURES", "7", *cells[2:]])
    changed = read_epw(joined([*lines[:3], wrong_count, *lines[4:]]), "g.epw")
    np.testing.assert_array_equal(changed.ground_temperatures_c, plain.ground_temperatures_c)
    none = read_epw(joined([*lines[:3], "GROUND TEMPERATURES,-1,a", *lines[4:]]), "g.epw")
    assert len(none.ground_temperatures_c) == 0


MISTAKEN = {
    "a.ddy": (
        b"! The following Location and design day data are produced as possible\nSite:Location,\n",
        "design days",
    ),
    "b.ddy": (b"Site:Location,\n Chicago,\n", "design days"),
    "a.stat": (b"-\nStatistics for USA_IL\n", "statistics"),
    "a.wea": (b"place Chicago\nlatitude 41.98\nlongitude 87.92\n", "Radiance"),
    "tmy3.csv": (b'724940,"SAN FRANCISCO",CA,-8.0,37.617,-122.4,2\nDate (MM/DD/YYYY),Time (HH:MM),ETR\n', "TMY3"),
    "nsrdb.csv": (b"Source,Location ID,City,State\nNSRDB,1,-,-\n", "NSRDB"),
    "pvgis.csv": (b"Latitude (decimal degrees): 45.0\nLongitude (decimal degrees): 8.0\n", "PVGIS"),
    "try.dat": (b"Rechtswert : 4000500\n\nRW HW MM DD HH t p WR WG N x RF B D A E IL\n***\n", "DWD"),
    "in.idf": (b"!- comment\nVersion,25.2;\n", "EnergyPlus input"),
    "page.epw": (b"<!DOCTYPE html><html>404</html>", "web page"),
    "x.zip": (b"PK\x03\x04rest", "archive"),
    "noise.epw": (bytes(range(256)), "no LOCATION line"),
}


@pytest.mark.parametrize("name", sorted(MISTAKEN))
def test_other_files_are_called_by_their_name(name: str) -> None:
    data, words = MISTAKEN[name]
    with pytest.raises(KnownError, match=words) as told:
        read_epw(data, name)
    assert str(told.value).endswith(".")
    assert ":" in str(told.value)


def test_sub_hourly_files_and_several_periods_are_refused(lines: list[str]) -> None:
    quarter = [line for line in lines[8:] for _ in range(4)]
    with pytest.raises(KnownError, match=r"four records in each hour \(35040 rows\)"):
        read_epw(joined([*lines[:8], *quarter]), "quarter.epw")
    with pytest.raises(KnownError, match="has 2 periods of data"):
        read_epw(joined([*lines[:7], lines[7].replace("DATA PERIODS,1", "DATA PERIODS,2"), *lines[8:]]), "two.epw")


def test_columns_mixed_up_are_noticed(lines: list[str]) -> None:
    swapped = rows(lines, lambda _, r: [*r[:13], r[15], r[14], r[13], *r[16:]])
    with pytest.raises(KnownError, match="less global than diffuse"):
        read_epw(joined(swapped), "mixed.epw")
    with pytest.raises(KnownError, match="no sun"):
        read_epw(joined(rows(lines, lambda _, r: [*r[:13], "0", "0", "0", *r[16:]])), "dark.epw")


def test_packed_files(tmp_path: Path, lines: list[str], plain: Weather) -> None:
    packed = tmp_path / "w.epw.gz"
    packed.write_bytes(gzip.compress(joined(lines)))
    same(read_weather_file(packed), plain)
    for names, words in (
        (["a.epw", "a.ddy"], ""),
        (["a.epw", "b.epw"], "holds 2 weather files"),
        (["a.ddy"], "no EPW"),
    ):
        path = tmp_path / f"{len(names)}{words[:3]}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(f"folder/{name}", joined(lines))
        if words:
            with pytest.raises(KnownError, match=words):
                read_weather_file(path)
        else:
            same(read_weather_file(path), plain)


def test_mutated_files_are_read_or_refused_with_a_sentence(lines: list[str]) -> None:
    data = joined(lines)
    seed = random.Random(11)
    for _ in range(8):
        mutated = bytearray(data)
        for _ in range(seed.randint(1, 30)):
            place = seed.randrange(3000) if seed.random() < 0.7 else seed.randrange(len(mutated))
            mutated[place] = seed.randrange(256)
        if seed.random() < 0.7:
            start = seed.randrange(3000)
            del mutated[start : start + seed.randrange(200)]
        try:
            weather = read_epw(bytes(mutated), "mutated.epw")
        except KnownError:
            continue
        assert weather.hours == 8760
        assert np.isfinite(weather.dry_bulb_c).all()
