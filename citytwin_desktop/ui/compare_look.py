"""What the second view shows beside the city: sky, shadows, labels, backgrounds and outlines of the first."""

from typing import Any

from PySide6.QtCore import QObject

from citytwin_desktop.scene.backdrop_view import BackdropView
from citytwin_desktop.scene.shadows import Shadows
from citytwin_desktop.scene.sky import SkyOfHour
from citytwin_desktop.ui.compare_tools import TwinTools
from citytwin_desktop.ui.look_labels import LabelLayer
from citytwin_desktop.ui.look_parts import SurfaceOutlines
from citytwin_desktop.ui.probe import Probe
from citytwin_desktop.ui.theme import Theme


class SecondLook(QObject):
    """Follows the parts of the first view for as long as there are two.

    Parameters
    ----------
    window : MainWindow
    first, second : CityView
    """

    def __init__(self, window: Any, first: Any, second: Any) -> None:
        super().__init__(second)
        self.window, self.first, self.view = window, first, second
        looking = window.looking
        self.parts, self.backdrops = looking.parts, looking.backdrops
        self.labels = LabelLayer(second)
        self.shadows, self.sky = Shadows(second.scene), SkyOfHour(second.scene)
        self.outlines = SurfaceOutlines(second)
        self.probe = Probe(second, window.session, lambda: window.session.comparison.other)
        self.tools = TwinTools(first, second)
        self._drawn: dict[int, BackdropView] = {}
        self._links = (
            (self.parts.labels.replaced, self._follow_labels),
            (self.parts.sun.changed, self._follow_sun),
            (self.backdrops.changed, self._follow_backdrops),
        )
        for signal, slot in self._links:
            signal.connect(slot)
        self.parts.outlines.append(self.outlines)
        second.camera_changed.connect(self._follow_camera)
        second.surface_hovered.connect(first.surface_hovered)
        second.surface_clicked.connect(first.surface_clicked)
        second.picks_surfaces = first.picks_surfaces
        self.set_theme(window.theme)
        self._follow_backdrops()
        self.parts.draw_outlines()
        window.workspace.second.mirror_cut(self.parts.cutting.section)

    def end(self) -> None:
        """The second view goes."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self.parts.outlines.remove(self.outlines)
        self.tools.end()

    def set_theme(self, theme: Theme) -> None:
        """Colours; the sky comes anew with the scene."""
        self.labels.theme = theme
        self.labels.update()
        self._follow_labels()
        self._follow_sun()

    def _follow_labels(self) -> None:
        source = self.parts.labels.source
        if self.labels.source != source:
            self.labels.show_source(source)
        else:
            self.labels.replace()

    def _follow_sun(self) -> None:
        sun = self.parts.sun
        self.sky.follow(sun.sky.altitude_deg)
        if self.shadows.map is not sun.shadows.map:
            self.shadows.cast(sun.shadows.map)
            self.shadows.follow_camera()
        self.view.render()

    def _follow_backdrops(self) -> None:
        theirs = {number: shown.drawn for number, shown in self.backdrops.shown.items()}
        for number in [number for number in self._drawn if number not in theirs]:
            self._drawn.pop(number).remove()
        for number, drawn in theirs.items():
            if number not in self._drawn:
                self._drawn[number] = BackdropView(self.view.scene)
            mine = self._drawn[number]
            if mine.picture is not drawn.picture:
                mine.show(drawn.picture)
            if mine.opacity != drawn.opacity:
                mine.set_opacity(drawn.opacity)
        self.view.render()

    def _follow_camera(self) -> None:
        self.shadows.follow_camera()
        self.outlines.follow_camera()
        for drawn in self._drawn.values():
            drawn.follow_camera()
