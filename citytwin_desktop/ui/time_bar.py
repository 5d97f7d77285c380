"""Hour of the year: month marks, play and step, the date, and the range that is painted."""

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from citytwin_desktop.city.calendar import MONTH_DAYS, hour_label
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

HOURS = 8760
PLAY_INTERVAL_MS = 150
PERIODS = (("day", "hour"), ("month", "month"), ("year", "year"))


class YearRuler(QWidget):
    """A ruler over the hours of a year; drag it, or use arrow keys (hours) and Page keys (days).

    Signals
    -------
    hour_chosen(int)
    """

    hour_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("yearRuler")
        self.setMinimumWidth(240)
        self.setFixedHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Hour of the year"))
        self.hour = 0
        self.theme: Theme | None = None

    def set_hour(self, hour: int) -> None:
        """Move the handle without telling anyone."""
        self.hour = max(0, min(hour, HOURS - 1))
        self.update()

    def x_of(self, hour: float) -> float:
        """Place of an hour along the ruler [px]."""
        return 8.0 + hour / HOURS * (self.width() - 16.0)

    def hour_at(self, x: float) -> int:
        """Hour at a place along the ruler: the day by the place, the time of day kept."""
        day = int((x - 8.0) / max(self.width() - 16.0, 1.0) * 365)
        return max(0, min(day, 364)) * 24 + self.hour % 24

    def paintEvent(self, _event: object) -> None:
        """Draw month marks, the line and the handle."""
        if self.theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(window_font(self.font(), SMALL_FONT_PX))
        enabled = self.isEnabled()
        line, text = QColor(self.theme.line), QColor(self.theme.muted if enabled else self.theme.disabled)
        painter.setPen(QPen(line, 2))
        painter.drawLine(int(self.x_of(0)), 24, int(self.x_of(HOURS)), 24)
        first = 0
        for month, days in enumerate(MONTH_DAYS):
            x, end = self.x_of(first * 24), self.x_of((first + days) * 24)
            painter.setPen(QPen(line, 1))
            painter.drawLine(int(x), 20, int(x), 28)
            painter.setPen(text)
            painter.drawText(QRectF(x, 2, end - x, 16), Qt.AlignmentFlag.AlignCenter, "JFMAMJJASOND"[month])
            first += days
        handle = self.x_of(self.hour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.accent if enabled else self.theme.disabled))
        painter.drawRoundedRect(QRectF(handle - 3, 15, 6, 18), 3, 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.theme.accent), 1))
            painter.drawRoundedRect(QRectF(handle - 6, 12.5, 12, 21), 4, 4)
        painter.end()

    def mousePressEvent(self, event: object) -> None:
        """Jump to the day under the pointer."""
        self.hour_chosen.emit(self.hour_at(event.position().x()))

    def mouseMoveEvent(self, event: object) -> None:
        """Follow the pointer while a button is down."""
        if event.buttons():
            self.hour_chosen.emit(self.hour_at(event.position().x()))

    def wheelEvent(self, event: object) -> None:
        """Step by hours."""
        self.hour_chosen.emit((self.hour + (1 if event.angleDelta().y() > 0 else -1)) % HOURS)

    def keyPressEvent(self, event: object) -> None:
        """Arrows step hours, Page keys days."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: -24, Qt.Key.Key_PageUp: 24}
        if event.key() in steps:
            self.hour_chosen.emit((self.hour + steps[event.key()]) % HOURS)
        else:
            event.ignore()


class TimeBar(QWidget):
    """Everything about time in one line.

    Signals
    -------
    hour_chosen(int), period_chosen(str)
    """

    hour_chosen = Signal(int)
    period_chosen = Signal(str)

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
        self.layout_.addWidget(self.label)
        self._add_periods()
        self._timer = QTimer(self, interval=PLAY_INTERVAL_MS)
        self._timer.timeout.connect(lambda: self._step(1))
        self.ruler.hour_chosen.connect(self.hour_chosen)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self.ruler.theme = theme
        self._theme = theme
        self.back.setIcon(icon("skip-previous", theme))
        self.forward.setIcon(icon("skip-next", theme))
        self._draw_play()

    def set_hour(self, hour: int) -> None:
        """Show an hour without telling anyone."""
        self.ruler.set_hour(hour)
        self.label.setText(hour_label(hour))

    def set_period(self, period: str) -> None:
        """Show which range is painted."""
        for button in self.periods.buttons():
            button.setChecked(button.property("period") == period)

    def _add_periods(self) -> None:
        for period, text in PERIODS:
            button = QToolButton(text=self.tr(text.capitalize()), checkable=True)
            button.setObjectName("panelTab")
            button.setProperty("period", period)
            button.setAccessibleName(self.tr("Paint the {}").format(text))
            button.clicked.connect(lambda _, chosen=period: self.period_chosen.emit(chosen))
            self.periods.addButton(button)
            self.layout_.addWidget(button)
        self.set_period("year")

    def _button(self, name: str, tip: str, run: object) -> QToolButton:
        button = QToolButton(toolTip=tip, accessibleName=tip)
        button.setObjectName(name)
        button.clicked.connect(run)
        return button

    def _step(self, hours: int) -> None:
        self.hour_chosen.emit((self.ruler.hour + hours) % HOURS)

    def stop(self) -> None:
        """Stop playing."""
        self._timer.stop()
        self._draw_play()

    def _toggle_play(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
        else:
            self.period_chosen.emit("day")
            self._timer.start()
        self._draw_play()

    def _draw_play(self) -> None:
        self.play.setIcon(icon("pause" if self._timer.isActive() else "play", self._theme))
