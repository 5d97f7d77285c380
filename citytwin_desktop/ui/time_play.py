"""Playing of hours: the next one comes when the one before is on the screen, never sooner."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

STEPS_H = (1, 2, 3, 6, 12, 24)
RATES_PER_S = (1, 2, 5, 10, 20)
DAY, WEEK, MONTH, YEAR = "day", "week", "month", "year"
LOOK_AGAIN_MS = 10


class TimePlayer(QObject):
    """Asks for hour after hour.

    Signals
    -------
    stepped(int)
        Hours to go on by.
    changed
        It began or stopped.

    Attributes
    ----------
    step_h : int
        Hours of the year from one picture to the next.
    rate_per_s : int
        Pictures a second that are wished; fewer come where drawing takes longer.
    """

    stepped = Signal(int)
    changed = Signal()

    def __init__(self, parent: QObject, frames_drawn: Callable[[], int] | None = None) -> None:
        super().__init__(parent)
        self.frames_drawn = frames_drawn or (lambda: -1)
        self.step_h, self.rate_per_s = 1, 5
        self._seen = -2
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tick)

    @property
    def playing(self) -> bool:
        """Whether hours go by."""
        return self._timer.isActive()

    def start(self) -> None:
        """Let the hours go by."""
        self._seen = -2
        self._timer.start(0)
        self.changed.emit()

    def stop(self) -> None:
        """Stay at the hour."""
        self._timer.stop()
        self.changed.emit()

    def _tick(self) -> None:
        drawn = self.frames_drawn()
        if drawn == self._seen:
            # The last hour is not on the screen yet: nothing is queued behind it.
            self._timer.start(LOOK_AGAIN_MS)
            return
        self._seen = drawn
        self._timer.start(round(1000 / self.rate_per_s))
        self.stepped.emit(self.step_h)


def play_range(kind: str, hour: int, month_ends: tuple[int, ...], year_hours: int) -> tuple[int, int]:
    """First hour of the day, week, month or year about an hour, and the one after the last.

    Parameters
    ----------
    kind : str
        ``day``, ``week``, ``month`` or ``year``; a week is seven days counted from the first of January.
    hour : int
    month_ends : tuple of int
        Hour after the last of each month.
    year_hours : int
    """
    if kind == MONTH:
        ends = (0, *month_ends)
        return next((ends[k], ends[k + 1]) for k in range(len(month_ends)) if hour < ends[k + 1])
    length = {DAY: 24, WEEK: 7 * 24}.get(kind, year_hours)
    first = hour // length * length
    return first, min(first + length, year_hours)


def next_hour(hour: int, step_h: int, span: tuple[int, int], loop: bool) -> int | None:
    """The hour to show after one; `None` at the end of a range that is not gone through again."""
    first, last = span
    if not first <= hour < last:
        return first
    following = hour + step_h
    if following < last:
        return following
    return first + hour % step_h if loop else None
