"""A ruler over the hours of a year: one handle for the hour, two for a span."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, month_days
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

HOURS_OF_A_DAY = 24
GRIP_PX = 7


class YearRuler(QWidget):
    """A ruler over the hours of a year; drag it, or use arrow keys (hours) and Page keys (days).

    With Shift, or by one of its two handles, a span of days is dragged; Shift and the keys move its end.

    Signals
    -------
    hour_chosen(int)
    span_chosen(int, int)
        First hour, and the one after the last.
    drag_ended

    Attributes
    ----------
    spans : bool
        Whether spans are offered now.
    hours : int
        Of the year.
    """

    hour_chosen = Signal(int)
    span_chosen = Signal(int, int)
    drag_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("yearRuler")
        self.setMinimumWidth(240)
        self.setFixedHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Hour of the year"))
        self.hour = 0
        self.hours = COMMON_YEAR_HOURS
        self.spans = False
        self.span = (0, HOURS_OF_A_DAY)
        self._span_shown = False
        self._anchor: int | None = None
        self.theme: Theme | None = None

    def set_year(self, hours: int) -> None:
        """Stand for a common (8,760 hours) or leap (8,784) year."""
        self.hours = hours
        self.set_hour(self.hour)

    def set_hour(self, hour: int) -> None:
        """Move the handle without telling anyone."""
        self.hour = max(0, min(hour, self.hours - 1))
        self.update()

    def set_span(self, span: tuple[int, int]) -> None:
        """Move the two handles without telling anyone."""
        self.span = span
        self.update()

    def show_span(self, shown: bool) -> None:
        """Draw the span rather than the hour."""
        self._span_shown = shown
        self.update()

    def x_of(self, hour: float) -> float:
        """Place of an hour along the ruler [px]."""
        return 8.0 + hour / self.hours * (self.width() - 16.0)

    def hour_at(self, x: float) -> int:
        """Hour at a place along the ruler: the day by the place, the time of day kept."""
        days = self.hours // HOURS_OF_A_DAY
        day = int((x - 8.0) / max(self.width() - 16.0, 1.0) * days)
        return max(0, min(day, days - 1)) * 24 + self.hour % 24

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
        painter.drawLine(int(self.x_of(0)), 24, int(self.x_of(self.hours)), 24)
        first = 0
        for month, days in enumerate(month_days(self.hours)):
            x, end = self.x_of(first * 24), self.x_of((first + days) * 24)
            painter.setPen(QPen(line, 1))
            painter.drawLine(int(x), 20, int(x), 28)
            painter.setPen(text)
            painter.drawText(QRectF(x, 2, end - x, 16), Qt.AlignmentFlag.AlignCenter, "JFMAMJJASOND"[month])
            first += days
        self._paint_handles(painter, QColor(self.theme.accent if enabled else self.theme.disabled))
        painter.end()

    def _paint_handles(self, painter: QPainter, colour: QColor) -> None:
        ends = [self.x_of(hour) for hour in (self.span if self._span_shown else (self.hour,))]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if self._span_shown:
            painter.drawRect(QRectF(ends[0], 22, max(ends[1] - ends[0], 1.0), 4))
        for place in ends:
            painter.drawRoundedRect(QRectF(place - 3, 15, 6, 18), 3, 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 1))
            painter.drawRoundedRect(QRectF(ends[-1] - 6, 12.5, 12, 21), 4, 4)

    def mousePressEvent(self, event: object) -> None:
        """Jump to the day under the pointer, or begin a span."""
        x = event.position().x()
        self._anchor = self._anchor_at(x, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        self._follow(x)

    def mouseMoveEvent(self, event: object) -> None:
        """Follow the pointer while a button is down."""
        if event.buttons():
            self._follow(event.position().x())

    def mouseReleaseEvent(self, _event: object) -> None:
        """The span is done."""
        self._anchor = None
        self.drag_ended.emit()

    @property
    def dragging(self) -> bool:
        """Whether a span is being dragged."""
        return self._anchor is not None

    def wheelEvent(self, event: object) -> None:
        """Step by hours."""
        self.hour_chosen.emit((self.hour + (1 if event.angleDelta().y() > 0 else -1)) % self.hours)

    def keyPressEvent(self, event: object) -> None:
        """Arrows step hours, Page keys days; with Shift they move the end of the span."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: -24, Qt.Key.Key_PageUp: 24}
        if event.key() not in steps:
            event.ignore()
        elif self.spans and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            first = self.span[0]
            self.span_chosen.emit(first, min(max(self.span[1] + steps[event.key()], first + 1), self.hours))
        else:
            self.hour_chosen.emit((self.hour + steps[event.key()]) % self.hours)

    def _anchor_at(self, x: float, shift: bool) -> int | None:
        """Hour that stays while a span is dragged, `None` for no span."""
        if not self.spans:
            return None
        if shift:
            return self.hour_at(x) // HOURS_OF_A_DAY * HOURS_OF_A_DAY
        if self._span_shown:
            first, last = self.span
            for grip, other in ((last, first), (first, last - HOURS_OF_A_DAY)):
                if abs(x - self.x_of(grip)) <= GRIP_PX:
                    return max(other // HOURS_OF_A_DAY * HOURS_OF_A_DAY, 0)
        return None

    def _follow(self, x: float) -> None:
        hour = self.hour_at(x)
        if self._anchor is None:
            self.hour_chosen.emit(hour)
            return
        day = hour // HOURS_OF_A_DAY * HOURS_OF_A_DAY
        self.span_chosen.emit(min(day, self._anchor), max(day, self._anchor) + HOURS_OF_A_DAY)
