"""The section plane in the window: a slider for the height, a handle for the upright plane."""

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from citytwin_desktop.scene.section_plane import CutPlane
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme

STEP_M = 0.1
HANDLE = 28
USUAL_WIDTH, LEAST_WIDTH = 284, 240


class SectionPanel(QFrame):
    """Level and upright section: which, where, and the end of both.

    Signals
    -------
    changed
        Another plane.
    closed
    """

    changed = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(objectName="overlay")
        self.level = self._button(self.tr("Level"), self.tr("Cut at a height, as a plan of a storey shows it"))
        self.upright = self._button(self.tr("Upright"), self.tr("Cut along an upright plane that faces the view"))
        self.turn = QToolButton(accessibleName=self.tr("Turn the upright plane to the view"))
        self.turn.setToolTip(self.turn.accessibleName())
        self.close_button = QToolButton(accessibleName=self.tr("Close the section"))
        self.close_button.setToolTip(self.tr("Close the section (Esc)"))
        self.slider = QSlider(Qt.Orientation.Horizontal, accessibleName=self.tr("Height of the cut [m]"))
        self.slider.setMinimumWidth(64)
        self.slider.setMaximumWidth(180)
        self.slider.setPageStep(round(3.0 / STEP_M))
        self.slider.setToolTip(
            self.tr("Height of the cut above the ground [m]; Page up and down go by a storey of 3 m")
        )
        self.title = QLabel(self.tr("Section"))
        self.height_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.height_label.setFixedWidth(64)
        self.height_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.ground_m = 0.0
        self._lay_out()
        self.slider.valueChanged.connect(self._slid)
        for button in (self.level, self.upright):
            button.toggled.connect(self._toggled)
        self.close_button.clicked.connect(self.closed)

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        self.turn.setIcon(icon("rotate-3d-variant", theme))
        self.close_button.setIcon(icon("close", theme))

    def fit_width(self, room: int) -> None:
        """Be no wider than there is room [px]: the title gives way first, then the turning."""
        self.title.setVisible(room >= USUAL_WIDTH)
        self.turn.setVisible(room >= LEAST_WIDTH)
        self.setMaximumWidth(room)

    def set_range(self, ground_m: float, top_m: float) -> None:
        """Heights between the ground and the highest building."""
        self.ground_m = ground_m
        self.slider.setRange(0, max(round((top_m - ground_m) / STEP_M), 1))

    @property
    def height_m(self) -> float:
        """Height of the level plane in local coordinates [m]."""
        return self.ground_m + self.slider.value() * STEP_M

    def _toggled(self) -> None:
        self._show()
        self.changed.emit()
        if not (self.level.isChecked() or self.upright.isChecked()):
            self.closed.emit()

    def _slid(self) -> None:
        self._show()
        if self.level.isChecked():
            self.changed.emit()

    def _show(self) -> None:
        self.slider.setEnabled(self.level.isChecked())
        self.turn.setEnabled(self.upright.isChecked())
        self.height_label.setText(f"{self.slider.value() * STEP_M:.1f}\u2009m")

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(text=text, checkable=True, accessibleName=tip)
        button.setObjectName("panelTab")
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        for row in (head, foot):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(4)
        head.addWidget(self.title)
        head.addStretch(1)
        for widget in (self.level, self.upright, self.turn, self.close_button):
            head.addWidget(widget)
        for button in (self.turn, self.close_button):
            button.setIconSize(QSize(16, 16))
        foot.addWidget(self.slider, 1)
        foot.addWidget(self.height_label)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(foot)


class SectionHandle(QWidget):
    """Lies on the upright plane in the view; a drag moves the plane along its normal.

    Parameters
    ----------
    view : CityView

    Signals
    -------
    moved(float)
        By so many metres along the normal.
    """

    moved = Signal(float)

    def __init__(self, view: Any) -> None:
        super().__init__(view, objectName="sectionHandle")
        self.view, self.plane = view, CutPlane((0.0, 0.0, 0.0), (0.0, 1.0, 0.0))
        self.theme: Theme | None = None
        self.setFixedSize(HANDLE, HANDLE)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Move the upright section: drag, or arrow keys"))
        self.setToolTip(self.tr("Drag to move the section"))
        self._last: QPointF | None = None
        self.hide()

    def follow(self, plane: CutPlane) -> None:
        """Stand where the plane is on the screen."""
        self.plane = plane
        x, y = self.view.scene.camera.pixel(np.asarray(plane.point), self.view.width(), self.view.height())
        inside = np.isfinite(x) and np.isfinite(y)
        place = np.clip([x if inside else 0, y if inside else 0], 0, [self.view.width(), self.view.height()])
        self.move(int(place[0]) - HANDLE // 2, int(place[1]) - HANDLE // 2)
        self.raise_()

    def metres(self, way: QPointF) -> float:
        """How far along the normal a way on the screen [px] goes."""
        camera, size = self.view.scene.camera, (self.view.width(), self.view.height())
        point, normal = np.asarray(self.plane.point), np.asarray(self.plane.normal)
        step = np.subtract(camera.pixel(point + normal, *size), camera.pixel(point, *size))
        length = float(step @ step)
        if not np.isfinite(length) or length < 0.05:
            return -way.y() * camera.metres_per_pixel(size[1])  # looking along the normal: up goes away
        return float(step @ (way.x(), way.y())) / length

    def event(self, event: QEvent) -> bool:
        """Drag and arrow keys."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._last = event.globalPosition()
            return True
        if kind == QEvent.Type.MouseMove and self._last is not None:
            way, self._last = event.globalPosition() - self._last, event.globalPosition()
            self.moved.emit(self.metres(way))
            return True
        if kind == QEvent.Type.MouseButtonRelease:
            self._last = None
            return True
        if kind == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1.0 if event.key() == Qt.Key.Key_Up else -1.0)
            return True
        return bool(super().event(event))

    def paintEvent(self, _event: object) -> None:
        """A disc with two arrows."""
        if self.theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.accent), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(self.theme.panel))
        painter.drawEllipse(2, 2, HANDLE - 4, HANDLE - 4)
        icon("arrow-up-down", self.theme, self.theme.accent).paint(painter, 6, 6, HANDLE - 12, HANDLE - 12)
        painter.end()
