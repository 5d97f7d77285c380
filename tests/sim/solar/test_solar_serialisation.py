"""Operators survive storage; damaged or foreign bytes do not come in."""

import pickle
import struct

import numpy as np
import pytest
import zstandard

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.hours import hour_irradiance
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.serialisation import MAGIC, operators_from_bytes, operators_to_bytes
from citytwin_desktop.sim.solar.settings import SolarSettings


@pytest.fixture(scope="module")
def operators(box, operators_of):
    return operators_of([*box(0, (0, 0, 0), (10, 10, 12)), *box(1, (16, 0, 0), (26, 10, 20))])


@pytest.fixture(scope="module")
def stored(operators) -> bytes:
    return operators_to_bytes(operators)


def test_round_trip_is_exact(operators, stored, clear_weather) -> None:
    again = operators_from_bytes(stored)
    for name in ("areas_m2", "normals", "sky_direct", "sky_reflected", "sun_visibility", "sun_reflected_share"):
        np.testing.assert_array_equal(getattr(again, name), getattr(operators, name))
        assert getattr(again, name).dtype == getattr(operators, name).dtype
    assert again.engine_version == operators.engine_version
    weather = clear_weather(51.5)
    np.testing.assert_array_equal(hour_irradiance(again, weather, 4100), hour_irradiance(operators, weather, 4100))
    assert operators_to_bytes(again) == stored


def test_any_damage_is_refused(stored) -> None:
    for place in np.random.default_rng(1).integers(0, len(stored), 60):
        broken = bytearray(stored)
        broken[place] ^= 0x55
        with pytest.raises(KnownError, match="run solar again"):
            operators_from_bytes(bytes(broken))


@pytest.mark.parametrize("cut", [0, 4, 8, 9, 40, -1])
def test_truncation_is_refused(stored, cut: int) -> None:
    with pytest.raises(KnownError, match="run solar again"):
        operators_from_bytes(stored[:cut])


def test_foreign_bytes_are_refused(stored) -> None:
    for foreign in (b"", b"hello", pickle.dumps([1]), stored + b"more", MAGIC + zstandard.compress(b"{}")):
        with pytest.raises(KnownError, match="run solar again"):
            operators_from_bytes(foreign)


def test_header_that_lies_is_refused(stored) -> None:
    frame = zstandard.decompress(stored[len(MAGIC) :])
    (length,) = struct.unpack_from("<I", frame)
    for old, new in (
        (b'"patches": 145', b'"patches": 577'),
        (b'"<f2"', b'"|O8"'),
        (b'"latitude_deg": 51.5', b'"latitude_deg": "51"'),
    ):
        header = frame[4 : 4 + length].replace(old, new)
        assert header != frame[4 : 4 + length]
        lie = struct.pack("<I", len(header)) + header + frame[4 + length :]
        with pytest.raises(KnownError, match="run solar again"):
            operators_from_bytes(MAGIC + zstandard.ZstdCompressor(write_checksum=True).compress(lie))


def test_scene_travels_between_processes(box, city_of) -> None:
    scene = solar_scene(city_of(box(0, (0, 0, 0), (10, 10, 10))), SolarSettings())
    again = pickle.loads(pickle.dumps(scene))  # noqa: S301 - what the process pool does with its own data
    np.testing.assert_array_equal(again.triangles_m, scene.triangles_m)
