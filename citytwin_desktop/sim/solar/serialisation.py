"""Operators as bytes for the project file: a checked, compressed frame, nothing executable.

Layout: eight bytes of magic, then one Zstandard frame with checksum. In the frame: the length of the header
(uint32, little endian), the header (JSON in UTF-8: engine version, place, days, patches, seasons, and dtype, shape
and unit of each array) and the arrays one after another, little endian. Visibility lies receiver by receiver, hour of
the day by hour of the day, as differences from day to day; most of them are nought. Arrays that seasons share are
stored once.
"""

import json
import struct
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.operators import ByteMatrix, SolarOperators, SolarSeason
from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION
from citytwin_desktop.sim.solar.sun_nodes import DAYS, SunNodes, sun_nodes

MAGIC = b"CTSOLAR\x02"

_LEVEL = 3
_LARGEST_FRAME = 4 * 1024**3
_LARGEST_RATIO = 3000
_MATRICES = ("sky_direct", "sky_reflected", "sun_reflected")
_NUMBERS: dict[str, type] = {"engine_version": str, "latitude_deg": float, "solar_offset_h": float, "patches": int}
_MONTHS, _MOST_SEASONS = 12, 4
_POLES_DEG, _FARTHEST_OFFSET_H = 90.0, 26.0
_DAMAGE = (
    ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError, MemoryError, struct.error,
    zstandard.ZstdError,
)  # fmt: skip


def operators_to_bytes(operators: SolarOperators) -> bytes:
    """Pack operators.

    Parameters
    ----------
    operators : SolarOperators

    Returns
    -------
    bytes
    """
    arrays: list[dict[str, Any]] = []
    payload: list[bytes] = []
    known: dict[int, int] = {}

    def put(
        name: str, values: NDArray[Any], unit: str = "1", pack: Callable[[NDArray[Any]], bytes] | None = None
    ) -> int:
        if id(values) not in known:
            known[id(values)] = len(arrays)
            little = values.astype(values.dtype.newbyteorder("<"), copy=False)
            arrays.append({"name": name, "dtype": little.dtype.str, "shape": list(values.shape), "unit": unit})
            payload.append(pack(values) if pack is not None else little.tobytes())
        return known[id(values)]

    put("areas_m2", operators.areas_m2, unit="m2")
    put("normals", operators.normals)
    order = _by_hour(operators.suns)
    seasons = []
    for season in operators.seasons:
        places: dict[str, Any] = {"ground_reflectance": season.ground_reflectance}
        for name in _MATRICES:
            matrix: ByteMatrix = getattr(season, name)
            places[name] = [put(name, matrix.step), put(f"{name} scale", matrix.scale)]
        visible = season.sun_visibility
        places["sun_visibility"] = put("sun_visibility", visible, "1/255", partial(_differences, order=order))
        seasons.append(places)
    numbers = {name: getattr(operators, name) for name in _NUMBERS}
    days = {name: list(getattr(operators, name)) for name in ("sun_days", "reflected_days", "season_of_month")}
    header = json.dumps({**numbers, **days, "seasons": seasons, "arrays": arrays}, sort_keys=True).encode()
    frame = b"".join([struct.pack("<I", len(header)), header, *payload])
    return MAGIC + zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(frame)


def operators_from_bytes(data: bytes) -> SolarOperators:
    """Unpack operators.

    Parameters
    ----------
    data : bytes
        From `operators_to_bytes`.

    Returns
    -------
    SolarOperators

    Raises
    ------
    KnownError
        When the bytes are damaged, of another version, or were never solar operators.
    """
    if data[: len(MAGIC)] != MAGIC:
        raise KnownError("This is not a stored solar result of this version of the program; run solar again.")
    try:
        frame = memoryview(_decompressed(data[len(MAGIC) :]))
        (length,) = struct.unpack_from("<I", frame)
        header = json.loads(bytes(frame[4 : 4 + length]))
        return _operators(header, _arrays(header["arrays"], frame[4 + length :]))
    except _DAMAGE as error:
        raise KnownError(f"The stored solar result is damaged ({error}); run solar again.") from error


def _decompressed(frame: bytes) -> bytes:
    size = zstandard.frame_content_size(frame)
    if size > _LARGEST_FRAME or size > _LARGEST_RATIO * len(frame):
        raise ValueError(f"it claims to unpack to {size / 1e6:,.0f} MB")
    return zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=False)


def _by_hour(suns: SunNodes) -> NDArray[np.int32]:
    """Order of the suns by hour of the day, then by day."""
    by_hour = suns.column.T.ravel()
    return by_hour[by_hour >= 0]


def _differences(visible: NDArray[np.uint8], order: NDArray[np.int32]) -> bytes:
    mine = np.ascontiguousarray(visible[order].T)
    mine[:, 1:] -= mine[:, :-1].copy()
    return mine.tobytes()


def _from_differences(packed: NDArray[np.uint8], order: NDArray[np.int32]) -> NDArray[np.uint8]:
    visible = np.empty((packed.shape[0], packed.shape[1]), np.uint8)
    visible[order] = np.cumsum(packed.reshape(packed.shape[1], packed.shape[0]), axis=1, dtype=np.uint8).T
    return visible


def _arrays(entries: list[dict[str, Any]], payload: memoryview) -> list[NDArray[Any]]:
    found: list[NDArray[Any]] = []
    begin = 0
    for entry in entries:
        dtype, shape = np.dtype(entry["dtype"]), tuple(int(count) for count in entry["shape"])
        if entry["dtype"] not in {"<f4", "|u1"} or any(count < 0 for count in shape):
            raise ValueError(f"array {entry['name']} is not as it should be")
        end = begin + int(np.prod(shape)) * dtype.itemsize
        found.append(np.frombuffer(payload[begin:end], dtype).reshape(shape))
        begin = end
    if begin != len(payload):
        raise ValueError("it is longer than its header says")
    return found


def _operators(header: dict[str, Any], arrays: list[NDArray[Any]]) -> SolarOperators:
    numbers = _numbers(header)
    areas = _expect(arrays[0], "<f4", None)
    count = len(areas)
    sun_days, reflected_days = (_days(header[name]) for name in ("sun_days", "reflected_days"))
    place = numbers["latitude_deg"], numbers["solar_offset_h"]
    suns, reflected = sun_nodes(*place, sun_days), sun_nodes(*place, reflected_days)
    columns = {"sky_direct": numbers["patches"] + 1, "sky_reflected": numbers["patches"] + 1}
    columns["sun_reflected"] = len(reflected.direction)
    season_of_month = tuple(int(place) for place in header["season_of_month"])
    if not 0 < len(header["seasons"]) <= _MOST_SEASONS or len(season_of_month) != _MONTHS:
        raise ValueError("its seasons are not those of a year")
    if not all(0 <= place < len(header["seasons"]) for place in season_of_month):
        raise ValueError("a month is of no season")
    unpacked: dict[int, NDArray[np.uint8]] = {}
    seasons = []
    for places in header["seasons"]:
        matrices = {
            name: ByteMatrix(
                _expect(_at(arrays, places[name][0]), "|u1", (count, width)),
                _expect(_at(arrays, places[name][1]), "<f4", (count,)),
            )
            for name, width in columns.items()
        }
        number = int(places["sun_visibility"])
        if number not in unpacked:
            packed = _expect(_at(arrays, number), "|u1", (len(suns.direction), count))
            unpacked[number] = _from_differences(packed, _by_hour(suns))
        ground = float(places["ground_reflectance"])
        if not 0.0 <= ground <= 1.0:
            raise ValueError("its ground reflects a share that does not exist")
        seasons.append(SolarSeason(ground, **matrices, sun_visibility=unpacked[number]))
    normals = _expect(arrays[1], "<f4", (count, 3), -1.001)
    return SolarOperators(
        **numbers, sun_days=sun_days, reflected_days=reflected_days, areas_m2=areas, normals=normals,
        season_of_month=season_of_month, seasons=tuple(seasons),
    )  # fmt: skip


def _numbers(header: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: header[name] for name in _NUMBERS}
    for name, kind in _NUMBERS.items():
        if not isinstance(numbers[name], kind):
            raise TypeError(f"{name} is not a {kind.__name__}")
    if numbers["patches"] not in PATCH_SUBDIVISION:
        raise ValueError("unknown number of sky patches")
    # Written so that nan fails too.
    if not (abs(numbers["latitude_deg"]) <= _POLES_DEG and abs(numbers["solar_offset_h"]) <= _FARTHEST_OFFSET_H):
        raise ValueError("its place is not on Earth")
    return numbers


def _days(values: list[Any]) -> tuple[int, ...]:
    days = tuple(int(value) for value in values)
    if not days or list(days) != sorted(set(days)) or days[0] < 0 or days[-1] >= DAYS:
        raise ValueError("its days are not those of a year")
    return days


def _at(arrays: list[NDArray[Any]], place: int) -> NDArray[Any]:
    if place < 0:
        raise ValueError("an array is missing")
    return arrays[place]


def _expect(values: NDArray[Any], dtype: str, shape: tuple[int, ...] | None, lowest: float = 0.0) -> NDArray[Any]:
    if values.dtype.str != dtype or (shape is not None and values.shape != shape) or not values.ndim:
        raise ValueError("an array is not as it should be")
    if values.dtype.kind == "f" and not (np.isfinite(values).all() and values.min(initial=0.0) >= lowest):
        raise ValueError("an array has values that cannot be")
    return values
