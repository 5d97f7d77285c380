"""The row of one background in the layers panel."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip


@dataclass
class Backdrop:
    """What is remembered of one background.

    Parameters
    ----------
    path : str
    shown : bool
    opacity : float
    """

    path: str
    shown: bool = True
    opacity: float = 1.0


class BackdropRow(QWidget):
    """Tick, opacity and removal of one background.

    Signals
    -------
    changed, removed
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, backdrop: Backdrop, theme: Theme | None) -> None:
        super().__init__()
        self.backdrop = backdrop
        name = Path(backdrop.path).name
        self.box = QCheckBox(name if len(name) <= 26 else f"{name[:25]}…", checked=backdrop.shown)
        self.box.setAccessibleName(self.tr("Show background {}").format(name))
        self.box.setToolTip(plain_tip(backdrop.path))
        self.opacity = QSlider(Qt.Orientation.Horizontal, accessibleName=self.tr("Opacity [%]"))
        self.opacity.setRange(10, 100)
        self.opacity.setValue(round(backdrop.opacity * 100))
        self.opacity.setToolTip(self.tr("Opacity [%]"))
        self.remove = QToolButton(accessibleName=self.tr("Remove background {}").format(name))
        self.remove.setToolTip(self.tr("Remove from the view; the file stays"))
        if theme is not None:
            self.remove.setIcon(icon("close", theme))
        head = QHBoxLayout()
        head.addWidget(self.box, 1)
        head.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.opacity)
        self.box.toggled.connect(self._change)
        self.opacity.valueChanged.connect(self._change)
        self.remove.clicked.connect(self.removed)

    def _change(self) -> None:
        self.backdrop.shown, self.backdrop.opacity = self.box.isChecked(), self.opacity.value() / 100.0
        self.opacity.setEnabled(self.backdrop.shown)
        self.changed.emit()
