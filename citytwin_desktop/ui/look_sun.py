"""Sky and shadows of the hour that is shown."""

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from citytwin_desktop.scene.shadow_map import LARGEST_PX, QUICK_PX, shadow_map
from citytwin_desktop.scene.shadows import Shadows, software_renderer
from citytwin_desktop.scene.sky import SkyOfHour
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.sunlight import sun_direction

WAIT_MS = 200
"""Shadows are traced when the hour has not changed for so long; none are shown meanwhile, for they would be wrong."""

DEFAULT_PLACE = (160.0, 48.0)


class SunAndShadows(QObject):
    """Follows the sun of the document's hour.

    Parameters
    ----------
    window : MainWindow
    workspace : Workspace

    Attributes
    ----------
    shadows_on : bool
        Whether the user wants shadows; on by default where a graphics card draws.

    Signals
    -------
    changed
        Another sky or other shadows.
    """

    changed = Signal()

    def __init__(self, window: Any, workspace: Any) -> None:
        super().__init__(workspace)
        self.window, self.view, self.session = window, workspace.view, window.session
        self.shadows, self.sky = Shadows(self.view.scene), SkyOfHour(self.view.scene)
        self._known: bool | None = None
        self._traced: tuple[Any, ...] | None = None
        self._work: Background | None = None
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(lambda: self._trace())
        self.view.camera_changed.connect(self.shadows.follow_camera)
        self.view.scene.followers.append(self.follow)

    @property
    def shadows_on(self) -> bool:
        """Whether shadows are wanted."""
        if self._known is None:
            stored = self.window.settings.value("shadows")
            if stored is not None:
                self._known = str(stored).lower() == "true"
            elif self.view.frames_drawn:
                self._known = not software_renderer(self.view.ren_win)
        return bool(self._known)

    def set_theme(self) -> None:
        """Other colours of the sky."""
        self.sky.follow(self._place()[1])
        self.changed.emit()

    def toggle(self) -> None:
        """Cast shadows, or none."""
        self._known = not self.shadows_on
        self.window.settings.remember("shadows", str(self._known).lower())
        program = software_renderer(self.view.ren_win)
        if self._known and program:
            sentence = self.tr("No graphics card draws here ({}), so turning the view is slower with shadows.")
            self.window.toast.say(sentence.format(program.split(" (")[0]), "done")
        elif self._known and self._place()[1] < 1.0:
            self.window.toast.say(self.tr("The sun is down at this hour: choose another one to see shadows."), "done")
        self.follow()

    def follow(self) -> None:
        """Another hour, place or city: sky now, shadows when it stays."""
        place, city = self._place(), self.view.scene.city
        self.sky.follow(place[1])
        wanted = (city, *place) if self.shadows_on and self.session.document is not None else None
        if wanted is not None and self._traced is not None and _same(wanted, self._traced):
            return
        self._traced = None
        if self.shadows.map is not None:
            self.shadows.cast(None)
            self.view.render()
        self.changed.emit()
        if wanted is not None:
            self._soon.start()

    def _place(self) -> tuple[float, float]:
        """Azimuth and altitude of the sun [deg]; the scene's own where there is no weather file."""
        document = self.session.document
        if document is None or document.weather is None:
            return DEFAULT_PLACE
        return sun_direction(document.weather, document.hour)

    def _trace(self, largest_px: int = QUICK_PX) -> None:
        if not self.shadows_on or self.session.document is None:
            return
        if self._work is not None and self._work.running:
            self._soon.start()
            return
        city, place = self.view.scene.city, self._place()
        self._work = Background(self, lambda: ((city, *place), largest_px, shadow_map(city, *place, largest_px)))
        self._work.done.connect(self._arrived)
        self._work.failed.connect(self.window.say)

    def _arrived(self, found: Any) -> None:
        traced, size_px, made = found
        if not self.shadows_on or not _same(traced, (self.view.scene.city, *self._place())):
            self.follow()
            return
        self._traced = traced
        self.shadows.cast(made)
        self.shadows.follow_camera()
        self.changed.emit()
        self.view.render()
        if made is not None and size_px < LARGEST_PX:
            self._trace(LARGEST_PX)  # a rough map is there in a moment, a fine one after a while


def _same(first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    """Whether two places of the sun are over the same surfaces."""
    surfaces = first[0].surfaces is second[0].surfaces and first[0].context is second[0].context
    return surfaces and first[1:] == second[1:]
