"""Where the view looks from: an orbit about a turning point, as plain numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray

HOME_AZIMUTH_DEG, HOME_ELEVATION_DEG = 225.0, 35.0
LOWEST_ELEVATION_DEG, HIGHEST_ELEVATION_DEG = 2.0, 90.0

STANDARD_VIEWS = {
    "south": (180.0, 2.0),
    "north": (0.0, 2.0),
    "east": (90.0, 2.0),
    "west": (270.0, 2.0),
    "top": (180.0, 90.0),
    "home": (HOME_AZIMUTH_DEG, HOME_ELEVATION_DEG),
}
"""Six views as (azimuth, elevation) of the eye seen from the turning point [deg]."""


@dataclass(frozen=True)
class OrbitCamera:
    """A camera on a sphere about its turning point.

    Parameters
    ----------
    focus : tuple of float [m]
        Turning point in local coordinates.
    distance_m : float
    azimuth_deg : float
        Compass bearing of the eye seen from the turning point: 225 looks from the south-west.
    elevation_deg : float
        Height of the eye above the horizon, kept within 2-90.
    view_angle_deg : float
        Vertical angle of view.
    """

    focus: tuple[float, float, float] = (0.0, 0.0, 0.0)
    distance_m: float = 500.0
    azimuth_deg: float = HOME_AZIMUTH_DEG
    elevation_deg: float = HOME_ELEVATION_DEG
    view_angle_deg: float = 30.0

    @property
    def axes(self) -> FloatArray:
        """(3, 3) float64: unit vectors to the right, up and towards the eye, as rows."""
        azimuth, elevation = np.radians([self.azimuth_deg, self.elevation_deg])
        sin_a, cos_a, sin_e, cos_e = np.sin(azimuth), np.cos(azimuth), np.sin(elevation), np.cos(elevation)
        return np.array(
            [[-cos_a, sin_a, 0.0], [-sin_e * sin_a, -sin_e * cos_a, cos_e], [cos_e * sin_a, cos_e * cos_a, sin_e]]
        )

    @property
    def eye(self) -> FloatArray:
        """(3,) float64 [m]: position of the eye."""
        return np.asarray(np.asarray(self.focus) + self.axes[2] * self.distance_m)

    def orbited(self, azimuth_deg: float, elevation_deg: float) -> "OrbitCamera":
        """Turned about the turning point."""
        elevation = float(np.clip(self.elevation_deg + elevation_deg, LOWEST_ELEVATION_DEG, HIGHEST_ELEVATION_DEG))
        return replace(self, azimuth_deg=(self.azimuth_deg + azimuth_deg) % 360.0, elevation_deg=elevation)

    def panned(self, right_px: float, up_px: float, height_px: int) -> "OrbitCamera":
        """Slid along the ground so that it follows a pointer moved by some pixels."""
        scale = self.metres_per_pixel(height_px)
        right = self.axes[0]
        ahead = np.array([-np.sin(np.radians(self.azimuth_deg)), -np.cos(np.radians(self.azimuth_deg)), 0.0])
        steep = max(np.sin(np.radians(self.elevation_deg)), 0.25)
        return self.focused(np.asarray(self.focus) - right * right_px * scale - ahead * up_px * scale / steep)

    def zoomed(self, factor: float, anchor: FloatArray | None = None) -> "OrbitCamera":
        """Closer (factor below 1) or farther, with one point kept in its place on the screen."""
        distance = float(np.clip(self.distance_m * factor, 5.0, 2e5))
        point = np.asarray(self.focus if anchor is None else anchor)
        focus = point + (np.asarray(self.focus) - point) * (distance / self.distance_m)
        return replace(self.focused(focus), distance_m=distance)

    def focused(self, point: FloatArray) -> "OrbitCamera":
        """With another turning point, the same angles and distance."""
        return replace(self, focus=(float(point[0]), float(point[1]), float(point[2])))

    def seen_from(self, azimuth_deg: float, elevation_deg: float) -> "OrbitCamera":
        """The same turning point and distance from another side."""
        return replace(self, azimuth_deg=azimuth_deg % 360.0, elevation_deg=elevation_deg)

    def framing(self, points: FloatArray, aspect: float, margin: float = 1.05) -> "OrbitCamera":
        """Moved, not turned, until some points just fill the picture.

        Parameters
        ----------
        points : ndarray, (n, 3) float64 [m]
        aspect : float
            Width of the picture over its height.
        """
        middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
        across, above, towards = ((points - middle) @ self.axes.T).T
        half_up = np.tan(np.radians(self.view_angle_deg) / 2.0) / margin
        centre_x, back_x = _fit(across, towards, half_up * aspect)
        centre_y, back_y = _fit(above, towards, half_up)
        right, up, back = self.axes
        eye = middle + right * centre_x + up * centre_y + back * max(back_x, back_y, 20.0)
        # The turning point is where the line of sight meets the middle height of the points.
        drop = (eye - middle) @ back if self.elevation_deg < 10.0 else (eye[2] - middle[2]) / back[2]
        return replace(self.focused(eye - back * drop), distance_m=float(drop))

    def metres_per_pixel(self, height_px: int) -> float:
        """Length [m] that one pixel shows at the distance of the turning point."""
        return 2.0 * self.distance_m * float(np.tan(np.radians(self.view_angle_deg) / 2.0)) / max(height_px, 1)

    def ray(self, x_px: float, y_px: float, width_px: int, height_px: int) -> tuple[FloatArray, FloatArray]:
        """Eye and unit direction through a pixel, counted from the top left corner."""
        half_up = np.tan(np.radians(self.view_angle_deg) / 2.0)
        above = (1.0 - 2.0 * (y_px + 0.5) / height_px) * half_up
        across = (2.0 * (x_px + 0.5) / width_px - 1.0) * half_up * width_px / height_px
        right, up, back = self.axes
        direction = right * across + up * above - back
        return self.eye, direction / np.linalg.norm(direction)

    def pixel(self, point: FloatArray, width_px: int, height_px: int) -> tuple[float, float]:
        """Pixel, from the top left corner, where a point appears; the reverse of `ray`."""
        across, above, towards = self.axes @ (np.asarray(point) - self.eye)
        scale = height_px / 2.0 / np.tan(np.radians(self.view_angle_deg) / 2.0)
        return width_px / 2.0 - across / towards * scale - 0.5, height_px / 2.0 + above / towards * scale - 0.5

    def between(self, other: "OrbitCamera", share: float) -> "OrbitCamera":
        """A place on the way to another camera, 0-1, slow at both ends and turning the short way."""
        eased = share * share * (3.0 - 2.0 * share)
        turn = (other.azimuth_deg - self.azimuth_deg + 180.0) % 360.0 - 180.0
        focus = np.asarray(self.focus) + (np.asarray(other.focus) - np.asarray(self.focus)) * eased
        return replace(
            self.focused(focus),
            distance_m=self.distance_m * (other.distance_m / self.distance_m) ** eased,
            azimuth_deg=(self.azimuth_deg + turn * eased) % 360.0,
            elevation_deg=self.elevation_deg + (other.elevation_deg - self.elevation_deg) * eased,
        )

    def apply(self, camera: Any) -> None:
        """Set a VTK camera."""
        camera.SetPosition(*self.eye)
        camera.SetFocalPoint(*self.focus)
        camera.SetViewUp(*self.axes[1])
        camera.SetViewAngle(self.view_angle_deg)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for the project file."""
        return asdict(self) | {"focus": list(self.focus)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "OrbitCamera":
        """The reverse of `to_dict`; anything unknown or missing falls back to the default."""
        known = {name: float(stored[name]) for name in asdict(cls()) if name != "focus" and name in stored}
        focus = np.asarray(stored.get("focus", (0.0, 0.0, 0.0)), float)
        return replace(cls(), **known).focused(focus)  # type: ignore[arg-type]


def _fit(offsets: FloatArray, towards: FloatArray, half_width: float) -> tuple[float, float]:
    """Centre and distance at which the two sides of a frustum just touch points; exact in perspective."""
    low_side = float(np.max(towards - offsets / half_width))
    high_side = float(np.max(towards + offsets / half_width))
    return half_width * (high_side - low_side) / 2.0, (high_side + low_side) / 2.0
