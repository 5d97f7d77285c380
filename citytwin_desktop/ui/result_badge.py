"""The line in the legend that says which result is shown: icon, words, and a thin progress."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme
from citytwin_desktop.ui.tool_tips import plain_tip

ICON_PX = 14


@dataclass(frozen=True)
class Badge:
    """What the line says.

    Parameters
    ----------
    text : str
        Empty for no line at all.
    icon : str
        Name in the mdi6 family.
    tone : str
        Token of the theme for icon and text.
    tip : str
    fraction : float, optional
        Progress of the run that makes a better result, 0-1.
    """

    text: str = ""
    icon: str = ""
    tone: str = "muted"
    tip: str = ""
    fraction: float | None = None


STALE = Badge(
    "Stale: hatched", "clock-alert-outline", "stale", "Inputs have changed since this was computed. F7 runs it again."
)
FIRST = Badge(
    "First map",
    "circle-half-full",
    "stale",
    "Between 48 days of the year hours are interpolated. Run solar to give every hour its own sun.",
)
REFINING = Badge(
    "First map – exact hours follow",
    "circle-half-full",
    "muted",
    "Between 48 days of the year hours are interpolated; the exact hours are being traced and will replace them.",
)
EXACT = Badge(
    "Exact hours",
    "check-circle-outline",
    "muted",
    "Every hour has its own sun, traced wherever the days around it differ.",
)


def badge_of(session: Any, stale: bool, cells: bool) -> Badge:
    """What to say of the solar result that is painted.

    Parameters
    ----------
    session : Session
    stale : bool
        Whether any painted value is.
    cells : bool
        Whether cells are painted rather than surfaces.
    """
    making = session.detail.run
    if making is not None:
        text = f"Mapping cells of {session.detail.cell_size_m:g} m"
        return Badge(text, "grid", "muted", "The map of cells replaces this one when it is done.", making.fraction)
    if session.detail.wanted and not session.detail.drawable and session.document.solar_cells.layout is not None:
        return Badge("Surfaces: cells are stale", "clock-alert-outline", "stale", "Buildings changed: map cells again.")
    if stale:
        return STALE
    if cells:
        size = session.document.solar_cells.cell_size_m
        tip = "Shadows between the base days are interpolated on cells."
        return Badge(f"Cells of {size:g} m", "grid", "muted", tip)
    shown = session.document.solar.shown()
    if shown.exact:
        return EXACT
    running = next((run for run in session.running if run.engine == "solar"), None)
    if running is None:
        return FIRST
    return Badge(REFINING.text, REFINING.icon, REFINING.tone, REFINING.tip, running.fraction)


class ResultBadge(QWidget):
    """Shows a `Badge`; never blinks, never by colour alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultBadge")
        self.badge = Badge()
        self.theme: Theme | None = None
        self.picture = QLabel()
        self.picture.setFixedSize(ICON_PX, ICON_PX)
        self.text = ElidedLabel()
        self.text.setObjectName("badgeText")
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.progress = QProgressBar(maximum=1000)
        self.progress.setTextVisible(False)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.picture)
        line.addWidget(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(line)
        column.addWidget(self.progress)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icon."""
        self.theme = theme
        self._draw()

    def show_badge(self, badge: Badge) -> None:
        """Say something else."""
        redraw, self.badge = badge.text != self.badge.text or badge.tone != self.badge.tone, badge
        self.progress.setVisible(badge.fraction is not None)
        self.progress.setValue(round((badge.fraction or 0.0) * 1000))
        if redraw:
            self._draw()

    def _draw(self) -> None:
        badge = self.badge
        self.setVisible(bool(badge.text))
        self.text.setText(self.tr(badge.text))
        self.setToolTip(plain_tip(self.tr(badge.tip)))
        self.text.set_tip(self.tr(badge.tip))
        self.setAccessibleName(self.tr(badge.text))
        if self.theme is None or not badge.icon:
            return
        colour = getattr(self.theme, badge.tone)
        self.picture.setPixmap(icon(badge.icon, self.theme, colour).pixmap(QSize(ICON_PX, ICON_PX)))
        self.text.setStyleSheet(f"color: {colour}; font-size: {SMALL_FONT_PX}px;")
