"""How drags move the camera: presets that people know from other programs, as data."""

from collections.abc import Callable
from dataclasses import dataclass

from citytwin_desktop.scene.camera import OrbitCamera

ORBIT_DEG_PER_PX, LOOK_DEG_PER_PX = 0.3, 0.15
ZOOM_PER_PX = 1.006
ORBIT, PAN, ZOOM, TILT, LOOK, HEIGHT = "orbit", "pan", "zoom", "tilt", "look", "height"
MOTION_WORDS = {
    ORBIT: "Turn the view",
    PAN: "Move the view",
    ZOOM: "Nearer, farther",
    TILT: "Tilt and turn the view",
    LOOK: "Look around",
    HEIGHT: "Raise, lower",
}


@dataclass(frozen=True)
class Gesture:
    """One way to drag.

    Parameters
    ----------
    button : str
        ``left``, ``middle`` or ``right``.
    modifiers : frozenset of str
        ``shift``, ``ctrl``, ``alt``: exactly those that are held.
    motion : str
        Key of `MOTION_WORDS`.
    """

    button: str
    modifiers: frozenset[str]
    motion: str

    @property
    def keys(self) -> str:
        """What to hold, in words."""
        held = [name.capitalize() for name in ("ctrl", "alt", "shift") if name in self.modifiers]
        return "+".join([*held, f"{self.button} drag"])


@dataclass(frozen=True)
class NavigationPreset:
    """All that a preset decides.

    Parameters
    ----------
    name : str
    title : str
    gestures : tuple of Gesture
    trackpad : str
        What two fingers do; pinching always zooms.
    page_keys : str
        `ZOOM` or `HEIGHT`.
    """

    name: str
    title: str
    gestures: tuple[Gesture, ...]
    trackpad: str = PAN
    page_keys: str = ZOOM

    def motion(self, button: str, modifiers: frozenset[str]) -> str:
        """What a drag does; empty for nothing."""
        found = (each.motion for each in self.gestures if (each.button, each.modifiers) == (button, modifiers))
        return next(found, "")


def _gestures(*rows: tuple[str, str, str]) -> tuple[Gesture, ...]:
    return tuple(Gesture(button, frozenset(held.split()), motion) for button, held, motion in rows)


PRESETS = {
    preset.name: preset
    for preset in (
        NavigationPreset(
            "citytwin",
            "CityTwin",
            _gestures(
                ("left", "", ORBIT),
                ("left", "ctrl", ORBIT),
                ("left", "alt", LOOK),
                ("left", "shift", PAN),
                ("middle", "", PAN),
                ("right", "", PAN),
                ("middle", "shift", PAN),
                ("right", "shift", PAN),
                ("right", "ctrl", ZOOM),
            ),
        ),
        # QGIS manual 3.40, 3D map view: left drag moves, middle or Shift+left tilts, right zooms, Ctrl+left looks.
        NavigationPreset(
            "qgis",
            "QGIS",
            _gestures(
                ("left", "", PAN),
                ("middle", "", TILT),
                ("left", "shift", TILT),
                ("left", "ctrl", LOOK),
                ("right", "", ZOOM),
            ),
            page_keys=HEIGHT,
        ),
        # Blender manual 4, 3D viewport navigation: middle orbits, with Shift it pans, with Ctrl it zooms.
        NavigationPreset(
            "blender",
            "Blender",
            _gestures(
                ("middle", "", ORBIT),
                ("middle", "shift", PAN),
                ("middle", "ctrl", ZOOM),
                ("left", "alt", ORBIT),
                ("right", "", ORBIT),
            ),
            trackpad=ORBIT,
        ),
    )
}


def moved(camera: OrbitCamera, motion: str, right_px: float, down_px: float, height_px: int) -> OrbitCamera:
    """A camera after a drag.

    Parameters
    ----------
    camera : OrbitCamera
    motion : str
    right_px, down_px : float
        Way of the pointer.
    height_px : int
        Of the view.
    """
    motions: dict[str, Callable[[], OrbitCamera]] = {
        ORBIT: lambda: camera.orbited(right_px * ORBIT_DEG_PER_PX, down_px * ORBIT_DEG_PER_PX),
        TILT: lambda: camera.orbited(right_px * ORBIT_DEG_PER_PX, down_px * ORBIT_DEG_PER_PX),
        PAN: lambda: camera.panned(right_px, -down_px, height_px),
        ZOOM: lambda: camera.zoomed(ZOOM_PER_PX**down_px),
        LOOK: lambda: camera.looked(right_px * LOOK_DEG_PER_PX, -down_px * LOOK_DEG_PER_PX),
        HEIGHT: lambda: camera.raised(down_px * camera.metres_per_pixel(height_px)),
    }
    return motions[motion]() if motion in motions else camera
