"""The menu of the time bar: how far and how fast hours go by, within what, and whether again."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.time_play import DAY, MONTH, RATES_PER_S, STEPS_H, WEEK, YEAR, TimePlayer

RANGES = ((DAY, "This day"), (WEEK, "This week"), (MONTH, "This month"), (YEAR, "The year"))


class SpeedButton(QToolButton):
    """Opens the menu.

    Signals
    -------
    span_wanted(str)
        The day or week about the hour as a span.

    Attributes
    ----------
    range_kind : str
        What is played: the day, week, month or year about the hour.
    loop : bool
    """

    span_wanted = Signal(str)

    def __init__(self, player: TimePlayer) -> None:
        super().__init__()
        self.setObjectName("playSpeed")
        self.setToolTip(self.tr("How fast the hours go by, and which"))
        self.setAccessibleName(self.tr("Speed and range of playing"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.player, self.range_kind, self.loop = player, YEAR, True
        menu = QMenu(self)
        self._choices(menu, self.tr("Hours a picture"), [(str(hours), hours) for hours in STEPS_H], self._set_step, 1)
        rates = [(self.tr("{} a second").format(rate), rate) for rate in RATES_PER_S]
        self._choices(menu, self.tr("Pictures, at most"), rates, self._set_rate, 5)
        kinds = [(self.tr(title), kind) for kind, title in RANGES]
        self._choices(menu, self.tr("Play"), kinds, self._set_range, YEAR)
        again = menu.addAction(self.tr("Over and over"))
        again.setCheckable(True)
        again.setChecked(True)
        again.toggled.connect(self._set_loop)
        menu.addSeparator()
        self.span_actions = [
            self._span(menu, self.tr("Sum over this day"), DAY),
            self._span(menu, self.tr("Sum over this week"), WEEK),
        ]
        self.setMenu(menu)

    def set_theme(self, theme: Theme) -> None:
        """Icon."""
        self.setIcon(icon("speedometer", theme, theme.muted))

    def offer_spans(self, offered: bool) -> None:
        """Whether the painted variable can be summed over hours."""
        for action in self.span_actions:
            action.setEnabled(offered)

    def _set_step(self, hours: int) -> None:
        self.player.step_h = hours

    def _set_rate(self, rate: int) -> None:
        self.player.rate_per_s = rate

    def _set_range(self, kind: str) -> None:
        self.range_kind = kind

    def _set_loop(self, loop: bool) -> None:
        self.loop = loop

    def _choices(self, menu: QMenu, title: str, choices: list[tuple[str, object]], run: object, now: object) -> None:
        part, group = menu.addMenu(title), QActionGroup(menu)
        for text, value in choices:
            action = part.addAction(text)
            action.setCheckable(True)
            action.setChecked(value == now)
            action.setData(value)
            group.addAction(action)
        group.triggered.connect(lambda action: run(action.data()))

    def _span(self, menu: QMenu, title: str, kind: str) -> QAction:
        action = menu.addAction(title)
        action.triggered.connect(lambda: self.span_wanted.emit(kind))
        return action
