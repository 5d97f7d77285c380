"""The sheet over the 3D view that tools draw on."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget


class ToolOverlay(QWidget):
    """Transparent; or a frozen picture of the city, on which a tool draws without a new frame of the city.

    Updating a transparent child makes Qt draw the whole city again. A rubber band over 100,000 buildings would
    follow the pointer four times in a second.
    """

    def __init__(self, view: Any) -> None:
        super().__init__(view, objectName="toolOverlay")
        self.view = view
        self._picture: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def freeze(self) -> None:
        """Show the city as it is now until `thaw`."""
        self._picture = QPixmap.fromImage(self.view.grabFramebuffer())
        self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, True)
        self.update()

    def thaw(self) -> None:
        """Show the living city again."""
        self._picture = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.update()

    @property
    def frozen(self) -> bool:
        """Whether the city stands still."""
        return self._picture is not None

    def place(self) -> None:
        """Cover the view, under its other overlays."""
        self.setGeometry(self.view.rect())
        self.lower()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, then what the tool draws."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture is not None:
            painter.drawPixmap(0, 0, self._picture)
        if self.view.tool is not None:
            self.view.tool.paint(painter)
        painter.end()
