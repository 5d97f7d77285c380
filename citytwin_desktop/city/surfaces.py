"""The boundary surfaces of all buildings as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons


@dataclass(frozen=True, eq=False)
class Surfaces:
    """Surfaces sorted by the building that owns them.

    Parameters
    ----------
    polygons : Polygons
        One polygon for each surface.
    kind : ndarray, (n_surfaces,) uint8
        Values of `SurfaceKind`.
    building : ndarray, (n_surfaces,) int64
        Row of the owning building or building part; ascending.
    source_id : ndarray, (n_surfaces,) object of str
        Identifier in the source, or one made from the building's id and the surface's place in it.
    """

    polygons: Polygons
    kind: NDArray[np.uint8]
    building: IntArray
    source_id: NDArray[np.object_]

    @classmethod
    def empty(cls) -> Self:
        """No surface at all."""
        return cls(Polygons.empty(), np.zeros(0, np.uint8), np.zeros(0, np.int64), np.zeros(0, object))

    @classmethod
    def concatenate(cls, parts: Sequence["Surfaces"]) -> Self:
        """Surfaces of several sets in order; building rows are taken as they are."""
        if not parts:
            return cls.empty()
        return cls(
            Polygons.concatenate([part.polygons for part in parts]),
            np.concatenate([part.kind for part in parts]),
            np.concatenate([part.building for part in parts]),
            np.concatenate([part.source_id for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, indices: IntArray) -> "Surfaces":
        """The chosen surfaces as a compact copy, building rows unchanged."""
        return Surfaces(
            self.polygons.take(indices), self.kind[indices], self.building[indices], self.source_id[indices]
        )

    def stretch(self, mine: slice) -> "Surfaces":
        """Surfaces of a slice as views, at the cost of their own size only."""
        polygons = self.polygons.stretch(mine.start, mine.stop)
        return Surfaces(polygons, self.kind[mine], self.building[mine], self.source_id[mine])

    def of_building(self, row: int) -> slice:
        """Slice of the surfaces that one building row owns."""
        first, last = np.searchsorted(self.building, [row, row + 1])
        return slice(int(first), int(last))

    def area_by_kind_m2(self) -> dict[str, float]:
        """Total area of each kind that occurs [m2], keyed by `SurfaceKind.label`."""
        areas = np.bincount(self.kind, self.polygons.areas_m2, minlength=len(SurfaceKind))
        counts = np.bincount(self.kind, minlength=len(SurfaceKind))
        return {kind.label: float(areas[kind]) for kind in SurfaceKind if counts[kind]}

    def count_by_kind(self) -> dict[str, int]:
        """Number of surfaces of each kind that occurs, keyed by `SurfaceKind.label`."""
        counts = np.bincount(self.kind, minlength=len(SurfaceKind))
        return {kind.label: int(counts[kind]) for kind in SurfaceKind if counts[kind]}

    def building_area_m2(self, kind: SurfaceKind, building_count: int) -> FloatArray:
        """(building_count,) float64 [m2]: area of one kind by building row."""
        mask = self.kind == kind
        totals = np.bincount(self.building[mask], self.polygons.areas_m2[mask], minlength=building_count)
        return totals.astype(np.float64)
