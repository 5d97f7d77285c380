"""The area that charts are drawn on, and the box of one plot with what the mouse does in it."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QApplication

from citytwin_desktop.ui.charts.colours import line_pen
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

BOX, LASSO = "box", "lasso"
GRID_ALPHA = 150
_LEAST_LASSO_PX = 4.0


class ChartBox(pg.ViewBox):
    """Where data are; tells of clicks, and draws outlines about points.

    Signals
    -------
    clicked(point, modifiers), doubled(point), menu_wanted(point, position on the screen)
    outlined(corners, modifiers)
        (k, 2) float64, in data.
    """

    clicked = Signal(object, object)
    doubled = Signal(object)
    menu_wanted = Signal(object, object)
    outlined = Signal(object, object)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.outline_kind = ""
        self.line = pg.PlotCurveItem()
        self._corners: list[tuple[float, float]] = []

    def mouseClickEvent(self, event: Any) -> None:
        """Tell where and how it was clicked."""
        event.accept()
        point = self.mapSceneToView(event.scenePos())
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(point, QPoint(*(int(value) for value in event.screenPos())))
        elif event.button() == Qt.MouseButton.LeftButton:
            if event.double():
                self.doubled.emit(point)
            else:
                self.clicked.emit(point, event.modifiers())

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Outline points with the left button where that is wanted, else move the view."""
        if not self.outline_kind or event.button() != Qt.MouseButton.LeftButton or axis is not None:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        self._grow(event)
        corners = np.array(self._corners)
        self.line.setData(*np.vstack([corners, corners[:1]]).T)
        if event.isStart():
            self.addItem(self.line, ignoreBounds=True)
        if event.isFinish():
            self.removeItem(self.line)
            self.outlined.emit(corners, event.modifiers())

    def _grow(self, event: Any) -> None:
        here = self.mapSceneToView(event.scenePos())
        if self.outline_kind == BOX:
            start = self.mapSceneToView(event.buttonDownScenePos())
            x, y = (start.x(), here.x()), (start.y(), here.y())
            self._corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]
        elif event.isStart():
            start = self.mapSceneToView(event.buttonDownScenePos())
            self._corners = [(start.x(), start.y()), (here.x(), here.y())]
        elif _far(event.scenePos() - event.lastScenePos()) or event.isFinish():
            self._corners.append((here.x(), here.y()))


class ChartCanvas(pg.GraphicsLayoutWidget):
    """One or more plots in a row.

    Signals
    -------
    moved(object)
        Place of the mouse in the scene; None when it has left.
    key_pressed(int, object)
        Key and modifiers.
    menu_by_key()
    """

    moved = Signal(object)
    key_pressed = Signal(int, object)
    menu_by_key = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(show=False)
        self.theme = theme
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setBackground(theme.panel)
        self.ci.layout.setContentsMargins(8, 4, 16, 4)
        self.ci.layout.setHorizontalSpacing(16)
        self.font_ = window_font(QApplication.font(), SMALL_FONT_PX)
        self.scene().sigMouseMoved.connect(self.moved)

    def add_plot(self, column: int, axes: dict[str, pg.AxisItem], row: int = 0) -> pg.PlotItem:
        """A plot in the theme's colours, with a `ChartBox`."""
        box = ChartBox()
        plot = pg.PlotItem(viewBox=box, axisItems=axes)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        box.line.setPen(line_pen(self.theme.selection))
        for axis in axes.values():
            self.dress(axis)
            # Behind bars and pictures, which it would cross.
            axis.setZValue(-1000)
        self.addItem(plot, row, column)
        return plot

    def dress(self, axis: pg.AxisItem, grid: bool = True) -> None:
        """Theme's colours and the small font on an axis."""
        axis.setPen(QColor(self.theme.line))
        axis.setTickPen(QColor(self.theme.line))
        axis.setTextPen(QColor(self.theme.muted))
        axis.setTickFont(self.font_)
        axis.setGrid(GRID_ALPHA if grid else False)
        vertical = axis.orientation in ("left", "right")
        axis.setStyle(tickTextOffset=6 if vertical else 4, autoReduceTextSpace=False)
        if vertical:
            axis.setStyle(tickTextWidth=36)

    def name_axis(self, plot: pg.PlotItem, text: str) -> None:
        """Say under the axis at the bottom what it counts."""
        axis = plot.getAxis("bottom")
        axis.setLabel(text, **{"color": self.theme.muted, "font-size": f"{self.font_.pixelSize()}px"})

    def corner_text(self, plot: pg.PlotItem, text: str, right: bool = False, bottom: bool = False) -> pg.TextItem:
        """A small text in a corner of a plot that stays there."""
        item = pg.TextItem(text, QColor(self.theme.muted), anchor=(float(right), float(bottom)))
        item.setFont(self.font_)
        box = plot.getViewBox()
        item.setParentItem(box)
        item.setZValue(99)

        def place() -> None:
            item.setPos(box.width() - 2 if right else 2, box.height() - 2 if bottom else 1)

        box.sigResized.connect(place)
        place()
        return item

    def text_width(self, text: str) -> float:
        """Room that a text takes [px]."""
        return QFontMetricsF(self.font_).horizontalAdvance(text)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is read any more."""
        super().leaveEvent(event)
        self.moved.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the chart."""
        self.key_pressed.emit(event.key(), event.modifiers())
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the keyboard only: the mouse's is told by the box."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_by_key.emit()
        event.accept()


def _far(step: QPointF) -> bool:
    return abs(step.x()) + abs(step.y()) >= _LEAST_LASSO_PX
