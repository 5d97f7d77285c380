"""From a city to the bytes of a CityJSON 2.0 file (cityjson.org/specs/2.0.1)."""

from typing import Any

import numpy as np
import orjson

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.sequence import sequence_of
from citytwin_desktop.formats.cityjson.upgrade import upgraded_metadata
from citytwin_desktop.formats.cityjson.written_attributes import place_address, written_attributes
from citytwin_desktop.formats.cityjson.written_geometry import Surface
from citytwin_desktop.formats.cityjson.written_rows import UNKNOWN_LOD, boundaries_of, numbered_corners, row_geometry

MILLIMETRE, FINE = 0.001, 0.00001
"""Steps of the stored coordinates [m]: whole millimetres where all are, hundredths of one otherwise."""

_WHOLE_MM = 1e-3
_CONTEXT_TYPES = {
    ContextKind.ROAD: "Road",
    ContextKind.WATER: "WaterBody",
    ContextKind.GREEN: "PlantCover",
    ContextKind.TREE: "SolitaryVegetationObject",
    ContextKind.TERRAIN: "TINRelief",
}
_KEPT_METADATA = ("identifier", "pointOfContact", "referenceDate", "title")


def write_cityjson(city: CityModel) -> bytes:
    """Write a city as CityJSON 2.0.

    Closed bodies become solids, everything else multi-surfaces. All attributes of the source are kept; name,
    function, year and storeys stand under CityJSON's own names as they are now, with an attribute
    ``…_origin`` where they do not come from the source. Values of the envelope and results are not written.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    bytes
        Reading them gives the same rows, kinds, attributes and context, and coordinates within 0.01 mm.

    Raises
    ------
    KnownError
        When the city is empty.
    """
    return orjson.dumps(city_document(city))


def write_cityjsonseq(city: CityModel) -> bytes:
    """Write a city as CityJSONSeq 2.0: a header line, then a line for each building with its parts.

    Parameters and errors as in `write_cityjson`.
    """
    return sequence_of(city_document(city))


def city_document(city: CityModel) -> dict[str, Any]:
    """CityJSON document of a city; see `write_cityjson`.

    Raises
    ------
    KnownError
        When the city is empty.
    """
    if not len(city.surfaces):
        raise KnownError("The project has no buildings to write: import a city first.")
    context = [
        triangles_of(layer.polygons) if layer.kind is ContextKind.TERRAIN else layer.polygons for layer in city.context
    ]
    polygons = Polygons.concatenate([city.surfaces.polygons, *context])
    step = _step(polygons.vertices)
    corners, index = numbered_corners(polygons.vertices, np.full(3, step), np.zeros(3))
    boundaries = boundaries_of(polygons, index)
    objects = _building_objects(city, boundaries)
    objects |= _context_objects(city, boundaries[len(city.surfaces) :], [len(layer) for layer in context])
    return {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": _metadata(city, polygons.vertices),
        "transform": {"scale": [step] * 3, "translate": list(city.origin)},
        "CityObjects": objects,
        "vertices": corners,
    }


def triangles_of(polygons: Polygons) -> Polygons:
    """Polygons cut into triangles, the only faces that a TINRelief may have."""
    corners = polygons.vertices[triangulate(polygons).indices]
    return Polygons.from_rings([triangle] for triangle in corners)


def _step(vertices: FloatArray) -> float:
    millimetres = vertices / MILLIMETRE
    return MILLIMETRE if bool((np.abs(millimetres - np.round(millimetres)) < _WHOLE_MM).all()) else FINE


def _building_objects(city: CityModel, boundaries: list[Surface]) -> dict[str, Any]:
    objects: dict[str, Any] = {}
    columns, volumes = city.buildings.columns, city.signed_volumes_m3()
    for row, identifier in enumerate(columns["id"]):
        mine = city.surfaces.of_building(row)
        item: dict[str, Any] = {
            "type": "Building",
            "attributes": written_attributes(city.buildings, row),
            "geometry": [],
        }
        place_address(item)
        if mine.stop > mine.start:
            kind = city.surfaces.kind[mine]
            item["geometry"] = [row_geometry(boundaries[mine], kind, columns["lod"][row], float(volumes[row]))]
        objects[str(identifier)] = item
    for identifier, parent in zip(columns["id"], columns["parent_id"], strict=True):
        if parent:
            objects[identifier] |= {"type": "BuildingPart", "parents": [parent]}
            objects[parent].setdefault("children", []).append(identifier)
    return objects


def _context_objects(city: CityModel, boundaries: list[Surface], counts: list[int]) -> dict[str, Any]:
    objects: dict[str, Any] = {}
    ends = np.cumsum([0, *counts]).tolist()
    for number, layer in enumerate(city.context, start=1):
        kind = "CompositeSurface" if layer.kind is ContextKind.TERRAIN else "MultiSurface"
        geometry = {"type": kind, "lod": UNKNOWN_LOD, "boundaries": boundaries[ends[number - 1] : ends[number]]}
        identifier = f"context-{number}-{layer.kind}"
        while identifier in city.buildings:
            identifier = f"{identifier}-layer"
        attributes = {"name": layer.name}
        objects[identifier] = {"type": _CONTEXT_TYPES[layer.kind], "attributes": attributes, "geometry": [geometry]}
    return objects


def _metadata(city: CityModel, vertices: FloatArray) -> dict[str, Any]:
    sources = city.metadata.get("sources", [])
    known = upgraded_metadata(sources[0].get("metadata", {})) if len(sources) == 1 else {}
    ends = np.concatenate([vertices.min(axis=0) + city.origin, vertices.max(axis=0) + city.origin])
    return {
        **{name: known[name] for name in _KEPT_METADATA if name in known},
        "referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{city.epsg}",
        "geographicalExtent": [round(value, 3) for value in ends.tolist()],
    }
