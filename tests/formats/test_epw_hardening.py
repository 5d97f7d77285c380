"""Weather files that a reader could trip over, or take for something they are not."""

from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path


@pytest.fixture(scope="module")
def epw() -> bytes:
    return Path(chicago_weather_path()).read_bytes()


def test_old_line_ends_are_read(epw: bytes) -> None:
    lines = epw.replace(b"\r\n", b"\n")
    old = read_epw(lines.replace(b"\n", b"\r"), "old.epw")
    np.testing.assert_array_equal(old.dry_bulb_c, read_epw(lines, "new.epw").dry_bulb_c)


def test_an_endless_field_is_no_bug(epw: bytes) -> None:
    with pytest.raises(KnownError, match="not an EPW weather file"):
        read_epw(b"LOCATION," + b"x" * 200_000 + b"\n" + epw, "endless.epw")


@pytest.mark.parametrize("elevation", [b"nan", b"1e400", b"-9999", b"99999"])
def test_an_impossible_elevation_is_refused(epw: bytes, elevation: bytes) -> None:
    head, rest = epw.split(b"\n", 1)
    head = b",".join([*head.split(b",")[:9], elevation])
    with pytest.raises(KnownError, match="above the sea"):
        read_epw(head + b"\n" + rest, "high.epw")


@pytest.mark.parametrize("value", [b"nan", b"1e400", b"999"])
def test_impossible_ground_temperatures_count_as_none(epw: bytes, value: bytes) -> None:
    lines = epw.split(b"\n")
    place = next(k for k, line in enumerate(lines) if line.startswith(b"GROUND"))
    cells = lines[place].strip().split(b",")
    cells[6::16] = [value] * len(cells[6::16])
    lines[place] = b",".join(cells)
    assert len(read_epw(epw, "whole.epw").ground_temperatures_c) == 12
    assert len(read_epw(b"\n".join(lines), "odd.epw").ground_temperatures_c) == 0
