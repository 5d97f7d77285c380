"""What every chart is: drawn once on an empty canvas, read under the mouse, and known as a table."""

from typing import Any

from PySide6.QtCore import QObject, QPointF, Qt, Signal

from citytwin_desktop.document.chart_lines import ChartTable
from citytwin_desktop.document.explanation import Question
from citytwin_desktop.ui.charts.canvas import ChartCanvas


class Chart(QObject):
    """One chart on a canvas.

    Signals
    -------
    read_out(str)
        What the mouse is over, empty for nothing.
    explain_wanted(Question)
    menu_wanted(object, QPoint)
        A question or None, and where on the screen.
    hour_chosen(int)
    range_named(str)
        The day, week, month or year is seen, empty for another part of it.
    rows_chosen(object, bool)
        Rows of the building table, and whether they are added to the selection.
    """

    read_out = Signal(str)
    explain_wanted = Signal(object)
    menu_wanted = Signal(object, object)
    hour_chosen = Signal(int)
    range_named = Signal(str)
    rows_chosen = Signal(object, bool)

    def __init__(self, canvas: ChartCanvas) -> None:
        super().__init__(canvas)
        self.canvas, self.theme = canvas, canvas.theme
        self.left_out: list[str] = []
        self.range_name = ""

    def table(self) -> ChartTable:
        """What is drawn."""
        raise NotImplementedError

    def question_at(self, point: QPointF | None) -> Question | None:
        """What a place in the chart is a number of; None for nothing."""
        del point
        return None

    def text_at(self, point: QPointF) -> str:
        """What a place in the chart says."""
        del point
        return ""

    def set_hour(self, hour: int) -> None:
        """Show another hour of the year."""

    def key(self, key: int, modifiers: Qt.KeyboardModifier) -> None:
        """A key was pressed on the canvas."""

    def view_state(self) -> dict[str, Any]:
        """What is kept while the same kind of chart is drawn again."""
        return {}

    def restore_view(self, state: dict[str, Any]) -> None:
        """The reverse of `view_state`."""

    def listen(self, plot: Any) -> None:
        """Connect the mouse over a plot to the methods above."""
        box = plot.getViewBox()

        def moved(place: QPointF | None) -> None:
            inside = place is not None and box.sceneBoundingRect().contains(place)
            self.read_out.emit(self.text_at(box.mapSceneToView(place)) if inside else "")

        def doubled(point: QPointF) -> None:
            question = self.question_at(point)
            if question is not None:
                self.explain_wanted.emit(question)

        self.canvas.moved.connect(moved)
        box.doubled.connect(doubled)
        box.menu_wanted.connect(lambda point, where: self.menu_wanted.emit(self.question_at(point), where))
