"""GML geometry in every spelling, and what is wrong with it, polygon by polygon."""

# ruff: noqa: E501 - samples of XML read better on one line

from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.formats.citygml.source import read
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity

GOOD = "<g:Polygon><g:exterior><g:LinearRing><g:posList>0 0 0 4 0 0 4 5 0 0 5 0 0 0 0</g:posList></g:LinearRing></g:exterior></g:Polygon>"


def read_geometry(tmp_path: Path, members: str, prop: str = "lod2MultiSurface") -> tuple[SourceCity, ImportReport]:
    inner = "".join(f"<g:surfaceMember>{member}</g:surfaceMember>" for member in members.split("|"))
    text = (
        '<c:CityModel xmlns:c="http://www.opengis.net/citygml/2.0" xmlns:g="http://www.opengis.net/gml" '
        'xmlns:b="http://www.opengis.net/citygml/building/2.0" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<c:cityObjectMember><b:Building g:id="H"><b:{prop}><g:MultiSurface>{inner}</g:MultiSurface></b:{prop}>'
        "</b:Building></c:cityObjectMember></c:CityModel>"
    )
    path = tmp_path / "city.gml"
    path.write_text(text)
    report = ImportReport()
    return read(OpenedSource(path, path.name), ImportOptions(), report), report


def ring(content: str, tag: str = "LinearRing") -> str:
    return f"<g:Polygon><g:exterior><g:{tag}>{content}</g:{tag}></g:exterior></g:Polygon>"


CORNERS = ((0, 0, 0), (4, 0, 0), (4, 5, 0), (0, 5, 0), (0, 0, 0))
SPELLINGS = {
    "positions": ring("".join(f"<g:pos>{x} {y} {z}</g:pos>" for x, y, z in CORNERS)),
    "point properties": ring(
        "".join(
            f"<g:pointProperty><g:Point><g:pos>{x} {y} {z}</g:pos></g:Point></g:pointProperty>" for x, y, z in CORNERS
        )
    ),
    "coordinates": ring("<g:coordinates>" + " ".join(f"{x},{y},{z}" for x, y, z in CORNERS) + "</g:coordinates>"),
    "coordinates with own separators": ring(
        '<g:coordinates decimal="," cs=";" ts="|">'.replace("|", "/")
        + "/".join(f"{x},0;{y},0;{z},0" for x, y, z in CORNERS)
        + "</g:coordinates>"
    ),
    "coord": ring("".join(f"<g:coord><g:X>{x}</g:X><g:Y>{y}</g:Y><g:Z>{z}</g:Z></g:coord>" for x, y, z in CORNERS)),
    "line breaks": ring("<g:posList>\n 0 0 0\n 4 0 0\t4 5 0\r\n0 5 0 0 0 0 \n</g:posList>"),
    "exponents": ring("<g:posList>0 0 0 4.0e0 0 0 4 0.5E1 0 0 5 0 -0.0 0 0</g:posList>"),
    "ring of curves": ring(
        "<g:curveMember><g:LineString><g:posList>0 0 0 4 0 0 4 5 0</g:posList></g:LineString></g:curveMember>"
        "<g:curveMember><g:Curve><g:segments><g:LineStringSegment><g:posList>4 5 0 0 5 0 0 0 0</g:posList>"
        "</g:LineStringSegment></g:segments></g:Curve></g:curveMember>",
        "Ring",
    ),
    "patches": "<g:Surface><g:patches><g:PolygonPatch><g:exterior><g:LinearRing><g:posList>0 0 0 4 0 0 4 5 0 0 5 0 0 0 0"
    "</g:posList></g:LinearRing></g:exterior></g:PolygonPatch></g:patches></g:Surface>",
    "rectangle": "<g:Surface><g:patches><g:Rectangle><g:exterior><g:LinearRing><g:posList>0 0 0 4 0 0 4 5 0 0 5 0 0 0 0"
    "</g:posList></g:LinearRing></g:exterior></g:Rectangle></g:patches></g:Surface>",
    "outer boundary of GML 2": "<g:Polygon><g:outerBoundaryIs><g:LinearRing><g:coordinates>0,0,0 4,0,0 4,5,0 0,5,0 0,0,0"
    "</g:coordinates></g:LinearRing></g:outerBoundaryIs></g:Polygon>",
    "composite in composite": f"<g:CompositeSurface><g:surfaceMember><g:CompositeSurface><g:surfaceMember>{GOOD}"
    "</g:surfaceMember></g:CompositeSurface></g:surfaceMember></g:CompositeSurface>",
    "plan": ring('<g:posList srsDimension="2">0 0 4 0 4 5 0 5 0 0</g:posList>'),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_gives_the_same_rectangle(tmp_path: Path, spelling: str) -> None:
    city, report = read_geometry(tmp_path, SPELLINGS[spelling])
    assert len(city.polygons) == 1, [item.message for item in report.items]
    assert city.polygons.areas_m2[0] == pytest.approx(20.0)
    assert len(np.unique(city.polygons.vertices, axis=0)) == 4


def test_orientation_turns_and_turns_back(tmp_path: Path) -> None:
    once = f'<g:OrientableSurface orientation="-"><g:baseSurface>{GOOD}</g:baseSurface></g:OrientableSurface>'
    twice = f'<g:OrientableSurface orientation="-"><g:baseSurface>{once}</g:baseSurface></g:OrientableSurface>'
    city, _ = read_geometry(tmp_path, f"{GOOD}|{once}|{twice}|{GOOD}")
    assert city.polygons.normals[:, 2].tolist() == [1.0, -1.0, 1.0, 1.0]


def test_holes_are_taken_off(tmp_path: Path) -> None:
    hole = "<g:interior><g:LinearRing><g:posList>1 1 0 1 2 0 2 2 0 2 1 0 1 1 0</g:posList></g:LinearRing></g:interior>"
    city, _ = read_geometry(tmp_path, GOOD.replace("</g:Polygon>", f"{hole}</g:Polygon>"))
    assert city.polygons.areas_m2.tolist() == [19.0]
    assert len(city.polygons.rings(0)) == 2


FAULTS = {
    "ring_odd_count": ring("<g:posList>0 0 0 4 0 0 4 5</g:posList>"),
    "ring_not_numbers": ring("<g:posList>0 0 0 4 0 0 4 five 0 0 0 0</g:posList>"),
    "coordinates_not_finite": ring("<g:posList>0 0 0 4 0 NaN 4 5 0 0 0 0</g:posList>"),
    "surface_without_corners": ring("<g:posList>0 0 0 4 0 0 0 0 0</g:posList>"),
    "curve_not_read": ring("<g:curveMember><g:Curve><g:segments><g:Arc><g:posList>0 0 0 1 1 0 2 0 0</g:posList></g:Arc></g:segments></g:Curve></g:curveMember>", "Ring"),
}  # fmt: skip


@pytest.mark.parametrize("code", FAULTS)
def test_a_bad_polygon_is_left_out_by_name_and_the_rest_kept(tmp_path: Path, code: str) -> None:
    city, report = read_geometry(tmp_path, f"{GOOD}|{FAULTS[code]}|{GOOD}")
    assert city.polygons.areas_m2.tolist() == [20.0, 20.0]
    assert [(item.object, item.code, item.action) for item in report.items] == [("H", code, "repaired")]
    assert report.items[0].message.startswith("1 surface that ")


@pytest.mark.parametrize(
    "empty", ["<g:Polygon/>", "<g:Polygon><g:exterior/></g:Polygon>", ring(""), ring("<g:posList/>")]
)
def test_an_empty_polygon_is_left_out(tmp_path: Path, empty: str) -> None:
    city, report = read_geometry(tmp_path, f"{GOOD}|{empty}")
    assert len(city.polygons) == 1
    assert [item.code for item in report.items] == ["surface_without_corners"]


def test_a_hole_without_corners_goes_and_its_polygon_stays(tmp_path: Path) -> None:
    hole = "<g:interior><g:LinearRing><g:posList>1 1 0 2 2 0 1 1 0</g:posList></g:LinearRing></g:interior>"
    city, report = read_geometry(tmp_path, GOOD.replace("</g:Polygon>", f"{hole}</g:Polygon>"))
    assert city.polygons.areas_m2.tolist() == [20.0]
    assert [item.code for item in report.items] == ["hole_without_corners"]


def test_an_open_ring_is_closed_and_told(tmp_path: Path) -> None:
    city, report = read_geometry(tmp_path, ring("<g:posList>0 0 0 4 0 0 4 5 0 0 5 0</g:posList>"))
    assert city.polygons.areas_m2.tolist() == [20.0]
    assert [item.code for item in report.items] == ["ring_not_closed"]


def test_coordinates_are_never_rounded(tmp_path: Path) -> None:
    x, y, z = 390477.994899531, 5819214.18602785, 27.5200004577637
    city, _ = read_geometry(
        tmp_path,
        ring(f"<g:posList>{x!r} {y!r} {z!r} {x + 1!r} {y!r} {z!r} {x!r} {y + 1!r} {z!r} {x!r} {y!r} {z!r}</g:posList>"),
    )
    assert city.polygons.vertices[0].tolist() == [x, y, z]


def test_nesting_beyond_reason_ends_in_a_sentence_or_without_surfaces(tmp_path: Path) -> None:
    from citytwin_desktop.errors import KnownError

    deep = "<g:CompositeSurface><g:surfaceMember>" * 60 + GOOD + "</g:surfaceMember></g:CompositeSurface>" * 60
    city, _ = read_geometry(tmp_path, deep)
    assert len(city.polygons) == 1
    with pytest.raises(KnownError, match="nested"):
        read_geometry(
            tmp_path, "<g:CompositeSurface><g:surfaceMember>" * 200 + "</g:surfaceMember></g:CompositeSurface>" * 200
        )


def test_references_that_double_and_double_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.formats.citygml import references

    monkeypatch.setattr(references, "_MOST_FACES", 1000)
    levels = [f'<g:CompositeSurface g:id="s0"><g:surfaceMember>{GOOD}</g:surfaceMember></g:CompositeSurface>']
    for level in range(1, 40):
        link = f'<g:surfaceMember xlink:href="#s{level - 1}"/>'
        levels.append(f'<g:CompositeSurface g:id="s{level}">{link}{link}</g:CompositeSurface>')
    city, report = read_geometry(tmp_path, "|".join(levels))
    assert len(city.polygons) == 1
    assert "xlink_too_many" in {item.code for item in report.items}


def test_references_that_double_and_double_into_nothing_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.formats.citygml import references

    monkeypatch.setattr(references, "_MOST_STEPS", 10_000)
    levels = ['<g:CompositeSurface g:id="s0"><g:surfaceMember xlink:href="#gone"/></g:CompositeSurface>']
    for level in range(1, 40):
        link = f'<g:surfaceMember xlink:href="#s{level - 1}"/>'
        levels.append(f'<g:CompositeSurface g:id="s{level}">{link}{link}</g:CompositeSurface>')
    city, report = read_geometry(tmp_path, "|".join(levels))
    assert len(city.polygons) == 0
    assert "xlink_too_many" in {item.code for item in report.items}


@pytest.mark.parametrize("where", ["posList", "Polygon"])
def test_a_stated_plan_is_never_taken_for_space(tmp_path: Path, where: str) -> None:
    # Six corners of a plan that would close as four corners in space, too.
    text = ring("<g:posList>0 0 0 4 4 4 4 0 2 0 0 0</g:posList>").replace(f"<g:{where}", f'<g:{where} srsDimension="2"')
    city, _ = read_geometry(tmp_path, text)
    assert len(city.polygons.vertices) == 5
    assert city.polygons.areas_m2[0] == pytest.approx(16.0)
    assert (city.polygons.vertices[:, 2] == 0.0).all()


def test_a_polygon_may_be_all_that_names_the_system(tmp_path: Path) -> None:
    city, _ = read_geometry(tmp_path, GOOD.replace("<g:Polygon", '<g:Polygon srsName="EPSG:2056"'))
    assert city.reference.name == "EPSG:2056"
