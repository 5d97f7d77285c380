"""Charts of the selection, or of the whole city when nothing is selected."""

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from citytwin_desktop.document import events
from citytwin_desktop.document.chart_columns import ColumnValues, Painted, column_values
from citytwin_desktop.document.chart_gathering import chart_rows, gather
from citytwin_desktop.document.chart_series import ChartData, ChartRequest, chart_variables
from citytwin_desktop.document.difference_columns import difference_columns, difference_values
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.charts import chart_words
from citytwin_desktop.ui.charts.controls import PAINTED, ChartControls
from citytwin_desktop.ui.charts.gatherer import Gatherer
from citytwin_desktop.ui.charts.invitation import Invitation
from citytwin_desktop.ui.charts.kinds import BY_NAME, HISTOGRAM, SCATTER
from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.variables import VARIABLES

FIRST_VARIABLES = ("heating_demand", "cooling_demand")
"""What is drawn before anything is chosen or painted."""
FIRST_COLUMNS = ("year_built", "heating_demand")
BUSY_AFTER_MS = 300
SETTLE_MS = 60
"""Selections come in bunches while a box is dragged."""


class ChartsPanel(QWidget):
    """One chart at a time, with the row of its choices over it.

    Signals
    -------
    hour_chosen(int)
    run_wanted(str)
        An engine that would fill the chart.
    """

    hour_chosen = Signal(int)
    run_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(objectName="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.theme: Theme | None = None
        self.gatherer = Gatherer(session, self)
        self.chart: Any = None
        self._content: Any = None
        self._drawn: Any = None
        self._wanted: Any = None
        self._kept_views: dict[str, dict[str, Any]] = {}
        self.controls, self.invitation = ChartControls(), Invitation()
        self.heading, self.note, self.reading = QLabel(objectName="heading"), ElidedLabel(), ElidedLabel()
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.offer, self.stop = QPushButton(objectName="link"), QPushButton(self.tr("Stop"), objectName="link")
        self._lay_out()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._busy = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._busy.timeout.connect(lambda: self.stop.setVisible(self.gatherer.busy))
        self._choose_first()
        self._connect()

    # --- what others call

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons; the chart is drawn anew."""
        self.theme = theme
        self.controls.set_theme(theme)
        # Of another kind that was chosen a moment ago the content is still on its way.
        fits = isinstance(self._content, ChartData) == bool(BY_NAME[self.controls.kind].of_year)
        if self._content is not None and self.isVisible() and fits:
            self._draw()
        else:
            self._drop_chart()

    def refresh(self) -> None:
        """Read the results again; only while the panel is seen."""
        if self.session.document is not None and self.isVisible():
            self._settle.start()

    def show_kind(self, name: str) -> None:
        """Draw another kind of chart."""
        self._keep_view()
        self.controls.show_kind(name)
        self._ask()

    def save(self, path: Path) -> None:
        """Write the chart to a file."""
        from citytwin_desktop.ui.charts.picture_files import save_chart

        if self.chart is None:
            self.session.problem.emit(self.tr("There is no chart to save yet."))
            return
        try:
            save_chart(self.chart, path)
        except KnownError as error:
            self.session.problem.emit(str(error))
            return
        self.session.notice.emit(self.tr("Chart written to “{}”").format(path.name))

    def ask_save(self, kind: str) -> None:
        """Ask for a file."""
        from citytwin_desktop.ui.charts.picture_files import FILTERS

        name = f"{self.controls.kind}.{kind}"
        chosen = QFileDialog.getSaveFileName(self, self.tr("Save the chart"), name, self.tr(FILTERS[kind]))[0]
        if chosen:
            path = Path(chosen)
            self.save(path if path.suffix else path.with_suffix(f".{kind}"))

    def showEvent(self, event: Any) -> None:
        """Read results when the panel comes up."""
        super().showEvent(event)
        self.refresh()

    # --- gathering

    def _ask(self) -> None:
        """Gather what is to be drawn; what is known is drawn at once."""
        document = self.session.document
        if document is None or not self.isVisible():
            return
        if self.chart is None:
            self._name_selection()
        self.controls.show_compared(self.session.comparison.active)
        self.controls.name_painted(self._painted_title())
        if BY_NAME[self.controls.kind].of_year:
            key, call = self._series_call()
        else:
            key, call = self._columns_call()
        self._wanted = key
        if not self.gatherer.ask(key, call):
            self._busy.start()

    def _series_call(self) -> tuple[Any, Any]:
        document = self.session.document
        scenarios = tuple(dict.fromkeys((document.active_scenario, self.session.compared or document.active_scenario)))
        request = ChartRequest(self.controls.variables.chosen, scenarios, tuple(document.selection))
        return request, lambda side, tell: gather(side, request, tell)

    def _columns_call(self) -> tuple[Any, Any]:
        document, controls = self.session.document, self.controls
        boxes = (controls.column,) if controls.kind == HISTOGRAM else (controls.across, controls.up)
        found, painted = self.session.request(), None
        if found is not None:
            painted = Painted(found.name, found.hour, found.month, found.hours)
        names = tuple(box.currentData() or PAINTED for box in boxes)
        if painted is None and PAINTED in names:
            names = tuple(name or FIRST_COLUMNS[1] for name in names)
        scenario, differences = document.active_scenario, {item.name for item in difference_columns()}
        other = self.session.compared if differences.intersection(names) else ""
        key = (controls.kind, names, scenario, painted if PAINTED in names else None, other)

        def read(side: Any, name: str) -> ColumnValues:
            if name in differences:
                return difference_values(side, name, scenario, other)
            return column_values(side, name, scenario, painted if name == PAINTED else None)

        return key, lambda side, _tell: tuple(read(side, name) for name in names)

    def _arrived(self, key: Any, content: Any) -> None:
        self._busy.stop()
        self.stop.hide()
        if key != self._wanted or self.session.document is None:
            return
        # Not before: the curves that are still drawn are of what was selected then.
        self._name_selection()
        same = content is self._content and self._drawn == (self.controls.kind, self.controls.per_area.isChecked())
        self._content = content
        if same and self.chart is not None and self.controls.kind == SCATTER:
            self.chart.select(self._selected())
        else:
            self._draw()

    def _failed(self, sentence: str) -> None:
        self._busy.stop()
        self.stop.hide()
        self._drop_chart()
        self._name_selection()
        self.invitation.invite(sentence)
        self.pages.setCurrentWidget(self.invitation)

    def _progress(self, done: int, of: int) -> None:
        if self.stop.isVisible() and of:
            self.reading.setText(
                self.tr("Reading {} of {}…").format(chart_words.count_text(done), chart_words.count_text(of))
            )

    def _give_up(self) -> None:
        self.gatherer.cancel()
        self.stop.hide()
        self.reading.setText("")
        if self.chart is not None:
            self.note.setText(self.tr("Stopped: this is the chart of before."))

    # --- drawing

    def _draw(self) -> None:
        """A new chart in place of the one before."""
        self._keep_view()
        self._drop_chart(forget=False)
        if self.theme is None or not self._has_content():
            return
        from citytwin_desktop.ui.charts.drawing import Surroundings, draw

        document, session = self.session.document, self.session
        city = document.city
        around = Surroundings(
            self.theme, document.hour, self.controls.per_area.isChecked(), session.map_name, session.classes,
            city.buildings.ids, np.asarray(city.rows_with_geometry, np.int64), self._selected(),
        )  # fmt: skip
        kind = self.controls.kind
        self.chart = chart = draw(kind, self._content, around)
        self._drawn = (kind, around.per_area)
        chart.canvas.setAccessibleName(self._spoken())
        self.pages.addWidget(chart.canvas)
        self.pages.setCurrentWidget(chart.canvas)
        chart.restore_view(self._kept_views.get(kind, {}))
        self.controls.show_range(chart.range_name)
        chart.range_named.connect(self.controls.show_range)
        chart.read_out.connect(self.reading.setText)
        chart.explain_wanted.connect(self.session.explain_wanted)
        chart.menu_wanted.connect(self._show_menu)
        chart.hour_chosen.connect(self.hour_chosen)
        chart.rows_chosen.connect(self._select_rows)
        chart.canvas.key_pressed.connect(chart.key)
        chart.canvas.menu_by_key.connect(self._menu_by_key)
        if kind == SCATTER:
            self._set_outline(self.controls.lasso.isChecked())
        self._say_gaps(chart.left_out)

    def _has_content(self) -> bool:
        """Whether there is anything to draw; invites to make it where there is not."""
        if not isinstance(self._content, ChartData) or self._content.series:
            return True
        words, engines = chart_words.invitation(self.session.document, self._content)
        self.invitation.invite(self.tr(words), engines)
        self.pages.setCurrentWidget(self.invitation)
        self._say_gaps([])
        self.note.setText("")
        self.offer.hide()
        return False

    def _drop_chart(self, forget: bool = True) -> None:
        if self.chart is not None:
            canvas = self.chart.canvas
            self.pages.removeWidget(canvas)
            self.chart.deleteLater()
            canvas.close()
            canvas.deleteLater()
            self.chart = None
        self.reading.setText("")
        if forget:
            self._content = None

    def _keep_view(self) -> None:
        if self.chart is not None and self._drawn is not None:
            self._kept_views[self._drawn[0]] = self.chart.view_state()

    def _selected(self) -> np.ndarray:
        """(n_buildings,) bool: which rows are selected, parts with their building."""
        document = self.session.document
        mask = np.zeros(len(document.city.buildings), bool)
        if document.selection:
            mask[chart_rows(document, tuple(document.selection))] = True
        return mask

    def _select_rows(self, rows: np.ndarray, adding: bool) -> None:
        document = self.session.document
        names = document.city.buildings.ids[rows].astype(str).tolist()
        document.select([*document.selection, *names] if adding else names)

    # --- words

    def _name_selection(self) -> None:
        count = len(self.session.document.selection)
        words = self.tr("{} selected").format(chart_words.count_text(count)) if count else self.tr("Whole city")
        self.heading.setText(words)

    def _say_gaps(self, left_out: list[str]) -> None:
        data, engines = self._content, ()
        sentences = list(left_out)
        if isinstance(data, ChartData):
            named = {name: data.names.get(name, name) for name in data.request.scenarios}
            sentences = [chart_words.first_words(data), chart_words.gap_words(data.gaps, named), *sentences]
            engines = chart_words.engines_of(data.gaps)
        self.note.setText(" ".join(text for text in sentences if text))
        self.offer.setVisible(bool(engines))
        if engines:
            self.offer.setText(self.tr(chart_words.offer_words(engines[0])))
            self.offer.setProperty("engine", engines[0])

    def _spoken(self) -> str:
        """The chart in words, for screen readers."""
        kind = BY_NAME[self.controls.kind].title
        names = getattr(getattr(self.chart, "key_", None), "texts", [])
        return f"{kind}: {', '.join(names)}" if names else kind

    def _painted_title(self) -> str:
        painted = VARIABLES.get(self.session.variable)
        return painted.title if painted is not None else ""

    # --- menus and events

    def _show_menu(self, question: Any, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        explain = menu.addAction(self.tr("Explain this number"))
        explain.setEnabled(question is not None)
        explain.triggered.connect(lambda: self.session.explain_wanted.emit(question))
        menu.addSeparator()
        for action in self.controls.save.menu().actions():
            menu.addAction(action)
        menu.popup(where)

    def _menu_by_key(self) -> None:
        canvas = self.chart.canvas
        self._show_menu(self.chart.question_at(None), canvas.mapToGlobal(canvas.rect().center()))

    def _set_outline(self, lasso: bool) -> None:
        if self.chart is not None and self.controls.kind == SCATTER:
            self.chart.box.outline_kind = "lasso" if lasso else "box"

    def _show_range(self, name: str) -> None:
        if self.chart is not None and hasattr(self.chart, "show_range"):
            self.chart.show_range(name)

    def _follow(self, event: Any) -> None:
        if isinstance(event, events.TimeChanged) and self.chart is not None and self.isVisible():
            self.chart.set_hour(event.hour)

    def _view_changed(self) -> None:
        # Other colours, another scenario, or another painted variable: what is kept is drawn at once.
        if self.isVisible() and self.session.document is not None:
            self._drawn = None
            self.refresh()

    def _closed(self) -> None:
        self._settle.stop()
        self._drop_chart()
        self._kept_views.clear()
        self._wanted = None

    def _choose_first(self) -> None:
        names = {item.name for item in chart_variables()}
        painted = self.session.variable
        self.controls.variables.choose((painted,) if painted in names else FIRST_VARIABLES)
        for box, name in ((self.controls.across, FIRST_COLUMNS[0]), (self.controls.up, FIRST_COLUMNS[1])):
            box.setCurrentIndex(box.findData(name))

    def _connect(self) -> None:
        controls, session = self.controls, self.session
        controls.kind_chosen.connect(self.show_kind)
        controls.changed.connect(self._ask)
        controls.range_chosen.connect(self._show_range)
        controls.outline_chosen.connect(self._set_outline)
        controls.save_wanted.connect(self.ask_save)
        self.gatherer.arrived.connect(self._arrived)
        self.gatherer.failed.connect(self._failed)
        self.gatherer.progress.connect(self._progress)
        self.invitation.run_wanted.connect(self.run_wanted)
        self.offer.clicked.connect(lambda: self.run_wanted.emit(self.offer.property("engine")))
        self.stop.clicked.connect(self._give_up)
        session.event.connect(self._follow)
        session.view_changed.connect(self._view_changed)
        session.closed.connect(self._closed)

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        self.pages.addWidget(self.invitation)
        line = QHBoxLayout()
        line.setSpacing(12)
        for widget in (self.heading, self.note, self.offer):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.stop)
        line.addWidget(self.reading)
        self.note.setObjectName("muted")
        self.reading.setObjectName("muted")
        self.reading.setAccessibleName(self.tr("Value under the mouse"))
        self.offer.hide()
        self.stop.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.controls)
        layout.addLayout(line)
        layout.addWidget(self.pages, 1)
