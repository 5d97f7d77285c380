"""Facts of a single surface that was clicked, over the 3D view."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

LEVEL_DEG = 1.0
POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def surface_facts(city: CityModel, surface: int) -> list[tuple[str, str]]:
    """Rows of label and value: area, tilt and the compass direction that the surface faces."""
    normal = city.surfaces.polygons.normals[surface]
    tilt = float(np.degrees(np.arccos(np.clip(normal[2], -1.0, 1.0))))
    rows = [("Area", f"{number_text(float(city.surfaces.polygons.areas_m2[surface]))}\u2009m²")]
    rows.append(("Tilt", f"{tilt:.0f}°"))
    if LEVEL_DEG < tilt < 180.0 - LEVEL_DEG:
        azimuth = float(np.degrees(np.arctan2(normal[0], normal[1]))) % 360.0
        rows.append(("Azimuth", f"{azimuth:.0f}° {POINTS[round(azimuth / 45.0) % 8]}"))
    return rows


class SurfaceCard(QFrame):
    """Kind, owner, area, tilt, azimuth and painted value of one surface.

    Signals
    -------
    explain_wanted(int), closed
    """

    explain_wanted = Signal(int)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(objectName="overlay")
        self.surface = -1
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.owner = ElidedLabel()
        self.owner.setObjectName("muted")
        self.close_button = QToolButton(accessibleName=self.tr("Close"))
        self.close_button.setIconSize(QSize(16, 16))
        self.explain = QPushButton(self.tr("Explain this number"))
        self.explain.setObjectName("link")
        self.explain.setCursor(Qt.CursorShape.PointingHandCursor)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 8)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.owner)
        layout.addLayout(self._rows)
        layout.addWidget(self.explain, 0, Qt.AlignmentFlag.AlignLeft)
        self.setMinimumWidth(200)
        self.explain.clicked.connect(lambda: self.explain_wanted.emit(self.surface))
        self.close_button.clicked.connect(self.closed)

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        self.close_button.setIcon(icon("close", theme))

    def show_surface(self, city: CityModel, surface: int, values: Sequence[tuple[str, str]] = ()) -> None:
        """Show another surface.

        Parameters
        ----------
        city : CityModel
        surface : int
        values : sequence of tuple of str
            What is painted, and its value with the unit; one for each view.
        """
        self.surface = surface
        kind = SurfaceKind(int(city.surfaces.kind[surface])).name.replace("_", " ").lower()
        self.title.setText(kind.capitalize())
        building = city.buildings.ids[city.surfaces.building[surface]]
        self.owner.setText(" ".join(f"{building}  ·  {city.surfaces.source_id[surface]}".split())[:60])
        self.owner.set_tip(plain_tip(str(city.surfaces.source_id[surface])))
        while self._rows.count():
            self._rows.takeAt(0).widget().deleteLater()
        rows: list[Any] = [(self.tr(name), text) for name, text in surface_facts(city, surface)]
        for number, (name, text) in enumerate([*rows, *values]):
            label, figure = QLabel(name), QLabel(text, textFormat=Qt.TextFormat.PlainText)
            label.setObjectName("muted")
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._rows.addWidget(label, number, 0)
            self._rows.addWidget(figure, number, 1)
        self.explain.setVisible(bool(values))
