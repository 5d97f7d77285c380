"""The light of the selection in the inspector: whether it can be simulated, why not, and what helps."""

from html import escape
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.city_light import BLOCKED, DOUBTFUL, ICONS, READY, TONES, WORDS
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import DARK, Theme
from citytwin_desktop.ui.tool_tips import plain_tip

ICON_PX, REASONS_SHOWN = 14, 4


class ReadinessView(QWidget):
    """One line with icon and word, and a line for each reason; counts for a mixed selection.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("readiness")
        self.session, self.theme = session, DARK
        self.title = QLabel(self.tr("Can be simulated"))
        self.title.setObjectName("muted")
        self.picture, self.word = QLabel(), QLabel(objectName="readinessWord")
        self.picture.setFixedSize(ICON_PX, ICON_PX)
        self.reasons = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        line = QHBoxLayout()
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.title)
        line.addStretch(1)
        line.addWidget(self.picture)
        line.addWidget(self.word)
        line.addSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.reasons)
        self._level: int | None = None
        self._told: list[tuple[str, str]] = []

    def set_theme(self, theme: Theme) -> None:
        """Colours of icon, word and remedies."""
        self.theme = theme
        self._dress()

    def show_rows(self, rows: Any) -> None:
        """Show the light of some rows of the building table.

        Parameters
        ----------
        rows : sequence of int
        """
        state = self.session.light.state()
        if state is None or not len(rows):
            self._level = None
            self.word.setText(self.tr("Being checked…"))
            self._told = []
            self._dress()
            return
        levels = [int(state.level[row]) for row in rows]
        self._level = max(levels)
        self.word.setText(self._words(levels))
        self._told = self._reasons_of(state, rows) if len(rows) == 1 else []
        self.reasons.setToolTip(plain_tip("\n".join(f"{text} {remedy}".strip() for text, remedy in self._told)))
        self._dress()

    def _words(self, levels: list[int]) -> str:
        if len(levels) == 1:
            return self.tr(WORDS[levels[0]])
        counts = [(level, levels.count(level)) for level in (BLOCKED, DOUBTFUL, READY)]
        short = {READY: self.tr("ready"), DOUBTFUL: self.tr("doubtful"), BLOCKED: self.tr("not")}
        return ", ".join(f"{number_text(count, 9)} {short[level]}" for level, count in counts if count)

    def _reasons_of(self, state: Any, rows: Any) -> list[tuple[str, str]]:
        """Sentences with their remedies, those that block first; those of parts stand with their building."""
        document = self.session.document
        parents = document.city.buildings.parent_row()
        row = int(rows[0])
        own = [row, *[int(part) for part in (parents == row).nonzero()[0] if int(part) != row]]
        remedies: dict[str, str] = {}
        for place in own:
            mine = state.findings.of_row(place)
            for index in range(len(mine)):
                remedies.setdefault(mine.sentence(index), mine.fault(index).remedy)
        sentences = dict.fromkeys(text for place in own for text in state.reasons(place))
        return [(text, remedies.get(text, "")) for text in sentences]

    def _paragraph(self, sentence: str, remedy: str) -> str:
        help_ = f"<br><span style='color:{self.theme.muted}'>{escape(remedy)}</span>" if remedy else ""
        return f"<p style='margin:0 0 4px 0'>{escape(sentence)}{help_}</p>"

    def _dress(self) -> None:
        tone = "muted" if self._level is None else TONES[self._level]
        colour = getattr(self.theme, tone)
        self.word.setStyleSheet(f"color: {colour};")
        name = "progress-clock" if self._level is None else ICONS[self._level]
        self.picture.setPixmap(icon(name, self.theme, colour).pixmap(QSize(ICON_PX, ICON_PX)))
        self.reasons.setText("".join(self._paragraph(*reason) for reason in self._told[:REASONS_SHOWN]))
        self.reasons.setVisible(bool(self._told))
