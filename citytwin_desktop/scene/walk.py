"""Walking through the streets: an eye with a body that follows the ground and cannot enter buildings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import mutable
from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.appearance import HIDDEN
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.surroundings import ground_height_m

if TYPE_CHECKING:
    from citytwin_desktop.scene.city_scene import CityScene

EYE_HEIGHT_M, LOWEST_EYE_M, HIGHEST_EYE_M = 1.7, 0.5, 60.0
BODY_RADIUS_M, KNEE_M = 0.35, 0.5
WALK_M_S, RUN_M_S = 2.2, 7.0
STEEPEST_LOOK_DEG, VIEW_ANGLE_DEG = 80.0, 60.0
LONGEST_STEP_M = 0.3
"""Longer ways are walked in pieces: shorter than the body is wide, so that no wall fits between two."""

FALL_M_S = 8.0
Distance = Callable[[FloatArray, FloatArray, float], tuple[float, FloatArray] | None]
"""From a point, along a unit direction, at most so far [m]: distance and normal of the first wall, or nothing."""


@dataclass(frozen=True)
class Walker:
    """Where somebody stands and looks.

    Parameters
    ----------
    place : tuple of float [m]
        East and north in local coordinates, and the height of the feet.
    bearing_deg, pitch_deg : float
        Compass bearing of the view, and how far up it goes.
    eye_m : float
        Height of the eye over the feet.
    """

    place: tuple[float, float, float]
    bearing_deg: float = 0.0
    pitch_deg: float = 0.0
    eye_m: float = EYE_HEIGHT_M

    @property
    def eye(self) -> FloatArray:
        """(3,) float64 [m]."""
        return np.add(self.place, (0.0, 0.0, self.eye_m))

    def camera(self) -> OrbitCamera:
        """What is seen."""
        return OrbitCamera.from_eye(self.eye, self.bearing_deg, self.pitch_deg, VIEW_ANGLE_DEG)

    def turned(self, right_deg: float, up_deg: float) -> Walker:
        """Looking elsewhere."""
        pitch = float(np.clip(self.pitch_deg + up_deg, -STEEPEST_LOOK_DEG, STEEPEST_LOOK_DEG))
        return replace(self, bearing_deg=(self.bearing_deg + right_deg) % 360.0, pitch_deg=pitch)

    def raised(self, up_m: float) -> Walker:
        """With the eye at another height over the feet."""
        return replace(self, eye_m=float(np.clip(self.eye_m + up_m, LOWEST_EYE_M, HIGHEST_EYE_M)))

    def direction(self, ahead: float, right: float) -> FloatArray:
        """(2,) float64: unit vector on the plan of a step ahead and to the right; zero for none."""
        bearing = np.radians(self.bearing_deg)
        forward, side = np.array([np.sin(bearing), np.cos(bearing)]), np.array([np.cos(bearing), -np.sin(bearing)])
        way = forward * ahead + side * right
        length = float(np.linalg.norm(way))
        return np.asarray(way / length if length > 1e-9 else way * 0.0)


class Street:
    """What stops a walker: walls as a ray meets them, and the ground under the feet.

    Parameters
    ----------
    first_wall : Distance
    ground_m : callable
        Height of the ground [m] at a place on the plan.
    """

    def __init__(self, first_wall: Distance, ground_m: Callable[[float, float], float]) -> None:
        self.first_wall, self.ground_m = first_wall, ground_m

    def walked(self, walker: Walker, way: FloatArray, seconds: float) -> Walker:
        """A walker after a way on the plan, stopped by walls and led along them.

        Parameters
        ----------
        walker : Walker
        way : ndarray, (2,) float64 [m]
        seconds : float
            How long it takes; nobody falls or climbs faster than `FALL_M_S`.
        """
        length = float(np.linalg.norm(way))
        pieces = max(int(np.ceil(length / LONGEST_STEP_M)), 1)
        for _ in range(pieces):
            walker = self._step(walker, way / pieces)
        return self._fallen(walker, seconds)

    def raised(self, walker: Walker, up_m: float) -> Walker:
        """A walker with the eye higher or lower, as far as nothing is above it."""
        up = np.array([0.0, 0.0, 1.0])
        blocked = up_m > 0.0 and self.first_wall(walker.eye, up, up_m + BODY_RADIUS_M) is not None
        return walker if blocked else walker.raised(up_m)

    def _step(self, walker: Walker, way: FloatArray) -> Walker:
        here = np.asarray(walker.place)
        for _ in range(2):
            wall = self._wall(here, walker.eye_m, way)
            if wall is None:
                break
            # Along the wall: what goes into it is taken off.
            normal = wall[:2] / max(float(np.linalg.norm(wall[:2])), 1e-9)
            way = way - normal * min(float(way @ normal), 0.0)
        else:
            if self._wall(here, walker.eye_m, way) is not None:
                return walker
        east, north = here[:2] + way
        return replace(walker, place=(float(east), float(north), float(here[2])))

    def _wall(self, here: FloatArray, eye_m: float, way: FloatArray) -> FloatArray | None:
        """Normal of a wall within reach of a step, turned against the step."""
        length = float(np.linalg.norm(way))
        if length < 1e-9:
            return None
        ahead = np.array([way[0], way[1], 0.0]) / length
        side = np.array([-ahead[1], ahead[0], 0.0]) * BODY_RADIUS_M
        nearest: tuple[float, FloatArray] | None = None
        for height in sorted({min(KNEE_M, eye_m), eye_m}):
            for shift in (-1.0, 0.0, 1.0):
                start = here + (0.0, 0.0, height) + side * shift
                met = self.first_wall(start, ahead, length + BODY_RADIUS_M)
                if met is not None and (nearest is None or met[0] < nearest[0]):
                    nearest = met
        if nearest is None:
            return None
        normal = nearest[1] if float(nearest[1] @ ahead) < 0.0 else -nearest[1]
        return np.asarray(normal if np.linalg.norm(normal[:2]) > 0.1 else -ahead)

    def _fallen(self, walker: Walker, seconds: float) -> Walker:
        east, north, feet = walker.place
        ground = self.ground_m(east, north)
        most = FALL_M_S * seconds
        return replace(walker, place=(east, north, float(feet + np.clip(ground - feet, -most, most))))


class SceneStreet(Street):
    """The street of a scene: its shown buildings and its terrain.

    Parameters
    ----------
    scene : CityScene
    """

    def __init__(self, scene: CityScene) -> None:
        self.scene = scene
        self.level_m = ground_height_m(scene.city)
        layers = {layer.name for layer in scene.city.context if layer.kind is ContextKind.TERRAIN}
        self._terrain = [_locator(actor) for name, actor in scene.ground.layers if name in layers]
        super().__init__(self._first_wall, self._ground_m)

    def start(self, point: FloatArray, bearing_deg: float) -> Walker | None:
        """A walker on the ground at a point; beside a building when the point lies in one, `None` without room."""
        for turn in range(25):
            reach, angle = 0.0 if turn == 0 else 1.0 + turn * 1.5, turn * 2.4
            east, north = point[0] + reach * np.sin(angle), point[1] + reach * np.cos(angle)
            place = (float(east), float(north), self._ground_m(float(east), float(north)))
            if not self.covered(np.asarray(place)):
                return Walker(place, bearing_deg)
        return None

    def covered(self, feet: FloatArray) -> bool:
        """Whether something of a building stands over or close around a place."""
        up = np.array([0.0, 0.0, 1.0])
        knee = np.add(feet, (0.0, 0.0, KNEE_M))
        if self._first_wall(knee, up, 1e3) is not None:
            return True
        sides = ([1.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, -1.0, 0.0])
        return any(self._first_wall(knee, np.array(side), BODY_RADIUS_M) is not None for side in sides)

    def _first_wall(self, start: FloatArray, direction: FloatArray, far_m: float) -> tuple[float, FloatArray] | None:
        visible: NDArray[np.bool_] = self.scene.appearance.building_codes() != HIDDEN
        pick = self.scene.hit(start, direction, visible)
        if pick is None:
            return None
        distance = float((pick.point - start) @ direction)
        return (distance, self.scene.city.surfaces.polygons.normals[pick.surface]) if distance <= far_m else None

    def _ground_m(self, east: float, north: float) -> float:
        heights = [height for locator in self._terrain if (height := _height(locator, east, north)) is not None]
        return max(heights, default=self.level_m)


def _locator(actor: Any) -> Any:
    locator = vtkStaticCellLocator()
    locator.SetDataSet(actor.GetMapper().GetInput())
    locator.BuildLocator()
    return locator


def _height(locator: Any, east: float, north: float) -> float | None:
    """Height [m] of a terrain at a place on the plan; `None` beside it."""
    share, point, place = mutable(0.0), [0.0, 0.0, 0.0], mutable(0)
    ends = (east, north, 1e4), (east, north, -1e4)
    found = locator.IntersectWithLine(*ends, 1e-6, share, point, [0.0, 0.0, 0.0], mutable(0), place)
    return float(point[2]) if found else None
