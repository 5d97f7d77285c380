"""Which surface of the city each face of a model stands for, so that results can be shown on it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from citytwin_desktop.city.footprints import plan_polygons
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.sim.energyplus.inputs import Face, Storey, area_vector_m2

_OFF_PLANE_M = 0.6
_OFF_EDGE_M = 0.5
_FACING = 0.9  # cosine of 25 degrees


def linked(storeys: Sequence[Storey], city: CityModel, row: int, origin_m: FloatArray) -> tuple[Storey, ...]:
    """Storeys whose walls and ground floors know their surface of the city.

    A wall stands for the wall surface of the same building that faces the same way, lies nearest in its plane, and
    spans the middle of the face; a floor on ground for the ground surface below its middle.

    Parameters
    ----------
    storeys : sequence of Storey
    city : CityModel
    row : int
        Building row.
    origin_m : ndarray, (3,) float64 [m]
        That the corners start from.
    """
    own = city.surfaces.of_building(row)
    kinds = city.surfaces.kind[own]
    walls = own.start + np.flatnonzero(kinds == SurfaceKind.WALL)
    ground = own.start + np.flatnonzero(kinds == SurfaceKind.GROUND)
    upright = [face for storey in storeys for face in storey.faces if face.kind == "wall" and face.beyond != "storey"]
    found = dict(zip((face.name for face in upright), _walls(upright, city, walls, origin_m), strict=True))
    below = [face for face in storeys[0].faces if face.kind == "floor"]
    found |= dict(zip((face.name for face in below), _grounds(below, city, ground, origin_m), strict=True))
    return tuple(
        replace(
            storey,
            faces=tuple(
                replace(face, city_surface=found[face.name]) if face.name in found else face for face in storey.faces
            ),
        )
        for storey in storeys
    )


def _walls(faces: Sequence[Face], city: CityModel, walls: IntArray, origin_m: FloatArray) -> list[int]:
    if not len(walls) or not faces:
        return [-1] * len(faces)
    vectors = np.array([area_vector_m2(face.corners) for face in faces])
    normals = vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)[:, None]
    middles = np.array([face.corners.mean(axis=0) for face in faces]) + origin_m
    polygons = city.surfaces.polygons.take(walls)
    facing = normals @ polygons.normals.T
    offset = middles[:, None, :] - polygons.vertices[polygons.first_vertex][None, :, :]
    off_plane = np.abs(np.einsum("fwj,wj->fw", offset, polygons.normals))
    outside = _outside_box_m(middles, polygons.vertices, polygons.vertex_polygon, len(polygons))
    suits = (facing > _FACING) & (off_plane < _OFF_PLANE_M) & (outside < _OFF_EDGE_M)
    score = np.where(suits, off_plane + outside, np.inf)
    best = np.argmin(score, axis=1)
    rows = np.arange(len(faces))
    return [int(wall) if ok else -1 for wall, ok in zip(walls[best], np.isfinite(score[rows, best]), strict=True)]


def _outside_box_m(points: FloatArray, vertices: FloatArray, owner: IntArray, count: int) -> FloatArray:
    """(n_points, count) float64 [m]: how far points lie outside the boxes around polygons."""
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    np.minimum.at(low, owner, vertices)
    np.maximum.at(high, owner, vertices)
    apart = np.maximum(low[None] - points[:, None], points[:, None] - high[None])
    return np.asarray(np.linalg.norm(np.maximum(apart, 0.0), axis=2))


def _grounds(faces: Sequence[Face], city: CityModel, ground: IntArray, origin_m: FloatArray) -> list[int]:
    if not len(ground):
        return [-1] * len(faces)
    if len(ground) == 1:
        return [int(ground[0])] * len(faces)
    polygons = city.surfaces.polygons.take(ground)
    shapes = plan_polygons(polygons)
    points = [shapely.Polygon(face.corners[:, :2] + origin_m[:2]).representative_point() for face in faces]
    distance = shapely.distance(shapes[None, :], np.array(points, object)[:, None])
    return [int(surface) for surface in ground[np.argmin(distance, axis=1)]]
