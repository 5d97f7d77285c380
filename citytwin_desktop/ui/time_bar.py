"""Hour of the year: month marks, play and step, the date, and the range that is painted."""

from itertools import accumulate
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from citytwin_desktop.city.calendar import hour_label, month_days
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.span_fields import SpanFields
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.time_play import TimePlayer, next_hour, play_range
from citytwin_desktop.ui.time_speed import SpeedButton
from citytwin_desktop.ui.variables import DAY, MONTH, SPAN, YEAR, Variable
from citytwin_desktop.ui.year_ruler import YearRuler

PERIODS = ((DAY, "hour"), (SPAN, "span"), (MONTH, "month"), (YEAR, "year"))
SPAN_TIP = "Sum over a span of hours; drag over the months with Shift held"
_BACK_KEYS = (Qt.Key.Key_Comma, Qt.Key.Key_Less, Qt.Key.Key_Semicolon)
_ON_KEYS = (Qt.Key.Key_Period, Qt.Key.Key_Greater, Qt.Key.Key_Colon)
"""What the keys of comma and full stop give with and without Shift."""


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
        self.player = TimePlayer(self)
        self.back = self._button("stepBack", self.tr("One hour back (,)"), lambda: self.step(-1))
        self.play = self._button("play", self.tr("Play the hours (Space in the view)"), self.toggle_play)
        self.forward = self._button("stepForward", self.tr("One hour on (.)"), lambda: self.step(1))
        self.speed = SpeedButton(self.player)
        self.label = QLabel(hour_label(0))
        self.label.setObjectName("timeLabel")
        self.label.setMinimumWidth(96)
        self.periods = QButtonGroup(self)
        self.layout_ = QHBoxLayout(self)
        self.layout_.setContentsMargins(8, 4, 8, 4)
        self.layout_.setSpacing(4)
        for widget in (self.back, self.play, self.forward, self.speed):
            self.layout_.addWidget(widget)
        self.layout_.addSpacing(4)
        self.layout_.addWidget(self.ruler, 1)
        self.layout_.addSpacing(8)
        self.span = SpanFields()
        self.layout_.addWidget(self.label)
        self.layout_.addWidget(self.span)
        self._add_periods()
        self.player.stepped.connect(self._play_on)
        self.player.changed.connect(self._draw_play)
        self.speed.span_wanted.connect(self._choose_span)
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
        self.speed.set_theme(theme)
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
            button.setToolTip(self._tip(period, variable, timeless))
        self.ruler.spans = variable is not None and SPAN in variable.periods
        self.speed.offer_spans(self.ruler.spans)

    def _tip(self, period: str, variable: Variable | None, timeless: bool) -> str:
        if timeless and variable is not None and not variable.has_time:
            return self.tr("{} does not change with time: the hour moves the sun alone").format(variable.title)
        if timeless and variable is not None:
            return self.tr("{} is not known for this").format(variable.title)
        return self.tr(SPAN_TIP) if period == SPAN else ""

    def _add_periods(self) -> None:
        for period, text in PERIODS:
            button = QToolButton(text=self.tr(text.capitalize()), checkable=True)
            button.setObjectName("panelTab")
            button.setProperty("period", period)
            button.setAccessibleName(self.tr("Paint the {}").format(text))
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

    def step(self, hours: int) -> None:
        """Go some hours on, or back; around the end of the year."""
        self.hour_chosen.emit((self.ruler.hour + hours) % self.ruler.hours)

    def stop(self) -> None:
        """Stop playing."""
        self.player.stop()

    def toggle_play(self) -> None:
        """Play the hours, or stay."""
        if self.player.playing:
            self.player.stop()
            return
        self.period_chosen.emit(DAY)
        self.player.start()

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        """Keys of the 3D view: comma and full stop step an hour, with Shift a day, Space plays."""
        # A tool in hand takes numbers with their decimal points.
        if event.type() != QEvent.Type.KeyPress or getattr(watched, "tool", None) is not None:
            return False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        others = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if others not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            return False
        if event.key() == Qt.Key.Key_Space and not shift and not event.isAutoRepeat():
            self.toggle_play()
        elif event.key() in (*_BACK_KEYS, *_ON_KEYS):
            self.step((24 if shift else 1) * (1 if event.key() in _ON_KEYS else -1))
        else:
            return False
        return True

    def _play_on(self, hours: int) -> None:
        span = self._range(self.speed.range_kind)
        following = next_hour(self.ruler.hour, hours, span, self.speed.loop)
        if following is None:
            self.player.stop()
        else:
            self.hour_chosen.emit(following)

    def _range(self, kind: str) -> tuple[int, int]:
        ends = tuple(24 * days for days in accumulate(month_days(self.ruler.hours)))
        return play_range(kind, self.ruler.hour, ends, self.ruler.hours)

    def _choose_span(self, kind: str) -> None:
        self.span_chosen.emit(*self._range(kind))

    def _draw_play(self) -> None:
        self.play.setIcon(icon("pause" if self.player.playing else "play", self._theme))
