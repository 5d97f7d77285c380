"""Buildings and their parts: one row each, and the geometries that make their envelope."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import WITH_ORIGIN
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.polygons import IntArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.batch import Batch
from citytwin_desktop.formats.cityjson.choice import chosen_geometries, fitting_lod, is_instance, lod_of, lod_order
from citytwin_desktop.formats.cityjson.placing import Placer
from citytwin_desktop.formats.cityjson.semantics import INTERIOR_KIND
from citytwin_desktop.formats.cityjson.structure import Package
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.known_attributes import known_columns, stated_origin
from citytwin_desktop.formats.report import ImportReport

BUILDING_TYPES = ("Building", "BuildingPart")
INSTALLATION_TYPES = ("BuildingInstallation", "BuildingConstructiveElement")
INSIDE_TYPES = ("BuildingStorey", "BuildingRoom", "BuildingUnit", "BuildingFurniture")
_DEEPEST = 64


def building_type(kind: Any) -> str:
    """``Building``, ``BuildingPart`` or empty for a type of city object; extensions of them count as them."""
    if kind in BUILDING_TYPES:
        return str(kind)
    if isinstance(kind, str) and kind.startswith("+") and kind.endswith(BUILDING_TYPES):
        return "BuildingPart" if kind.endswith("Part") else "Building"
    return ""


class BuildingReader:
    """Collects the buildings of a file.

    Parameters
    ----------
    options : ImportOptions
    report : ImportReport
    placer : Placer
    """

    def __init__(self, options: ImportOptions, report: ImportReport, placer: Placer) -> None:
        self._options, self._report, self._placer = options, report, placer
        self.rows: list[dict[str, Any]] = []
        self.installations = 0
        self.surface_parts: list[tuple[Polygons, NDArray[np.uint8], IntArray]] = []

    def read(self, name: str, item: Mapping[str, Any], package: Package, batch: Batch) -> None:
        """Take in one building or part; its geometries go into the batch, for the row that it gets."""
        row = len(self.rows)
        level = self._add_geometry(name, item, package, batch, row)
        if level is None and not item.get("children"):
            self._report.add(name, "no_geometry", "It has no usable geometry here at this level of detail.", "skipped")
            return
        attributes = self._attributes(name, item)
        known = known_columns(attributes, self._options.columns)
        for column in WITH_ORIGIN:
            if column in known and (origin := stated_origin(attributes, column)) != Origin.SOURCE.value:
                known[f"{column}_origin"] = origin
        # A level of the ground beside an outline that has levels of its own would be a second truth.
        known.pop("ground_elevation_m", None)
        parent = _parent(item, package.objects)
        self.rows.append({"id": name, "parent_id": parent, "lod": level or "", "attributes": attributes, **known})

    def _attributes(self, name: str, item: Mapping[str, Any]) -> dict[str, Any]:
        """Attributes of an object, its address among them."""
        given = item.get("attributes")
        attributes: dict[str, Any] = given if isinstance(given, dict) else {}
        if "address" in item and "address" not in attributes and (address := _address(item["address"])):
            attributes = {**attributes, "address": address}
        nested = [key for key, value in attributes.items() if type(value) in (dict, list)]
        if nested and (deep := [key for key in nested if _is_deep(attributes[key])]):
            message = f"Its attribute “{deep[0][:60]}” is nested too deeply to be kept."
            self._report.add(name, "attribute_too_deep", message, "repaired")
            attributes = {key: value for key, value in attributes.items() if key not in deep}
        return attributes

    def take(self, batch: Batch) -> None:
        """Flatten a batch and keep its surfaces."""
        flat = batch.flattened()
        outer = flat.kind != INTERIOR_KIND
        chosen = slice(None) if outer.all() else np.flatnonzero(outer)
        polygons = flat.polygons if outer.all() else flat.polygons.take(np.flatnonzero(outer))
        owner = np.array(batch.owner, np.int64)[flat.geometry[chosen]]
        self.surface_parts.append((polygons, flat.kind[chosen], owner))

    def surfaces(self) -> tuple[Polygons, NDArray[np.uint8], IntArray]:
        """All surfaces with kind and row, sorted by row; hands them over once."""
        parts, self.surface_parts = self.surface_parts, []
        if len(parts) == 1:
            polygons, kind, owner = parts[0]
        else:
            polygons = Polygons.concatenate([part[0] for part in parts])
            kind = np.concatenate([np.zeros(0, np.uint8), *(part[1] for part in parts)])
            owner = np.concatenate([np.zeros(0, np.int64), *(part[2] for part in parts)])
        if (owner[:-1] <= owner[1:]).all():
            return polygons, kind, owner
        order = np.argsort(owner, kind="stable")
        return polygons.take(order), kind[order], owner[order]

    def tell(self, name: str, counts: Counter[str]) -> None:
        """Report what lies within or hangs on buildings and was not read, counted by type."""
        for kind in INSIDE_TYPES:
            if counts[kind]:
                message = f"{counts[kind]} objects of type {kind} lie within buildings and are not used."
                self._report.add(f"{name}: {kind}", "interior_not_used", message, "skipped")
        hanging = sum(counts[kind] for kind in INSTALLATION_TYPES) - self.installations
        if hanging:
            message = f"{hanging} installations (balconies, chimneys, stairs) are no part of the envelope, so not used."
            self._report.add(f"{name}: installations", "installations_not_used", message, "skipped")
        if self.installations:
            message = f"{self.installations} installations make the bodies of buildings that have no other geometry."
            self._report.add(name, "installations_used", message)

    def _add_geometry(self, name: str, item: Mapping[str, Any], package: Package, batch: Batch, row: int) -> str | None:
        """Add what counts of an object's geometries; level of detail, or None where there is nothing."""
        given = item.get("geometry")
        if not given and not item.get("children"):
            return None
        chosen = chosen_geometries(given, self._options.lod)
        if isinstance(given, list) and any(map(is_instance, given)):
            placed = self._add_instances(name, given, chosen, package, row)
            if placed is not None:
                return placed
        if item.get("children"):
            if not chosen:
                chosen = self._of_installations(item, package)
            elif self._is_only_outline(item, chosen, package):
                chosen = []
        for geometry in chosen:
            batch.add(name, geometry, package, row)
        return lod_of(chosen[0]) if chosen else None

    def _add_instances(
        self, name: str, given: list[Any], drawn: list[Mapping[str, Any]], package: Package, row: int
    ) -> str | None:
        """Place templates where they are finer than what is drawn; their level of detail if so."""
        templates = self._placer.library(package)
        instances = [geometry for geometry in given if is_instance(geometry)]
        level = fitting_lod([templates.lod(instance) for instance in instances], self._options.lod)
        if level is None or (drawn and lod_order(lod_of(drawn[0])) >= lod_order(level)):
            return None
        found = False
        for instance in instances:
            if templates.lod(instance) != level:
                continue
            try:
                polygons = self._placer.placed(name, instance, package)
                kind = templates.kinds(instance) if len(polygons) else np.zeros(0, np.uint8)
            except KnownError as error:
                self._report.add(name, "template_not_placed", str(error), "skipped")
                continue
            outer = np.flatnonzero(kind != INTERIOR_KIND)
            self.surface_parts.append((polygons.take(outer), kind[outer], np.full(len(outer), row, np.int64)))
            found = found or bool(len(outer))
        return level if found else None

    def _is_only_outline(self, item: Mapping[str, Any], chosen: list[Mapping[str, Any]], package: Package) -> bool:
        """Whether a building has but an outline (LoD 0) of its own, and parts that stand for it, as in 3DBAG."""
        if self._options.lod is not None or any(lod_of(geometry)[:1] != "0" for geometry in chosen):
            return False
        return any(
            chosen_geometries(part.get("geometry"), None) for part in _children(item, package.objects, BUILDING_TYPES)
        )

    def _of_installations(self, item: Mapping[str, Any], package: Package) -> list[Mapping[str, Any]]:
        """Geometries of what hangs on a building that has no other: neither its own nor parts."""
        if next(_children(item, package.objects, BUILDING_TYPES), None) is not None:
            return []
        found: list[Mapping[str, Any]] = []
        for child in _children(item, package.objects, INSTALLATION_TYPES[:1]):
            if geometries := chosen_geometries(child.get("geometry"), self._options.lod):
                found += geometries
                self.installations += 1
        return found


def _address(given: Any) -> list[dict[str, Any]]:
    """Addresses of a building without their points, which stand for nothing outside the file; one alone in 1.0."""
    addresses = given if isinstance(given, list) else [given]
    found = [
        {key: value for key, value in address.items() if key != "location"}
        for address in addresses
        if isinstance(address, dict)
    ]
    return [address for address in found if address]


def _is_deep(value: Any) -> bool:
    """Whether lists and tables are nested beyond what databases and other programs take."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _children(item: Mapping[str, Any], objects: Mapping[str, Any], types: tuple[str, ...]) -> Any:
    names = item.get("children")
    for name in names if isinstance(names, list) else ():
        child = objects.get(name) if isinstance(name, str) else None
        if isinstance(child, dict) and child.get("type") in types:
            yield child


def _parent(item: Mapping[str, Any], objects: Mapping[str, Any]) -> str:
    """Identifier of the building that an object is part of; groups that it belongs to do not count."""
    parents = item.get("parents")
    if not parents:
        return ""
    named = [parents] if isinstance(parents, str) else parents
    for name in named if isinstance(named, list) else ():
        parent = objects.get(name) if isinstance(name, str) else ""
        if isinstance(name, str) and (parent is None or _is_building(parent)):
            return name
    return ""


def _is_building(item: Any) -> bool:
    return isinstance(item, dict) and bool(building_type(item.get("type")))
