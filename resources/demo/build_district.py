"""Write ``district.city.json``: the invented district that CityTwin Desktop ships for its demo.

Usage: ``python build_district.py [OUT.city.json]``

The same seed gives the same bytes. Nothing in it is a real building, address or person.
"""

import json
import math
import sys
from pathlib import Path
from random import Random
from typing import Any

import shapely
from district_blocks import PlannedBuilding
from district_bodies import Body, Point3
from district_context import GREEN_LEVEL_M, POND_LEVEL_M, STREET_LEVEL_M, greens, pond, streets, tree, tree_places
from district_plan import planned_buildings

SEED = 1871
EPSG = 26916
EASTING_M, NORTHING_M, GROUND_M = 424000.0, 4648000.0, 200.0
"""UTM zone 16 north near Chicago, where the plan's middle lies, and the height of its ground."""
TURN_RAD = -math.radians(24.0)
"""Against the map, so that the first view, from the south-west, looks into the streets."""
MIDDLE = (180.0, 130.0)
SCALE_M = 0.001
LEVEL_OF_DETAIL = "2.2"
TITLE = "CityTwin demo district: an invented place; every building, year, use and address is made up"


class Vertices:
    """All corners once, as whole millimetres."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int]] = []
        self._index: dict[tuple[int, int, int], int] = {}

    def index(self, point: Point3) -> int:
        """Number of a corner given in plan metres above the ground."""
        x, y = point[0] - MIDDLE[0], point[1] - MIDDLE[1]
        east = math.cos(TURN_RAD) * x - math.sin(TURN_RAD) * y
        north = math.sin(TURN_RAD) * x + math.cos(TURN_RAD) * y
        key = (round(east / SCALE_M), round(north / SCALE_M), round(point[2] / SCALE_M))
        if key not in self._index:
            self._index[key] = len(self.rows)
            self.rows.append(key)
        return self._index[key]

    def boundaries(self, body: Body) -> list[list[list[int]]]:
        """Faces as numbers of corners."""
        return [[[self.index(point) for point in ring] for ring in face] for face in body]


def turned(body: Body, turn: tuple[float, float, float]) -> Body:
    """A body turned about its zero and moved."""
    x0, y0, angle = turn
    cos, sin = math.cos(angle), math.sin(angle)
    return [
        [[(x0 + cos * x - sin * y, y0 + sin * x + cos * y, z) for x, y, z in ring] for ring in face] for face in body
    ]


def surface_type(face: list[list[Point3]]) -> int:
    """0 ground, 1 roof, 2 wall, by the way a face looks."""
    ring = face[0]
    normal = [0.0, 0.0, 0.0]
    for (x0, y0, z0), (x1, y1, z1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        normal[0] += (y0 - y1) * (z0 + z1)
        normal[1] += (z0 - z1) * (x0 + x1)
        normal[2] += (x0 - x1) * (y0 + y1)
    upward = normal[2] / math.hypot(*normal)
    return 1 if upward > 0.1 else 0 if upward < -0.1 else 2


def solid(body: Body, vertices: Vertices) -> dict[str, Any]:
    """CityJSON geometry of a closed body with a meaning for every face."""
    kinds = [{"type": name} for name in ("GroundSurface", "RoofSurface", "WallSurface")]
    return {
        "type": "Solid",
        "lod": LEVEL_OF_DETAIL,
        "boundaries": [vertices.boundaries(body)],
        "semantics": {"surfaces": kinds, "values": [[surface_type(face) for face in body]]},
    }


def building_objects(buildings: list[PlannedBuilding], vertices: Vertices) -> dict[str, Any]:
    """CityJSON objects of all buildings and parts by identifier."""
    objects: dict[str, Any] = {}
    last_number: dict[str, int] = {}
    for count, building in enumerate(buildings, start=1):
        number = last_number[building.street] = last_number.get(building.street, 0) + 2
        identifier, address = f"demo-{count:03d}", f"{number} {building.street}"
        objects[identifier] = _object(building, address, vertices)
        if not building.parts:
            continue
        objects[identifier]["children"] = [f"{identifier}-{name}" for name in building.parts]
        for name, part in building.parts.items():
            made = _object(part, f"{address}, {name}", vertices)
            objects[f"{identifier}-{name}"] = {**made, "type": "BuildingPart", "parents": [identifier]}
    return objects


def _object(building: PlannedBuilding, name: str, vertices: Vertices) -> dict[str, Any]:
    body = turned(building.body, building.turn)
    tops = [p[2] for b in (building, *building.parts.values()) for face in b.body for ring in face for p in ring]
    attributes: dict[str, Any] = {
        "name": name,
        "function": building.function,
        "yearOfConstruction": building.year,
        "storeysAboveGround": building.storeys,
        "measuredHeight": round(max(tops), 2),
        "roofType": building.roof,
        "dataOrigin": "invented",
    }
    if building.note:
        attributes["description"] = building.note
    geometry = [solid(body, vertices)] if body else []
    return {"type": "Building", "attributes": attributes, "geometry": geometry}


def flat_object(kind: str, name: str, shape: shapely.Geometry, level: float, vertices: Vertices) -> dict[str, Any]:
    """CityJSON object of an area at one height."""
    faces: Body = []
    for polygon in shapely.get_parts(shapely.orient_polygons(shapely.normalize(shape))):
        rings = (polygon.exterior, *polygon.interiors)
        faces.append([[(x, y, level) for x, y in list(ring.coords)[:-1]] for ring in rings])
    geometry = {"type": "MultiSurface", "lod": "2", "boundaries": vertices.boundaries(faces)}
    return {"type": kind, "attributes": {"name": name, "dataOrigin": "invented"}, "geometry": [geometry]}


def context_objects(footprints: shapely.Geometry, random: Random, vertices: Vertices) -> dict[str, Any]:
    """CityJSON objects of streets, green, water and trees by identifier."""
    objects: dict[str, Any] = {}
    for number, (name, shape) in enumerate(streets().items(), start=1):
        objects[f"demo-road-{number:02d}"] = flat_object("Road", name, shape, STREET_LEVEL_M, vertices)
    for number, (name, shape) in enumerate(greens(footprints).items(), start=1):
        kind = "PlantCover" if "Garden" in name else "LandUse"
        objects[f"demo-green-{number:02d}"] = flat_object(kind, name, shape, GREEN_LEVEL_M, vertices)
    objects["demo-pond"] = flat_object("WaterBody", "Mill Pond", pond(), POND_LEVEL_M, vertices)
    for number, (x, y) in enumerate(tree_places(random, footprints), start=1):
        body = turned(tree(random), (x, y, 0.0))
        geometry = {"type": "MultiSurface", "lod": "2", "boundaries": vertices.boundaries(body)}
        attributes = {"dataOrigin": "invented"}
        kind = "SolitaryVegetationObject"
        objects[f"demo-tree-{number:03d}"] = {"type": kind, "attributes": attributes, "geometry": [geometry]}
    return objects


def footprint_area(buildings: list[PlannedBuilding]) -> shapely.Geometry:
    """Ground of all buildings in the plan."""
    shapes = []
    for building in buildings:
        for part in (building, *building.parts.values()):
            grounds = [face for face in turned(part.body, part.turn) if surface_type(face) == 0]
            shapes += [shapely.Polygon([p[:2] for p in g[0]], [[p[:2] for p in r] for r in g[1:]]) for g in grounds]
    return shapely.union_all(shapes, grid_size=0.001)


def district() -> dict[str, Any]:
    """The whole CityJSON 2.0 document."""
    random, vertices = Random(SEED), Vertices()  # noqa: S311 - scenery, not secrets
    buildings = planned_buildings(random)
    objects = building_objects(buildings, vertices)
    objects |= context_objects(footprint_area(buildings), random, vertices)
    low, high = ([bound(column) * SCALE_M for column in zip(*vertices.rows, strict=True)] for bound in (min, max))
    shift = (EASTING_M, NORTHING_M, GROUND_M)
    metadata = {
        "title": TITLE,
        "referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{EPSG}",
        "geographicalExtent": [round(a + b, 3) for ends in (low, high) for a, b in zip(ends, shift, strict=True)],
    }
    return {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": metadata,
        "transform": {"scale": [SCALE_M] * 3, "translate": list(shift)},
        "CityObjects": objects,
        "vertices": vertices.rows,
    }


def main() -> None:
    """Write the file."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("district.city.json")
    out.write_bytes(json.dumps(district(), separators=(",", ":"), ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main()
