"""What the actions of the window do: explaining numbers, and the history."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from citytwin_desktop.document import events
from citytwin_desktop.document.explanation import Explanation, Question, explain
from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.explanation_view import ExplanationView
from citytwin_desktop.ui.history_panel import HistoryPanel
from citytwin_desktop.ui.numbers import with_unit
from citytwin_desktop.ui.theme import Theme

AGAIN_MS = 150
"""After an edit the open explanation is worked out again, once for a burst of them."""
MANY_BUILDINGS = 500
"""More take long enough for the pointer to say so."""
_TELLING = (
    events.BuildingsChanged, events.CityChanged, events.GeometryChanged, events.ResultsArrived, events.ScenariosChanged,
    events.WeatherChanged, events.SolarConditionsChanged, events.CollectorAssumptionsChanged,
)  # fmt: skip


class ExplainController(Controller):
    """Methods that the table of actions names."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.view: ExplanationView | None = None
        self.history: HistoryPanel | None = None
        self._question: Question | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._explain_again)
        self.session.explain_wanted.connect(self.explain)

    def workspace_made(self, workspace: Any) -> None:
        """Put the panel beside the inspector, and the history among the lists of the left dock."""
        self.view = view = ExplanationView()
        columns = workspace.columns
        columns.insertWidget(columns.indexOf(workspace.inspector), view)
        self.history = HistoryPanel(self.session)
        workspace.left.add(self.history, self.tr("History"), "history")
        view.column_wanted.connect(self._edit)
        view.building_wanted.connect(lambda name: self._go((name,)))
        view.go_wanted.connect(lambda: self._go(self._buildings()))
        view.table_wanted.connect(self._open_table)
        view.closed.connect(workspace.view.setFocus)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        if self.view is None or self.history is None:
            return
        self.view.set_theme(theme)
        self.history.set_theme(theme)

    def document_closed(self) -> None:
        """Nothing is left to explain."""
        self._again.stop()
        self._question = None
        if self.view is not None:
            self.view.hide()

    def document_event(self, event: Any) -> None:
        """An open explanation follows what changes."""
        shown = self._question is not None and self.view is not None and self.view.isVisible()
        if shown and isinstance(event, _TELLING):
            self._again.start()

    def explain(self, question: Question) -> None:
        """Explain a number in the panel."""
        if self.document is None or self.view is None:
            return
        many = len(question.building_ids) > MANY_BUILDINGS
        if many:
            QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            found = self.session.guarded(explain, self.document, question)
        finally:
            if many:
                QApplication.restoreOverrideCursor()
        if found is not None:
            self._question = question
            self.view.show_explanation(self._placed(found))

    def _placed(self, found: Explanation) -> Explanation:
        """Say which scenario a number is of where there are several, and that it is but one side of a difference."""
        asked, comparison = found.question, self.session.comparison
        if len(self.document.scenarios) < 2:
            return found
        name = self.document.scenario(asked.scenario_id).name
        told = replace(found, subject=self.tr("{}, in “{}”").format(found.subject, name))
        painted = asked.variable and asked.variable == self.session.variable
        if not (painted and comparison.shows_difference and asked.scenario_id == comparison.pair[0]):
            return told
        other = self.session.guarded(explain, self.document, replace(asked, scenario_id=comparison.pair[1]))
        if other is None or not all(isinstance(item.value, int | float) for item in (found, other)):
            return told
        parts = [with_unit(value, found.unit) for value in (found.value, other.value, found.value - other.value)]
        line = self.tr("This is A. What is painted is A − B: {} less {} is {}.").format(*parts)
        return replace(told, remarks=(line, *found.remarks))

    def explain_here(self) -> None:
        """Explain the value that has the focus, or what is painted on the selected buildings."""
        if (question := self._question_here()) is not None:
            self.explain(question)
        else:
            self.window.say(self.tr("Nothing to explain: click a value of the inspector, or paint a variable."))

    def show_history(self) -> None:
        """Bring the list of all edits up."""
        self.workspace.left.bring_up(self.history)
        self.history.list.setFocus()

    def _question_here(self) -> Question | None:
        focused = self.window.focusWidget()
        column = focused.property("column") if focused is not None else None
        if column and self.document.selection:
            return Question(
                scenario_id=self.document.active_scenario, building_ids=self.document.selection, column=str(column)
            )
        return self._painted()

    def _painted(self) -> Question | None:
        request = self.session.request()
        if request is None:
            return None
        return Question(
            request.name, self.document.active_scenario, tuple(self.document.selection), hour=request.hour,
            month=request.month, hours=request.hours,
        )  # fmt: skip

    def _explain_again(self) -> None:
        question, document = self._question, self.document
        if question is None or document is None:
            return
        here = tuple(name for name in question.building_ids if name in document.city.buildings)
        lost = question.surface is not None and question.surface >= len(document.city.surfaces)
        lost = lost or all(item.id != question.scenario_id for item in document.scenarios)
        if lost or len(here) < len(question.building_ids):
            self._question = None
            self.view.hide()
            return
        self.explain(replace(question, building_ids=here))

    def _buildings(self) -> tuple[str, ...]:
        question, city = self._question, self.document.city
        if question is None:
            return ()
        if question.building_ids or question.surface is None:
            return question.building_ids
        return (str(city.buildings.ids[city.surfaces.building[question.surface]]),)

    def _go(self, names: tuple[str, ...]) -> None:
        if self.session.guarded(self.document.select, names) is None and names:
            self.window.actions_["view.selection"].trigger()

    def _open_table(self) -> None:
        self.document.select(self._buildings())
        self.workspace.show_panel("table")

    def _edit(self, column: str) -> None:
        if names := self._buildings():
            self.document.select(names)
        self.workspace.inspector.show_row(column)
