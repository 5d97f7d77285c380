"""Labels of buildings over the 3D view."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.scene.labels import LIFT_PX, Label, place_labels
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

NONE, PAINTED = "", "painted"
LONGEST_TEXT = 28
PAD_PX = 4.0
MOVING_OPACITY = 0.35


class LabelLayer(QWidget):
    """Draws labels while the camera rests, and faintly where they go while it moves.

    Parameters
    ----------
    view : CityView

    Attributes
    ----------
    shown : list of Label
    source : str
        Column of the building table, ``painted`` for the painted value, empty for none.

    Signals
    -------
    replaced
        Other labels are to be shown, or none.
    """

    replaced = Signal()

    def __init__(self, view: Any) -> None:
        super().__init__(view, objectName="labelLayer")
        self.view, self.source = view, NONE
        self.shown: list[Label] = []
        self.theme: Theme | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._moving = False
        self._places: list[tuple[float, float]] = []
        self._text_of: Callable[[int], str] = lambda _row: ""
        self._metrics = QFontMetricsF(window_font(self.font(), SMALL_FONT_PX))
        self._work: Any = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self._begin)
        view.camera_changed.connect(self.follow_camera)
        view.settled.connect(self._wait)
        self.hide()

    def show_source(self, source: str) -> None:
        """Label by something else; by nothing for an empty name."""
        self.source = source
        self.shown, self._places = [], []
        self.setVisible(bool(source))
        self._fill()
        self._wait()
        self.replaced.emit()
        self.view.render()

    def replace(self) -> None:
        """Choose and place anew, soon: what is shown has changed."""
        self._wait()
        self.replaced.emit()

    def _wait(self) -> None:
        if self.source:
            self._soon.start()

    def follow_camera(self) -> None:
        """The camera moves: labels go with their buildings, faintly."""
        if not self.source:
            return
        self._timer.stop()
        self._moving = True
        self._put()

    def _begin(self) -> None:
        self._fill()
        scene = self.view.scene
        self._text_of = texts(scene, self.source)
        self._work = place_labels(scene, self.view.width(), self.view.height(), self._text_of, self._size)
        self._timer.start()

    def _go_on(self) -> None:
        done = next(self._work, [])
        if done is None:
            return
        self._timer.stop()
        self.shown, self._moving = done, False
        self._put()
        self.update()

    def _put(self) -> None:
        """Where the anchors are on the screen now."""
        if not self.shown:
            self._places = []
            return
        points = np.array([label.anchor_m for label in self.shown])
        shown = self.view.scene.camera.pixels(points, self.view.width(), self.view.height())
        self._places = [(float(x), float(y)) for x, y in shown[:, :2]]

    def _fill(self) -> None:
        if self.geometry() != self.view.rect():
            self.setGeometry(self.view.rect())
        self.lower()

    def _size(self, text: str) -> tuple[float, float]:
        return self._metrics.horizontalAdvance(text) + 2 * PAD_PX, self._metrics.height() + 2.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the labels."""
        if self.theme is None or not self.shown:
            return
        painter = QPainter(self)
        paint_labels(painter, self.shown, self._places, self.theme, MOVING_OPACITY if self._moving else 1.0)
        painter.end()


def paint_labels(
    painter: QPainter, labels: list[Label], places: list[tuple[float, float]], theme: Theme, opacity: float = 1.0
) -> None:
    """Draw labels with their anchors at some places of the screen."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(window_font(painter.font(), SMALL_FONT_PX))
    painter.setOpacity(opacity)
    back, text = QColor(theme.panel), QColor(theme.text)
    back.setAlpha(225)
    for label, (x, y) in zip(labels, places, strict=False):
        if not np.isfinite(x + y):
            continue
        wide, high = label.box[2:]
        box = QRectF(x - wide / 2.0, y - high - LIFT_PX, wide, high)
        painter.setPen(QColor(theme.muted))
        painter.drawLine(QPointF(x, y - LIFT_PX), QPointF(x, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(back)
        painter.drawRoundedRect(box, 3.0, 3.0)
        painter.setPen(text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label.text)


def texts(scene: Any, source: str) -> Callable[[int], str]:
    """What stands on the label of a building row."""
    if source == PAINTED:
        values = building_means(scene)
        return lambda row: number_text(float(values[row])) if np.isfinite(values[row]) else ""
    if source not in columns(scene.city.buildings):
        return lambda _row: ""
    column = scene.city.buildings.column(source)
    return lambda row: _text(column[row])


def columns(buildings: Buildings) -> list[str]:
    """Columns that labels can show."""
    return [name for name in buildings.columns if len(buildings)]


def building_means(scene: Any) -> Any:
    """(n_buildings,) float64: painted values, by area over the surfaces that have one; nan without any."""
    city, values = scene.city, scene.appearance.values
    count = len(city.buildings)
    if values is None:
        return np.full(count, np.nan)
    known = np.isfinite(values)
    owner, area = city.surfaces.building[known], city.surfaces.polygons.areas_m2[known]
    total = np.bincount(owner, area, minlength=count)
    weighted = np.bincount(owner, values[known] * area, minlength=count)
    return np.where(total > 0, weighted / np.where(total > 0, total, 1.0), np.nan)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, (float, np.floating)) and not np.isfinite(value)):
        return ""
    text = number_text(float(value)) if isinstance(value, (float, np.floating)) else str(value)
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
