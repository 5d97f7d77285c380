"""First and last moment of a span of hours, to type or to step."""

from PySide6.QtCore import QDateTime, QLocale, QTimeZone, Signal
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QLabel, QWidget

HOURS = 8760
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
        self.first = self._field(self.tr("First moment of the span"), 0, HOURS - 1)
        self.last = self._field(self.tr("Last moment of the span"), 1, HOURS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.first)
        row.addWidget(QLabel("–"))
        row.addWidget(self.last)
        self.first.dateTimeChanged.connect(lambda: self._tell(self.first))
        self.last.dateTimeChanged.connect(lambda: self._tell(self.last))

    def show_span(self, span: tuple[int, int]) -> None:
        """Show a span without telling anyone."""
        for field, hour in zip((self.first, self.last), span, strict=True):
            field.blockSignals(True)
            field.setDateTime(_moment(hour))
            field.blockSignals(False)

    def _tell(self, moved: QDateTimeEdit) -> None:
        first, last = _hour(self.first), _hour(self.last)
        if first >= last:
            # The end that was moved keeps its place, the other one gives way.
            first, last = (first, first + 1) if moved is self.first else (last - 1, last)
        self.chosen.emit(first, last)

    def _field(self, title: str, low: int, high: int) -> QDateTimeEdit:
        field = QDateTimeEdit(_moment(low), accessibleName=title, toolTip=title)
        field.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        field.setTimeZone(QTimeZone.utc())
        field.setDisplayFormat("d MMM HH:00")
        field.setDateTimeRange(_moment(low), _moment(high))
        field.setKeyboardTracking(False)
        field.setFixedWidth(104)
        field.lineEdit().setTextMargins(4, 0, 0, 0)
        return field


def _moment(hour: int) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(_start() + hour * _SECONDS_OF_AN_HOUR, QTimeZone.utc())


def _hour(field: QDateTimeEdit) -> int:
    return int((field.dateTime().toSecsSinceEpoch() - _start()) // _SECONDS_OF_AN_HOUR)


def _start() -> int:
    """Start of 2001, a common year, in seconds since 1970."""
    return 978_307_200
