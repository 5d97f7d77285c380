"""First and last moment of a span of hours, to type or to step."""

from datetime import UTC

from PySide6.QtCore import QDateTime, QLocale, QTimeZone, Signal
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QLabel, QWidget

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, year_start

_SECONDS_OF_AN_HOUR = 3600


class SpanFields(QWidget):
    """Two moments with a dash between them.

    Signals
    -------
    chosen(int, int)
        First hour, and the one after the last.
    """

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("spanFields")
        self._year_hours = COMMON_YEAR_HOURS
        self.first = self._field(self.tr("First moment of the span"))
        self.last = self._field(self.tr("Last moment of the span"))
        self.set_year(COMMON_YEAR_HOURS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.first)
        row.addWidget(QLabel("–"))
        row.addWidget(self.last)
        self.first.dateTimeChanged.connect(lambda: self._tell(self.first))
        self.last.dateTimeChanged.connect(lambda: self._tell(self.last))

    def set_year(self, hours: int) -> None:
        """Offer the days of a common (8,760 hours) or leap (8,784) year, without telling anyone."""
        kept = self._hour(self.first), self._hour(self.last)
        self._year_hours = hours
        for field, low in ((self.first, 0), (self.last, 1)):
            field.blockSignals(True)
            field.setDateTimeRange(self._moment(low), self._moment(hours - 1 + low))
            field.blockSignals(False)
        self.show_span(kept)

    def show_span(self, span: tuple[int, int]) -> None:
        """Show a span without telling anyone."""
        for field, hour in zip((self.first, self.last), span, strict=True):
            field.blockSignals(True)
            field.setDateTime(self._moment(hour))
            field.blockSignals(False)

    def _tell(self, moved: QDateTimeEdit) -> None:
        first, last = self._hour(self.first), self._hour(self.last)
        if first >= last:
            # The end that was moved keeps its place, the other one gives way.
            first, last = (first, first + 1) if moved is self.first else (last - 1, last)
        self.chosen.emit(first, last)

    def _field(self, title: str) -> QDateTimeEdit:
        field = QDateTimeEdit(self._moment(0), accessibleName=title, toolTip=title)
        field.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        field.setTimeZone(QTimeZone.utc())
        field.setDisplayFormat("d MMM HH:00")
        field.setKeyboardTracking(False)
        field.setFixedWidth(104)
        field.lineEdit().setTextMargins(4, 0, 0, 0)
        return field

    def _moment(self, hour: int) -> QDateTime:
        return QDateTime.fromSecsSinceEpoch(self._start() + hour * _SECONDS_OF_AN_HOUR, QTimeZone.utc())

    def _hour(self, field: QDateTimeEdit) -> int:
        return int((field.dateTime().toSecsSinceEpoch() - self._start()) // _SECONDS_OF_AN_HOUR)

    def _start(self) -> int:
        """Start of the year, in seconds since 1970."""
        return int(year_start(self._year_hours).replace(tzinfo=UTC).timestamp())
