"""What stands and lies around the buildings: roads, water, green, plants, terrain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.batch import Batch
from citytwin_desktop.formats.cityjson.choice import SOLIDS, chosen_geometries, is_instance, lod_of, lod_order
from citytwin_desktop.formats.cityjson.derived_plants import crown_of, raised, stated_thickness_m
from citytwin_desktop.formats.cityjson.placing import Placer
from citytwin_desktop.formats.cityjson.structure import Package
from citytwin_desktop.formats.import_options import Box
from citytwin_desktop.formats.report import ImportReport

CONTEXT_KINDS = {
    "Road": ContextKind.ROAD,
    "Railway": ContextKind.ROAD,
    "Waterway": ContextKind.WATER,
    "TransportSquare": ContextKind.ROAD,
    "WaterBody": ContextKind.WATER,
    "LandUse": ContextKind.GREEN,
    "PlantCover": ContextKind.GREEN,
    "SolitaryVegetationObject": ContextKind.TREE,
    "TINRelief": ContextKind.TERRAIN,
}
"""Kind of layer by CityJSON type; a plant cover that stands up from the ground joins the trees."""


@dataclass(frozen=True)
class _Pending:
    """An object whose surfaces are being flattened with others."""

    name: str
    item: Mapping[str, Any]
    vertices: FloatArray
    placed: Polygons
    left_out: bool


class ContextReader:
    """Collects context objects of a file into one layer for each kind.

    Parameters
    ----------
    name : str
        Of the file.
    bbox : tuple of float, optional
        Objects that lie outside it as a whole are left out.
    report : ImportReport
    placer : Placer
    """

    def __init__(self, name: str, bbox: Box | None, report: ImportReport, placer: Placer) -> None:
        self._name, self._bbox, self._report, self._placer = name, bbox, report, placer
        self._parts: dict[ContextKind, list[Polygons]] = {}
        self._pending: list[_Pending] = []

    def read(self, name: str, item: Mapping[str, Any], package: Package, batch: Batch) -> None:
        """Take in one object of a type in `CONTEXT_KINDS`, at its highest level of detail, drawn or placed."""
        given = item.get("geometry")
        drawn = chosen_geometries(given, None)
        placed, left_out = Polygons.empty(), False
        if isinstance(given, list) and (instances := [geometry for geometry in given if is_instance(geometry)]):
            placed, left_out = self._placed(name, instances, drawn, package)
        for geometry in [] if len(placed) else drawn:
            batch.add(name, geometry, package, len(self._pending))
        self._pending.append(_Pending(name, item, package.vertices, placed, left_out))

    def take(self, batch: Batch) -> None:
        """Flatten a batch and keep its surfaces by layer."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        flat = batch.flattened()
        owner = np.array(batch.owner, np.int64)[flat.geometry]
        ends = np.searchsorted(owner, np.arange(len(pending) + 1))
        chosen: dict[ContextKind, list[int]] = {}
        for place, (thing, first, last) in enumerate(zip(pending, ends[:-1].tolist(), ends[1:].tolist(), strict=True)):
            kind = CONTEXT_KINDS[thing.item["type"]]
            if len(thing.placed) or kind is ContextKind.TREE or thing.item["type"] == "PlantCover":
                self._take_alone(thing, flat.polygons.take(np.arange(first, last)))
            elif last > first:
                chosen.setdefault(kind, []).append(place)
        for kind, places in chosen.items():
            mine = flat.polygons.take(np.flatnonzero(np.isin(owner, places)))
            self._keep(kind, mine, owner[np.isin(owner, places)])

    def layers(self) -> list[tuple[ContextKind, Polygons]]:
        """All layers that have surfaces; hands them over once."""
        # Taken out kind by kind, so that the parts are gone from memory before the next copy is made.
        return [(kind, Polygons.concatenate(self._parts.pop(kind))) for kind in tuple(self._parts)]

    def tell(self) -> None:
        """Report how much terrain there is."""
        if terrain := self._parts.get(ContextKind.TERRAIN):
            message = f"Terrain was read with {sum(map(len, terrain))} faces."
            self._report.add(self._name, "terrain_read", message)

    def _placed(
        self, name: str, instances: list[Any], drawn: list[Mapping[str, Any]], package: Package
    ) -> tuple[Polygons, bool]:
        """Surfaces of templates that are finer than what is drawn, and whether any was left out."""
        templates = self._placer.library(package)
        level = max((templates.lod(instance) for instance in instances), key=lod_order)
        if drawn and lod_order(lod_of(drawn[0])) >= lod_order(level):
            return Polygons.empty(), False
        found, left_out = [], False
        for instance in instances:
            if templates.lod(instance) != level:
                continue
            try:
                found.append(self._placer.placed(name, instance, package))
                left_out = left_out or not len(found[-1])
            except KnownError as error:
                self._report.add(name, "template_not_placed", str(error), "skipped")
                left_out = True
        return Polygons.concatenate(found), left_out

    def _take_alone(self, thing: _Pending, drawn: Polygons) -> None:
        """Keep an object whose surfaces, or the lack of them, ask for more than copying."""
        kind, polygons = CONTEXT_KINDS[thing.item["type"]], thing.placed if len(thing.placed) else drawn
        if thing.item["type"] == "PlantCover" and len(polygons):
            kind, polygons = self._plant_cover(thing, polygons)
        if kind is ContextKind.TREE and not len(polygons):
            polygons = self._derived_crown(thing)
        if len(polygons):
            self._keep(kind, polygons, np.zeros(len(polygons), np.int64))

    def _plant_cover(self, thing: _Pending, polygons: Polygons) -> tuple[ContextKind, Polygons]:
        """Kind and surfaces of a plant cover: a body shades like trees, what lies flat is green."""
        if any(geometry["type"] in SOLIDS for geometry in chosen_geometries(thing.item.get("geometry"), None)):
            message = "Its body shades like trees and is kept among them."
            self._report.add(thing.name, "plant_cover_stands", message)
            return ContextKind.TREE, polygons
        thickness_m = stated_thickness_m(thing.item)
        if thickness_m is None:
            return ContextKind.GREEN, polygons
        message = f"It was raised to its average height of {thickness_m:g} m and shades like trees."
        self._report.add(thing.name, "plant_cover_raised", message, "repaired")
        return ContextKind.TREE, raised(polygons, thickness_m)

    def _derived_crown(self, thing: _Pending) -> Polygons:
        found = crown_of(thing.item, thing.vertices)
        if found is None:
            if not thing.left_out:  # else why has been said
                message = "It has no usable surfaces, and not height, crown diameter and one point to make a crown of."
                self._report.add(thing.name, "plant_without_geometry", message, "skipped")
            return Polygons.empty()
        polygons, height_m, diameter_m = found
        if not self._placer.may_make(thing.name, len(polygons.vertices)):
            return Polygons.empty()
        message = (
            f"A round crown {diameter_m:g} m wide, up to {height_m:g} m above its point, was made of its attributes."
        )
        self._report.add(thing.name, "crown_from_attributes", message, "repaired")
        return polygons

    def _keep(self, kind: ContextKind, polygons: Polygons, owner: Any) -> None:
        """Keep the surfaces of objects that do not lie outside the box as a whole."""
        if self._bbox is not None:
            x0, y0, x1, y1 = self._bbox
            of_object = np.unique(owner, return_inverse=True)[1]
            low, high = np.full((len(of_object), 2), np.inf), np.full((len(of_object), 2), -np.inf)
            of_vertex = of_object[polygons.vertex_polygon]
            np.minimum.at(low, of_vertex, polygons.vertices[:, :2])
            np.maximum.at(high, of_vertex, polygons.vertices[:, :2])
            touching = np.asarray((low <= [x1, y1]).all(axis=1) & (high >= [x0, y0]).all(axis=1))
            polygons = polygons.take(np.flatnonzero(touching[of_object]))
        if len(polygons):
            self._parts.setdefault(kind, []).append(polygons)
