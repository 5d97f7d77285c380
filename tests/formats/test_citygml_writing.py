"""What we write as CityGML follows the schema's order, resolves, and reads back the same."""

# ruff: noqa: E501 - samples of XML read better on one line

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree
from pyproj import Transformer

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.assembly import assemble
from citytwin_desktop.formats.city_files import scan_city_file
from citytwin_desktop.formats.citygml.axes import stated_east_first
from citytwin_desktop.formats.citygml.source import read
from citytwin_desktop.formats.citygml.writing.document import write_citygml
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity

VERSIONS = ("3.0", "2.0")
ORIGIN = (458800.0, 5438300.0, 0.0)
XLINK = "{http://www.w3.org/1999/xlink}href"
# Order of the elements of a building in the schemas: OGC 21-006r2 (core, construction, building), OGC 12-019 (Annex A).
ORDER = {
    "3.0": ["description", "identifier", "name", "genericAttribute", "boundary", "lod1Solid", "lod2Solid", "lod3Solid",
            "dateOfConstruction", "height", "class", "function", "usage", "roofType", "storeysAboveGround",
            "storeysBelowGround", "address", "buildingPart"],
    "2.0": ["description", "name", "genericAttributeSet", "stringAttribute", "intAttribute", "doubleAttribute",
            "measureAttribute", "class", "function", "usage", "yearOfConstruction", "roofType", "measuredHeight",
            "storeysAboveGround", "storeysBelowGround", "lod0FootPrint", "lod1Solid", "lod1MultiSurface", "lod2Solid",
            "boundedBy", "lod3Solid", "lod4Solid", "consistsOfBuildingPart", "address"],
}  # fmt: skip
GENERIC = {"genericAttributeSet", "stringAttribute", "intAttribute", "doubleAttribute", "measureAttribute"}


def box(x: float, height: float, window: bool = False) -> tuple[list[list[np.ndarray]], list[int]]:
    """Rings and kinds of a box of 4 x 5 m, facing outwards, with a hole for a window where wanted."""
    low = np.array([[x, 0, 0], [x + 4, 0, 0], [x + 4, 5, 0], [x, 5, 0]], float)
    high = low + np.array([0.0, 0.0, height])
    rings: list[list[np.ndarray]] = [[low[::-1]], [high]]
    kinds = [SurfaceKind.GROUND, SurfaceKind.ROOF]
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)):
        rings.append([np.array([low[a], low[b], high[b], high[a]])])
        kinds.append(SurfaceKind.WALL)
    if window:
        pane = np.array([[x + 1, 0, 1], [x + 2, 0, 1], [x + 2, 0, 2], [x + 1, 0, 2]], float)
        rings[2].append(pane[::-1])
        rings.append([pane])
        kinds.append(SurfaceKind.WINDOW)
    return rings, [int(kind) for kind in kinds]


def sample_city(lod: str = "2") -> CityModel:
    rings: list[list[np.ndarray]] = []
    kinds: list[int] = []
    owner: list[int] = []
    for row, (x, height, window) in enumerate(((0.0, 3.0, True), (4.0, 2.5, False), (20.0, 6.123456, False))):
        more, of = box(x, height, window)
        rings += more
        kinds += of
        owner += [row] * len(of)
    rings.pop()  # one body is open
    kinds.pop()
    owner.pop()
    columns: dict[str, Any] = {
        "id": np.array(["house 1 <ü>", "garage", "42"], object),
        "parent_id": np.array(["", "house 1 <ü>", ""], object),
        "name": np.array(["Haus & Hof", "", ""], object),
        "lod": np.array([lod] * 3, object),
        "function": np.array(["residential", "", "office"], object),
        "function_origin": np.array(["source", "", "edited"], object),
        "year_built": np.array([1912.0, np.nan, np.nan]),
        "storeys": np.array([2.0, np.nan, np.nan]),
        "height_m": np.array([3.0, 2.5, 6.123456]),
    }
    columns["attributes"] = np.empty(3, object)
    columns["attributes"][:] = [
        {"name": "Haus & Hof", "function": "31001_1010", "roofType": "1030", "Gemeinde": "08\x0bx", "area": 12.5, "area_uom": "m2",
         "floors": 3, "flag": True, "list": ["a", "b"], "set": {"k": "v", "n": 1}, "nothing": None,
         "address": [{"CountryName": "Germany", "LocalityName": "Ort", "ThoroughfareName": "Weg", "ThoroughfareNumber": "7a", "PostalCode": "76344"}]},
        {},
        {"class": "1000"},
    ]  # fmt: skip
    names = np.array([f"s {place}" for place in range(len(kinds))], object)
    surfaces = Surfaces(Polygons.from_rings(rings), np.array(kinds, np.uint8), np.array(owner, np.int64), names)
    square = Polygons.from_rings([[np.array([[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0]], float)]])
    context = tuple(ContextLayer(kind.value, kind, square) for kind in ContextKind)
    return CityModel(
        25832, ORIGIN, Buildings(columns), surfaces, context, {"sources": [{"metadata": {"title": "A & B"}}]}
    )


def read_back(tmp_path: Path, data: bytes) -> tuple[SourceCity, ImportReport]:
    path = tmp_path / "written.gml"
    path.write_bytes(data)
    report = ImportReport()
    return read(OpenedSource(path, path.name), ImportOptions(), report), report


def local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


@pytest.mark.parametrize("lod", ["0", "1", "2", "2.2", "3", "4", ""])
@pytest.mark.parametrize("version", VERSIONS)
def test_structure_follows_the_schema(version: str, lod: str) -> None:
    root = etree.fromstring(write_citygml(sample_city(lod), version, {"garage": {"heating demand": (12.5, "kWh/a")}}))
    gml = root.nsmap["gml"]
    ids = [str(value) for value in root.xpath("//@g:id", namespaces={"g": gml})]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.\-]*", name) for name in ids)
    links = [str(element.get(XLINK)) for element in root.iter() if element.get(XLINK)]
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    features = [element for element in root.iter() if local(element) in ("Building", "BuildingPart")]
    assert len(features) == 3
    for feature in features:
        assert feature.get(f"{{{gml}}}id")
        names = [local(child) for child in feature]
        places = [0 if name in GENERIC else ORDER[version].index(name) for name in names if name not in GENERIC]
        assert places == sorted(places)
    for ring in root.iter(f"{{{gml}}}posList"):
        values = (ring.text or "").split()
        assert len(values) % 3 == 0
        assert len(values) >= 12
        assert values[:3] == values[-3:]
    assert [local(child) for child in root][:2] == ["name", "boundedBy"]
    assert root.find(f".//{{{gml}}}Envelope").get("srsName") == "http://www.opengis.net/def/crs/EPSG/0/25832"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_written_reads_back(tmp_path: Path, version: str) -> None:
    city = sample_city()
    back, report = read_back(tmp_path, write_citygml(city, version))
    surfaces = city.surfaces
    assert len(back.polygons) == len(surfaces)
    for row in range(3):
        for kind in SurfaceKind:
            mine = (surfaces.building == row) & (surfaces.kind == kind)
            there = (back.owner == row) & (back.kind == kind)
            assert there.sum() == mine.sum()
            assert back.polygons.areas_m2[there].sum() == pytest.approx(
                surfaces.polygons.areas_m2[mine].sum(), abs=1e-5
            )
    world = np.sort(np.unique(np.round(surfaces.polygons.vertices + ORIGIN, 6), axis=0), axis=0)
    np.testing.assert_array_equal(np.sort(np.unique(back.polygons.vertices, axis=0), axis=0), world)
    first = back.rows[0]
    assert (first["name"], first["function"], first["year_built"], first["storeys"]) == (
        "Haus & Hof",
        "residential",
        1912.0,
        2.0,
    )
    attributes = first["attributes"]
    assert attributes["function"] == "31001_1010"  # the source's own code, for nothing was edited
    assert (attributes["Gemeinde"], attributes["area"], attributes["area_uom"]) == ("08x", 12.5, "m2")
    assert (attributes["floors"], attributes["flag"], attributes["list"]) == (3, "True", ["a", "b"])
    assert attributes["set"] == {"k": "v", "n": 1}
    assert attributes["address"] == city.buildings.columns["attributes"][0]["address"]
    assert (back.rows[2]["function"], back.rows[2]["function_origin"]) == ("office", "edited")
    assert {kind: len(polygons) for kind, polygons in back.context} == {
        kind: 2 if kind is ContextKind.TERRAIN else 1 for kind in ContextKind
    }
    assert back.metadata["title"] == "A & B"
    assert not [item for item in report.items if item.action == "skipped"]


def test_identifiers_that_are_no_xml_names_come_back_in_3(tmp_path: Path) -> None:
    back, _ = read_back(tmp_path, write_citygml(sample_city()))
    assert [row["id"] for row in back.rows] == ["house 1 <ü>", "garage", "42"]
    assert [row["parent_id"] for row in back.rows] == ["", "house 1 <ü>", ""]


@pytest.mark.parametrize("version", VERSIONS)
def test_only_closed_bodies_are_solids_and_windows_lie_in_walls(version: str) -> None:
    root = etree.fromstring(write_citygml(sample_city("3"), version))
    solids = [
        next(above for above in e.iterancestors() if local(above).startswith("Building"))
        for e in root.iter()
        if local(e) == "Solid"
    ]
    assert [local(building) for building in solids] == ["Building", "BuildingPart"]
    windows = [element for element in root.iter() if local(element) in ("Window", "WindowSurface")]
    assert len(windows) == 1
    wall = windows[0].getparent().getparent()
    assert local(wall) == "WallSurface"
    assert any(local(element) == "interior" for element in wall.iter())


@pytest.mark.parametrize("version", VERSIONS)
def test_results_are_generic_measures(tmp_path: Path, version: str) -> None:
    data = write_citygml(sample_city(), version, {"garage": {"heating demand": (1234.5, "kWh / a")}})
    back, _ = read_back(tmp_path, data)
    attributes = next(row for row in back.rows if row["id"] == "garage")["attributes"]
    assert (attributes["heating demand"], attributes["heating demand_uom"]) == (1234.5, "kWh_/_a")


def test_nothing_and_unknown_versions_are_refused() -> None:
    with pytest.raises(KnownError, match="nothing to write"):
        write_citygml(CityModel())
    with pytest.raises(KnownError, match=r"choose 3\.0 or 2\.0"):
        write_citygml(sample_city(), "1.0")


class _Local(etree.Resolver):
    """Finds schemas of the web in a folder ``HOST/PATH``."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        path = self._folder / system_url.split("://")[-1]
        return self.resolve_filename(str(path), context) if path.exists() else None


MODULE_FILES = {"building": "building", "generics": "generics", "transportation": "transportation", "waterbody": "waterBody",
                "vegetation": "vegetation", "relief": "relief", "construction": "construction"}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_valid_by_the_schemas_of_the_ogc(version: str) -> None:
    folder = Path(os.environ.get("CITYTWIN_CITYGML_SCHEMAS", ""))
    core = {"3.0": "core/3.0/core.xsd", "2.0": "2.0/cityGMLBase.xsd"}[version]
    if not os.environ.get("CITYTWIN_CITYGML_SCHEMAS") or not (folder / "schemas.opengis.net/citygml" / core).exists():
        pytest.skip(f"CITYTWIN_CITYGML_SCHEMAS names no folder with schemas.opengis.net/citygml/{core}")
    base = "http://schemas.opengis.net/citygml"
    imports = f'<import namespace="http://www.opengis.net/citygml/{version}" schemaLocation="{base}/{core}"/>'
    for module, name in MODULE_FILES.items():
        if (folder / f"schemas.opengis.net/citygml/{module}/{version}/{name}.xsd").exists():
            location = f"{base}/{module}/{version}/{name}.xsd"
            imports += (
                f'<import namespace="http://www.opengis.net/citygml/{module}/{version}" schemaLocation="{location}"/>'
            )
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(folder))
    schema = etree.XMLSchema(
        etree.fromstring(f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>', parser)
    )
    for lod in ("0", "1", "2", "3"):
        document = etree.fromstring(write_citygml(sample_city(lod), version, {"garage": {"heat": (1.0, "kWh")}}))
        assert schema.validate(document), schema.error_log[0]


NORTH_FIRST = {31467: (8.4, 49.0), 2180: (21.0, 52.2), 3006: (18.0, 59.3), 2193: (174.8, -36.9), 6677: (139.83, 36.0)}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("epsg", [*NORTH_FIRST, 25832])
def test_coordinates_stand_in_the_order_of_their_system(tmp_path: Path, version: str, epsg: int) -> None:
    place = NORTH_FIRST.get(epsg, (8.43, 49.1))
    east, north = Transformer.from_crs(4326, epsg, always_xy=True).transform(*place)
    city = replace(sample_city(), epsg=epsg, origin=(float(round(east)), float(round(north)), 0.0))
    data = write_citygml(city, version)
    root = etree.fromstring(data)
    envelope = root.find(".//{*}Envelope")
    ring = root.find(".//{*}posList").text.split()
    # As others read it: by the authority's order of axes.
    system = Transformer.from_crs(4326, int(envelope.get("srsName").rpartition("/")[2]))
    for corner in (envelope.find("{*}lowerCorner").text.split(), ring):
        assert [float(x) for x in corner[:2]] == pytest.approx(system.transform(place[1], place[0]), abs=100.0)
    path = tmp_path / "written.gml"
    path.write_bytes(data)
    (scanned,) = scan_city_file(path)
    assert scanned.epsg == epsg
    assert scanned.extent is not None
    assert scanned.extent[:2] == pytest.approx((east, north), abs=100.0)
    report = ImportReport()
    back = assemble(read(OpenedSource(path, path.name), ImportOptions(), report), ImportOptions(), report)
    assert back.epsg == epsg
    assert not {item.code for item in report.items} & {"axis_order", "axis_order_assumed", "crs_doubtful"}
    places = [
        np.unique(np.round(item.surfaces.polygons.vertices + np.array(item.origin), 5), axis=0) for item in (city, back)
    ]
    assert places[0] == pytest.approx(places[1], abs=2e-5)
    assert back.signed_volumes_m3()[0] == pytest.approx(4.0 * 5.0 * 3.0)


def test_labels_of_axes_are_believed_where_they_say_something() -> None:
    assert stated_east_first("EPSG:25832", ["E", "N", "h"]) is True
    assert stated_east_first("EPSG:6677", ["X", "Y"]) is False
    assert stated_east_first("EPSG:6677", ["Easting", "Northing"]) is True
    assert stated_east_first("EPSG:4326", ["Lat", "Lon"]) is False
    for reference, labels in (
        ("EPSG:6677", ["x", "y"]),
        ("EPSG:6677", []),
        ("nothing", ["a", "b"]),
        ("EPSG:999999", ["X", "Y"]),
    ):
        assert stated_east_first(reference, labels) is None
