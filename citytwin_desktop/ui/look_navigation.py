"""What the actions of the window do: sides, camera history, projection, walking, presets."""

from dataclasses import replace
from typing import Any

from citytwin_desktop.scene.camera import OrbitCamera, cube_view
from citytwin_desktop.scene.camera_history import CameraHistory
from citytwin_desktop.scene.navigation import MOTION_WORDS, PRESETS


class LookNavigation:
    """Methods that the table of actions names; mixed into the controller."""

    window: Any
    session: Any
    view: Any
    workspace: Any
    places: CameraHistory

    def start_navigation(self, workspace: Any) -> None:
        """Navigate as remembered, and follow the camera."""
        settings = self.window.settings
        self.places = CameraHistory()
        view = self.view
        view.motion.preset = PRESETS.get(str(settings.value("navigation", "citytwin")), PRESETS["citytwin"])
        view.motion.inverted = _is_on(settings.value("invert_zoom"))
        view.reduce_motion = _is_on(settings.value("reduce_motion"))
        view.settled.connect(self._rested)
        view.side_wanted.connect(self.fly_to_side)
        workspace.cube.side_chosen.connect(self.fly_to_side)

    def look_at_side(self, side: str) -> None:
        """Look from a side of the cube, given as ``east,north,up``."""
        east, north, up = (int(part) for part in side.split(","))
        self.fly_to_side((east, north, up))

    def fly_to_side(self, side: tuple[int, int, int]) -> None:
        """Fly to a face, edge or corner of the cube, the whole city in sight."""
        scene = self.view.scene
        turned = scene.camera.seen_from(*cube_view(side))
        self.view.fly_to(scene.framed_camera(turned, scene.city.rows_with_geometry, self.view.aspect))

    def go_back(self) -> None:
        """Fly to where the camera rested before."""
        self._go(self.places.back())

    def go_forward(self) -> None:
        """Fly to where the camera was before going back."""
        self._go(self.places.forward())

    def toggle_parallel(self) -> None:
        """Parallel projection or perspective, the same scale at the turning point."""
        home, camera = self.view.at_home, self.view.scene.camera
        self.view.look(replace(camera, parallel=not camera.parallel))
        if home:
            self.view.look_home()
        self._show_checks()

    def toggle_walk(self) -> None:
        """Walk through the streets, or come back."""
        from citytwin_desktop.ui.view_tools.walk_tool import WalkTool

        if isinstance(self.view.tool, WalkTool):
            self.view.use(None)
        else:
            self.view.use(WalkTool(self.view, self.session))

    def set_preset(self, name: str) -> None:
        """Navigate as in another program."""
        self.view.motion.preset = PRESETS[name]
        self.window.settings.remember("navigation", name)
        self._show_checks()

    def toggle_inverted(self) -> None:
        """Turn the wheel's direction round."""
        self.view.motion.inverted = not self.view.motion.inverted
        self.window.settings.remember("invert_zoom", self.view.motion.inverted)
        self._show_checks()

    def toggle_reduced_motion(self) -> None:
        """Fly, or jump."""
        self.view.reduce_motion = not self.view.reduce_motion
        self.window.settings.remember("reduce_motion", self.view.reduce_motion)
        self._show_checks()

    def gestures(self) -> list[tuple[str, str]]:
        """What drags do with the chosen preset, as rows for the sheet of keys."""
        preset = self.view.motion.preset if hasattr(self, "view") else PRESETS["citytwin"]
        ways: dict[str, list[str]] = {}
        for gesture in preset.gestures:
            ways.setdefault(MOTION_WORDS[gesture.motion], []).append(gesture.keys)
        rows = [(words, ", ".join(keys)) for words, keys in ways.items()]
        return [*rows, ("Look from a side", "Number pad 1–9, 0 from below")]

    def _go(self, camera: OrbitCamera | None) -> None:
        if camera is not None:
            self.view.fly_to(camera)
            self._show_ways()

    def _rested(self) -> None:
        if self.view.tool is None and self.session.document is not None:
            self.places.rest(self.view.scene.camera)
            self._show_ways()

    def _show_ways(self) -> None:
        for name, step in (("look.back", -1), ("look.forward", 1)):
            self.window.actions_[name].setEnabled(self.places.can_go(step))

    def _show_checks(self) -> None:
        """Given by the controller."""


def _is_on(stored: Any) -> bool:
    """A setting that INI files keep as text."""
    return str(stored).lower() in ("true", "1")
