"""A checker of CityJSON 2.0, written from the specification (cityjson.org/specs/2.0.1), for files that we write."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

_LEVELS = {
    "MultiPoint": 1,
    "MultiLineString": 2,
    "MultiSurface": 3,
    "CompositeSurface": 3,
    "Solid": 4,
    "MultiSolid": 5,
    "CompositeSolid": 5,
}
_FIRST_LEVEL = {
    "Building", "Bridge", "CityFurniture", "CityObjectGroup", "GenericCityObject", "LandUse", "OtherConstruction",
    "PlantCover", "SolitaryVegetationObject", "TINRelief", "TransportSquare", "Railway", "Road", "Tunnel", "WaterBody",
    "Waterway",
}  # fmt: skip
_SECOND_LEVEL = {
    "BuildingPart", "BuildingInstallation", "BuildingConstructiveElement", "BuildingFurniture", "BuildingStorey",
    "BuildingRoom", "BuildingUnit", "BridgePart", "BridgeInstallation", "BridgeConstructiveElement", "BridgeRoom",
    "BridgeFurniture", "TunnelPart", "TunnelInstallation", "TunnelConstructiveElement", "TunnelHollowSpace",
    "TunnelFurniture",
}  # fmt: skip
_SEMANTICS = {
    "RoofSurface", "GroundSurface", "WallSurface", "ClosureSurface", "OuterCeilingSurface", "OuterFloorSurface",
    "Window", "Door", "InteriorWallSurface", "CeilingSurface", "FloorSurface", "WaterSurface", "WaterGroundSurface",
    "WaterClosureSurface", "TrafficArea", "AuxiliaryTrafficArea", "TransportationMarking", "TransportationHole",
}  # fmt: skip
_LOD = re.compile(r"[0-3](\.[0-3])?")
_CRS = re.compile(r"https?://www\.opengis\.net/def/crs/[^/]+/[^/]+/[^/]+")
_EXTENDED = re.compile(r"\+[A-Za-z][\w-]*")


def faults(document: Any) -> list[str]:
    """Everything that is wrong with a file, in words; empty when it is valid."""
    return list(_file(document))


def sequence_faults(data: bytes) -> list[str]:
    """Everything that is wrong with a CityJSONSeq."""
    header, *features = [orjson.loads(line) for line in data.splitlines()]
    found = [*_file(header)]
    if header.get("CityObjects") != {} or header.get("vertices") != []:
        found.append("header with objects or vertices")
    for number, feature in enumerate(features, start=2):
        if feature.get("type") != "CityJSONFeature" or feature.get("id") not in feature.get("CityObjects", {}):
            found.append(f"line {number}: no feature named after one of its objects")
        templates = header.get("geometry-templates", {}).get("templates", [])
        found += [f"line {number}: {fault}" for fault in _objects(feature, len(templates), header)]
    return found


def _file(document: Any) -> Iterator[str]:
    if document.get("type") != "CityJSON" or document.get("version") != "2.0":
        yield "type or version"
    missing = {"transform", "CityObjects", "vertices"} - document.keys()
    if missing:
        yield f"lacks {missing}"
        return
    transform = document["transform"]
    if set(transform) != {"scale", "translate"} or not all(_numbers(value, 3) for value in transform.values()):
        yield "transform"
    yield from _metadata(document.get("metadata", {}))
    for name, extension in document.get("extensions", {}).items():
        if not isinstance(extension.get("url"), str) or not isinstance(extension.get("version"), str):
            yield f"extension {name}"
    library = document.get("geometry-templates", {"templates": [], "vertices-templates": []})
    if set(library) != {"templates", "vertices-templates"}:
        yield "geometry-templates"
    if not all(_numbers(corner, 3) for corner in library["vertices-templates"]):
        yield "vertices-templates"
    for number, template in enumerate(library["templates"]):
        for fault in _geometry(template, len(library["vertices-templates"]), 0, document.get("appearance", {})):
            yield f"template {number}: {fault}"
    yield from _objects(document, len(library["templates"]), document)


def _metadata(metadata: Any) -> Iterator[str]:
    texts = ("identifier", "title", "referenceDate", "referenceSystem")
    if not isinstance(metadata, dict) or not all(isinstance(metadata.get(key, ""), str) for key in texts):
        yield "metadata"
        return
    if "referenceSystem" in metadata and not _CRS.fullmatch(metadata["referenceSystem"]):
        yield "referenceSystem"
    if "referenceDate" in metadata and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", metadata["referenceDate"]):
        yield "referenceDate"
    if "geographicalExtent" in metadata and not _numbers(metadata["geographicalExtent"], 6):
        yield "geographicalExtent"
    contact = metadata.get("pointOfContact", {"contactName": "", "emailAddress": ""})
    if not {"contactName", "emailAddress"} <= contact.keys() or not isinstance(contact.get("address", {}), dict):
        yield "pointOfContact"


def _objects(document: Any, templates: int, header: Any) -> Iterator[str]:
    vertices, objects = document["vertices"], document["CityObjects"]
    if not all(isinstance(corner, list) and len(corner) == 3 for corner in vertices) or not all(
        type(value) is int for corner in vertices for value in corner
    ):
        yield "vertices are not whole numbers in threes"
    appearance = document.get("appearance", header.get("appearance", {}))
    for name, item in objects.items():
        for fault in [*_object(name, item, objects), *_shapes(item, len(vertices), templates, appearance)]:
            yield f"{name}: {fault}"


def _object(name: str, item: Any, objects: Any) -> Iterator[str]:
    kind = item.get("type", "")
    if kind not in _FIRST_LEVEL | _SECOND_LEVEL and not _EXTENDED.fullmatch(kind):
        yield f"type {kind}"
    if kind in _SECOND_LEVEL and not item.get("parents"):
        yield "no parents"
    if kind == "CityObjectGroup" and not isinstance(item.get("children"), list):
        yield "no children"
    for child in item.get("children", []):
        if child not in objects or name not in objects[child].get("parents", []):
            yield f"child {child}"
    for parent in item.get("parents", []):
        if parent not in objects or name not in objects[parent].get("children", []):
            yield f"parent {parent}"
    if "geographicalExtent" in item and not _numbers(item["geographicalExtent"], 6):
        yield "geographicalExtent"
    forms = {"attributes": dict, "address": list, "geometry": list}
    yield from (key for key, form in forms.items() if not isinstance(item.get(key, form()), form))


def _shapes(item: Any, vertices: int, templates: int, appearance: Any) -> Iterator[str]:
    allowed = {"TINRelief": {"CompositeSurface"}, "WaterBody": set(_LEVELS) - {"MultiPoint"}}.get(item.get("type"))
    for geometry in item.get("geometry", []):
        if allowed and geometry.get("type") not in allowed:
            yield f"a {geometry.get('type')} where the type has none"
        yield from _geometry(geometry, vertices, templates, appearance)
    for address in item.get("address", []):
        if "location" in address:
            yield from _geometry(address["location"], vertices, 0, appearance)


def _geometry(geometry: Any, vertices: int, templates: int, appearance: Any) -> Iterator[str]:
    kind = geometry.get("type")
    if kind == "GeometryInstance":
        yield from _instance(geometry, vertices, templates)
        return
    if kind not in _LEVELS or not {"lod", "boundaries"} <= geometry.keys():
        yield "geometry type, lod or boundaries"
        return
    if set(geometry) - {"type", "lod", "boundaries", "semantics", "material", "texture"}:
        yield "unknown members of a geometry"
    if not isinstance(geometry["lod"], str) or not _LOD.fullmatch(geometry["lod"]):
        yield f"lod {geometry['lod']!r}"
    if not _nested(geometry["boundaries"], _LEVELS[kind], vertices):
        yield "boundaries: nesting or range"
        return
    if "semantics" in geometry:
        yield from _semantics(geometry["semantics"], geometry["boundaries"], max(_LEVELS[kind] - 2, 1))
    yield from _looks(geometry, appearance)


def _instance(geometry: Any, vertices: int, templates: int) -> Iterator[str]:
    if set(geometry) != {"type", "template", "boundaries", "transformationMatrix"}:
        yield "members of an instance"
    elif not 0 <= geometry["template"] < templates or not _numbers(geometry["transformationMatrix"], 16):
        yield "template or matrix of an instance"
    elif len(geometry["boundaries"]) != 1 or not 0 <= geometry["boundaries"][0] < vertices:
        yield "point of an instance"


def _looks(geometry: Any, appearance: Any) -> Iterator[str]:
    level, count = _LEVELS[geometry["type"]], len(appearance.get("materials", []))
    for theme in geometry.get("material", {}).values():
        fitting = _fits(theme.get("values"), geometry["boundaries"], level - 2, count)
        if ("value" in theme) == ("values" in theme) or not fitting:
            yield "material"
    for theme in geometry.get("texture", {}).values():
        if not _textured(theme["values"], geometry["boundaries"], level, appearance):
            yield "texture"


def _semantics(semantics: Any, boundaries: Any, depth: int) -> Iterator[str]:
    if set(semantics) != {"surfaces", "values"}:
        yield "members of semantics"
        return
    for surface in semantics["surfaces"]:
        kind = surface.get("type", "")
        if kind not in _SEMANTICS and not _EXTENDED.fullmatch(kind):
            yield f"semantic type {kind}"
    if not _fits(semantics["values"], boundaries, depth, len(semantics["surfaces"])):
        yield "semantic values"


def _fits(values: Any, boundaries: Any, depth: int, count: int) -> bool:
    """Whether values are nested like boundaries down to the surfaces; null may stand for any whole level."""
    if values is None:
        return True
    if depth == 0:
        return type(values) is int and 0 <= values < count
    return (
        isinstance(values, list)
        and len(values) == len(boundaries)
        and all(_fits(value, part, depth - 1, count) for value, part in zip(values, boundaries, strict=True))
    )


def _textured(values: Any, boundaries: Any, depth: int, appearance: Any) -> bool:
    if depth > 1:
        return len(values) == len(boundaries) and all(
            _textured(value, part, depth - 1, appearance) for value, part in zip(values, boundaries, strict=True)
        )
    if values == [None]:
        return True
    points = len(appearance.get("vertices-texture", []))
    texture, *rest = values
    return (
        0 <= texture < len(appearance.get("textures", []))
        and len(rest) == len(boundaries)
        and all(0 <= point < points for point in rest)
    )


def _nested(value: Any, depth: int, count: int) -> bool:
    """Whether lists are nested so deep and hold numbers of vertices that are there."""
    if not isinstance(value, list):
        return False
    if depth == 1:
        return not value or (set(map(type, value)) == {int} and min(value) >= 0 and max(value) < count)
    return all(_nested(part, depth - 1, count) for part in value)


def _numbers(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(type(part) in (int, float) for part in value)
