"""Between the pointer and the city: where a line of sight meets planes, and where points appear in the view."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.terrain_drop import TerrainSurface
from citytwin_desktop.scene.surroundings import ground_height_m

_LEAST_SLOPE = 0.01
"""Below this share of a line of sight that goes down, a plane is met too far away to mean anything."""
_GROUND_STEPS, _SAME_LEVEL_M = 8, 0.01
AROUND_M, NEIGHBOURS = 500.0, 25
"""How far away, and how many, buildings are looked at for the level of the ground: as a new building does."""


class Sight:
    """Lines of sight of a view, in its logical pixels.

    Parameters
    ----------
    view : CityView
    """

    def __init__(self, view: Any) -> None:
        self._view = view
        self._terrain: tuple[Any, TerrainSurface | None] | None = None

    def ray(self, position: QPointF) -> tuple[FloatArray, FloatArray]:
        """Eye and unit direction through a pixel, two (3,) float64."""
        view = self._view
        origin, direction = view.scene.camera.ray(position.x(), position.y(), view.width(), view.height())
        return np.asarray(origin, np.float64), np.asarray(direction, np.float64)

    def on_level(self, position: QPointF, height_m: float) -> FloatArray | None:
        """Point of a level plane under a pixel, (3,) float64 [m]; `None` where the line of sight misses it."""
        origin, direction = self.ray(position)
        if abs(direction[2]) < _LEAST_SLOPE:
            return None
        distance = (height_m - origin[2]) / direction[2]
        return np.asarray(origin + direction * distance) if distance > 0.0 else None

    def on_upright(self, position: QPointF, place_m: FloatArray) -> float | None:
        """Height [m] at which the line of sight passes an upright line most closely.

        Parameters
        ----------
        place_m : ndarray, (2,) or (3,) float64 [m]
            Where the line stands.
        """
        origin, direction = self.ray(position)
        across = origin[:2] - np.asarray(place_m)[:2]
        flat = direction[:2] @ direction[:2]
        if flat < _LEAST_SLOPE**2:
            return None
        # Nearest in plan: seen from above an upright line is a point, and only its distance counts.
        return float(origin[2] - direction[2] * (across @ direction[:2]) / flat)

    def on_city(self, position: QPointF) -> tuple[FloatArray, bool] | None:
        """Point of a building, of the terrain or of the ground under a pixel, and whether it is a building's."""
        view = self._view
        pick = view.scene.pick(position.x(), position.y(), view.width(), view.height())
        if pick is not None:
            return np.asarray(pick.point, np.float64), True
        ground = self.on_ground(position)
        return None if ground is None else (ground, False)

    def on_ground(self, position: QPointF) -> FloatArray | None:
        """Point of the ground under a pixel, (3,) float64 [m]: of the terrain, or of the level that houses stand on."""
        point = self.on_level(position, ground_height_m(self._view.scene.city))
        for _ in range(_GROUND_STEPS):
            if point is None:
                break
            height = self.ground_m(point[:2])
            if abs(height - point[2]) < _SAME_LEVEL_M:
                break
            point = self.on_level(position, height)
        return point

    def ground_m(self, place_m: FloatArray) -> float:
        """Height of the ground [m]: of the terrain; without it the middle one of the bases of buildings around.

        Parameters
        ----------
        place_m : ndarray, (2,) float64 [m]
        """
        terrain, city = self.terrain, self._view.scene.city
        height = float(terrain.height_at(place_m[None])[0]) if terrain is not None else np.nan
        if np.isfinite(height):
            return height
        low, high = city.bounds_m
        away = np.hypot(*((low[:, :2] + high[:, :2]) / 2.0 - place_m).T)
        near = np.flatnonzero(away <= AROUND_M)
        nearest = near[np.argsort(away[near], kind="stable")[:NEIGHBOURS]]
        return float(np.median(low[nearest, 2])) if len(nearest) else float(ground_height_m(city))

    @property
    def terrain(self) -> TerrainSurface | None:
        """Terrain of the city that is drawn."""
        city = self._view.scene.city
        if self._terrain is None or self._terrain[0] is not city.context:
            self._terrain = (city.context, TerrainSurface.of(city))
        return self._terrain[1]

    def pixels(self, points_m: FloatArray) -> NDArray[np.float64]:
        """Where points appear.

        Parameters
        ----------
        points_m : ndarray, (n, 3) float64 [m]

        Returns
        -------
        ndarray, (n, 2) float64
            Logical pixels from the top left corner; nan behind the eye.
        """
        view, points = self._view, np.asarray(points_m, np.float64)
        return np.asarray(view.scene.camera.pixels(points, view.width(), view.height())[:, :2])

    def pixel(self, point_m: FloatArray) -> QPointF | None:
        """Where one point appears, `None` behind the eye."""
        x, y = self.pixels(np.asarray(point_m, np.float64)[None])[0]
        return QPointF(float(x), float(y)) if np.isfinite(x) else None

    def metres_per_pixel(self, point_m: FloatArray) -> float:
        """Length [m] that one logical pixel shows at a point."""
        camera = self._view.scene.camera
        if camera.parallel:
            return float(camera.metres_per_pixel(self._view.height()))
        depth = max(float((camera.eye - np.asarray(point_m)) @ camera.axes[2]), 1.0)
        return 2.0 * depth * float(np.tan(np.radians(camera.view_angle_deg) / 2.0)) / max(self._view.height(), 1)
