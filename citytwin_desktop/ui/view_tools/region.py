"""Tools that select the buildings in a part of the view."""

from threading import Thread
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.region_picking import rows_in_polygon, warm_up
from citytwin_desktop.ui.select_modes import Mode, mode_of, select_rows
from citytwin_desktop.ui.theme import THEMES
from citytwin_desktop.ui.view_tools.hint_place import hint_place
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.tool import ViewTool

SLOP_PX = 4
FILL_OPACITY = 36

WORDS = {Mode.REPLACE: "Select", Mode.ADD: "Add", Mode.REMOVE: "Remove"}


class RegionTool(ViewTool):
    """Draws a region over a frozen picture of the city and selects what is seen in it when the button comes up.

    Shift or Ctrl adds, Alt removes, X takes what is covered too. A click picks one building as always. The tool stays
    in hand until Escape.

    Parameters
    ----------
    view : CityView
    session : Session
    """

    hint = "Drag to select. Shift adds, Alt removes, X takes covered buildings too, Esc ends."

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.path: list[QPointF] = []
        self.pointer = QPointF()
        self.through = False
        self.mode = Mode.REPLACE
        self._pressed = False

    def begin(self) -> None:
        """Load the compiled loops while the pointer is on its way."""
        # A daemon of its own: whoever puts the tool away at once need not wait for the compiler.
        Thread(target=warm_up, name="numba warm-up", daemon=True).start()

    def end(self) -> None:
        """Let the city live again."""
        self._give_up()

    def press(self, event: Any) -> bool:
        """Begin a region with the left button; the others turn and move the view."""
        if event.button() != Qt.MouseButton.LeftButton:
            return self._pressed
        self._pressed, self.path = True, [event.position()]
        self.mode = mode_of(event.modifiers())
        return True

    def move(self, event: Any) -> bool:
        """Draw the region on."""
        if not self._pressed:
            return False
        if not self.view.overlay.frozen:
            if (event.position() - self.path[0]).manhattanLength() <= SLOP_PX:
                return True
            self.view.overlay.freeze()
        self.mode = mode_of(event.modifiers())
        self.pointer = event.position()
        self.extend(self.pointer)
        self.view.overlay.update()
        return True

    def release(self, event: Any) -> bool:
        """Select what is seen in the region."""
        if not self._pressed:
            return False
        if event.button() != Qt.MouseButton.LeftButton:
            return True
        corners, mode, dragged = self.corners(), mode_of(event.modifiers()), self.view.overlay.frozen
        self._give_up()
        if not dragged:
            self.view.clicked.emit(self.view.row_at(event.position()), mode != Mode.REPLACE)
        elif self.session.document is not None:
            rows = rows_in_polygon(self.view.scene, corners, self.view.width(), self.view.height(), not self.through)
            select_rows(self.session.document, rows, mode)
        return True

    def key(self, event: Any) -> bool:
        """X takes covered buildings too or not; Escape gives up a region that is being drawn."""
        if event.key() == Qt.Key.Key_X and not event.modifiers():
            self.through = not self.through
            self.view.overlay.update()
            return True
        if event.key() == Qt.Key.Key_Escape and self._pressed:
            self._give_up()
            return True
        return False

    def claims_key(self, event: Any) -> bool:
        """X is no shortcut while the tool is in hand."""
        return bool(event.key() == Qt.Key.Key_X and not event.modifiers())

    def extend(self, position: QPointF) -> None:
        """Take the pointer's next place into the region."""
        raise NotImplementedError

    def outline(self) -> QPainterPath:
        """The region as it is drawn."""
        path = QPainterPath(self.path[0])
        for point in self.path[1:]:
            path.lineTo(point)
        path.closeSubpath()
        return path

    def corners(self) -> FloatArray:
        """(n, 2) float64 [px]: the region's corners."""
        return np.array([(point.x(), point.y()) for point in self.path])

    def paint(self, painter: QPainter) -> None:
        """The region, in a word what will be done, and what the keys do."""
        theme = THEMES[self.view.scene.palette.name]
        marks = Marks(painter, theme, self.view.font())
        if self.view.overlay.frozen and len(self.path) > 1:
            colour = QColor(theme.failed if self.mode == Mode.REMOVE else theme.selection)
            fill = QColor(colour)
            fill.setAlpha(FILL_OPACITY)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine if self.through else Qt.PenStyle.SolidLine))
            painter.setBrush(fill)
            painter.drawPath(self.outline())
            marks.readout(self.pointer, [self.tr(WORDS[self.mode])], "", False)
        covered = self.tr("Covered buildings count too. ") if self.through else ""
        # From the upper edge if it may be: legend, scale and first steps lie below.
        marks.hint(covered + self.tr(self.hint), *hint_place(self.view, first_above=True))

    def _give_up(self) -> None:
        self._pressed, self.path = False, []
        if self.view.overlay.frozen:
            self.view.overlay.thaw()
