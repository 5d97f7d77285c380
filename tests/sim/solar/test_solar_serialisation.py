"""Operators survive storage; damaged or foreign bytes do not come in."""

import json
import pickle
import struct

import numpy as np
import pytest
import zstandard

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.hours import hour_synthesis
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.serialisation import MAGIC, operators_from_bytes, operators_to_bytes
from citytwin_desktop.sim.solar.settings import SolarSettings


@pytest.fixture(scope="module")
def operators(box, operators_of):
    return operators_of([*box(0, (0, 0, 0), (10, 10, 12)), *box(1, (16, 0, 0), (26, 10, 20))])


@pytest.fixture(scope="module")
def stored(operators) -> bytes:
    return operators_to_bytes(operators)


def same_season(here, there) -> None:
    assert here.ground_reflectance == there.ground_reflectance
    for name in ("sky_direct", "sky_reflected", "sun_reflected"):
        one, other = getattr(here, name), getattr(there, name)
        np.testing.assert_array_equal(one.step, other.step)
        np.testing.assert_array_equal(one.scale, other.scale)
        assert (one.step.dtype, one.scale.dtype) == (other.step.dtype, other.scale.dtype)
    np.testing.assert_array_equal(here.sun_visibility, there.sun_visibility)


def test_round_trip_is_exact(operators, stored, clear_weather) -> None:
    again = operators_from_bytes(stored)
    for name in ("areas_m2", "normals"):
        np.testing.assert_array_equal(getattr(again, name), getattr(operators, name))
        assert getattr(again, name).dtype == getattr(operators, name).dtype
    for name in ("latitude_deg", "solar_offset_h", "patches", "sun_days", "reflected_days", "season_of_month"):
        assert getattr(again, name) == getattr(operators, name)
    assert len(again.seasons) == len(operators.seasons)
    for here, there in zip(operators.seasons, again.seasons, strict=True):
        same_season(here, there)
    assert again.engine_version == operators.engine_version
    weather = clear_weather(51.5)
    np.testing.assert_array_equal(
        hour_synthesis(again, weather).irradiance(4100), hour_synthesis(operators, weather).irradiance(4100)
    )
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


def unpacked(stored: bytes) -> tuple[dict, bytes]:
    frame = zstandard.decompress(stored[len(MAGIC) :])
    (length,) = struct.unpack_from("<I", frame)
    return json.loads(frame[4 : 4 + length]), frame[4 + length :]


def packed(header: dict, payload: bytes) -> bytes:
    text = json.dumps(header).encode()
    frame = struct.pack("<I", len(text)) + text + payload
    return MAGIC + zstandard.ZstdCompressor(write_checksum=True).compress(frame)


LIES = {
    "patches of another sky": lambda h: h.update(patches=577),
    "patches of no sky": lambda h: h.update(patches=-1),
    "patches in words": lambda h: h.update(patches="145"),
    "latitude in words": lambda h: h.update(latitude_deg="51"),
    "latitude no number": lambda h: h.update(latitude_deg=float("nan")),
    "latitude beyond the pole": lambda h: h.update(latitude_deg=91.0),
    "offset no number": lambda h: h.update(solar_offset_h=float("nan")),
    "offset without end": lambda h: h.update(solar_offset_h=float("inf")),
    "objects": lambda h: h["arrays"][0].update(dtype="|O8"),
    "other numbers": lambda h: h["arrays"][0].update(dtype="<i4"),
    "negative count": lambda h: h["arrays"][0].update(shape=[-12]),
    "two negative counts": lambda h: h["arrays"][2].update(shape=[-12, -146]),
    "huge count": lambda h: h["arrays"][0].update(shape=[2**62]),
    "count that wraps round": lambda h: h["arrays"][2].update(shape=[2**32, 2**32]),
    "counts that wrap round behind nought": lambda h: h["arrays"][2].update(shape=[0, 2**63]),
    "no count": lambda h: h["arrays"][0].update(shape=[]),
    "count in words": lambda h: h["arrays"][0].update(shape=["many"]),
    "transposed": lambda h: h["arrays"][2].update(shape=h["arrays"][2]["shape"][::-1]),
    "no arrays": lambda h: h.update(arrays=[]),
    "arrays are one": lambda h: h.update(arrays={"name": "x"}),
    "eleven months": lambda h: h.update(season_of_month=[0] * 11),
    "month of no season": lambda h: h.update(season_of_month=[0] * 11 + [9]),
    "month of a season from the end": lambda h: h.update(season_of_month=[0] * 11 + [-1]),
    "months without end": lambda h: h.update(season_of_month=[0] * 11 + [float("inf")]),
    "no seasons": lambda h: h.update(seasons=[]),
    "too many seasons": lambda h: h.update(seasons=h["seasons"] * 50),
    "season of a lost array": lambda h: h["seasons"][0].update(sun_visibility=999),
    "season of an array from the end": lambda h: h["seasons"][0].update(sun_visibility=-1),
    "season of the wrong array": lambda h: h["seasons"][0].update(sky_direct=[0, 1]),
    "season without ground": lambda h: h["seasons"][0].update(ground_reflectance=None),
    "ground no number": lambda h: h["seasons"][0].update(ground_reflectance=float("nan")),
    "ground brighter than light": lambda h: h["seasons"][0].update(ground_reflectance=7.0),
    "days unsorted": lambda h: h["sun_days"].reverse(),
    "days twice": lambda h: h.update(sun_days=[0, 0, *h["sun_days"][2:]]),
    "day beyond the year": lambda h: h.update(sun_days=[*h["sun_days"][:-1], 365]),
    "day before the year": lambda h: h.update(reflected_days=[-1, *h["reflected_days"][1:]]),
    "no days": lambda h: h.update(sun_days=[]),
    "a day without end": lambda h: h.update(sun_days=[*h["sun_days"][:-1], float("inf")]),
    "fewer days than there are": lambda h: h.update(sun_days=h["sun_days"][:-1]),
    "version is a number": lambda h: h.update(engine_version=2),
}


@pytest.mark.parametrize("lie", LIES)
def test_header_that_lies_is_refused(stored, lie: str) -> None:
    header, payload = unpacked(stored)
    assert operators_to_bytes(operators_from_bytes(packed(header, payload)))  # honest so far
    LIES[lie](header)
    with pytest.raises(KnownError, match="run solar again"):
        operators_from_bytes(packed(header, payload))


@pytest.mark.parametrize("text", [b"[]", b"null", b"7", b'"x"', b"[" * 100_000, b"\xff\xfe", b"{"])
def test_header_that_is_none_is_refused(text: bytes) -> None:
    frame = struct.pack("<I", len(text)) + text
    with pytest.raises(KnownError, match="run solar again"):
        operators_from_bytes(MAGIC + zstandard.compress(frame))


def test_frame_that_claims_to_be_vast_is_refused() -> None:
    # A frame header with an 8-byte content size of 2**60 and nothing behind it.
    vast = b"\x28\xb5\x2f\xfd" + b"\xe0" + (2**60).to_bytes(8, "little")
    for frame in (vast, vast + b"\x01\x00\x00"):
        with pytest.raises(KnownError, match="run solar again"):
            operators_from_bytes(MAGIC + frame)


def test_seasons_share_what_is_the_same(box, crown, operators_of) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 12))
    tree = crown((2, -9, 3), (8, -4, 11))
    year = {"sun_days": 20, "base_days": 10, "reflected_days": 4, "cell_size_m": 5.0}
    snowy = operators_of(faces, trees=tree, snow_months=(1, 5), **year)
    # Leaves or none, with snow or without.
    assert len(snowy.seasons) == 4
    again = operators_from_bytes(operators_to_bytes(snowy))
    for here, there in zip(snowy.seasons, again.seasons, strict=True):
        same_season(here, there)
    header, _ = unpacked(operators_to_bytes(snowy))
    names = [entry["name"] for entry in header["arrays"]]
    assert names.count("sun_visibility") == 2
    assert names.count("sky_direct") == 2
    assert names.count("sky_reflected") == 4
    assert again.season_of_month == snowy.season_of_month == (0, 1, 1, 2, 3, 2, 2, 2, 2, 2, 1, 1)


def test_scene_travels_between_processes(box, city_of) -> None:
    scene = solar_scene(city_of(box(0, (0, 0, 0), (10, 10, 10))), SolarSettings())
    again = pickle.loads(pickle.dumps(scene))  # noqa: S301 - what the process pool does with its own data
    np.testing.assert_array_equal(again.triangles_m, scene.triangles_m)
