"""Small cities in memory for the tests of writers: upright boxes with a courtyard or a neighbour as asked."""

from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces

AMERSFOORT = 28992
ORIGIN = (91000.0, 437000.0, 2.0)
_KINDS = [SurfaceKind.GROUND, SurfaceKind.ROOF, *[SurfaceKind.WALL] * 4]


def box_faces(x: float, y: float, width: float = 10.0, depth: float = 8.0, height: float = 6.0) -> list[list[Any]]:
    """Six outward faces: ground, roof, four walls."""
    plan = [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]
    low, high = [np.array([*corner, 0.0]) for corner in plan], [np.array([*corner, height]) for corner in plan]
    walls = [[low[k], low[(k + 1) % 4], high[(k + 1) % 4], high[k]] for k in range(4)]
    return [[np.array(face)] for face in ([low[3], low[2], low[1], low[0]], high, *walls)]


def box_model(ids: list[str], *, epsg: int = AMERSFOORT, columns: dict[str, Any] | None = None) -> CityModel:
    """A row of boxes of 10 × 8 × 6 m, 20 m apart."""
    faces = [face for number in range(len(ids)) for face in box_faces(20.0 * number, 0.0)]
    count = len(ids)
    names = np.empty(count, object)
    names[:] = ids
    surfaces = Surfaces(
        Polygons.from_rings(faces),
        np.tile(np.array(_KINDS, np.uint8), count),
        np.repeat(np.arange(count), 6),
        np.array([f"{name}-{place}" for name in ids for place in range(6)], object),
    )
    return CityModel(epsg, ORIGIN, Buildings({"id": names, **(columns or {})}), surfaces)


def courtyard_model() -> CityModel:
    """One block of 30 × 30 × 10 m about a yard of 10 × 10 m: 8,000 m³."""
    outer = [(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)]
    inner = [(10.0, 10.0), (10.0, 20.0), (20.0, 20.0), (20.0, 10.0)]
    roof = [np.array([[*corner, 10.0] for corner in ring]) for ring in (outer, inner)]
    ground = [np.array([[*corner, 0.0] for corner in ring[::-1]]) for ring in (outer, inner)]
    faces = [ground, roof]
    for ring in (outer, inner):
        for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
            faces.append([np.array([[*here, 0.0], [*there, 0.0], [*there, 10.0], [*here, 10.0]])])
    kinds = np.array([SurfaceKind.GROUND, SurfaceKind.ROOF, *[SurfaceKind.WALL] * 8], np.uint8)
    surfaces = Surfaces(
        Polygons.from_rings(faces), kinds, np.zeros(10, np.int64), np.array([f"s{n}" for n in range(10)], object)
    )
    return CityModel(AMERSFOORT, ORIGIN, Buildings({"id": np.array(["yard"], object)}), surfaces)


def with_road(city: CityModel) -> CityModel:
    """The city beside a road of 100 × 5 m."""
    ring = np.array([[0.0, -10.0, 0.0], [100.0, -10.0, 0.0], [100.0, -5.0, 0.0], [0.0, -5.0, 0.0]])
    layer = ContextLayer("Roads “A”\n../x", ContextKind.ROAD, Polygons.from_rings([[ring]]))
    return CityModel(city.epsg, city.origin, city.buildings, city.surfaces, (layer,))


HOSTILE = ["a b\tc", 'quo"te\n', "../../etc/passwd", "{x}#\\", "Ж" * 300, "\x00\x1b[31m", "x" * 10_000, "日本 %41"]
"""Identifiers that a file may have."""
