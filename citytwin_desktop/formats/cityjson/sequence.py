"""A CityJSON file told as a CityJSONSeq, a line for each object with its parts, and the other way round."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from citytwin_desktop.formats.cityjson.choice import is_instance

_HEADER_MEMBERS = ("type", "version", "metadata", "transform", "extensions", "geometry-templates")
_FEATURE_MEMBERS = ("CityObjects", "vertices", "appearance")
_TABLES = ("materials", "textures", "vertices-texture")

_Place = Callable[[int], int]
"""New place of a row of a table."""


def dumped(document: Any) -> bytes:
    """JSON text of a document, also of one with numbers or depths beyond the fast writer's."""
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def sequence_of(document: dict[str, Any]) -> bytes:
    """Lines of a CityJSONSeq with all objects of a file.

    Parameters
    ----------
    document : dict
        A CityJSON 2.0 file whose indices are sound. Its templates and extra members go to the first line, its
        appearance to the features that use it.
    """
    extra = {key: value for key, value in document.items() if key not in (*_HEADER_MEMBERS, *_FEATURE_MEMBERS)}
    header = {key: document[key] for key in _HEADER_MEMBERS if key in document}
    lines = [dumped({**header, **extra, "CityObjects": {}, "vertices": []})]
    lines += [dumped(feature) for feature in _features(document)]
    return b"\n".join([*lines, b""])


def file_of(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One file with the objects of all lines of a sequence.

    Parameters
    ----------
    lines : sequence of dict
        The header, then features whose vertices lie on its grid; sound, and of version 2.0.
    """
    header = lines[0]
    objects: dict[str, Any] = {}
    vertices: list[Any] = []
    tables: dict[str, list[Any]] = {name: [] for name in _TABLES}
    looks: dict[str, Any] = {}
    for line in lines:
        appearance = line.get("appearance") or {}
        firsts = [len(vertices), *(len(tables[name]) for name in _TABLES)]
        places = [first.__add__ for first in firsts]
        for name, item in line["CityObjects"].items():
            objects[name] = _moved_object(item, *places)
        vertices += line["vertices"]
        for name in _TABLES:
            tables[name] += appearance.get(name) or []
        looks |= {key: value for key, value in appearance.items() if key not in tables}
    looks |= {name: table for name, table in tables.items() if table}
    document = {**header, "CityObjects": objects, "vertices": vertices}
    return {**document, "appearance": looks} if looks else document


def _features(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    objects = document["CityObjects"]
    done: set[str] = set()
    for name, item in objects.items():
        if name in done or any(parent in objects for parent in item.get("parents") or ()):
            continue
        family = _family(name, objects, done)
        yield _feature(name, {member: objects[member] for member in family}, document)
    # What remains has parents that lead in a circle.
    for name in objects:
        if name not in done:
            family = _family(name, objects, done)
            yield _feature(name, {member: objects[member] for member in family}, document)


def _family(name: str, objects: dict[str, Any], done: set[str]) -> list[str]:
    """An object and all below it that stand in no line yet; marks them as done."""
    found, waiting = [], [name]
    while waiting:
        member = waiting.pop(0)
        if member in done or member not in objects:
            continue
        done.add(member)
        found.append(member)
        waiting += objects[member].get("children") or []
    return found


class _Table:
    """New places of the rows of a table that a feature uses, in the order of use."""

    def __init__(self) -> None:
        self.places: dict[int, int] = {}

    def __call__(self, old: int) -> int:
        return self.places.setdefault(old, len(self.places))

    def rows(self, table: list[Any]) -> list[Any]:
        return [table[old] for old in self.places]


def _feature(name: str, objects: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    vertices, materials, textures, points = _Table(), _Table(), _Table(), _Table()
    moved = {member: _moved_object(item, vertices, materials, textures, points) for member, item in objects.items()}
    feature = {
        "type": "CityJSONFeature",
        "id": name,
        "CityObjects": moved,
        "vertices": vertices.rows(document["vertices"]),
    }
    given = document.get("appearance") or {}
    tables = dict(zip(_TABLES, (materials, textures, points), strict=True))
    appearance = {key: table.rows(given[key]) for key, table in tables.items() if table.places}
    if appearance:
        appearance |= {key: value for key, value in given.items() if key not in tables}
        feature["appearance"] = appearance
    return feature


def _moved_object(
    item: dict[str, Any], vertices: _Place, materials: _Place, textures: _Place, points: _Place
) -> dict[str, Any]:
    """City object over other tables."""
    moved = dict(item)
    if "geometry" in item:
        moved["geometry"] = [_moved(part, vertices, materials, textures, points) for part in item["geometry"]]
    if "address" in item:
        moved["address"] = [_moved_address(address, vertices) for address in item["address"]]
    return moved


def _moved(
    geometry: dict[str, Any], vertices: _Place, materials: _Place, textures: _Place, points: _Place
) -> dict[str, Any]:
    """Geometry over other tables."""
    moved = {**geometry, "boundaries": _renumbered(geometry["boundaries"], vertices)}
    if is_instance(geometry):
        return moved
    if "material" in geometry:
        moved["material"] = {
            theme: {key: _renumbered(value, materials) for key, value in entry.items()}
            for theme, entry in geometry["material"].items()
        }
    if "texture" in geometry:
        moved["texture"] = {
            theme: {key: _textured(value, textures, points) for key, value in entry.items()}
            for theme, entry in geometry["texture"].items()
        }
    return moved


def _moved_address(address: Any, vertices: _Place) -> Any:
    location = address.get("location") if isinstance(address, dict) else None
    if not isinstance(location, dict):
        return address
    return {**address, "location": {**location, "boundaries": _renumbered(location["boundaries"], vertices)}}


def _renumbered(value: Any, place: _Place) -> Any:
    """The same nested lists with every number put through a table; null stays."""
    if isinstance(value, list):
        return [_renumbered(part, place) for part in value]
    return place(value) if isinstance(value, int) else value


def _textured(value: Any, textures: _Place, points: _Place) -> Any:
    """Texture values: rings begin with the texture, then name its points; a null ring stays."""
    if isinstance(value, list) and value and not isinstance(value[0], list):
        first, *rest = value
        return [None if first is None else textures(first), *(_renumbered(part, points) for part in rest)]
    return [_textured(part, textures, points) for part in value] if isinstance(value, list) else value
