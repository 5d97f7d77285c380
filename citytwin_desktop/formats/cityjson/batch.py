"""Geometries of many objects gathered and flattened together; a damaged one is found and left out by itself."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.formats.cityjson.boundaries import Flattened, flatten
from citytwin_desktop.formats.cityjson.semantics import Damaged
from citytwin_desktop.formats.cityjson.structure import Package
from citytwin_desktop.formats.report import ImportReport

_NOTHING = np.zeros(0, np.int64)


class Batch:
    """Geometries of one or more packages, each with the place of the object that owns it.

    Parameters
    ----------
    report : ImportReport
        Takes a remark on each geometry that is damaged.
    """

    def __init__(self, report: ImportReport) -> None:
        self._report = report
        self._vertices: list[FloatArray] = []
        self._vertex_count = 0
        self._last_package: Package | None = None
        self._geometries: list[Mapping[str, Any]] = []
        self._first: list[int] = []
        self._count: list[int] = []
        self._names: list[str] = []
        self.owner: list[int] = []

    def add(self, name: str, geometry: Mapping[str, Any], package: Package, owner: int) -> None:
        """Take in one geometry of an object."""
        if self._last_package is not package:
            self._last_package = package
            self._vertices.append(package.vertices)
            self._vertex_count += len(package.vertices)
        self._geometries.append(geometry)
        self._first.append(self._vertex_count - len(package.vertices))
        self._count.append(len(package.vertices))
        self._names.append(name)
        self.owner.append(owner)

    def __len__(self) -> int:
        return len(self._geometries)

    def flattened(self) -> Flattened:
        """Surfaces of all geometries; ``geometry`` is a place in `owner`."""
        vertices = (
            self._vertices[0] if len(self._vertices) == 1 else np.concatenate([np.zeros((0, 3)), *self._vertices])
        )
        flat = self._flatten(vertices, 0, len(self))
        places, counts = np.unique(flat.thin, return_counts=True)
        for place, count in zip(places.tolist(), counts.tolist(), strict=True):
            message = f"{count} surfaces or holes with under three corners were left out."
            self._report.add(self._names[place], "surface_without_corners", message, "repaired")
        return flat

    def _flatten(self, vertices: FloatArray, start: int, stop: int) -> Flattened:
        """Flatten a span; where that fails, each half of it, down to the geometry that is damaged."""
        try:
            return self._span(vertices, start, stop)
        except Damaged as fault:
            if stop - start == 1:
                return self._alone(vertices, start, fault)
        middle = (start + stop) // 2
        halves = [self._flatten(vertices, start, middle), self._flatten(vertices, middle, stop)]
        return Flattened.joined(halves, [0, middle - start])

    def _span(self, vertices: FloatArray, start: int, stop: int, *, with_semantics: bool = True) -> Flattened:
        geometries = self._geometries[start:stop]
        if len(self._vertices) == 1:
            return flatten(geometries, vertices, with_semantics=with_semantics)
        first, count = self._first[start:stop], self._count[start:stop]
        return flatten(geometries, vertices, first, count, with_semantics=with_semantics)

    def _alone(self, vertices: FloatArray, place: int, fault: Damaged) -> Flattened:
        try:
            found = self._span(vertices, place, place + 1, with_semantics=False)
        except Damaged as damage:
            message = f"{damage}: it was left out, repair or remove it in the source."
            self._report.add(self._names[place], "geometry_damaged", message, "skipped", severe=True)
            return Flattened(Polygons.empty(), np.zeros(0, np.uint8), _NOTHING, _NOTHING)
        message = f"{fault}: they were ignored, and kinds are taken from the slope."
        self._report.add(self._names[place], "semantics_ignored", message, "repaired")
        return found
