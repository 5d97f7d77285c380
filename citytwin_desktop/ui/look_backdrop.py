"""Backgrounds in the window: their rows in the layers panel, and the pictures that follow the view."""

import json
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.look_backdrop_row import Backdrop, BackdropRow
from citytwin_desktop.ui.section import Section
from citytwin_desktop.ui.theme import Theme

FILTER = "Backgrounds (*.mbtiles *.tif *.tiff *.png *.jpg *.jpeg)"
SHARPER = 1.8
"""A picture is read again when it could be so many times sharper."""

MOST_BACKDROPS = 8


class ShownBackdrop(QObject):
    """One background in the scene; reads other parts of its file as the view moves.

    Parameters
    ----------
    view : CityView
    backdrop : Backdrop
    source : Source

    Signals
    -------
    changed
        Another picture, or the same one fainter.
    failed(str)
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, view: Any, backdrop: Backdrop, source: Any) -> None:
        super().__init__(view)
        from citytwin_desktop.scene.backdrop_view import BackdropView

        self.view, self.backdrop, self.source = view, backdrop, source
        self.drawn = BackdropView(view.scene)
        self._reading: Background | None = None
        self.follow()

    def follow(self) -> None:
        """Draw it as it is set now."""
        self.drawn.set_opacity(self.backdrop.opacity)
        if not self.backdrop.shown:
            self.drawn.show(None)
        self.refresh()
        self.changed.emit()
        self.view.render()

    def refresh(self) -> None:
        """Read the part that is seen, unless what is drawn is good enough."""
        from citytwin_desktop.scene.backdrop import ground_picture, seen_ground

        if not self.backdrop.shown or (self._reading is not None and self._reading.running):
            return
        city = self.view.scene.city
        low, high = seen_ground(self.view.scene.camera, city, self.view.aspect)
        picture = self.drawn.picture
        if picture is not None and _good_enough(picture, low, high):
            return
        self._reading = Background(self, lambda: ground_picture(self.source, city, low, high))
        self._reading.done.connect(self._arrived)
        self._reading.failed.connect(self.failed)

    def end(self) -> None:
        """Take it out of the scene and close its file."""
        self.drawn.remove()
        reading, self._reading = self._reading, None
        if reading is not None and reading.running:
            reading.done.disconnect(self._arrived)
            reading.failed.disconnect(self.failed)
            reading.done.connect(lambda _: self.source.close())
        else:
            self.source.close()
        self.view.render()

    def _arrived(self, picture: Any) -> None:
        if self.backdrop.shown:
            self.drawn.show(picture)
            self.changed.emit()
            self.view.render()
            self.refresh()


class Backdrops(QObject):
    """All backgrounds of the open project.

    Parameters
    ----------
    window : MainWindow
    workspace : Workspace

    Signals
    -------
    changed
        Others are drawn.
    """

    changed = Signal()

    def __init__(self, window: Any, workspace: Any) -> None:
        super().__init__(workspace)
        self.window, self.view = window, workspace.view
        self.list: list[Backdrop] = []
        self.shown: dict[int, ShownBackdrop] = {}
        self.theme: Theme | None = None
        self.section = Section(self.tr("Background"))
        self.add_button = QPushButton(self.tr("Add map or aerial photo…"))
        self.add_button.setObjectName("link")
        self.add_button.setToolTip(self.tr("GeoTIFF, PNG or JPEG with a world file, or MBTiles with raster tiles"))
        self.section.rows.setSpacing(6)
        panel = workspace.layers.context.parentWidget().layout()
        panel.insertWidget(panel.count() - 1, self.section)
        self.add_button.clicked.connect(lambda: window.looking.ask_backdrop())
        self._wait = QTimer(self, singleShot=True, interval=300)
        self._wait.timeout.connect(self._refresh)
        self.view.settled.connect(self._wait.start)
        self.view.camera_changed.connect(self._follow_camera)

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        self.theme = theme
        self.section.set_theme(theme)
        self._list_rows()

    def load(self) -> None:
        """Show what was shown when the project was open last; files that are gone are named."""
        self.clear()
        for entry in self._remembered():
            self.list.append(entry)
            self._open(entry)
        self._list_rows()

    def clear(self) -> None:
        """No project is open any more."""
        for shown in self.shown.values():
            shown.end()
        self.list, self.shown = [], {}
        self.changed.emit()
        self._list_rows()

    def add(self, path: Path) -> bool:
        """Lay a file under the city; whether it worked."""
        if any(each.path == str(path) for each in self.list):
            self.window.say(self.tr("“{}” is laid under the city already.").format(path.name))
            return False
        if len(self.list) >= MOST_BACKDROPS:
            self.window.say(self.tr("More than {} backgrounds are too many: remove one.").format(MOST_BACKDROPS))
            return False
        entry = Backdrop(str(path))
        if not self._open(entry):
            return False
        self.list.append(entry)
        self._keep()
        self._list_rows()
        return True

    def remove(self, entry: Backdrop) -> None:
        """Take a background away; the file stays."""
        self.list.remove(entry)
        shown = self.shown.pop(id(entry), None)
        if shown is not None:
            shown.end()
        self.changed.emit()
        self._keep()
        self._list_rows()

    def _open(self, entry: Backdrop) -> bool:
        from citytwin_desktop.scene.backdrop import open_backdrop

        try:
            source = open_backdrop(Path(entry.path), self.view.scene.city)
        except KnownError as error:
            self.window.say(str(error))
            return False
        shown = ShownBackdrop(self.view, entry, source)
        shown.failed.connect(self._refused)
        shown.changed.connect(self.changed)
        self.shown[id(entry)] = shown
        return True

    def _refused(self, sentence: str) -> None:
        shown = self.sender()
        shown.backdrop.shown = False
        self.window.say(sentence)
        self._keep()
        self._list_rows()

    def _changed(self, entry: Backdrop) -> None:
        if entry.shown and id(entry) not in self.shown:
            entry.shown = self._open(entry)
        if id(entry) in self.shown:
            self.shown[id(entry)].follow()
        self._keep()

    def _refresh(self) -> None:
        for shown in self.shown.values():
            shown.refresh()

    def _follow_camera(self) -> None:
        for shown in self.shown.values():
            shown.drawn.follow_camera()

    def _list_rows(self) -> None:
        while self.section.rows.count():
            widget = self.section.rows.takeAt(0).widget()
            if widget is not self.add_button:
                widget.hide()
                widget.deleteLater()
        for entry in self.list:
            row = BackdropRow(entry, self.theme)
            row.changed.connect(lambda each=entry: self._changed(each))
            row.removed.connect(lambda each=entry: self.remove(each))
            self.section.add(row)
        self.section.rows.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def _key(self) -> str:
        path = str(self.window.session.document.path)
        return f"backdrops/{blake2b(path.encode(), digest_size=8).hexdigest()}"

    def _keep(self) -> None:
        if self.window.session.document is not None:
            self.window.settings.remember(self._key, json.dumps([asdict(each) for each in self.list]))

    def _remembered(self) -> list[Backdrop]:
        try:
            stored = json.loads(str(self.window.settings.value(self._key, "[]")))
        except json.JSONDecodeError:
            return []
        found = []
        for each in stored if isinstance(stored, list) else []:
            if isinstance(each, dict) and isinstance(each.get("path"), str):
                opacity = each.get("opacity", 1.0)
                good = isinstance(opacity, (int, float)) and 0.0 < opacity <= 1.0
                found.append(Backdrop(each["path"], each.get("shown") is not False, float(opacity) if good else 1.0))
        return found[:MOST_BACKDROPS]


def _good_enough(picture: Any, low: Any, high: Any) -> bool:
    """Whether a picture covers a rectangle, and could not be much sharper."""
    if np.allclose([*picture.low, *picture.high], [*low, *high]):
        return True
    covers = bool((picture.low <= low).all() and (picture.high >= high).all())
    return covers and float((picture.high - picture.low).max()) < SHARPER * float((high - low).max())
