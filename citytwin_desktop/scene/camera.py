"""Where the view looks from: an orbit about a turning point, as plain numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray

HOME_AZIMUTH_DEG, HOME_ELEVATION_DEG = 225.0, 35.0
LOWEST_ELEVATION_DEG, HIGHEST_ELEVATION_DEG = 2.0, 90.0
NEAREST_M, FARTHEST_M = 0.5, 2e5
_FAR_BACK_M = 2e4
"""How far behind its place the eye of a parallel projection stands, so that nothing is left behind it."""

STANDARD_VIEWS = {
    "south": (180.0, 2.0),
    "north": (0.0, 2.0),
    "east": (90.0, 2.0),
    "west": (270.0, 2.0),
    "top": (180.0, 90.0),
    "bottom": (180.0, -90.0),
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
        Height of the eye above the horizon; dragging keeps it within 2-90 unless it looks from below already.
    view_angle_deg : float
        Vertical angle of view.
    parallel : bool
        Parallel projection, in the scale that perspective has at the turning point.
    """

    focus: tuple[float, float, float] = (0.0, 0.0, 0.0)
    distance_m: float = 500.0
    azimuth_deg: float = HOME_AZIMUTH_DEG
    elevation_deg: float = HOME_ELEVATION_DEG
    view_angle_deg: float = 30.0
    parallel: bool = False

    @classmethod
    def from_eye(cls, eye: FloatArray, bearing_deg: float, pitch_deg: float, angle_deg: float) -> "OrbitCamera":
        """A camera that stands somewhere and looks along a compass bearing, up for a positive pitch."""
        camera = cls((0.0, 0.0, 0.0), 5.0, (bearing_deg + 180.0) % 360.0, -pitch_deg, angle_deg)
        return camera.focused(np.asarray(eye, float) - camera.axes[2] * camera.distance_m)

    @property
    def half_height_m(self) -> float:
        """Half of the height [m] that the picture shows at the turning point."""
        return self.distance_m * float(np.tan(np.radians(self.view_angle_deg) / 2.0))

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
        lowest = LOWEST_ELEVATION_DEG if self.elevation_deg >= LOWEST_ELEVATION_DEG else -HIGHEST_ELEVATION_DEG
        elevation = float(np.clip(self.elevation_deg + elevation_deg, lowest, HIGHEST_ELEVATION_DEG))
        return replace(self, azimuth_deg=(self.azimuth_deg + azimuth_deg) % 360.0, elevation_deg=elevation)

    def panned(self, right_px: float, up_px: float, height_px: int) -> "OrbitCamera":
        """Slid along the ground so that it follows a pointer moved by some pixels."""
        scale = self.metres_per_pixel(height_px)
        right = self.axes[0]
        ahead = np.array([-np.sin(np.radians(self.azimuth_deg)), -np.cos(np.radians(self.azimuth_deg)), 0.0])
        sine = np.sin(np.radians(self.elevation_deg))
        steep = np.copysign(max(abs(sine), 0.25), sine)
        return self.focused(np.asarray(self.focus) - right * right_px * scale - ahead * up_px * scale / steep)

    def looked(self, right_deg: float, up_deg: float) -> "OrbitCamera":
        """Turned about the eye, which stays where it is."""
        turned = self.orbited(right_deg, -up_deg)
        return turned.focused(self.eye - turned.axes[2] * self.distance_m)

    def raised(self, up_m: float) -> "OrbitCamera":
        """Lifted with its turning point."""
        return self.focused(np.add(self.focus, (0.0, 0.0, up_m)))

    def zoomed(self, factor: float, anchor: FloatArray | None = None) -> "OrbitCamera":
        """Closer (factor below 1) or farther, with one point kept in its place on the screen."""
        distance = float(np.clip(self.distance_m * factor, min(5.0, self.distance_m), FARTHEST_M))
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
        right, up, back = self.axes
        if self.parallel:
            centre = [(float(side.min()) + float(side.max())) / 2.0 for side in (across, above)]
            reach = max(float(np.ptp(across)) / aspect, float(np.ptp(above)), 10.0) / 2.0
            focus = _at_height(middle + right * centre[0] + up * centre[1], back, middle[2], self.elevation_deg)
            return replace(self.focused(focus), distance_m=float(reach / half_up))
        centre_x, back_x = _fit(across, towards, half_up * aspect)
        centre_y, back_y = _fit(above, towards, half_up)
        eye = middle + right * centre_x + up * centre_y + back * max(back_x, back_y, 20.0)
        # The turning point is where the line of sight meets the middle height of the points.
        drop = (eye - middle) @ back if abs(self.elevation_deg) < 10.0 else (eye[2] - middle[2]) / back[2]
        return replace(self.focused(eye - back * drop), distance_m=float(drop))

    def framing_boxes(self, low: FloatArray, high: FloatArray, aspect: float, margin: float = 1.05) -> "OrbitCamera":
        """As `framing` with all corners of some boxes, of which only the outermost are looked at one by one.

        Parameters
        ----------
        low, high : ndarray, (n, 3) float64 [m]
        aspect, margin : float
        """
        half_up = np.tan(np.radians(self.view_angle_deg) / 2.0) / margin
        right, up, back = self.axes
        sides = [right / (half_up * aspect), up / half_up]
        # Sides of the frustum in perspective, of the picture in parallel projection, and of the box around all.
        ways = np.array([*(back - s for s in sides), *(back + s for s in sides), right, up, *np.eye(3)])
        ways = np.concatenate([ways, -ways])
        middle, half = (low + high) / 2.0, (high - low) / 2.0
        # Way by way: all of them at once take five times as long, for the memory.
        outermost = np.unique([int((middle @ way + half @ np.abs(way)).argmax()) for way in ways])
        return self.framing(box_corners(low[outermost], high[outermost]), aspect, margin)

    def metres_per_pixel(self, height_px: int) -> float:
        """Length [m] that one pixel shows at the distance of the turning point."""
        return 2.0 * self.half_height_m / max(height_px, 1)

    def ray(self, x_px: float, y_px: float, width_px: int, height_px: int) -> tuple[FloatArray, FloatArray]:
        """Origin and unit direction through a pixel, counted from the top left corner."""
        half_up = np.tan(np.radians(self.view_angle_deg) / 2.0)
        above = (1.0 - 2.0 * (y_px + 0.5) / height_px) * half_up
        across = (2.0 * (x_px + 0.5) / width_px - 1.0) * half_up * width_px / height_px
        right, up, back = self.axes
        if self.parallel:
            return self.eye + (right * across + up * above) * self.distance_m + back * _FAR_BACK_M, -back
        direction = right * across + up * above - back
        return self.eye, direction / np.linalg.norm(direction)

    def pixel(self, point: FloatArray, width_px: int, height_px: int) -> tuple[float, float]:
        """Pixel, from the top left corner, where a point appears; the reverse of `ray`."""
        x, y, _ = self.pixels(np.asarray(point, float)[None, :], width_px, height_px)[0]
        return float(x), float(y)

    def pixels(self, points: FloatArray, width_px: int, height_px: int) -> FloatArray:
        """Pixels where points appear, and how far before the eye they lie; points behind it have no pixel (nan).

        Parameters
        ----------
        points : ndarray, (n, 3) float64 [m]

        Returns
        -------
        ndarray, (n, 3) float64
            Right and down from the top left corner [px], depth [m].
        """
        across, above, towards = self.axes @ (points - self.eye).T
        depth = -towards
        scale = height_px / 2.0 / np.tan(np.radians(self.view_angle_deg) / 2.0)
        if self.parallel:
            shown = np.full(len(points), scale / self.distance_m)
        else:
            shown = scale / np.where(depth > 1e-6, depth, np.nan)
        return np.column_stack([width_px / 2.0 + across * shown - 0.5, height_px / 2.0 - above * shown - 0.5, depth])

    def depth_range(self, near_m: float, far_m: float) -> tuple[float, float]:
        """Clipping range for `set_depth_bias`, whose share is of the distance in perspective only.

        Depth is linear in a parallel projection; the pair that comes back makes its formula the share of the
        distance of the turning point.
        """
        return (self.distance_m / max(far_m - near_m, 1e-9), 1e15) if self.parallel else (near_m, far_m)

    def between(self, other: "OrbitCamera", share: float) -> "OrbitCamera":
        """A place on the way to another camera, 0-1, slow at both ends and turning the short way."""
        if share >= 1.0:
            return other
        eased = share * share * (3.0 - 2.0 * share)
        turn = (other.azimuth_deg - self.azimuth_deg + 180.0) % 360.0 - 180.0
        focus = np.asarray(self.focus) + (np.asarray(other.focus) - np.asarray(self.focus)) * eased
        return replace(
            other.focused(focus),
            distance_m=self.distance_m * (other.distance_m / self.distance_m) ** eased,
            azimuth_deg=(self.azimuth_deg + turn * eased) % 360.0,
            elevation_deg=self.elevation_deg + (other.elevation_deg - self.elevation_deg) * eased,
            view_angle_deg=self.view_angle_deg + (other.view_angle_deg - self.view_angle_deg) * eased,
        )

    def apply(self, camera: Any) -> None:
        """Set a VTK camera."""
        camera.SetParallelProjection(self.parallel)
        camera.SetParallelScale(self.half_height_m)
        camera.SetPosition(*(self.eye + self.axes[2] * (_FAR_BACK_M if self.parallel else 0.0)))
        camera.SetFocalPoint(*self.focus)
        camera.SetViewUp(*self.axes[1])
        camera.SetViewAngle(self.view_angle_deg)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for the project file."""
        return asdict(self) | {"focus": list(self.focus)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "OrbitCamera":
        """The reverse of `to_dict`; anything unknown or missing falls back to the default."""
        base = cls()
        limits = (
            ("distance_m", NEAREST_M, FARTHEST_M),
            ("azimuth_deg", -360.0, 360.0),
            ("elevation_deg", -90.0, 90.0),
            ("view_angle_deg", 5.0, 120.0),
        )
        known: dict[str, Any] = {
            name: float(np.clip(_number(stored.get(name), getattr(base, name)), low, high))
            for name, low, high in limits
        }
        focus = stored.get("focus")
        places = list(focus)[:3] if isinstance(focus, (list, tuple)) else []
        point = np.array([_number(value, 0.0) for value in [*places, 0.0, 0.0, 0.0][:3]])
        return replace(base, **known, parallel=stored.get("parallel") is True).focused(point)


def box_corners(low: FloatArray, high: FloatArray) -> FloatArray:
    """(8 n, 3) float64 [m]: corners of n boxes."""
    ends = np.stack([low, high])
    return np.concatenate(
        [np.column_stack([ends[x, :, 0], ends[y, :, 1], ends[z, :, 2]]) for x, y, z in np.ndindex(2, 2, 2)]
    )


def cube_view(side: tuple[int, int, int]) -> tuple[float, float]:
    """Azimuth and elevation [deg] of the eye at a face, edge or corner of a cube about the turning point.

    Parameters
    ----------
    side : tuple of int
        -1, 0 or 1 along east, north and up; not all 0.
    """
    east, north, up = side
    level = float(np.hypot(east, north))
    elevation = float(np.degrees(np.arctan2(up, level)))
    azimuth = float(np.degrees(np.arctan2(east, north))) % 360.0 if level else 180.0
    return azimuth, elevation if up else LOWEST_ELEVATION_DEG


def _number(value: Any, otherwise: float) -> float:
    """A stored number, if it is one that can be used."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e9
    return float(value) if good else otherwise


def _at_height(start: FloatArray, back: FloatArray, height_m: float, elevation_deg: float) -> FloatArray:
    """Where a line of sight has a height; its beginning where it is level."""
    return start if abs(elevation_deg) < 10.0 else np.asarray(start - back * ((start[2] - height_m) / back[2]))


def _fit(offsets: FloatArray, towards: FloatArray, half_width: float) -> tuple[float, float]:
    """Centre and distance at which the two sides of a frustum just touch points; exact in perspective."""
    low_side = float(np.max(towards - offsets / half_width))
    high_side = float(np.max(towards + offsets / half_width))
    return half_width * (high_side - low_side) / 2.0, (high_side + low_side) / 2.0
