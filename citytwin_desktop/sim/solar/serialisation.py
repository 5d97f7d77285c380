"""Operators as bytes for the project file: a checked, compressed frame, nothing executable.

Layout: eight bytes of magic, then one Zstandard frame with checksum. In the frame: the length of the header
(uint32, little endian), the header (JSON in UTF-8: engine version, latitude, sun grid, patches, and dtype, shape
and unit of each array) and the arrays one after another, little endian; those by sun one sun after another.
"""

import json
import struct
from dataclasses import fields
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.operators import SolarOperators
from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION
from citytwin_desktop.sim.solar.sun_grid import sun_grid

MAGIC = b"CTSOLAR\x01"

_LEVEL = 1
_LARGEST_FRAME = 16 * 1024**3
_ARRAYS: dict[str, tuple[str, str]] = {
    "areas_m2": ("<f4", "m2"),
    "normals": ("<f4", "1"),
    "sky_direct": ("<f2", "sr"),
    "sky_reflected": ("<f2", "sr"),
    "sun_visibility": ("|u1", "1/255"),
    "sun_reflected_share": ("|u1", "1/255"),
    "sun_reflected_scale": ("<f4", "1"),
}
_COLUMN_WISE = ("sun_visibility", "sun_reflected_share")
_NUMBERS: dict[str, type] = {
    field.name: field.type
    for field in fields(SolarOperators)
    if field.name not in _ARRAYS and isinstance(field.type, type)
}


def operators_to_bytes(operators: SolarOperators) -> bytes:
    """Pack operators.

    Parameters
    ----------
    operators : SolarOperators

    Returns
    -------
    bytes
    """
    arrays = []
    payload = []
    for name, (dtype, unit) in _ARRAYS.items():
        values: NDArray[Any] = getattr(operators, name).astype(dtype, copy=False)
        arrays.append({"name": name, "dtype": dtype, "shape": list(values.shape), "unit": unit})
        payload.append(values.tobytes("F" if name in _COLUMN_WISE else "C"))
    numbers = {name: getattr(operators, name) for name in _NUMBERS}
    header = json.dumps({**numbers, "arrays": arrays}, sort_keys=True).encode()
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
        When the bytes are damaged, or were never solar operators.
    """
    if data[: len(MAGIC)] != MAGIC:
        raise KnownError("This is not a stored solar result of this program; run solar again.")
    try:
        frame = memoryview(_decompressed(data[len(MAGIC) :]))
        (length,) = struct.unpack_from("<I", frame)
        header = json.loads(bytes(frame[4 : 4 + length]))
        operators = SolarOperators(**(_numbers(header) | _arrays(header, frame[4 + length :])))
    except (ValueError, KeyError, TypeError, struct.error, zstandard.ZstdError, MemoryError) as error:
        raise KnownError(f"The stored solar result is damaged ({error}); run solar again.") from error
    return operators


def _decompressed(frame: bytes) -> bytes:
    if zstandard.frame_content_size(frame) > _LARGEST_FRAME:
        raise ValueError("it claims to be larger than 16 GiB")
    return zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=False)


def _numbers(header: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: header[name] for name in _NUMBERS}
    for name, kind in _NUMBERS.items():
        if not isinstance(numbers[name], kind):
            raise TypeError(f"{name} is not a {kind.__name__}")
    return numbers


def _arrays(header: dict[str, Any], payload: memoryview) -> dict[str, Any]:
    found: dict[str, Any] = {}
    expected = _expected_shapes(header)
    begin = 0
    for entry, (name, (dtype, _)) in zip(header["arrays"], _ARRAYS.items(), strict=True):
        if (entry["name"], entry["dtype"], tuple(entry["shape"])) != (name, dtype, expected[name]):
            raise ValueError(f"array {name} is not as it should be")
        end = begin + int(np.prod(expected[name])) * np.dtype(dtype).itemsize
        flat = np.frombuffer(payload[begin:end], dtype)
        found[name] = flat.reshape(expected[name], order="F" if name in _COLUMN_WISE else "C")
        begin = end
    if begin != len(payload):
        raise ValueError("it is longer than its header says")
    return found


def _expected_shapes(header: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Shapes that the numbers of the header ask for."""
    if header["patches"] not in PATCH_SUBDIVISION:
        raise ValueError("unknown number of sky patches")
    count = int(header["arrays"][0]["shape"][0])
    suns = len(sun_grid(header["latitude_deg"], header["declinations"], header["hour_angles"]).direction)
    sky, sun = (count, header["patches"] + 1), (count, suns)
    return {
        "areas_m2": (count,),
        "normals": (count, 3),
        "sky_direct": sky,
        "sky_reflected": sky,
        "sun_visibility": sun,
        "sun_reflected_share": sun,
        "sun_reflected_scale": (count,),
    }
