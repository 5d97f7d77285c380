"""CityGML of all versions becomes rows, surfaces and context."""

# ruff: noqa: E501 - samples of XML read better on one line

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.citygml.source import read, scan
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import UNKNOWN_KIND, SourceCity

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "citygml"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not beside the repository")
NAMESPACES = {
    "1.0": (
        "http://www.opengis.net/citygml/1.0",
        "http://www.opengis.net/citygml/{}/1.0",
        "http://www.opengis.net/gml",
    ),
    "2.0": (
        "http://www.opengis.net/citygml/2.0",
        "http://www.opengis.net/citygml/{}/2.0",
        "http://www.opengis.net/gml",
    ),
    "3.0": (
        "http://www.opengis.net/citygml/3.0",
        "http://www.opengis.net/citygml/{}/3.0",
        "http://www.opengis.net/gml/3.2",
    ),
}
MODULES = {"b": "building", "n": "construction", "e": "generics", "t": "transportation", "v": "vegetation",
           "w": "waterbody", "d": "relief"}  # fmt: skip


def document(members: str, version: str = "2.0", top: str = "", member: str = "c:cityObjectMember") -> str:
    core, module, gml = NAMESPACES[version]
    names = " ".join(f'xmlns:{key}="{module.format(name)}"' for key, name in MODULES.items())
    inner = "".join(f"<{member}>{text}</{member}>" for text in members.split("<!---->") if text.strip())
    return (
        f'<c:CityModel xmlns:c="{core}" xmlns:g="{gml}" xmlns:xlink="http://www.w3.org/1999/xlink" {names} '
        f'xmlns:uro="https://www.geospatial.jp/iur/uro/2.0">{top}{inner}</c:CityModel>'
    )


def polygon(text: str, identifier: str = "", *holes: str) -> str:
    name = f' g:id="{identifier}"' if identifier else ""
    rings = "".join(
        f"<g:{kind}><g:LinearRing><g:posList>{ring}</g:posList></g:LinearRing></g:{kind}>"
        for kind, ring in [("exterior", text), *(("interior", hole) for hole in holes)]
    )
    return f"<g:Polygon{name}>{rings}</g:Polygon>"


def surface(*polygons: str) -> str:
    return (
        "<g:MultiSurface>" + "".join(f"<g:surfaceMember>{p}</g:surfaceMember>" for p in polygons) + "</g:MultiSurface>"
    )


def box_faces(x: float = 0.0, height: float = 3.0) -> dict[str, str]:
    """Rings of a box of 4 x 5 m, by kind and number, facing outwards."""
    a, b, c, d = (x, 0.0), (x + 4.0, 0.0), (x + 4.0, 5.0), (x, 5.0)

    def ring(*corners: tuple[float, float, float]) -> str:
        return " ".join(f"{value:g}" for corner in (*corners, corners[0]) for value in corner)

    faces = {"Ground": ring((*a, 0), (*d, 0), (*c, 0), (*b, 0)), "Roof": ring(*((*p, height) for p in (a, b, c, d)))}
    for number, (p, q) in enumerate(((a, b), (b, c), (c, d), (d, a))):
        faces[f"Wall{number}"] = ring((*p, 0), (*q, 0), (*q, height), (*p, height))
    return faces


def boundaries(faces: dict[str, str], lod: str = "2", ids: str = "") -> str:
    return "".join(
        f'<b:boundedBy><b:{name.rstrip("0123456789")}Surface g:id="{ids}{name}">'
        f"<b:lod{lod}MultiSurface>{surface(polygon(ring, f'{ids}{name}-p' if ids else ''))}</b:lod{lod}MultiSurface>"
        f"</b:{name.rstrip('0123456789')}Surface></b:boundedBy>"
        for name, ring in faces.items()
    )


def read_text(tmp_path: Path, text: str | bytes, **choices: Any) -> tuple[SourceCity, ImportReport]:
    path = tmp_path / "city.gml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = ImportReport()
    return read(OpenedSource(path, path.name), ImportOptions(**choices), report), report


def codes(report: ImportReport) -> set[str]:
    return {item.code for item in report.items}


def areas(city: SourceCity) -> dict[int, float]:
    return {int(kind): float(city.polygons.areas_m2[city.kind == kind].sum()) for kind in np.unique(city.kind)}


@needs_data
@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("berlin.citygml", 61, {"WALL": (793, 169586.79), "ROOF": (249, 35263.98), "GROUND": (83, 32877.97)}),
        (
            "lod2_buildings_100_citygml3.gml",
            100,
            {"WALL": (400, 16460.0), "GROUND": (100, 4800.0), "ROOF": (200, 9582.44)},
        ),
        ("FZKHouseLoD3-EnergyADE1.gml", 1, {"WINDOW": (11, 23.17), "DOOR": (2, 6.80), "GROUND": (1, 120.0)}),
    ],
)
def test_counts_and_areas_of_real_files(name: str, rows: int, expected: dict[str, tuple[int, float]]) -> None:
    city = read(OpenedSource(DATA / name, name), ImportOptions(), ImportReport())
    assert len(city.rows) == rows
    for kind, (count, area) in expected.items():
        mine = city.kind == SurfaceKind[kind]
        assert mine.sum() == count
        assert city.polygons.areas_m2[mine].sum() == pytest.approx(area, abs=0.006)


@needs_data
def test_a_shared_wall_counts_for_building_and_part_each_facing_its_own_outside() -> None:
    name = "Building_and_garage_LOD2_citygml3.gml"
    report = ImportReport()
    city = read(OpenedSource(DATA / name, name), ImportOptions(), report)
    house, garage = city.rows
    assert garage["parent_id"] == house["id"]
    assert (house["year_built"], house["storeys"], house["function"]) == (1985.0, 1.0, "residential")
    assert house["attributes"]["address"][0]["ThoroughfareName"] == "Hermann-von-Helmholtz-Platz"
    place = np.flatnonzero(city.source_id == "GML_9f0465e6-f316-4f89-a9bd-eb21934ffe84")
    assert city.owner[place].tolist() == [0, 1]
    one, other = city.polygons.normals[place]
    np.testing.assert_allclose(one, -other)
    for row in (0, 1):
        vectors = city.polygons.area_vectors_m2[city.owner == row]
        np.testing.assert_allclose(vectors.sum(axis=0), 0.0, atol=1e-6)  # closed
    assert city.context[0][0] is ContextKind.TERRAIN
    assert len(city.context[0][1]) == 12


@needs_data
def test_traffic_areas_of_a_real_road_are_counted_once() -> None:
    name = "melbourne_roads_3way_citygml3.gml"
    city = read(OpenedSource(DATA / name, name), ImportOptions(), ImportReport())
    assert [(kind, len(polygons)) for kind, polygons in city.context] == [(ContextKind.ROAD, 58 + 87)]
    assert city.reference.name == "EPSG:32755"


@needs_data
def test_plateau_has_outline_and_block_and_flattened_attributes() -> None:
    name = "plateau_64413325_bldg_6697.gml"
    opened = OpenedSource(DATA / name, name)
    city = read(opened, ImportOptions(), ImportReport())
    assert (len(city.rows), len(city.polygons), {row["lod"] for row in city.rows}) == (25, 156, {"1"})
    assert city.reference.name.endswith("/6697")
    assert city.reference.east_first is None
    assert city.rows[0]["attributes"]["uro:buildingIDAttribute/buildingID"] == "01100-bldg-636971"
    flat = read(opened, ImportOptions(lod="0"), ImportReport())
    assert len(flat.polygons) == 25
    assert flat.rows[0]["outline_from_roof_edge"] is True
    seen = scan(opened)
    assert (seen.epsg, dict(seen.types), dict(seen.lods)) == (6668, {"Building": 25}, {"0": 25, "1": 25})
    assert seen.extent is not None
    assert 141.0 < seen.extent[0] < 142.0  # east first, though the file has latitudes first
    assert seen.columns["height_m"] == "measuredHeight"


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_boundary_surfaces_with_any_prefix(tmp_path: Path, version: str) -> None:
    text = document(f'<b:Building g:id="H1">{boundaries(box_faces())}</b:Building>', version)
    city, report = read_text(tmp_path, text)
    assert city.format == f"CityGML {version}"
    assert areas(city) == {SurfaceKind.WALL: 54.0, SurfaceKind.ROOF: 20.0, SurfaceKind.GROUND: 20.0}
    assert city.source_id is not None
    assert sorted(city.source_id)[0] == "Ground"
    assert not report.items


def test_a_solid_that_links_to_its_surfaces_is_counted_once(tmp_path: Path) -> None:
    faces = box_faces()
    members = "".join(f'<g:surfaceMember xlink:href="#a{name}-p"/>' for name in faces)
    solid = f"<b:lod2Solid><g:Solid><g:exterior><g:CompositeSurface>{members}</g:CompositeSurface></g:exterior></g:Solid></b:lod2Solid>"
    city, report = read_text(
        tmp_path, document(f'<b:Building g:id="H">{solid}{boundaries(faces, ids="a")}</b:Building>')
    )
    assert len(city.polygons) == 6
    assert UNKNOWN_KIND not in city.kind
    assert not report.items


def test_polygons_of_a_solid_without_a_theme_are_kept_beside_the_linked_ones(tmp_path: Path) -> None:
    faces = box_faces()
    ground = faces.pop("Ground")
    members = "".join(f'<g:surfaceMember xlink:href="#a{name}-p"/>' for name in faces)
    members += f"<g:surfaceMember>{polygon(ground)}</g:surfaceMember>"
    solid = f"<b:lod2Solid><g:Solid><g:exterior><g:CompositeSurface>{members}</g:CompositeSurface></g:exterior></g:Solid></b:lod2Solid>"
    city, _ = read_text(tmp_path, document(f'<b:Building g:id="H">{boundaries(faces, ids="a")}{solid}</b:Building>'))
    assert len(city.polygons) == 6
    assert areas(city)[UNKNOWN_KIND] == 20.0


def test_a_solid_drawn_apart_from_its_surfaces_is_not_counted_twice(tmp_path: Path) -> None:
    members = "".join(f"<g:surfaceMember>{polygon(ring)}</g:surfaceMember>" for ring in box_faces().values())
    solid = f"<b:lod2Solid><g:Solid><g:exterior><g:CompositeSurface>{members}</g:CompositeSurface></g:exterior></g:Solid></b:lod2Solid>"
    city, report = read_text(tmp_path, document(f'<b:Building g:id="H">{solid}{boundaries(box_faces())}</b:Building>'))
    assert len(city.polygons) == 6
    apart = f"<b:lod2MultiSurface>{surface(polygon('0 0 0 4 0 0 4 5 3 0 0 0'))}</b:lod2MultiSurface>"
    city, report = read_text(tmp_path, document(f'<b:Building g:id="H">{boundaries(box_faces())}{apart}</b:Building>'))
    assert len(city.polygons) == 6
    assert "solid_drawn_apart" in codes(report)


def test_links_forward_to_another_member_and_to_nowhere(tmp_path: Path) -> None:
    faces = box_faces()
    first = '<b:Building g:id="A"><b:lod2MultiSurface><g:MultiSurface>'
    first += '<g:surfaceMember><g:OrientableSurface orientation="-"><g:baseSurface xlink:href="#zWall1-p"/></g:OrientableSurface></g:surfaceMember>'
    first += '<g:surfaceMember xlink:href="#gone"/></g:MultiSurface></b:lod2MultiSurface></b:Building>'
    second = f'<b:Building g:id="B">{boundaries(faces, ids="z")}</b:Building>'
    city, report = read_text(tmp_path, document(f"{first}<!---->{second}"))
    by_id = {row["id"]: place for place, row in enumerate(city.rows)}
    mine = city.polygons.take(np.flatnonzero(city.owner == by_id["A"]))
    np.testing.assert_allclose(mine.normals, [[-1.0, 0.0, 0.0]], atol=1e-12)  # the wall of B looks east
    assert [(item.object, item.code) for item in report.items] == [("A", "xlink_unresolved")]
    assert np.all(np.diff(city.owner) >= 0)


def test_two_surfaces_that_link_to_one_polygon_count_it_once(tmp_path: Path) -> None:
    link = '<g:MultiSurface><g:surfaceMember xlink:href="#p"/></g:MultiSurface>'
    turned = '<g:MultiSurface><g:surfaceMember><g:OrientableSurface orientation="-"><g:baseSurface xlink:href="#p"/></g:OrientableSurface></g:surfaceMember></g:MultiSurface>'
    walls = "".join(
        f"<b:boundedBy><b:WallSurface><b:lod2MultiSurface>{inner}</b:lod2MultiSurface></b:WallSurface></b:boundedBy>"
        for inner in (link, surface(polygon(box_faces()["Roof"], "p")), link, turned)
    )
    city, _ = read_text(tmp_path, document(f'<b:Building g:id="H">{walls}</b:Building>'))
    assert len(city.polygons) == 1


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    loop = (
        '<b:Building g:id="A"><b:lod2MultiSurface><g:MultiSurface><g:surfaceMember><g:CompositeSurface g:id="one">'
        '<g:surfaceMember xlink:href="#two"/></g:CompositeSurface></g:surfaceMember><g:surfaceMember>'
        '<g:CompositeSurface g:id="two"><g:surfaceMember xlink:href="#one"/></g:CompositeSurface></g:surfaceMember>'
        f"<g:surfaceMember>{polygon('0 0 0 4 0 0 4 5 0 0 0 0')}</g:surfaceMember></g:MultiSurface></b:lod2MultiSurface></b:Building>"
    )
    city, report = read_text(tmp_path, document(loop))
    assert len(city.polygons) == 1
    assert "xlink_circular" in codes(report)


def test_the_highest_level_is_taken_or_the_one_asked_for(tmp_path: Path) -> None:
    block = "".join(f"<g:surfaceMember>{polygon(ring)}</g:surfaceMember>" for ring in box_faces(height=9.0).values())
    low = f"<b:lod1Solid><g:Solid><g:exterior><g:CompositeSurface>{block}</g:CompositeSurface></g:exterior></g:Solid></b:lod1Solid>"
    print_ = f"<b:lod0FootPrint>{surface(polygon(box_faces()['Ground']))}</b:lod0FootPrint>"
    text = document(f'<b:Building g:id="H">{print_}{low}{boundaries(box_faces())}</b:Building>')
    assert read_text(tmp_path, text)[0].rows[0]["lod"] == "2"
    one, _ = read_text(tmp_path, text, lod="1")
    assert (one.rows[0]["lod"], areas(one)) == ("1", {UNKNOWN_KIND: 202.0})
    zero, _ = read_text(tmp_path, text, lod="0")
    assert (zero.rows[0]["lod"], areas(zero)) == ("0", {UNKNOWN_KIND: 20.0})
    none, _ = read_text(tmp_path, text, lod="4")
    assert len(none.polygons) == 0


def test_parts_in_parts_and_a_block_around_them(tmp_path: Path) -> None:
    inner = f'<b:consistsOfBuildingPart><b:BuildingPart g:id="P2">{boundaries(box_faces(4.0))}</b:BuildingPart></b:consistsOfBuildingPart>'
    part = f'<b:consistsOfBuildingPart><b:BuildingPart g:id="P1">{boundaries(box_faces())}{inner}</b:BuildingPart></b:consistsOfBuildingPart>'
    block = f"<b:lod1MultiSurface>{surface(polygon(box_faces()['Roof']))}</b:lod1MultiSurface>"
    city, report = read_text(tmp_path, document(f'<b:Building g:id="H">{block}{part}</b:Building>'))
    assert [(row["id"], row["parent_id"]) for row in city.rows] == [("H", ""), ("P1", "H"), ("P2", "P1")]
    assert np.bincount(city.owner, minlength=3).tolist() == [0, 6, 6]
    assert "coarser_than_parts" in codes(report)
    assert city.objects == {"Building": 1, "BuildingPart": 2}


def test_windows_in_walls_of_both_versions(tmp_path: Path) -> None:
    wall = polygon("0 0 0 4 0 0 4 0 3 0 0 3 0 0 0", "w", "1 0 1 1 0 2 2 0 2 2 0 1 1 0 1")
    pane = polygon("1 0 1 2 0 1 2 0 2 1 0 2 1 0 1")
    two = (
        f"<b:boundedBy><b:WallSurface><b:lod3MultiSurface>{surface(wall)}</b:lod3MultiSurface><b:opening><b:Window>"
        f"<b:lod3MultiSurface>{surface(pane)}</b:lod3MultiSurface></b:Window></b:opening></b:WallSurface></b:boundedBy>"
    )
    three = (
        f"<c:boundary><n:WallSurface><c:lod3MultiSurface>{surface(wall)}</c:lod3MultiSurface><n:fillingSurface>"
        f"<n:WindowSurface><c:lod3MultiSurface>{surface(pane)}</c:lod3MultiSurface></n:WindowSurface></n:fillingSurface>"
        "</n:WallSurface></c:boundary>"
    )
    for version, inner in (("2.0", two), ("3.0", three)):
        city, _ = read_text(tmp_path, document(f'<b:Building g:id="H">{inner}</b:Building>', version))
        assert areas(city) == {SurfaceKind.WALL: 11.0, SurfaceKind.WINDOW: 1.0}


def test_a_window_on_a_wall_without_a_hole_is_cut_out_of_it(tmp_path: Path) -> None:
    pane = polygon("1 0 1 2 0 1 2 0 2 1 0 2 1 0 1")
    inner = (
        f"<b:boundedBy><b:WallSurface><b:lod3MultiSurface>{surface(polygon('0 0 0 4 0 0 4 0 3 0 0 3 0 0 0'))}"
        f"</b:lod3MultiSurface><b:opening><b:Window><b:lod3MultiSurface>{surface(pane)}</b:lod3MultiSurface></b:Window>"
        "</b:opening></b:WallSurface></b:boundedBy>"
    )
    city, report = read_text(tmp_path, document(f'<b:Building g:id="H">{inner}</b:Building>'))
    assert areas(city) == {SurfaceKind.WALL: 11.0, SurfaceKind.WINDOW: 1.0}
    assert "opening_cut_out" in codes(report)


def test_rooms_and_installations_are_left_out_and_counted(tmp_path: Path) -> None:
    chimney = f'<b:outerBuildingInstallation><b:BuildingInstallation g:id="I"><b:lod2Geometry>{surface(polygon(box_faces()["Roof"]))}</b:lod2Geometry></b:BuildingInstallation></b:outerBuildingInstallation>'
    room = f"<b:interiorRoom><b:Room><b:lod4Solid><g:Solid><g:exterior>{surface(polygon(box_faces()['Roof']))}</g:exterior></g:Solid></b:lod4Solid></b:Room></b:interiorRoom>"
    text = document(f'<b:Building g:id="H">{chimney}{boundaries(box_faces())}{room}</b:Building>')
    city, report = read_text(tmp_path, text)
    assert len(city.polygons) == 6
    assert sum(item.code == "inside_not_used" for item in report.items) == 2
    alone, report = read_text(tmp_path, document(f'<b:Building g:id="H">{chimney}</b:Building>'))
    assert len(alone.polygons) == 1
    assert "only_installations" in codes(report)


def test_attributes_of_every_kind(tmp_path: Path) -> None:
    inner = (
        "<g:name>Town hall</g:name><c:creationDate>2010-12-01</c:creationDate>"
        "<c:externalReference><c:informationSystem>http://x</c:informationSystem><c:externalObject><c:name>DE1</c:name></c:externalObject></c:externalReference>"
        '<e:stringAttribute name="Gemeinde"><e:value>08</e:value></e:stringAttribute>'
        '<e:intAttribute name="n"><e:value>7</e:value></e:intAttribute>'
        '<e:doubleAttribute name="x"><e:value>1.5</e:value></e:doubleAttribute>'
        '<e:measureAttribute name="HoeheGrund"><e:value uom="m">103.25</e:value></e:measureAttribute>'
        '<e:genericAttributeSet name="set"><e:stringAttribute name="k"><e:value>v</e:value></e:stringAttribute></e:genericAttributeSet>'
        "<b:function>31001_3012</b:function><b:function>31001_1010</b:function><b:yearOfConstruction>1912</b:yearOfConstruction>"
        '<b:measuredHeight uom="m">9.5</b:measuredHeight><b:storeysAboveGround>3</b:storeysAboveGround>'
        '<uro:detail><uro:Detail><uro:area uom="m2">12.5</uro:area><uro:code>1</uro:code></uro:Detail></uro:detail>'
    )
    city, _ = read_text(tmp_path, document(f'<b:Building g:id="H">{inner}{boundaries(box_faces())}</b:Building>'))
    row = city.rows[0]
    attributes = row["attributes"]
    assert attributes["Gemeinde"] == "08"
    assert (attributes["n"], attributes["x"], attributes["HoeheGrund"]) == (7, 1.5, 103.25)
    assert attributes["set"] == {"k": "v"}
    assert attributes["function"] == ["31001_3012", "31001_1010"]
    assert attributes["externalReferences"] == [{"informationSystem": "http://x", "name": "DE1"}]
    assert (attributes["uro:detail/area"], attributes["uro:detail/code"]) == (12.5, "1")
    assert (row["name"], row["function"], row["year_built"], row["storeys"]) == ("Town hall", "office", 1912.0, 3.0)
    assert row["measured_height_m"] == 9.5


def test_japanese_use_codes_count_by_their_code_list(tmp_path: Path) -> None:
    usage = '<b:usage codeSpace="../../codelists/Building_usage.xml">412</b:usage>'
    city, _ = read_text(tmp_path, document(f'<b:Building g:id="H">{usage}{boundaries(box_faces())}</b:Building>'))
    assert city.rows[0]["function"] == "residential"


def test_identifiers_are_made_up_and_stable(tmp_path: Path) -> None:
    text = document(
        f"<b:Building>{boundaries(box_faces())}</b:Building><!----><b:Building>{boundaries(box_faces())}</b:Building>"
    )
    first = [row["id"] for row in read_text(tmp_path, text)[0].rows]
    assert first == [row["id"] for row in read_text(tmp_path, text)[0].rows]
    assert len(set(first)) == 2
    assert all(first)


def test_members_of_features_services_and_groups(tmp_path: Path) -> None:
    building = f'<b:Building g:id="H">{boundaries(box_faces())}</b:Building>'
    for member in ("g:featureMember", "g:featureMembers"):
        city, _ = read_text(tmp_path, document(building, member=member))
        assert [row["id"] for row in city.rows] == ["H"]
    grouped = f'<o:CityObjectGroup xmlns:o="http://www.opengis.net/citygml/cityobjectgroup/2.0"><o:groupMember>{building}</o:groupMember><o:groupMember xlink:href="#other"/></o:CityObjectGroup>'
    city, _ = read_text(tmp_path, document(grouped))
    assert [row["id"] for row in city.rows] == ["H"]


def test_context_of_all_kinds(tmp_path: Path) -> None:
    flat = surface(polygon("0 0 0 9 0 0 9 9 0 0 0 0"))
    area = f"<t:lod2MultiSurface>{flat}</t:lod2MultiSurface>"
    members = [
        f'<t:Road g:id="r"><t:lod1MultiSurface>{flat}</t:lod1MultiSurface><t:trafficArea><t:TrafficArea>{area}</t:TrafficArea></t:trafficArea></t:Road>',
        f'<w:WaterBody g:id="w"><w:lod1MultiSurface>{flat}</w:lod1MultiSurface></w:WaterBody>',
        f'<v:PlantCover g:id="p"><v:averageHeight uom="m">2</v:averageHeight><v:lod1MultiSurface>{flat}</v:lod1MultiSurface></v:PlantCover>',
        '<v:SolitaryVegetationObject g:id="s"><v:height uom="m">10</v:height><v:crownDiameter uom="m">4</v:crownDiameter><v:lod1Geometry><g:Point><g:pos>5 5 1</g:pos></g:Point></v:lod1Geometry></v:SolitaryVegetationObject>',
        '<d:ReliefFeature g:id="f"><d:lod>2</d:lod><d:reliefComponent><d:TINRelief g:id="t"><d:lod>2</d:lod><d:tin><g:TriangulatedSurface><g:trianglePatches><g:Triangle><g:exterior><g:LinearRing><g:posList>0 0 0 9 0 0 9 9 0 0 0 0</g:posList></g:LinearRing></g:exterior></g:Triangle></g:trianglePatches></g:TriangulatedSurface></d:tin></d:TINRelief></d:reliefComponent></d:ReliefFeature>',
        '<x:CityFurniture xmlns:x="http://www.opengis.net/citygml/cityfurniture/2.0"/>',
    ]
    city, report = read_text(tmp_path, document("<!---->".join(members)))
    layers = dict(city.context)
    assert len(layers[ContextKind.ROAD]) == 1
    assert len(layers[ContextKind.WATER]) == 1
    assert len(layers[ContextKind.TERRAIN]) == 1
    tree = layers[ContextKind.TREE]
    assert len(tree) == 80 + 1 + 1 + 3
    assert tree.vertices[:, 2].max() == pytest.approx(11.0, abs=0.4)
    assert {"type_not_used", "crown_from_attributes", "plant_cover_raised"} <= codes(report)


def test_lanes_and_ways_of_a_road_are_one_area(tmp_path: Path) -> None:
    def space(size: str) -> str:
        area = f"<c:boundary><t:TrafficArea><c:lod2MultiSurface>{surface(polygon('0 0 0 9 0 0 9 9 0 0 0 0'))}</c:lod2MultiSurface></t:TrafficArea></c:boundary>"
        return f"<t:trafficSpace><t:TrafficSpace>{area}<t:granularity>{size}</t:granularity></t:TrafficSpace></t:trafficSpace>"

    road = f'<t:Road g:id="r"><t:section><t:Section>{space("way")}{space("lane")}{space("lane")}</t:Section></t:section></t:Road>'
    city, _ = read_text(tmp_path, document(road, "3.0"))
    assert [len(polygons) for _, polygons in city.context] == [1]


def test_templates_are_placed_turned_and_mirrored(tmp_path: Path) -> None:
    def place(identifier: str, matrix: str, geometry: str) -> str:
        return (
            f'<v:SolitaryVegetationObject g:id="{identifier}"><v:lod2ImplicitRepresentation><c:ImplicitGeometry>'
            f"<c:transformationMatrix>{matrix}</c:transformationMatrix><c:relativeGMLGeometry{geometry}"
            "<c:referencePoint><g:Point><g:pos>100 200 10</g:pos></g:Point></c:referencePoint></c:ImplicitGeometry>"
            "</v:lod2ImplicitRepresentation></v:SolitaryVegetationObject>"
        )

    shape = surface(polygon("0 0 0 1 0 0 1 1 0 0 1 0 0 0 0")).replace("<g:MultiSurface>", '<g:MultiSurface g:id="T">')
    members = [
        place("late", "-2 0 0 0 0 1 0 0 0 0 1 5 0 0 0 1", ' xlink:href="#T"/>'),
        place("own", "1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1", f">{shape}</c:relativeGMLGeometry>"),
        place("bad", "1 0 0 0 0 1 0 0 0 0 1 0 0 0 9 1", ' xlink:href="#T"/>'),
    ]
    city, report = read_text(tmp_path, document("<!---->".join(members)))
    ((kind, trees),) = city.context
    assert (kind, len(trees)) == (ContextKind.TREE, 2)
    assert sorted(trees.areas_m2.tolist()) == [1.0, 2.0]
    assert (trees.normals[:, 2] > 0).all()
    assert trees.vertices[:, 2].max() == 15.0
    assert [item.object for item in report.items if item.code == "template_not_placed"] == ["bad"]


def test_a_box_drops_what_is_far_in_either_order_of_axes(tmp_path: Path) -> None:
    members = "<!---->".join(f'<b:Building g:id="H{x}">{boundaries(box_faces(x))}</b:Building>' for x in (0, 500, 900))
    city, _ = read_text(tmp_path, document(members), bbox=(490.0, -5.0, 510.0, 10.0))
    assert [row["id"] for row in city.rows] == ["H500"]
    swapped, _ = read_text(tmp_path, document(members), bbox=(-5.0, 490.0, 10.0, 510.0))
    assert [row["id"] for row in swapped.rows] == ["H500"]


def test_types_are_chosen(tmp_path: Path) -> None:
    flat = surface(polygon("0 0 0 9 0 0 9 9 0 0 0 0"))
    members = f'<b:Building g:id="H">{boundaries(box_faces())}</b:Building><!----><w:WaterBody><w:lod1MultiSurface>{flat}</w:lod1MultiSurface></w:WaterBody>'
    city, _ = read_text(tmp_path, document(members), types=("WaterBody",))
    assert (len(city.rows), len(city.context), dict(city.objects)) == (0, 1, {"Building": 1, "WaterBody": 1})


def test_geometry_that_names_the_system_when_the_envelope_does_not(tmp_path: Path) -> None:
    named = surface(polygon(box_faces()["Roof"])).replace("<g:MultiSurface>", '<g:MultiSurface srsName="EPSG:2056">')
    inner = f'<b:Building g:id="H"><b:lod2MultiSurface>{named}</b:lod2MultiSurface></b:Building>'
    assert read_text(tmp_path, document(inner))[0].reference.name == "EPSG:2056"
    envelope = '<g:boundedBy><g:Envelope srsName="urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH"><g:lowerCorner>0 0 0</g:lowerCorner><g:upperCorner>9 9 9</g:upperCorner></g:Envelope></g:boundedBy>'
    city, report = read_text(tmp_path, document(inner, top=envelope))
    assert city.reference.name == "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH"
    assert "several_crs" in codes(report)


def test_flat_footprints_are_no_elevations(tmp_path: Path) -> None:
    flat = '<g:Polygon srsDimension="2"><g:exterior><g:LinearRing><g:posList>0 0 4 0 4 5 0 5 0 0</g:posList></g:LinearRing></g:exterior></g:Polygon>'
    for text in (flat, flat.replace(' srsDimension="2"', "")):
        city, _ = read_text(
            tmp_path, document(f'<b:Building g:id="H"><b:lod0FootPrint>{surface(text)}</b:lod0FootPrint></b:Building>')
        )
        assert city.has_elevations is False
        assert areas(city) == {UNKNOWN_KIND: 20.0}


def test_what_is_no_city_gets_a_sentence(tmp_path: Path) -> None:
    for text in ("<html/>", document(""), "<gbXML xmlns='http://www.gbxml.org/schema'><Campus/></gbXML>"):
        with pytest.raises(KnownError, match="choose a CityGML file"):
            read_text(tmp_path, text)
        with pytest.raises(KnownError, match="choose a CityGML file"):
            scan(OpenedSource(tmp_path / "city.gml", "city.gml"))


def test_an_import_can_be_watched_and_ended(tmp_path: Path) -> None:
    members = "<!---->".join(f'<b:Building g:id="H{x}">{boundaries(box_faces(x))}</b:Building>' for x in range(450))
    shares: list[float] = []
    read_text(tmp_path, document(members), watch=lambda share, what: shares.append(share))
    assert len(shares) == 2
    assert 0.0 < shares[0] <= shares[1] <= 1.0


def test_a_large_file_is_only_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.formats.citygml import scanning

    members = "<!---->".join(f'<b:Building g:id="H{x}">{boundaries(box_faces(x))}</b:Building>' for x in range(200))
    path = tmp_path / "city.gml"
    path.write_text(document(members))
    whole = scan(OpenedSource(path, "city.gml"))
    assert (whole.exact, whole.types["Building"], whole.lods) == (True, 200, {"2": 200})
    monkeypatch.setattr(scanning, "MOST_SCANNED_BYTES", 70_000)
    part = scan(OpenedSource(path, "city.gml"))
    assert part.exact is False
    assert 0 < part.types["Building"] < 200


def test_the_edge_of_a_roof_is_left_to_be_lowered_in_metres(tmp_path: Path) -> None:
    ring = polygon("0 0 40 9 0 40 9 9 40 0 9 40 0 0 40")
    body = '<b:measuredHeight uom="ft">30</b:measuredHeight>{}<b:lod0RoofEdge>' + surface(ring) + "</b:lod0RoofEdge>"
    row = read_text(tmp_path, document(f'<b:Building g:id="H">{body.format("")}</b:Building>'))[0].rows[0]
    assert (row["measured_height_m"], row["outline_from_roof_edge"]) == (pytest.approx(9.144), True)
    assert "ground_elevation_m" not in row
    ground = '<e:measureAttribute name="HoeheGrund"><e:value uom="m">28</e:value></e:measureAttribute>'
    members = document(f'<b:Building g:id="H">{ground}{body.format("")}</b:Building>')
    stated = read_text(tmp_path, members)[0].rows[0]
    assert stated["ground_elevation_m"] == 28.0
    assert "outline_from_roof_edge" not in stated
