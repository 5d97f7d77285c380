"""What lies over the 3D view while there is no building in it: one line and what to do."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from citytwin_desktop.ui.start_page import primary_button

FORMATS_HINT = (
    "Import CityJSON, CityGML, GeoJSON, GeoPackage, Shapefile, OpenStreetMap,\ngbXML or IFC, or drop a file here."
)


class EmptyCity(QFrame):
    """An invitation in the middle of the view.

    Signals
    -------
    open_wanted
        The user wants to choose a city file.
    """

    open_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        text = QLabel(self.tr("This project has no buildings yet."), alignment=Qt.AlignmentFlag.AlignCenter)
        text.setObjectName("heading")
        self.hint = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.hint.setObjectName("muted")
        self.button: QPushButton = primary_button(self.tr("Import city…"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(text)
        layout.addWidget(self.hint)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button.clicked.connect(self.open_wanted)
        self._empty = self._tool_in_hand = False
        self.hide()

    def follow(self, buildings: int, read_only: bool) -> None:
        """Show or hide, as there are buildings; a read-only project can only be looked at."""
        self.button.setVisible(not read_only)
        self.hint.setText(self.tr("It is open read-only.") if read_only else self.tr(FORMATS_HINT))
        self._empty = buildings == 0
        self._show()

    def give_way(self, tool: Any) -> None:
        """Lie in nobody's way while a tool is in hand: the first building may be drawn."""
        self._tool_in_hand = tool is not None
        self._show()

    def _show(self) -> None:
        self.setVisible(self._empty and not self._tool_in_hand)
        self.place()

    def place(self) -> None:
        """Keep to the middle of the view."""
        self.adjustSize()
        parent = self.parentWidget()
        self.move((parent.width() - self.width()) // 2, (parent.height() - self.height()) // 2)
