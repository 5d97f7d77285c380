"""What stands and lies around the buildings: roads, water, green, plants, terrain."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import ContextLayer
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.boundaries import SOLIDS, chosen_geometries, faces, lod_of, lod_order
from citytwin_desktop.formats.cityjson.derived_plants import crown_of, raised, stated_thickness_m
from citytwin_desktop.formats.cityjson.extent import Box
from citytwin_desktop.formats.cityjson.structure import Package
from citytwin_desktop.formats.cityjson.templates import Templates, is_instance
from citytwin_desktop.formats.report import Action, ImportReport

CONTEXT_KINDS = {
    "Road": ContextKind.ROAD,
    "Railway": ContextKind.ROAD,
    "TransportSquare": ContextKind.ROAD,
    "WaterBody": ContextKind.WATER,
    "LandUse": ContextKind.GREEN,
    "PlantCover": ContextKind.GREEN,
    "SolitaryVegetationObject": ContextKind.TREE,
    "TINRelief": ContextKind.TERRAIN,
}
"""Kind of layer by CityJSON type; a plant cover that stands up from the ground joins the trees."""

_MOST_MADE_CORNERS = 12_000_000
"""Corners that a file may have made of it by placing templates and deriving crowns: 288 MB; else a small file with
a large template placed a million times would take all memory."""

_MOST_REMARKS = 1_000
"""Remarks of one kind; the rest is counted in one more."""


class ContextReader:
    """Collects context objects of a file into one layer for each kind.

    Parameters
    ----------
    name : str
        Of the file.
    bbox : tuple of float, optional
        Objects that lie outside it as a whole are left out.
    report : ImportReport
    """

    def __init__(self, name: str, bbox: Box | None, report: ImportReport) -> None:
        self._name, self._bbox, self._report = name, bbox, report
        self._parts: dict[ContextKind, list[Polygons]] = {}
        self._remarks: Counter[tuple[str, Action]] = Counter()
        self._made_corners = self._instances = 0
        self._left_out = ""
        self._templates: Templates | None = None

    def read(self, identifier: str, item: Mapping[str, Any], package: Package, where: str) -> None:
        """Take in one object of a type in `CONTEXT_KINDS`.

        Raises
        ------
        KnownError
            When the boundaries of its own surfaces are damaged.
        """
        kind = CONTEXT_KINDS[str(item["type"])]
        polygons = self._surfaces(identifier, item, package, where)
        if item["type"] == "PlantCover" and len(polygons):
            kind, polygons = self._plant_cover(identifier, item, polygons)
        if kind is ContextKind.TREE and not len(polygons):
            polygons = self._derived_crown(identifier, item, package.vertices)
        if len(polygons) and self._wanted(polygons):
            self._parts.setdefault(kind, []).append(polygons)

    def layers(self, shift_m: FloatArray) -> tuple[ContextLayer, ...]:
        """All layers that have surfaces, moved by (3,) float64 [m] into local coordinates; hands them over once."""
        # Taken out kind by kind, so that the parts are gone from memory before the next copy is made.
        return tuple(
            ContextLayer(kind.value.capitalize(), kind, Polygons.concatenate(self._parts.pop(kind)).moved(shift_m))
            for kind in tuple(self._parts)
        )

    def tell(self) -> None:
        """Report what was too much to report one by one, how many templates were placed, and the terrain."""
        for (code, action), count in self._remarks.items():
            if count > _MOST_REMARKS:
                message = f"{count - _MOST_REMARKS} more objects have the same remark as those named."
                self._report.add(self._name, code, message, action)
        if self._instances:
            message = f"Geometry templates were placed {self._instances} times, as the file asks."
            self._report.add(self._name, "templates_placed", message)
        if terrain := self._parts.get(ContextKind.TERRAIN):
            message = f"Terrain was read with {sum(map(len, terrain))} faces."
            self._report.add(self._name, "terrain_read", message)

    def _surfaces(self, identifier: str, item: Mapping[str, Any], package: Package, where: str) -> Polygons:
        """Surfaces at the highest level of detail, drawn or placed."""
        given = item.get("geometry")
        instances = [geometry for geometry in given if is_instance(geometry)] if isinstance(given, list) else []
        drawn = chosen_geometries(given, None)
        templates = self._library(package)
        if instances:
            placed_lod = max((templates.lod(instance) for instance in instances), key=lod_order)
            if not drawn or lod_order(lod_of(drawn[0])) < lod_order(placed_lod):
                chosen = [instance for instance in instances if templates.lod(instance) == placed_lod]
                placed = [self._placed(identifier, instance, package.vertices) for instance in chosen]
                if any(len(polygons) for polygons in placed):
                    return Polygons.concatenate(placed)
        found = [rings for geometry in drawn for rings, _ in faces(geometry, package.vertices, where)]
        usable = [rings for rings in found if rings and all(len(ring) > 2 for ring in rings)]
        if len(usable) < len(found):
            message = f"{len(found) - len(usable)} surfaces with under three corners were left out."
            self._remark(identifier, "surface_without_corners", message, "repaired")
        return Polygons.from_rings(usable)

    def _library(self, package: Package) -> Templates:
        """Templates of a package; features of a sequence share those of its header, read once."""
        if self._templates is None or self._templates.library is not package.templates:
            self._templates = Templates(package.templates)
        return self._templates

    def _placed(self, identifier: str, instance: Mapping[str, Any], vertices: FloatArray) -> Polygons:
        templates = self._templates
        try:
            if templates is not None and self._may_make(identifier, templates.corners(instance)):
                polygons = templates.placed(instance, vertices)
                self._instances += 1
                return polygons
        except KnownError as error:
            self._remark(identifier, "template_not_placed", str(error), "skipped")
        return Polygons.empty()

    def _may_make(self, identifier: str, corners: int) -> bool:
        """Whether so many more corners may be made of the file; counts them if so."""
        if self._made_corners + corners > _MOST_MADE_CORNERS:
            message = "The file places more templates than fit in memory: this one was left out."
            self._remark(identifier, "too_many_plants", message, "skipped")
            return False
        self._made_corners += corners
        return True

    def _plant_cover(
        self, identifier: str, item: Mapping[str, Any], polygons: Polygons
    ) -> tuple[ContextKind, Polygons]:
        """Kind and surfaces of a plant cover: a body shades like trees, what lies flat is green."""
        if any(geometry["type"] in SOLIDS for geometry in chosen_geometries(item.get("geometry"), None)):
            self._remark(identifier, "plant_cover_stands", "Its body shades like trees and is kept among them.", "kept")
            return ContextKind.TREE, polygons
        thickness_m = stated_thickness_m(item)
        if thickness_m is None:
            return ContextKind.GREEN, polygons
        message = f"It was raised to its average height of {thickness_m:g} m and shades like trees."
        self._remark(identifier, "plant_cover_raised", message, "repaired")
        return ContextKind.TREE, raised(polygons, thickness_m)

    def _derived_crown(self, identifier: str, item: Mapping[str, Any], vertices: FloatArray) -> Polygons:
        found = crown_of(item, vertices)
        if found is None and self._left_out == identifier:
            return Polygons.empty()  # why has been said
        if found is None:
            message = (
                "It has no usable surfaces, and not all of height, crown diameter and one point to make a crown of."
            )
            self._remark(identifier, "plant_without_geometry", message, "skipped")
            return Polygons.empty()
        polygons, height_m, diameter_m = found
        if not self._may_make(identifier, len(polygons.vertices)):
            return Polygons.empty()
        message = (
            f"A round crown {diameter_m:g} m wide, up to {height_m:g} m above its point, was made of its attributes."
        )
        self._remark(identifier, "crown_from_attributes", message, "repaired")
        return polygons

    def _wanted(self, polygons: Polygons) -> bool:
        if self._bbox is None:
            return True
        low, high = polygons.vertices.min(axis=0), polygons.vertices.max(axis=0)
        x0, y0, x1, y1 = self._bbox
        return bool(np.all([low[0] <= x1, high[0] >= x0, low[1] <= y1, high[1] >= y0]))

    def _remark(self, identifier: str, code: str, message: str, action: Action) -> None:
        self._remarks[code, action] += 1
        if action == "skipped":
            self._left_out = identifier
        if self._remarks[code, action] <= _MOST_REMARKS:
            self._report.add(identifier, code, message, action)
