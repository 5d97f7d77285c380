"""What the tests of CityJSON share: reading with the reader's own report, and files of our own making."""

import copy
import io
import json
import random
from typing import Any

import numpy as np

from citytwin_desktop.city.coordinates import epsg_from_reference
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.formats.assembly import assemble
from citytwin_desktop.formats.building_rows import table_of
from citytwin_desktop.formats.cityjson.round_trip import written_back
from citytwin_desktop.formats.cityjson.source import read_stream
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity
from tests.conftest import box_city

Document = dict[str, Any]


def as_bytes(document: Any) -> bytes:
    """A document as it stands in a file; bytes stay as they are."""
    return document if isinstance(document, bytes) else json.dumps(document).encode()


def read_source(document: Any, name: str = "test.city.json", **options: Any) -> tuple[SourceCity, ImportReport]:
    """What the reader alone makes of a document or of bytes, and what it reports."""
    data, report = as_bytes(document), ImportReport()
    return read_stream(io.BytesIO(data), name, len(data), ImportOptions(**options), report), report


def read_city(document: Any, name: str = "test.city.json", **options: Any) -> tuple[CityModel, ImportReport]:
    """The assembled city, with the report of the reader alone."""
    source, report = read_source(document, name, **options)
    return assemble(source, ImportOptions(**options), ImportReport()), report


def read_bare(document: Any) -> CityModel:
    """The city as the reader gives it, at the origin, not assembled: many times quicker."""
    return bare_city(document)[0]


def bare_city(document: Any, name: str = "test.city.json", **options: Any) -> tuple[CityModel, ImportReport]:
    """As `read_bare`, with the report of the reader."""
    source, report = read_source(document, name, **options)
    names = np.full(len(source.kind), "", object)
    surfaces = Surfaces(source.polygons, source.kind, source.owner, names)
    epsg = epsg_from_reference(source.reference.name) or 0
    layers = tuple(ContextLayer(kind.value.capitalize(), kind, polygons) for kind, polygons in source.context)
    metadata = {"sources": [{"name": source.name, "metadata": source.metadata}]}
    return CityModel(epsg, (0.0, 0.0, 0.0), table_of(source.rows, report), surfaces, layers, metadata), report


def as_sequence(document: Document) -> bytes:
    """Lines of a sequence, each object a feature of its own with all vertices."""
    header = {**document, "CityObjects": {}, "vertices": []}
    features = [
        {"type": "CityJSONFeature", "id": name, "CityObjects": {name: item}, "vertices": document["vertices"]}
        for name, item in document["CityObjects"].items()
    ]
    return b"\n".join(json.dumps(line).encode() for line in [header, *features])


NONSENSE = (None, True, -1, 0, 2**63, 1e308, 0.5, "", "x", "Building", [], {}, [[]], [[[0, 1, 2]]], {"type": "Solid"})


def damaged_at_random(document: Any, dice: random.Random) -> None:
    """Put nonsense in place of something, somewhere in nested lists and tables."""
    here = document
    for _ in range(dice.randint(1, 9)):
        keys = list(here) if isinstance(here, dict) else range(len(here))
        if not keys:
            return
        key = dice.choice(list(keys))
        if dice.random() < 0.12 or not isinstance(here[key], dict | list):
            here[key] = copy.deepcopy(dice.choice(NONSENSE))
            return
        here = here[key]


def back(document: Any, city: CityModel | None = None, **options: Any) -> Document:
    """Document written back; of a city as it was imported when none is given."""
    data = as_bytes(document)
    imported = read_bare(data)
    written: Document = json.loads(written_back(data, imported if city is None else city, imported, **options))
    return written


def rich_city() -> Document:
    """Levels of detail, appearance, extensions, templates, extra members, a group, a room and an address."""
    document = box_city(
        count=3, attributes={"function": "woonfunctie", "yearOfConstruction": 1931, "x": [1, {"y": None}]}
    )
    objects = document["CityObjects"]
    first = objects["B0"]["geometry"][0]
    first["texture"] = {"day": {"values": [[[[0, 0, 1, 2, 3]], *[[[None]]] * 5]]}}
    first["material"] = {"plain": {"values": [[1, None, 0, 0, 0, 0]]}, "all": {"value": 1}}
    objects["B0"]["geometry"].append({"type": "MultiSurface", "lod": "1.2", "boundaries": first["boundaries"][0][:2]})
    objects["B0"] |= {"children": ["room"], "+solar-potential": {"kWh": 12.5}, "geographicalExtent": [0, 0, 0, 1, 1, 1]}
    objects["room"] = {"type": "BuildingRoom", "parents": ["B0"], "geometry": [copy.deepcopy(first)]}
    objects["B1"]["children"] = ["B2"]
    objects["B2"] |= {"type": "BuildingPart", "parents": ["B1"]}
    location = {"type": "MultiPoint", "lod": "1", "boundaries": [3]}
    objects["B1"]["address"] = [{"Country": "Nederland", "location": location}]
    objects["group"] = {"type": "CityObjectGroup", "children": ["tree"]}
    instance = {"type": "GeometryInstance", "template": 0, "boundaries": [5]}
    instance["transformationMatrix"] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    objects["tree"] = {"type": "SolitaryVegetationObject", "parents": ["group"], "geometry": [instance]}
    document["geometry-templates"] = {
        "templates": [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]]]}],
        "vertices-templates": [[0.1, 0.2, 0.3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
    }
    document["appearance"] = {
        "default-theme-texture": "day",
        "materials": [{"name": "red"}, {"name": "blue"}],
        "textures": [{"type": "PNG", "image": "roof.png"}],
        "vertices-texture": [[0.0, 0.5], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]],
    }
    document["extensions"] = {"Solar": {"url": "https://example.org/solar.ext.json", "version": "1.0"}}
    document["+census"] = {"population": 7}
    document["metadata"]["geographicalExtent"] = [1000.0, 2000.0, 0.0, 1050.0, 2008.0, 6.0]
    return document
