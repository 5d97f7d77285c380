"""The geometry of all buildings out of their rows, thousands at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray
from sqlalchemy import Connection

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.city_packing import unpack_surfaces
from citytwin_desktop.project.packing import MAGIC
from citytwin_desktop.project.soundness import LARGEST_COORDINATE_M

ROWS_AT_ONCE = 10_000
_LARGEST_BATCH_BYTES = 1 << 30
_LAYOUT = {"vertices": "<f8", "ring_start": "<u4", "polygon_start": "<u4", "kind": "|u1"}
"""Arrays that `pack_surfaces` writes, in their order."""
_LONG = tuple(_LAYOUT)[1:]
_WIDTHS = np.array([24, 4, 4, 1])
"""Bytes for each length of an array."""
_ARRAYS = b',"arrays":'
_TEXT = 8
"""Bytes before the header's text: the mark and the length of the text."""


class _OtherwiseError(Exception):
    """Something is not as `pack_surfaces` of today writes it: the rows are to be read one by one."""


def read_surfaces(connection: Connection, fids: FloatArray, ids: NDArray[np.object_]) -> Surfaces:
    """Surfaces of all buildings, each checked as if it had been read alone.

    Parameters
    ----------
    connection : Connection
    fids : ndarray, (n_buildings,) float64
        Row numbers of the buildings, ascending.
    ids : ndarray, (n_buildings,) object of str

    Raises
    ------
    KnownError
        When geometry is damaged, or belongs to no building.
    """
    parts = []
    for stored in _batches(connection):
        numbers = np.array([fid for fid, _ in stored], np.int64)
        rows = np.searchsorted(fids, numbers)
        known = np.append(fids, -1.0)[rows] == numbers
        if not known.all():
            msg = (
                f"The project holds geometry of a building that is not there (row {numbers[~known][0]}): "
                "restore it from a backup."
            )
            raise KnownError(msg)
        parts.append(surfaces_of([data for _, data in stored], rows, ids))
    return Surfaces.concatenate(parts)


def _batches(connection: Connection) -> Iterator[list[tuple[int, bytes]]]:
    # The driver's own rows: a hundred thousand of SQLAlchemy's take as long as unpacking them.
    driver: Any = connection.connection.driver_connection
    cursor = driver.execute("SELECT fid, data FROM ct_geometry ORDER BY fid")
    try:
        while stored := cursor.fetchmany(ROWS_AT_ONCE):
            yield stored
    finally:
        cursor.close()


def surfaces_of(blobs: Sequence[bytes], rows: IntArray, ids: NDArray[np.object_]) -> Surfaces:
    """Surfaces of some buildings from what `pack_surfaces` made of each.

    Parameters
    ----------
    blobs : sequence of bytes
    rows : ndarray, (len(blobs),) int64
        Row of the building that owns each.
    ids : ndarray, (n_buildings,) object of str
        For the message.

    Raises
    ------
    KnownError
        With the name of the building whose geometry is damaged.
    """
    if not blobs:
        return Surfaces.empty()  # the decompressor divides by their number, and takes the program with it
    try:
        return _together(blobs, rows)
    except (_OtherwiseError, ValueError, TypeError, KeyError, IndexError, AttributeError, zstandard.ZstdError):
        # Of another version's layout, or damaged: one by one tells which, and why.
        found = zip(blobs, rows.tolist(), strict=True)
        return Surfaces.concatenate([unpack_surfaces(data, row, str(ids[row])) for data, row in found])


def _together(blobs: Sequence[bytes], rows: IntArray) -> Surfaces:
    batch = _Batch.of(blobs)
    sizes = batch.sizes
    vertices = np.frombuffer(batch.content("vertices", sizes), "<f8").reshape(-1, 3)
    rings = np.frombuffer(batch.content("ring_start", sizes), "<u4").astype(np.int64)
    polygons = np.frombuffer(batch.content("polygon_start", sizes), "<u4").astype(np.int64)
    kind = np.frombuffer(batch.content("kind", sizes), np.uint8)
    # What is no number is in neither range.
    low, high = vertices.min(initial=0.0), vertices.max(initial=0.0)
    _require(low >= -LARGEST_COORDINATE_M and high <= LARGEST_COORDINATE_M)
    _require(not len(kind) or int(kind.max()) < len(SurfaceKind))
    ring_start = _joined(rings, sizes[:, 1], sizes[:, 0])
    polygon_start = _joined(polygons, sizes[:, 2], sizes[:, 1] - 1)
    counts = np.fromiter(map(len, batch.source_ids), np.int64, len(batch.source_ids))
    _require((sizes[:, 2] - 1 == sizes[:, 3]).all() and (counts == sizes[:, 3]).all())
    listed = list(itertools.chain.from_iterable(batch.source_ids))
    _require(set(map(type, listed)) <= {str})
    names = np.empty(len(kind), object)
    names[:] = listed
    return Surfaces(Polygons(vertices, ring_start, polygon_start), kind, np.repeat(rows, counts), names)


def _joined(starts: IntArray, lengths: IntArray, ends: IntArray) -> IntArray:
    """One run of offsets from several that each count from zero up to their own end."""
    last = np.cumsum(lengths) - 1
    first = last - lengths + 1
    _require((lengths >= 1).all() and (starts[first] == 0).all() and (starts[last] == ends).all())
    steps = np.diff(starts, prepend=0)
    within = np.ones(len(starts), bool)
    within[first] = False
    _require((steps[within] >= 0).all())
    return np.concatenate([[0], np.cumsum(steps[within])]).astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Batch:
    """Unpacked rows, one after another.

    Parameters
    ----------
    body : bytes
    start : ndarray, (n,) int64
        Where the arrays of each row begin in it.
    sizes : ndarray, (n, 4) int64
        Length of each of its arrays, in the order of `_LAYOUT`.
    source_ids : list of list of str
    """

    body: bytes
    start: IntArray
    sizes: IntArray
    source_ids: list[list[str]]

    @classmethod
    def of(cls, blobs: Sequence[bytes]) -> _Batch:
        body, edges = _decompressed(blobs)
        head = np.frombuffer(body, np.uint8)
        _require((np.diff(edges) >= _TEXT).all())
        start = edges[:-1]
        _require((head[start[:, None] + np.arange(4)] == np.frombuffer(MAGIC, np.uint8)).all())
        lengths = head[start[:, None] + np.arange(4, 8)].copy().view("<u4")[:, 0].astype(np.int64)
        arrays_at = start + _TEXT + lengths
        _require((arrays_at <= edges[1:]).all())
        spans = zip((start + _TEXT).tolist(), arrays_at.tolist(), strict=True)
        source_ids, sizes = _headers([body[first:last] for first, last in spans])
        _require((arrays_at + sizes @ _WIDTHS == edges[1:]).all())
        return cls(body, arrays_at, sizes, source_ids)

    def content(self, name: str, sizes: IntArray) -> bytes:
        """Bytes of one array of all rows."""
        place = list(_LAYOUT).index(name)
        widths = sizes * _WIDTHS
        first = self.start + widths[:, :place].sum(axis=1)
        body, spans = self.body, zip(first.tolist(), (first + widths[:, place]).tolist(), strict=True)
        return b"".join([body[start:stop] for start, stop in spans])


def _decompressed(blobs: Sequence[bytes]) -> tuple[bytes, IntArray]:
    """All frames in one run of bytes, and where each begins and the last ends."""
    claimed = np.fromiter(map(zstandard.frame_content_size, blobs), np.int64, len(blobs))
    # Each by itself too: sums of what a crafted file claims could run over.
    _require(claimed.min(initial=0) >= 0 and claimed.max(initial=0) <= _LARGEST_BATCH_BYTES)
    _require(int(claimed.sum()) <= _LARGEST_BATCH_BYTES)
    frames: Any = zstandard.ZstdDecompressor().multi_decompress_to_buffer(list(blobs), threads=-1)
    body = b"".join(list(frames))
    edges = np.concatenate([[0], np.cumsum(claimed)]).astype(np.int64)
    # A frame that holds another length than it says is refused by the decompressor.
    _require(len(frames) == len(blobs) and len(body) == edges[-1])
    return body, edges


def _headers(texts: list[bytes]) -> tuple[list[list[str]], IntArray]:
    """Identifiers of the surfaces of each row, and (n, 4) lengths of its arrays."""
    # Within a text of JSON a quotation mark is escaped: the last such key is the one that `pack` wrote.
    opened, keys, layouts = zip(*[text.rpartition(_ARRAYS) for text in texts], strict=True)
    _require(all(keys))
    # One list of JSON, for a hundred thousand small ones take thrice as long.
    heads = orjson.loads(b"[%b}]" % b"},".join(opened))
    _require(len(heads) == len(texts))
    source_ids = [head["header"]["source_id"] for head in heads]
    # Houses are much alike: a city of 100,000 has some hundred layouts.
    known: dict[bytes, tuple[int, ...]] = {}
    for layout in set(layouts):
        known[layout] = _lengths(orjson.loads(b"{%b%b" % (_ARRAYS[1:], layout))["arrays"])
    return source_ids, np.array([known[layout] for layout in layouts], np.int64).reshape(-1, 4)


def _lengths(arrays: dict[str, Any]) -> tuple[int, ...]:
    _require([(name, dtype) for name, (dtype, _) in arrays.items()] == list(_LAYOUT.items()))
    _require(arrays["vertices"][1][1:] == [3] and all(len(arrays[name][1]) == 1 for name in _LONG))
    lengths = tuple(int(shape[0]) for _, shape in arrays.values())
    _require(min(lengths) >= 0)
    return lengths


def _require(holds: object) -> None:
    if not holds:
        raise _OtherwiseError
