"""The corners of all polygons of a file: texts to numbers at once, faults of rings found at once."""

from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons

FEWEST_CORNERS = 3
PLANE, SPACE = 2, 3


@dataclass(eq=False)
class Corners:
    """Polygons in the order in which they were read, as growing columns.

    Rings are stored as in the file, closed by a repeated corner or not; `Rings` puts that in order for all.
    """

    coordinates: "array[float]" = field(default_factory=lambda: array("d"))
    ring_ends: "array[int]" = field(default_factory=lambda: array("q"))
    polygon_ends: "array[int]" = field(default_factory=lambda: array("q"))
    ids: list[str] = field(default_factory=list)
    flat_rings: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    def mark(self) -> tuple[int, int, int]:
        """Where the columns end now, for `back_to`."""
        return len(self.coordinates), len(self.ring_ends), len(self.ids)

    def back_to(self, mark: tuple[int, int, int]) -> None:
        """Forget what was read since a mark."""
        values, rings, polygons = mark
        del self.coordinates[values:], self.ring_ends[rings:], self.polygon_ends[polygons:], self.ids[polygons:]

    def add_text(self, text: str, dimension: int) -> str:
        """Add one ring to the polygon that is being read.

        Parameters
        ----------
        text : str
            Numbers apart by white space.
        dimension : int
            2 or 3 where the file says so, 0 where it does not.

        Returns
        -------
        str
            What is wrong with it, as a code; empty for nothing.
        """
        start = len(self.coordinates)
        values = text.split()
        try:
            self.coordinates.extend(map(float, values))
        except ValueError:
            return "ring_not_numbers"
        if dimension != PLANE and len(values) % SPACE == 0 and values[:SPACE] == values[-SPACE:]:
            self.ring_ends.append(len(self.coordinates) // SPACE)
            return ""
        dimension = self._dimension(start, len(values), dimension)
        if not dimension:
            return "ring_odd_count"
        if dimension == PLANE:
            self._lift(start)
        self.ring_ends.append(len(self.coordinates) // SPACE)
        return ""

    def add_polygons(self, ids: list[str], texts: list[str], rings: tuple[int, ...]) -> bool:
        """Add polygons at once if all their rings are closed and in space.

        Parameters
        ----------
        ids : list of str
        texts : list of str
            Coordinates, a text for each ring.
        rings : tuple of int
            How many each polygon has.

        Returns
        -------
        bool
            False when anything was unusual: nothing has then been added.
        """
        coordinates = self.coordinates
        start, extend, size = len(coordinates), coordinates.extend, len(coordinates) // SPACE
        ends = []
        for text in texts:
            values = text.split()
            count = len(values)
            try:
                if count % SPACE or values[:SPACE] != values[-SPACE:]:
                    raise ValueError
                extend(map(float, values))
            except ValueError:
                del coordinates[start:]
                return False
            size += count // SPACE
            ends.append(size)
        end = len(self.ring_ends)
        self.ring_ends.extend(ends)
        for count in rings:
            end += count
            self.polygon_ends.append(end)
        self.ids += ids
        return True

    def add_polygon(self, identifier: str, text: str) -> bool:
        """Add a polygon of one ring as `add_polygons` does, for most are such."""
        values = text.split()
        start = len(self.coordinates)
        try:
            if len(values) % SPACE or values[:SPACE] != values[-SPACE:]:
                return False
            self.coordinates.extend(map(float, values))
        except ValueError:
            del self.coordinates[start:]
            return False
        self.ring_ends.append(len(self.coordinates) // SPACE)
        self.polygon_ends.append(len(self.ring_ends))
        self.ids.append(identifier)
        return True

    def _dimension(self, start: int, count: int, stated: int) -> int:
        """Numbers to a corner: those with which the ring closes, else as stated, else three; 0 if nothing fits."""
        wanted = stated or SPACE
        for dimension in (wanted, PLANE + SPACE - wanted):
            if count % dimension == 0 and self._closes(start, dimension):
                return dimension
        return wanted if count % wanted == 0 else 0

    def _lift(self, start: int) -> None:
        """Give corners of a map the height 0."""
        flat = self.coordinates[start:]
        del self.coordinates[start:]
        for x, y in zip(flat[::2], flat[1::2], strict=True):
            self.coordinates.extend((x, y, 0.0))
        self.flat_rings += 1

    def _closes(self, start: int, dimension: int) -> bool:
        """Whether the ring ends where it begins if its numbers are taken by twos or by threes."""
        return self.coordinates[start : start + dimension] == self.coordinates[-dimension:]

    def end_polygon(self, identifier: str) -> int:
        """Finish a polygon and give its number."""
        self.polygon_ends.append(len(self.ring_ends))
        self.ids.append(identifier)
        return len(self.ids) - 1

    def polygons(self) -> Polygons:
        """Everything as it was read, sharing its memory: nothing can be added while the result is there."""
        vertices = np.frombuffer(self.coordinates, np.float64) if self.coordinates else np.zeros(0)
        vertices = vertices.reshape(-1, SPACE)
        return Polygons(vertices, _starts(self.ring_ends), _starts(self.polygon_ends))


@dataclass(frozen=True, eq=False)
class TidiedPolygons:
    """Polygons with rings that are not closed by a repeated corner, and what was wrong with some.

    Parameters
    ----------
    polygons : Polygons
        As many as given; empty ones stand for what could not be used.
    usable : ndarray, (n,) bool
    faults : dict of str to ndarray of int64
        Polygons by code: ``coordinates_not_finite``, ``surface_without_corners``, ``ring_not_closed``,
        ``hole_without_corners``.
    """

    polygons: Polygons
    usable: NDArray[np.bool_]
    faults: dict[str, IntArray]


def tidied(given: Polygons) -> TidiedPolygons:
    """Open the rings, and tell which polygons cannot be used."""
    ring_polygon = np.repeat(np.arange(len(given)), np.diff(given.polygon_start))
    lengths = np.diff(given.ring_start)
    closed = _closed(given.vertices, given.ring_start)
    corners = lengths - closed
    finite = np.isfinite(given.vertices).all(axis=1)
    infinite = np.unique(given.vertex_polygon[~finite])
    small = corners < FEWEST_CORNERS
    first = np.zeros(len(lengths), bool)
    first[given.polygon_start[:-1][np.diff(given.polygon_start) > 0]] = True
    usable = np.ones(len(given), bool)
    usable[infinite] = False
    usable[ring_polygon[small & first]] = False
    usable[np.diff(given.polygon_start) == 0] = False
    faults = {
        "coordinates_not_finite": infinite,
        "surface_without_corners": np.setdiff1d(np.flatnonzero(~usable), infinite),
        "hole_without_corners": np.setdiff1d(ring_polygon[small & ~first], np.flatnonzero(~usable)),
        "ring_not_closed": np.unique(ring_polygon[~closed & ~small & usable[ring_polygon]]),
    }
    keep_ring = usable[ring_polygon] & ~small
    return TidiedPolygons(_without(given, keep_ring, closed, ring_polygon), usable, faults)


def _without(given: Polygons, keep_ring: NDArray[np.bool_], closed: NDArray[np.bool_], owner: IntArray) -> Polygons:
    """Leave out rings, and the repeated last corner of those that are closed."""
    keep = np.repeat(keep_ring, np.diff(given.ring_start))
    keep[given.ring_start[1:][closed] - 1] = False
    lengths = (np.diff(given.ring_start) - closed)[keep_ring]
    rings = np.bincount(owner[keep_ring], minlength=len(given))
    return Polygons(given.vertices[keep], _offsets(lengths), _offsets(rings))


def _closed(vertices: FloatArray, ring_start: IntArray) -> NDArray[np.bool_]:
    """Whether each ring ends with its first corner."""
    result = np.zeros(len(ring_start) - 1, bool)
    filled = np.flatnonzero(np.diff(ring_start) > 1)
    first, last = vertices[ring_start[filled]], vertices[ring_start[filled + 1] - 1]
    result[filled] = (first == last).all(axis=1)
    return result


def turned(polygons: Polygons, which: NDArray[np.bool_]) -> Polygons:
    """Polygons some of which are walked the other way round."""
    if not which.any():
        return polygons
    ring_polygon = np.repeat(np.arange(len(polygons)), np.diff(polygons.polygon_start))
    ring = np.repeat(np.arange(len(polygons.ring_start) - 1), np.diff(polygons.ring_start))
    here = np.arange(len(polygons.vertices))
    mirrored = polygons.ring_start[ring] + polygons.ring_start[ring + 1] - 1 - here
    rows = np.where(which[ring_polygon][ring], mirrored, here)
    return Polygons(polygons.vertices[rows], polygons.ring_start, polygons.polygon_start)


def _starts(ends: "array[int]") -> IntArray:
    return np.concatenate([[0], np.array(ends, np.int64)]).astype(np.int64)


def _offsets(lengths: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
