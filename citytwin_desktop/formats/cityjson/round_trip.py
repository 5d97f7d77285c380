"""A CityJSON file written back: what the user changed is changed, all else stays as the source gave it."""

from typing import Any

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.formats.cityjson.buildings import building_type
from citytwin_desktop.formats.cityjson.city_changes import CityChanges, city_changes
from citytwin_desktop.formats.cityjson.original_file import OriginalFile, measure
from citytwin_desktop.formats.cityjson.upgrade import reference_url
from citytwin_desktop.formats.cityjson.way_back import WayBack, way_back
from citytwin_desktop.formats.cityjson.written_attributes import edited_attributes, place_address, written_attributes
from citytwin_desktop.formats.cityjson.written_rows import boundaries_of, numbered_corners, row_geometry

_MOST_REFINED = 1_000_000


def written_back(
    original: bytes,
    current: CityModel,
    as_imported: CityModel,
    *,
    name: str = "the source",
    crs: str | None = None,
    as_sequence: bool | None = None,
) -> bytes:
    """Write a file or sequence of CityJSON 2.0 with all that the original holds, and what was changed since.

    Objects, attributes, levels of detail, appearance, extensions, templates, extra members and the whole numbers
    of vertices stay as they are; 1.0 and 1.1 are brought to 2.0. A building whose surfaces were changed has them at
    the level of detail that was imported, its other geometries go; its columns that were edited stand under the
    names that CityJSON has for them. Deleted buildings go with their parts, new ones are added at the end.

    Parameters
    ----------
    original : bytes
        The file as it was imported, unpacked.
    current, as_imported : CityModel
        The city now, and as importing the original gives it; both in one coordinate system.
    name : str
        Of the file, for messages.
    crs : str, optional
        System that was stated at import, overruling the file's own.
    as_sequence : bool, optional
        Whether to write a CityJSONSeq; what the original is by default.

    Returns
    -------
    bytes
        New corners lie within 0.01 mm of where they are in the city.

    Raises
    ------
    KnownError
        When the original is no CityJSON, or its coordinate system cannot be told and shapes were changed.
    """
    file = OriginalFile.parsed(original, name)
    header = file.lines[0]
    if crs is not None:
        header["metadata"] = {**header.get("metadata", {}), "referenceSystem": reference_url(crs)}
    changes = city_changes(current, as_imported)
    writer = _Writer(file, current, as_imported, changes, way_back(current, header, crs, name))
    for line in file.lines:
        writer.rewrite(line)
    writer.add_new()
    if changes.removed or changes.reshaped or changes.added:
        measure(file)
    return file.written(name, file.is_sequence if as_sequence is None else as_sequence)


class _Writer:
    def __init__(
        self, file: OriginalFile, current: CityModel, as_imported: CityModel, changes: CityChanges, way_back: WayBack
    ) -> None:
        self._file, self._current, self._as_imported, self._changes = file, current, as_imported, changes
        self._way_back = way_back
        self._volumes = current.signed_volumes_m3()
        self._objects: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def rewrite(self, line: dict[str, Any]) -> None:
        """Bring the objects of one line up to date."""
        objects = line["CityObjects"]
        gone: set[str] = set()
        for key, item in objects.items():
            if not isinstance(item, dict) or not building_type(item.get("type")):
                continue
            name = self._name_of(key)
            self._objects[name] = (line, item)
            if name in self._changes.removed:
                gone.add(key)
            elif name in self._current.buildings and name in self._as_imported.buildings:
                self._update(name, item, line)
        if gone:
            _remove(gone, objects)
            if line.get("type") == "CityJSONFeature" and line.get("id") not in objects and objects:
                line["id"] = next(iter(objects))

    def add_new(self) -> None:
        """Append buildings that the original does not have."""
        fresh = [name for name in self._changes.added if name not in self._objects]
        lines: dict[str, dict[str, Any]] = {}
        for name in fresh:
            parent = str(self._current.building(name).parent_id)
            line = self._line_for(name, parent, lines)
            lines[name] = line
            item: dict[str, Any] = {"type": "BuildingPart" if parent else "Building"}
            item["attributes"] = written_attributes(self._current.buildings, self._current.buildings.row(name))
            item["geometry"] = []
            place_address(item)
            line["CityObjects"][name] = item
            self._objects[name] = (line, item)
            self._shape(name, item, line)
        for name in fresh:
            parent = str(self._current.building(name).parent_id)
            if parent in self._objects:
                self._objects[name][1]["parents"] = [parent]
                self._objects[parent][1].setdefault("children", []).append(name)

    def _line_for(self, name: str, parent: str, lines: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Line that a new object goes to: that of its parent, or in a sequence one of its own."""
        if not self._file.is_sequence:
            return self._file.lines[0]
        if parent in self._objects:
            return self._objects[parent][0]
        if parent in lines:
            return lines[parent]
        line = {"type": "CityJSONFeature", "id": name, "CityObjects": {}, "vertices": []}
        self._file.lines.append(line)
        return line

    def _name_of(self, key: str) -> str:
        """Identifier that an object was given at import: the second with the same has a number."""
        self._file.occurrences[key] += 1
        count = self._file.occurrences[key]
        return key if count == 1 else f"{key}~{count}"

    def _update(self, name: str, item: dict[str, Any], line: dict[str, Any]) -> None:
        rows = self._current.buildings.row(name), self._as_imported.buildings.row(name)
        given = item.get("attributes")
        edited = edited_attributes(given if isinstance(given, dict) else {}, self._current, self._as_imported, rows)
        if edited is not None:
            item["attributes"] = edited
        if name in self._changes.reshaped:
            self._shape(name, item, line)

    def _shape(self, name: str, item: dict[str, Any], line: dict[str, Any]) -> None:
        """Put the surfaces of the city in place of an object's geometries."""
        city = self._current
        row = city.buildings.row(name)
        mine = city.surfaces.of_building(row)
        item.pop("geographicalExtent", None)
        if mine.stop == mine.start:
            item["geometry"] = []
            return
        polygons = city.surfaces.polygons.take(np.arange(mine.start, mine.stop))
        world = self._way_back.of(polygons.vertices + city.origin)
        scale, translate = self._refined(line, world)
        corners, index = numbered_corners(world, scale, translate)
        first = len(line["vertices"])
        line["vertices"] += corners
        boundaries = boundaries_of(Polygons(world, polygons.ring_start, polygons.polygon_start), index + first)
        lod = city.buildings.columns["lod"][row]
        item["geometry"] = [row_geometry(boundaries, city.surfaces.kind[mine], lod, float(self._volumes[row]))]

    def _refined(self, line: dict[str, Any], world: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Grid of a line, made fine enough for new corners."""
        scale, translate = self._file.grid(line)
        factor = 1
        tolerance = self._way_back.tolerance
        while factor < _MOST_REFINED:
            step = scale / factor
            error = np.abs(np.round((world - translate) / step) * step + translate - world)
            if (error <= tolerance).all():
                break
            factor *= 10
        if factor > 1:
            self._file.refine(line, factor)
        return self._file.grid(line)


def _remove(gone: set[str], objects: dict[str, Any]) -> None:
    """Take out objects, with what hangs on them and is no building; loose the ties of those that stay."""
    waiting = list(gone)
    while waiting:
        item = objects.pop(waiting.pop(), None)
        children = item.get("children") if isinstance(item, dict) else None
        for child in children if isinstance(children, list) else ():
            below = objects.get(child) if isinstance(child, str) else None
            if isinstance(below, dict) and not building_type(below.get("type")):
                gone.add(child)
                waiting.append(child)
    for item in objects.values():
        for key in ("parents", "children"):
            if not isinstance(item, dict) or not isinstance(item.get(key), list):
                continue
            kept = [other for other in item[key] if not isinstance(other, str) or other not in gone]
            if len(kept) == len(item[key]):
                continue
            item[key] = kept
            if not kept:
                del item[key]
                if key == "parents" and item.get("type") == "BuildingPart":
                    item["type"] = "Building"
