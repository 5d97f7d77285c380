"""The legend over the 3D view: title, unit, histogram, colour bar and its ends, and which result is shown."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.detail_switch import DetailSwitch
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.legend_bar import LegendBar
from citytwin_desktop.ui.legend_classes import LegendClass, class_at, classes_height, paint_classes
from citytwin_desktop.ui.legend_content import LegendContent
from citytwin_desktop.ui.legend_filter import LegendFilter
from citytwin_desktop.ui.result_badge import Badge, ResultBadge
from citytwin_desktop.ui.solar_detail import SolarDetail
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

WIDTH, PAD = 248, 12
LEAST_WIDTH = 184
"""Beside another view there may be no room for more."""
HEAD_HEIGHT, NOTE_HEIGHT = 46, 16
"""Of title, unit and time, and of the line that says whose difference it is."""


class Legend(QFrame):
    """Reads the surfaces' colours back into numbers.

    Parameters
    ----------
    parent : QWidget
        The view that it lies over.
    detail : SolarDetail
        What the switch between surfaces and cells changes.

    Signals
    -------
    resized
        It grew or shrank by a line.
    filtered(object)
        Lowest and highest value that keep their colour, `None` for all.
    picked(float, float)
        Values whose buildings are to be selected.
    explain_wanted
    """

    resized = Signal()
    filtered = Signal(object)
    picked = Signal(float, float)
    explain_wanted = Signal()

    def __init__(self, parent: QWidget, detail: SolarDetail) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.title = self.unit = self.detail = self.note = self.difference = self.noun = ""
        self.classes: tuple[LegendClass, ...] = ()
        self.theme: Theme | None = None
        self.bar, self.filter = LegendBar(self), LegendFilter(self)
        self.badge, self.switch = ResultBadge(self), DetailSwitch(detail, self)
        self.explain = QToolButton(self, toolTip=self.tr("Explain this number"))
        self.explain.setAccessibleName(self.tr("Explain this number"))
        self.explain.setFixedSize(22, 22)
        self._body = QVBoxLayout(self)
        self._body.setSpacing(6)
        for part in (self.bar, self.filter, self.badge, self.switch):
            self._body.addWidget(part)
        self.filter.hide()
        self.fit_width(WIDTH)
        self.bar.filtered.connect(self.filtered)
        self.bar.picked.connect(self.picked)
        self.filter.select_wanted.connect(lambda: self.picked.emit(*self.bar.threshold))
        self.filter.clear_wanted.connect(lambda: self.filtered.emit(None))
        self.explain.clicked.connect(self.explain_wanted)
        self.hide()

    def fit_width(self, room: int) -> None:
        """Be as wide as usual, or as there is room [px]."""
        self.setFixedWidth(min(max(room, LEAST_WIDTH), WIDTH))
        self.explain.move(self.width() - 28, 6)

    @property
    def scale(self) -> ColourScale | None:
        """Which values its colours stand for."""
        return self.bar.scale

    @property
    def counts(self) -> NDArray[np.int64]:
        """Heights of the histogram."""
        return self.bar.counts

    def show_scale(self, content: LegendContent) -> None:
        """Show a scale and how the values spread over it."""
        scale, unit = content.scale, content.unit
        self.classes = ()
        self.title, self.unit, self.detail = content.title, unit, content.detail
        self.difference, self.noun = content.note, content.noun
        known = bool(np.isfinite(content.values).any())
        self.note = "" if known else content.missing or self.tr("No result yet")
        self.bar.show_scale(scale, content.values, unit.split(" ")[0].rstrip(","), self.note, content.other)
        name = f"{content.title} {number_text(scale.low)}–{number_text(scale.high)} {unit}"
        self.setAccessibleName(name)
        self.bar.setAccessibleName(self.tr("Filter by value: {}").format(name))
        self.bar.show()
        self.explain.setVisible(known)
        self.show_badge(content.badge)
        self.switch.setVisible(content.has_cells)
        self.show()
        self._fit()
        self.update()

    def show_filter(self, threshold: tuple[float, float] | None) -> None:
        """Show which values keep their colour, and how many."""
        self.bar.show_filter(threshold)
        self.filter.setVisible(threshold is not None and not self.classes)
        if threshold is not None:
            other = self.bar.other
            beside = None if other is None else (self.bar.shown_count(other), len(other))
            self.filter.show_count((self.bar.shown_count(self.bar.units), len(self.bar.units)), self.noun, beside)
        self._fit()

    def show_classes(self, title: str, note: str, classes: Sequence[LegendClass]) -> None:
        """Show classes rather than a scale.

        Parameters
        ----------
        title, note : str
            The note stands in for the counts while they are not known.
        classes : sequence of LegendClass
        """
        self.classes, self.title, self.note = tuple(classes), title, note
        self.unit = self.detail = self.difference = ""
        self.setAccessibleName(", ".join([title, *(f"{item.word}: {item.count}" for item in classes)]))
        self.badge.show_badge(Badge())
        for part in (self.switch, self.bar, self.filter, self.explain):
            part.hide()
        self.show()
        self._fit()
        self.update()

    def show_badge(self, badge: Badge) -> None:
        """Say which result is shown, or how far a better one is."""
        self.badge.show_badge(badge)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self.theme = self.bar.theme = theme
        for part in (self.badge, self.switch, self.filter):
            part.set_theme(theme)
        self.explain.setIcon(icon("help-circle-outline", theme, theme.muted))
        self.update()

    def middle_mark(self) -> tuple[float, str]:
        """Place along the bar, 0-1, and text of the number between the ends: zero where losses turn into gains."""
        value = self.bar.labelled()[2]
        return self.scale.share(value), number_text(value)

    def mousePressEvent(self, event: Any) -> None:
        """Pick a class of whole words, and keep the click from the city below."""
        number = class_at(self.classes, event.position().y()) if self.classes and not self.note else -1
        if number >= 0:
            self.picked.emit(number - 0.5, number + 0.5)

    def mouseReleaseEvent(self, _event: Any) -> None:
        """Keep it from the city below."""

    def _fit(self) -> None:
        if self.classes:
            self._set_height(classes_height(self.classes))
            return
        head = HEAD_HEIGHT + (NOTE_HEIGHT if self.difference else 0)
        self._body.setContentsMargins(PAD, head, PAD, 10)
        self._body.invalidate()
        self._set_height(self._body.sizeHint().height())

    def _set_height(self, height: int) -> None:
        if height != self.height():
            self.setFixedHeight(height)
            self.resized.emit()

    def paintEvent(self, event: object) -> None:
        """Draw title, unit and time; or the classes."""
        super().paintEvent(event)
        if self.theme is None or not self.title:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_title(painter)
        painter.setFont(window_font(self.font(), SMALL_FONT_PX))
        if self.classes:
            paint_classes(
                painter, self.classes, self.theme, QRectF(PAD, 0, self.width() - 2 * PAD, self.height()), self.note
            )
        else:
            self._paint_texts(painter)
        painter.end()

    def _paint_title(self, painter: QPainter) -> None:
        painter.setPen(QColor(self.theme.text))
        painter.setFont(window_font(self.font(), bold=True))
        room = self.width() - 2 * PAD - (20 if self.explain.isVisibleTo(self) else 0)
        title = painter.fontMetrics().elidedText(self.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(PAD, 8, room, 18), Qt.AlignmentFlag.AlignVCenter, title)

    def _paint_texts(self, painter: QPainter) -> None:
        line, middle = QRectF(PAD, 26, self.width() - 2 * PAD, 16), Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, self.detail)
        room = int(line.width()) - painter.fontMetrics().horizontalAdvance(self.detail) - 8
        painter.drawText(line, middle, painter.fontMetrics().elidedText(self.unit, Qt.TextElideMode.ElideRight, room))
        if self.difference:
            text = painter.fontMetrics().elidedText(self.difference, Qt.TextElideMode.ElideMiddle, int(line.width()))
            painter.drawText(line.translated(0, NOTE_HEIGHT), middle, text)
