"""Roofs over an outline: flat, shed, gable and hip, as planes that tile the plan."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.shaping.plan_bodies import Body, body_over
from citytwin_desktop.city.shaping.plan_cutting import cut_by_line
from citytwin_desktop.city.shaping.straight_skeleton import straight_skeleton

_STRAIGHT_M = 1e-3
"""How far a corner may lie off the line between its neighbours for a hip roof to take both edges for one."""


class RoofShape(StrEnum):
    """Shapes of roofs that can be given to a building."""

    FLAT = "flat"
    GABLE = "gable"
    HIP = "hip"
    SHED = "shed"


@dataclass(frozen=True, eq=False)
class Roof:
    """A roof of slope 1 over a plan; heights of steeper ones are in proportion.

    Parameters
    ----------
    plan : shapely.Polygon
        Coordinates from the anchor.
    faces : tuple of shapely.Polygon
        They tile the plan and share their corners.
    planes : ndarray, (f, 3) float64
        a, b, c of the height above the eaves, a x + b y + c [m].
    anchor_m : ndarray, (2,) float64 [m]
    """

    plan: shapely.Polygon
    faces: tuple[shapely.Polygon, ...]
    planes: FloatArray
    anchor_m: FloatArray

    @property
    def rise_m(self) -> float:
        """Highest point above the eaves for a slope of 1 [m]; 0 for a flat roof."""
        return max(float(_heights(plane, face).max()) for plane, face in zip(self.planes, self.faces, strict=True))

    @property
    def volume_m3(self) -> float:
        """Space below the roof, above the level of the eaves, for a slope of 1 [m3]."""
        middles = shapely.get_coordinates(shapely.centroid(np.array(self.faces, object)))
        heights = np.einsum("ij,ij->i", self.planes[:, :2], middles) + self.planes[:, 2]
        return float(shapely.area(np.array(self.faces, object)) @ heights)

    def body(self, base_m: float, eaves_m: float, slope: float) -> Body:
        """Closed body with this roof.

        Parameters
        ----------
        base_m, eaves_m : float [m]
            Heights of the ground and of the lowest line of the roof.
        slope : float
            Tangent of the pitch.
        """
        planes = self.planes * slope + [0.0, 0.0, eaves_m]
        return body_over(self.faces, planes, np.full(len(self.faces), base_m), self.anchor_m, self.plan)


def roof_over(plan: shapely.Polygon, shape: RoofShape, ridge_deg: float | None = None) -> Roof:
    """Roof of a shape over a plan.

    Parameters
    ----------
    plan : shapely.Polygon
        Valid, outer ring counter-clockwise, in local coordinates.
    shape : RoofShape
        A gable has two planes that meet in a line through the middle of the plan; its eaves are as low as the plan
        is wide from that line, so that walls end at other heights where the plan is narrower. A shed has one plane.
        A hip rises from every edge alike (its straight skeleton).
    ridge_deg : float, optional [deg]
        Direction of the ridge, or of the lines of equal height of a shed, counter-clockwise from east; that of the
        longer side of the smallest rectangle around the plan when not given. A shed falls to the right of it; by
        default to the side that looks more to the south. A hip has no choice.

    Raises
    ------
    KnownError
        When a hip cannot be made over so intricate a plan.
    """
    anchor = shapely.get_coordinates(plan)[0]
    here = shapely.transform(plan, lambda points: points - anchor)
    if shape is RoofShape.FLAT:
        return Roof(here, (here,), np.zeros((1, 3)), anchor)
    if shape is RoofShape.HIP:
        return _hip(here, anchor)
    along = _ridge_direction(here, ridge_deg, downhill_south=shape is RoofShape.SHED)
    left = np.array([-along[1], along[0]])
    across = shapely.get_coordinates(here) @ left
    low, high = float(across.min()), float(across.max())
    if shape is RoofShape.SHED:
        return Roof(here, (here,), np.array([[*left, -low]]), anchor)
    middle, half = (low + high) / 2.0, (high - low) / 2.0
    faces = cut_by_line(here, left * middle, along)
    planes = np.array([[*(-side * left), half + side * middle] for _, side in faces])
    return Roof(here, tuple(face for face, _ in faces), planes, anchor)


def longer_side_deg(plan: shapely.Polygon) -> float:
    """Direction of the longer side of the smallest rectangle around a plan, 0 up to 180, from east [deg]."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(plan))[:4]
    sides = np.roll(corners, -1, axis=0) - corners
    length = np.hypot(*sides.T)
    side = sides[0] if length[0] >= length[1] * (1.0 - 1e-9) else sides[1]
    return math.degrees(math.atan2(side[1], side[0])) % 180.0


def _ridge_direction(plan: shapely.Polygon, ridge_deg: float | None, *, downhill_south: bool) -> FloatArray:
    angle = math.radians(longer_side_deg(plan) if ridge_deg is None else ridge_deg)
    along = np.array([math.cos(angle), math.sin(angle)])
    # What falls to the right of a line that runs east falls to the south.
    runs_west = along[0] < -1e-9 or (abs(along[0]) <= 1e-9 and along[1] < 0)
    return -along if ridge_deg is None and downhill_south and runs_west else along


def _hip(plan: shapely.Polygon, anchor: FloatArray) -> Roof:
    rings = [_without_straight(shapely.get_coordinates(ring)[:-1]) for ring in shapely.get_rings(plan)]
    skeleton = straight_skeleton(rings)
    inward, start = skeleton.inward[skeleton.edge], skeleton.start[skeleton.edge]
    planes = np.column_stack([inward, -np.einsum("ij,ij->i", inward, start)])
    return Roof(shapely.Polygon(rings[0], rings[1:]), tuple(skeleton.faces), planes, anchor)


def _without_straight(ring: FloatArray) -> FloatArray:
    """A ring without corners that lie on the line between their neighbours."""
    points = ring
    while len(points) > 3:
        before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
        chord = after - before
        off = np.abs(chord[:, 0] * (points - before)[:, 1] - chord[:, 1] * (points - before)[:, 0])
        off /= np.maximum(np.hypot(*chord.T), 1e-9)
        worst = int(np.argmin(off))
        if off[worst] > _STRAIGHT_M:
            break
        points = np.delete(points, worst, axis=0)
    return points


def _heights(plane: FloatArray, face: shapely.Polygon) -> FloatArray:
    points = shapely.get_coordinates(face)
    return np.asarray(points @ plane[:2] + plane[2])
