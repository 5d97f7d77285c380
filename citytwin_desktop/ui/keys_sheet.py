"""The sheet of keys: every shortcut by menu, and what the mouse does, with a field to find one."""

from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from citytwin_desktop.ui.start_page import primary_button
from citytwin_desktop.ui.theme import Theme

COLUMN_PX, MARGIN_PX, LEAST_HEIGHT_PX = 350, 16, 360
Groups = Mapping[str, Sequence[tuple[str, str]]]


def matching_groups(groups: Groups, typed: str) -> dict[str, list[tuple[str, str]]]:
    """Groups with the lines that have every typed word in their name or keys; groups by name are whole."""
    words = typed.casefold().split()
    found: dict[str, list[tuple[str, str]]] = {}
    for title, lines in groups.items():
        kept = [line for line in lines if all(word in f"{title} {line[0]} {line[1]}".casefold() for word in words)]
        if kept:
            found[title] = kept
    return found


def two_columns(groups: Mapping[str, Sequence[object]]) -> tuple[list[str], list[str]]:
    """Titles for the left and the right column, about as long as each other, in order."""
    total = sum(len(lines) + 2 for lines in groups.values())
    left: list[str] = []
    height = 0
    titles = list(groups)
    for title in titles:
        size = len(groups[title]) + 2
        if left and height + size / 2 > total / 2:
            break
        left.append(title)
        height += size
    return left, titles[len(left) :]


class KeysSheet(QDialog):
    """Closes with Esc or its button.

    Parameters
    ----------
    parent : QWidget
    theme : Theme
    groups : mapping of str to sequence of (str, str)
        Lines of what is done and its keys, by heading.
    """

    def __init__(self, parent: QWidget, theme: Theme, groups: Groups) -> None:
        super().__init__(parent)
        self.setObjectName("keysSheet")
        self.setWindowTitle(self.tr("Keyboard and mouse"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._groups, self._theme = groups, theme
        self.field = QLineEdit(objectName="keysField", placeholderText=self.tr("Find a key or a command"))
        self.field.setAccessibleName(self.tr("Find a key or a command"))
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(280)
        self.columns = [QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True) for _ in range(2)]
        self._lay_out()
        self.field.textChanged.connect(lambda _: self.refresh())
        self.refresh()
        self.resize(2 * COLUMN_PX + 32 + 2 * MARGIN_PX + 24, max(parent.height() - 80, LEAST_HEIGHT_PX))
        self.field.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Colours of the lines."""
        self._theme = theme
        self.refresh()

    def _lay_out(self) -> None:
        heading = QLabel(self.tr("Keyboard and mouse"), objectName="heading")
        close = primary_button(self.tr("Close"))
        close.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addWidget(heading)
        line.addStretch(1)
        line.addWidget(self.field)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[MARGIN_PX] * 4)
        layout.setSpacing(12)
        layout.addLayout(line)
        layout.addWidget(self._scrolled(), 1)
        layout.addLayout(buttons)

    def _scrolled(self) -> QScrollArea:
        """The columns side by side."""
        inside = QWidget()
        side_by_side = QHBoxLayout(inside)
        side_by_side.setContentsMargins(0, 0, 8, 0)
        side_by_side.setSpacing(32)
        for column in self.columns:
            column.setAlignment(Qt.AlignmentFlag.AlignTop)
            column.setMinimumWidth(COLUMN_PX)
            column.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            side_by_side.addWidget(column, 1)
        scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        scroll.setObjectName("textScroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        return scroll

    def refresh(self) -> None:
        """Show what fits the field."""
        found = matching_groups(self._groups, self.field.text())
        for column, titles in zip(self.columns, two_columns(found), strict=True):
            column.setText("".join(self._group(title, found[title]) for title in titles))
        if not found:
            self.columns[0].setText(
                f"<p style='color:{self._theme.muted}'>{escape(self.tr('No key has this name.'))}</p>"
            )

    def _group(self, title: str, lines: Sequence[tuple[str, str]]) -> str:
        muted = self._theme.muted
        rows = "".join(
            f"<tr><td style='padding:3px 12px 3px 0; white-space:nowrap'>{escape(what)}</td>"
            f"<td align='right' style='padding:3px 0; color:{muted}'>{escape(keys[:1].upper() + keys[1:])}</td>"
            "</tr>"
            for what, keys in lines
        )
        head = f"<p style='margin:12px 0 4px 0'><b>{escape(title)}</b></p>"
        return f"{head}<table width='100%' cellspacing='0'>{rows}</table>"
