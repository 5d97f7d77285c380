"""Every command by its name: type a few letters, press Enter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget
from rapidfuzz import fuzz, process

from citytwin_desktop.ui.find_list import ROW_PX, Line, LineList
from citytwin_desktop.ui.theme import Theme

WIDTH_PX, SHOWN_LINES, TOP_PX, LEAST_SCORE, MOST_FOUND = 600, 12, 84, 55.0, 60


@dataclass(frozen=True)
class Entry:
    """One thing that can be done.

    Parameters
    ----------
    id : str
        To remember what was used.
    text : str
        What it does.
    where : str
        Menu, or what kind of thing it is.
    keys : str
        Its shortcut.
    run : callable
    reason : str
        Why it cannot be done now, empty when it can.
    """

    id: str
    text: str
    where: str
    keys: str
    run: Callable[[], object]
    reason: str = ""


def ranked(entries: Sequence[Entry], typed: str, recent: Sequence[str]) -> list[Entry]:
    """Entries that fit what was typed, the best first; without anything typed those used last come first.

    Parameters
    ----------
    entries : sequence of Entry
    typed : str
    recent : sequence of str
        Identifiers, the last one first.
    """
    place = {identifier: number for number, identifier in enumerate(recent)}
    usual = sorted(entries, key=lambda entry: (bool(entry.reason), place.get(entry.id, len(place))))
    wanted = _plain(typed)
    if not wanted:
        return usual
    names = [_plain(f"{entry.text} {entry.where}") for entry in usual]
    scores = {
        number: score + _bonus(names[number], wanted) - (30.0 if usual[number].reason else 0.0)
        for _, score, number in process.extract(
            wanted, names, scorer=fuzz.WRatio, limit=MOST_FOUND, score_cutoff=LEAST_SCORE
        )
    }
    for number, name in enumerate(names):
        if _initials(wanted, name) or wanted in name:
            scores[number] = max(scores.get(number, 0.0), 75.0) + _bonus(name, wanted)
    return [usual[number] for number in sorted(scores, key=lambda number: (-scores[number], number))]


def _plain(name: str) -> str:
    """Small letters, digits and single gaps."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.casefold()).split())


def _bonus(name: str, wanted: str) -> float:
    """What a beginning is worth, or words that all begin words of the name."""
    if name.startswith(wanted):
        return 40.0
    words = name.split()
    return 30.0 if all(any(word.startswith(part) for word in words) for part in wanted.split()) else 0.0


def _initials(wanted: str, name: str) -> bool:
    """Whether letters are the beginnings of words in order, as in “sbc” for “select by condition”."""
    initials = "".join(word[0] for word in name.split())
    return len(wanted) > 1 and " " not in wanted and wanted in initials


class CommandPalette(QDialog):
    """A field and a list; nothing but the keyboard is needed.

    Parameters
    ----------
    parent : QWidget
    theme : Theme
    entries : sequence of Entry
    recent : sequence of str
    used : callable
        Told the identifier of what is done.
    """

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        entries: Sequence[Entry],
        recent: Sequence[str],
        used: Callable[[str], object],
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("commandPalette")
        self.setWindowTitle(self.tr("Commands"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.entries, self.recent, self._used = entries, recent, used
        self.field = QLineEdit(objectName="paletteField", placeholderText=self.tr("Type a command"))
        self.field.setAccessibleName(self.tr("Command"))
        self.list = LineList(self.tr("Commands"), theme)
        self.list.setFixedHeight(SHOWN_LINES * ROW_PX + 10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.setFixedWidth(WIDTH_PX)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(lambda _: self.refresh())
        self.list.taken.connect(self._take)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Colours of the lines."""
        self.list.set_theme(theme)

    def refresh(self) -> None:
        """List what fits."""
        found = ranked(self.entries, self.field.text(), self.recent)
        lines = [_line(entry) for entry in found]
        self.list.show_lines(lines or [Line(self.tr("No command has this name"), enabled=False)])

    def showEvent(self, event: Any) -> None:
        """Under the toolbar, in the middle."""
        super().showEvent(event)
        parent = self.parentWidget()
        self.move(parent.mapToGlobal(QPoint((parent.width() - self.width()) // 2, TOP_PX)))
        self.field.setFocus()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list, Enter does what is chosen."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        key: Any = event.key()  # type: ignore[attr-defined]
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.chosen)
            return True
        return self.list.walk(key)

    def _take(self, line: Line | None) -> None:
        if line is None or line.data is None or not line.enabled:
            return
        entry: Entry = line.data
        self.accept()
        self._used(entry.id)
        entry.run()


def _line(entry: Entry) -> Line:
    title = entry.reason or entry.where
    return Line(entry.text, title, entry.keys, replace(entry), enabled=not entry.reason)
