"""Joins the section's panel and handle with the scene."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer

from citytwin_desktop.scene.section_plane import CutPlane
from citytwin_desktop.scene.section_view import SectionView
from citytwin_desktop.scene.surroundings import ground_height_m
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.look_chips import LookCorner
from citytwin_desktop.ui.look_section import SectionHandle, SectionPanel
from citytwin_desktop.ui.theme import Theme

MOST_SURFACES_AT_ONCE = 40_000
"""Of larger cities the lines follow the plane when it rests."""


class Cutting:
    """Cuts the city open and whole again.

    Parameters
    ----------
    view : CityView
    corner : LookCorner

    Attributes
    ----------
    applied : callable
        Called with the section after every cut, for a view beside this one.
    """

    def __init__(self, view: Any, corner: LookCorner) -> None:
        self.view, self.corner = view, corner
        self.panel, self.handle = SectionPanel(), SectionHandle(view)
        self.section = SectionView(view.scene)
        self.plane: CutPlane | None = None
        self._work: Background | None = None
        self.applied: Callable[[SectionView], None] = lambda _section: None
        self._soon = QTimer(view, singleShot=True, interval=80)
        self._soon.timeout.connect(self._draw_lines)
        corner.add(self.panel)
        self.panel.changed.connect(self.apply)
        self.panel.closed.connect(self.close)
        self.panel.turn.clicked.connect(self.face_view)
        self.handle.moved.connect(self.move)
        view.camera_changed.connect(self.follow_camera)
        view.escaped.connect(self.close)

    @property
    def opened(self) -> bool:
        """Whether the city is cut."""
        return not self.panel.isHidden()

    def set_theme(self, theme: Theme) -> None:
        """Icons and colours."""
        self.panel.set_theme(theme)
        self.handle.theme = theme
        self.handle.update()

    def open(self) -> None:
        """Cut level, at half the height of what is tall here."""
        _, high = self.view.scene.city.bounds_m
        ground, tops = ground_height_m(self.view.scene.city), high[np.isfinite(high[:, 2]), 2]
        self.panel.set_range(ground, float(tops.max()) if len(tops) else 10.0)
        self.panel.slider.setValue(round((float(np.percentile(tops, 90)) - ground) / 2 / 0.1) if len(tops) else 30)
        self.corner.show_part(self.panel, True)
        self.panel.level.setChecked(True)
        self.apply()

    def close(self) -> None:
        """Show the whole city."""
        if not self.opened:
            return
        self.corner.show_part(self.panel, False)
        for button in (self.panel.level, self.panel.upright):
            button.blockSignals(True)
            button.setChecked(False)
            button.blockSignals(False)
        self.plane = None
        self.apply()

    def apply(self) -> None:
        """Cut as the panel says."""
        planes = (CutPlane.below(self.panel.height_m),) if self.panel.level.isChecked() else ()
        if self.panel.upright.isChecked():
            self.plane = self.plane or self._facing()
            planes = (*planes, self.plane)
        else:
            self.plane = None
        large = len(self.view.scene.city.surfaces) > MOST_SURFACES_AT_ONCE
        self.section.cut(planes, lines=not large)
        self.applied(self.section)
        if large and planes:
            self._soon.start()
        self.handle.setVisible(self.plane is not None)
        self.follow_camera()
        self.view.moving()
        self.view.render()

    def face_view(self) -> None:
        """Turn the upright plane to the view, through the turning point."""
        self.plane = self._facing()
        self.apply()

    def move(self, metres: float) -> None:
        """Move the upright plane along its normal."""
        if self.plane is not None:
            place = np.asarray(self.plane.point) + np.asarray(self.plane.normal) * metres
            self.plane = CutPlane((float(place[0]), float(place[1]), float(place[2])), self.plane.normal)
            self.apply()

    def follow_camera(self) -> None:
        """The handle stays on its plane, the lines before their faces."""
        self.section.follow_camera()
        if self.plane is not None:
            self.handle.follow(self.plane)

    def _draw_lines(self) -> None:
        """Work out the lines of a large city on another thread."""
        if self._work is not None and self._work.running:
            self._soon.start()
            return
        cut, lines = self.view.scene.cut, self.section.lines_of_cut()
        self._work = Background(self.view, lambda: (cut, lines()))
        self._work.done.connect(self._lines_known)

    def _lines_known(self, found: Any) -> None:
        cut, lines = found
        if cut is self.view.scene.cut:
            self.section.show_lines(lines)
            self.applied(self.section)
            self.view.render()

    def _facing(self) -> CutPlane:
        camera = self.view.scene.camera
        return CutPlane.upright(np.asarray(camera.focus), (camera.azimuth_deg + 180.0) % 360.0)
