"""Hour of the year: month marks, play and step, the date, and the range that is painted."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from citytwin_desktop.city.calendar import hour_label
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.span_fields import SpanFields
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.variables import DAY, MONTH, SPAN, YEAR, Variable
from citytwin_desktop.ui.year_ruler import YearRuler

PLAY_INTERVAL_MS = 150
PERIODS = ((DAY, "hour"), (SPAN, "span"), (MONTH, "month"), (YEAR, "year"))
SPAN_TIP = "Sum over a span of hours; drag over the months with Shift held"


class TimeBar(QWidget):
    """Everything about time in one line.

    Signals
    -------
    hour_chosen(int), period_chosen(str), span_chosen(int, int)
    """

    hour_chosen = Signal(int)
    period_chosen = Signal(str)
    span_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeBar")
        self.ruler = YearRuler()
        self.back = self._button("stepBack", self.tr("One hour back"), lambda: self._step(-1))
        self.play = self._button("play", self.tr("Play the hours"), self._toggle_play)
        self.forward = self._button("stepForward", self.tr("One hour on"), lambda: self._step(1))
        self.label = QLabel(hour_label(0))
        self.label.setObjectName("timeLabel")
        self.label.setMinimumWidth(96)
        self.periods = QButtonGroup(self)
        self.layout_ = QHBoxLayout(self)
        self.layout_.setContentsMargins(8, 4, 8, 4)
        self.layout_.setSpacing(4)
        for widget in (self.back, self.play, self.forward):
            self.layout_.addWidget(widget)
        self.layout_.addSpacing(4)
        self.layout_.addWidget(self.ruler, 1)
        self.layout_.addSpacing(8)
        self.span = SpanFields()
        self.layout_.addWidget(self.label)
        self.layout_.addWidget(self.span)
        self._add_periods()
        self._timer = QTimer(self, interval=PLAY_INTERVAL_MS)
        self._timer.timeout.connect(lambda: self._step(1))
        self.ruler.hour_chosen.connect(self.hour_chosen)
        self.ruler.span_chosen.connect(self.span_chosen)
        self.ruler.drag_ended.connect(self._show_fields)
        self.span.chosen.connect(self.span_chosen)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self.ruler.theme = theme
        self._theme = theme
        self.back.setIcon(icon("skip-previous", theme))
        self.forward.setIcon(icon("skip-next", theme))
        self._draw_play()

    def set_year(self, hours: int) -> None:
        """Stand for a common (8,760 hours) or leap (8,784) year."""
        self.ruler.set_year(hours)
        self.span.set_year(hours)
        self.set_hour(self.ruler.hour)

    def set_hour(self, hour: int) -> None:
        """Show an hour without telling anyone."""
        self.ruler.set_hour(hour)
        self.label.setText(hour_label(hour, self.ruler.hours))

    def set_period(self, period: str) -> None:
        """Show which range is painted."""
        for button in self.periods.buttons():
            button.setChecked(button.property("period") == period)
        self.ruler.show_span(period == SPAN)
        self._period = period
        # The fields take room from the ruler: not while a handle is dragged along it.
        if not self.ruler.dragging:
            self._show_fields()

    def _show_fields(self) -> None:
        self.span.setVisible(self._period == SPAN)
        self.label.setVisible(self._period != SPAN)

    def set_span(self, span: tuple[int, int]) -> None:
        """Show a span of hours without telling anyone."""
        self.ruler.set_span(span)
        self.span.show_span(span)

    def offer(self, variable: Variable | None) -> None:
        """Offer the periods that a variable has; all but the span where nothing is painted."""
        for button in self.periods.buttons():
            period = button.property("period")
            if period == SPAN:
                button.setVisible(variable is not None and SPAN in variable.periods)
            if period == DAY:
                button.setText(self.tr("Day") if variable is not None and variable.whole_day else self.tr("Hour"))
            # The hour stays offered for yearly results of buildings: the month stands in for it.
            timeless = variable is not None and variable.engine == "solar" and period not in variable.periods
            timeless |= variable is not None and not variable.has_time
            button.setEnabled(not timeless)
        self.ruler.spans = variable is not None and SPAN in variable.periods

    def _add_periods(self) -> None:
        for period, text in PERIODS:
            button = QToolButton(text=self.tr(text.capitalize()), checkable=True)
            button.setObjectName("panelTab")
            button.setProperty("period", period)
            button.setAccessibleName(self.tr("Paint the {}").format(text))
            button.setToolTip(self.tr(SPAN_TIP) if period == SPAN else "")
            button.clicked.connect(lambda _, chosen=period: self.period_chosen.emit(chosen))
            self.periods.addButton(button)
            self.layout_.addWidget(button)
        self.set_period(YEAR)
        self.offer(None)

    def _button(self, name: str, tip: str, run: object) -> QToolButton:
        button = QToolButton(toolTip=tip, accessibleName=tip)
        button.setObjectName(name)
        button.clicked.connect(run)
        return button

    def _step(self, hours: int) -> None:
        self.hour_chosen.emit((self.ruler.hour + hours) % self.ruler.hours)

    def stop(self) -> None:
        """Stop playing."""
        self._timer.stop()
        self._draw_play()

    def _toggle_play(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
        else:
            self.period_chosen.emit(DAY)
            self._timer.start()
        self._draw_play()

    def _draw_play(self) -> None:
        self.play.setIcon(icon("pause" if self._timer.isActive() else "play", self._theme))
