"""What was traced, in a file of the user's cache, so that the next run traces only what has changed.

It may vanish at any time and is never trusted: what does not fit is as good as not there. Layout as of stored
operators: magic, then one Zstandard frame with checksum that holds a JSON header and plain arrays.
"""

import json
import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray
from scipy.sparse import csr_array

from citytwin_desktop.sim.solar.build import SunTrace
from citytwin_desktop.sim.solar.fingerprint import Fingerprint
from citytwin_desktop.sim.solar.place import Site
from citytwin_desktop.sim.solar.retrace import OldTrace
from citytwin_desktop.sim.solar.settings import SOLAR_ENGINE_VERSION, SolarSettings
from citytwin_desktop.sim.solar.sky_trace import SkyTrace
from citytwin_desktop.sim.solar.sun_nodes import SunPlan

MAGIC = b"CTTRACE\x01"

_LEVEL = 1
_LARGEST_BYTES = 8 * 1024**3
_DTYPES = {"<f4", "<i4", "<u8", "|u1"}


@dataclass(frozen=True)
class TraceOf:
    """What a trace was made for; another one is of no use.

    Parameters
    ----------
    settings : SolarSettings
    transmittances : tuple of float
        Of the crowns, by season.
    site : Site
    """

    settings: SolarSettings
    transmittances: tuple[float, ...]
    site: Site

    def of_sky(self) -> str:
        """What the sky depends on."""
        return json.dumps([SOLAR_ENGINE_VERSION, self.settings.as_mapping(), self.transmittances], sort_keys=True)

    def of_sun(self) -> str:
        """What the sun depends on beside it."""
        return json.dumps([self.site.latitude_deg, self.site.solar_offset_h])


def write_trace(path: Path, made_for: TraceOf, trace: OldTrace) -> None:
    """Keep a trace; failing to do so, as on a full disk, does no harm.

    Parameters
    ----------
    path : Path
    made_for : TraceOf
    trace : OldTrace
    """
    arrays: dict[str, NDArray[Any]] = {
        "mark": trace.rows.mark,
        "box": trace.rows.box,
        "first_element": trace.rows.first_element,
        "element_count": trace.rows.element_count,
        "sky": trace.sky.sky,
        "surfaces": trace.sun.surfaces,
        "reflected": trace.sun.reflected,
    }
    for season, view in enumerate(trace.sky.view):
        parts = {"data": view.data, "indices": view.indices.astype(np.int32), "indptr": view.indptr.astype(np.int32)}
        arrays |= {f"view {season} {name}": values for name, values in parts.items()}
    listed = [[name, values.dtype.str, list(values.shape)] for name, values in arrays.items()]
    header = {
        "sky": made_for.of_sky(), "sun": made_for.of_sun(), "others": trace.rows.others, "arrays": listed
    }  # fmt: skip
    text = json.dumps(header).encode()
    draft = path.with_suffix(f".{os.getpid()}.new")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(MAGIC)
            with zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(file) as out:
                out.write(struct.pack("<I", len(text)) + text)
                for values in arrays.values():
                    out.write(np.ascontiguousarray(values).data.cast("B") if values.size else b"")
        draft.replace(path)
        return
    with suppress(OSError):
        draft.unlink(missing_ok=True)


def read_trace(path: Path, wanted: TraceOf, plan: SunPlan) -> tuple[OldTrace, bool] | None:
    """Take a trace from its file.

    Parameters
    ----------
    path : Path
    wanted : TraceOf
    plan : SunPlan
        Of the place that is wanted.

    Returns
    -------
    OldTrace, bool
        The trace, and whether its sun is of the place that is wanted; else only its sky is of use.
    None
        When there is no file, or none that fits.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return None
            with zstandard.ZstdDecompressor().stream_reader(file) as stream:
                return _read(stream, wanted, plan)
    except (
        OSError,
        LookupError,
        ValueError,
        TypeError,
        RecursionError,
        struct.error,
        zstandard.ZstdError,
        MemoryError,
    ):
        return None


def _read(stream: Any, wanted: TraceOf, plan: SunPlan) -> tuple[OldTrace, bool] | None:
    (length,) = struct.unpack("<I", _exactly(stream, 4))
    header = json.loads(_exactly(stream, length))
    if header["sky"] != wanted.of_sky():
        return None
    found: dict[str, NDArray[Any]] = {}
    left = _LARGEST_BYTES
    for name, dtype, shape in header["arrays"]:
        size = int(np.prod([int(count) for count in shape], dtype=np.int64)) * np.dtype(dtype).itemsize
        left -= size
        if dtype not in _DTYPES or min(shape, default=0) < 0 or left < 0:
            raise ValueError("an array is not as it should be")
        found[name] = np.frombuffer(_exactly(stream, size), dtype).reshape(shape)
    if stream.read(1):  # to the end, where the checksum is
        raise ValueError("it is longer than its header says")
    rows, elements = len(found["mark"]), int(found["element_count"].sum())
    fingerprint = Fingerprint(
        found["mark"], found["box"], found["first_element"], found["element_count"], int(header["others"])
    )
    seasons = len(found["sky"])
    views = tuple(_view(found, season, rows, elements) for season in range(seasons))
    same_sun = header["sun"] == wanted.of_sun()
    sun = SunTrace(plan, found["surfaces"], found["reflected"])
    count = found["element_count"]
    fits = found["sky"].shape[1] == elements and found["box"].shape == (rows, 6) and count.shape == (rows,)
    fits = fits and count.min(initial=0) >= 0
    fits = fits and np.array_equal(found["first_element"], np.cumsum(count) - count)
    fits = fits and bool(np.isfinite(found["sky"]).all())
    if same_sun:
        fits &= sun.surfaces.shape[1] == len(plan.nodes.direction)
        fits &= sun.reflected.shape == (seasons, elements, len(plan.reflected.direction))
    return (OldTrace(fingerprint, SkyTrace(found["sky"], views), sun), same_sun) if fits else None


def _view(found: dict[str, NDArray[Any]], season: int, rows: int, elements: int) -> Any:
    data, indices, indptr = (found[f"view {season} {name}"] for name in ("data", "indices", "indptr"))
    view = csr_array((data.copy(), indices.copy(), indptr.copy()), shape=(rows, elements))
    view.check_format(full_check=True)
    if not np.isfinite(view.data).all():
        raise ValueError("a view factor is not a number")
    return view


def _exactly(stream: Any, size: int) -> bytes:
    parts = []
    while size:
        part = stream.read(size)
        if not part:
            raise ValueError("it ends too early")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
