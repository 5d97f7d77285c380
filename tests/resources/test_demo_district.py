"""The shipped district: made by its script, closed, plane, outward, varied, and read without repairs."""

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.resources import resource_path
from citytwin_desktop.city.coordinates import latitude_longitude_deg
from citytwin_desktop.city.footprint_edges import footprint_edges
from citytwin_desktop.city.footprints import footprints
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.party_walls import find_party_walls
from citytwin_desktop.formats.cityjson.reading import read_cityjson
from citytwin_desktop.formats.report import ImportReport

PLANE_M = 0.002
"""Corners are whole millimetres, so a slope cannot be plane to better than about one."""


def district_path() -> Path:
    return resource_path("demo", "district.city.json")


@cache
def district() -> tuple[CityModel, ImportReport]:
    return read_cityjson(district_path().read_bytes(), "district.city.json")


@pytest.fixture
def city() -> CityModel:
    return district()[0]


def test_the_script_writes_the_committed_file(tmp_path: Path) -> None:
    out = tmp_path / "again.city.json"
    script = district_path().with_name("build_district.py")
    subprocess.run([sys.executable, str(script), str(out)], check=True, timeout=120)
    assert out.read_bytes() == district_path().read_bytes(), "run resources/demo/build_district.py and commit"


def test_the_file_is_small_compact_and_says_that_it_is_invented() -> None:
    data = district_path().read_bytes()
    assert len(data) < 1_500_000
    document = json.loads(data)
    assert document["version"] == "2.0"
    assert "invented" in document["metadata"]["title"]
    objects = document["CityObjects"].values()
    assert all(item["attributes"]["dataOrigin"] == "invented" for item in objects)


def test_reading_it_needs_no_repair() -> None:
    _, report = district()
    assert report.items == []


def test_size_and_place(city: CityModel) -> None:
    buildings = [parent for parent in city.buildings.columns["parent_id"] if not parent]
    assert 80 <= len(buildings) <= 150
    assert city.epsg == 26916
    latitude, longitude = latitude_longitude_deg(city)
    assert latitude == pytest.approx(41.98, abs=0.01)
    assert longitude == pytest.approx(-87.92, abs=0.01)
    storeys = city.buildings.columns["storeys"][city.rows_with_geometry]
    assert storeys.sum() <= 450, "the demo simulates one zone for each storey and must stay quick"


def test_every_body_is_closed(city: CityModel) -> None:
    """Every edge is walked exactly once in either direction, courtyards included."""
    for row in city.rows_with_geometry:
        mine = city.surfaces.of_building(int(row))
        directed: Counter[tuple[tuple[int, ...], tuple[int, ...]]] = Counter()
        for index in range(mine.start, mine.stop):
            for ring in city.surfaces.polygons.rings(index):
                corners = [tuple(corner) for corner in np.round(ring * 1000).astype(int).tolist()]
                assert len(set(corners)) == len(corners) >= 3
                directed.update(zip(corners, corners[1:] + corners[:1], strict=True))
        identifier = city.buildings.ids[row]
        assert max(directed.values()) == 1, identifier
        assert all((end, start) in directed for start, end in directed), identifier


def test_every_body_is_wound_outwards(city: CityModel) -> None:
    low, high = city.bounds_m
    polygons, owner = city.surfaces.polygons, city.surfaces.building
    from_middle = polygons.moved((0.0, 0.0, 0.0)).vertices - ((low + high) / 2)[owner[polygons.vertex_polygon]]
    anchors = from_middle[polygons.ring_start[polygons.polygon_start[:-1]]]
    cones = np.einsum("ij,ij->i", anchors, polygons.area_vectors_m2) / 3
    volumes = np.bincount(owner, cones, minlength=len(city.buildings))[city.rows_with_geometry]
    assert (volumes > 50.0).all()


def test_faces_are_plane_and_named_by_their_slope(city: CityModel) -> None:
    polygons, kind = city.surfaces.polygons, city.surfaces.kind
    offsets = polygons.vertices - polygons.centroids[polygons.vertex_polygon]
    distance = np.abs(np.einsum("ij,ij->i", offsets, polygons.normals[polygons.vertex_polygon]))
    assert distance.max() < PLANE_M
    upward = polygons.normals[:, 2]
    assert np.abs(upward[kind == SurfaceKind.WALL]).max() < 0.01
    assert upward[kind == SurfaceKind.ROOF].min() > 0.2
    assert upward[kind == SurfaceKind.GROUND].max() < -0.999
    assert set(kind) == {SurfaceKind.WALL, SurfaceKind.ROOF, SurfaceKind.GROUND}


def test_buildings_touch_but_do_not_overlap(city: CityModel) -> None:
    plans = footprints(city)
    assert len(plans) == len(city.rows_with_geometry)
    assert all(plan.plan_origin == "ground" and plan.height_origin == "volume" for plan in plans.values())
    shapes = np.array([plan.geometry for plan in plans.values()])
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))[one < other]
    assert common.max() < 0.05
    party = find_party_walls(footprint_edges(plans.values()))
    assert len(party) >= 100
    assert len(np.unique(party.top_z_m.round(1))) > 10, "neighbours differ in height"


def test_it_is_varied(city: CityModel) -> None:
    columns = city.buildings.columns
    used = Counter(columns["function"])
    assert set(used) == set(FUNCTIONS)
    years = columns["year_built"]
    assert years.min() < 1900
    assert years.max() > 2015
    assert np.isfinite(years).all()
    holes = np.diff(city.surfaces.polygons.polygon_start) - 1
    assert (holes[city.surfaces.kind == SurfaceKind.GROUND] > 0).sum() >= 3
    assert holes.max() == 2
    parts = Counter(parent for parent in columns["parent_id"] if parent)
    assert list(parts.values()) == [2, 2]
    assert len(set(columns["name"])) == len(columns["name"])


def test_heights_and_storeys_fit(city: CityModel) -> None:
    """The simulated storeys of homes and offices have a height that storeys have."""
    columns = city.buildings.columns
    for row, plan in footprints(city).items():
        assert columns["attributes"][row]["measuredHeight"] == pytest.approx(columns["height_m"][row], abs=0.01)
        storeys = columns["storeys"][row]
        assert 2.6 < plan.mean_height_m / storeys < (5.0 if storeys > 1 else 8.0), columns["name"][row]


def test_context_is_there_and_off_the_buildings(city: CityModel) -> None:
    kinds = {layer.kind: layer.polygons for layer in city.context}
    assert set(kinds) == {ContextKind.ROAD, ContextKind.GREEN, ContextKind.WATER, ContextKind.TREE}
    built = shapely.union_all([plan.geometry for plan in footprints(city).values()])
    roads = kinds[ContextKind.ROAD]
    for index in range(len(roads)):
        outer, *holes = (ring[:, :2] for ring in roads.rings(index))
        assert shapely.Polygon(outer, holes).intersection(built).area < 0.05
