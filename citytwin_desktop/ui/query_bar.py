"""The bar over the view in which buildings are selected by a condition."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.document.queries import matching_rows
from citytwin_desktop.document.querying.tokens import QueryError
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.fields import Fields
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.query_edit import QueryEdit
from citytwin_desktop.ui.select_modes import Mode, select_rows
from citytwin_desktop.ui.theme import Theme

COUNT_AFTER_MS, NOTE_PX = 120, 18
EXAMPLE = "year < 1965 and function = 'residential' and heating_demand > 150"
HINT = "Enter selects, Shift+Enter adds, Alt+Enter removes, Ctrl+Enter keeps those within."
VERBS = ((Mode.REPLACE, "Select"), (Mode.ADD, "Add"), (Mode.REMOVE, "Remove"), (Mode.KEEP, "Keep within"))


def entered_mode(modifiers: Any) -> Mode:
    """What Enter does with some keys held."""
    keys = Qt.KeyboardModifier
    pairs = ((keys.ShiftModifier, Mode.ADD), (keys.AltModifier, Mode.REMOVE), (keys.ControlModifier, Mode.KEEP))
    return next((mode for key, mode in pairs if modifiers & key), Mode.REPLACE)


class QueryBar(QFrame):
    """A condition, how many buildings fulfil it, and what to do with them.

    Parameters
    ----------
    session : Session

    Signals
    -------
    closed
    used(str)
        A condition has changed the selection.
    save_wanted(str)
        The buildings of a condition are to be kept under a name.
    """

    closed = Signal()
    used = Signal(str)
    save_wanted = Signal(str)

    def __init__(self, session: Any) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(self.tr("Select by a condition"))
        self.session, self.fields = session, Fields.of(session)
        self.edit = QueryEdit(lambda: self.fields.reader if session.document is not None else None)
        self.edit.setObjectName("query")
        self.edit.setAccessibleName(self.tr("Condition"))
        self.edit.setPlaceholderText(EXAMPLE)
        self.edit.setClearButtonEnabled(True)
        self.count, self.note = QLabel(), QLabel(self.tr(HINT), textFormat=Qt.TextFormat.PlainText)
        self.count.setMinimumWidth(132)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setObjectName("small")
        self.note.setFixedHeight(NOTE_PX)  # another height would make the city be drawn anew
        self.recent, self.save, self.close_button = (QToolButton() for _ in range(3))
        self.recent_menu = QMenu(self)
        self.buttons: dict[Mode, QPushButton] = {}
        self._timer = QTimer(self, singleShot=True, interval=COUNT_AFTER_MS)
        self._timer.timeout.connect(self.refresh)
        self._lay_out()
        self.edit.textChanged.connect(lambda _: self._timer.start())
        self.edit.entered.connect(lambda modifiers: self.apply(entered_mode(modifiers)))
        self.edit.given_up.connect(self.closed)
        self.fields.measured.connect(self.refresh)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Icons and colours."""
        self.edit.set_theme(theme)
        for button, name in (
            (self.recent, "history"),
            (self.save, "bookmark-plus-outline"),
            (self.close_button, "close"),
        ):
            button.setIcon(icon(name, theme))

    def open_with(self, text: str | None = None) -> None:
        """Show the bar with the cursor in it."""
        if text is not None:
            self.edit.setText(text)
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
        self.refresh()

    def show_recent(self, conditions: list[str]) -> None:
        """Offer conditions that were used before."""
        self.recent_menu.clear()
        for text in conditions:
            action = self.recent_menu.addAction(text.replace("&", "&&"))
            action.triggered.connect(lambda _=False, wanted=text: self.open_with(wanted))
        self.recent.setEnabled(bool(conditions))

    def refresh(self) -> None:
        """Count again, or say what is wrong; only while the bar is seen."""
        if self.session.document is None or not self.isVisible():
            return
        if not self.fields.ready():
            self.count.setText(self.tr("Measuring the city…"))
            return
        rows = self.rows()
        for button in (*self.buttons.values(), self.save):
            button.setEnabled(rows is not None and len(rows) > 0)
        if rows is None:
            self.count.setText("")
            return
        total = len(self.session.document.city.rows_with_geometry)
        self.count.setText(self.tr("{} of {}").format(number_text(len(rows), 9), number_text(total, 9)))

    def rows(self) -> IntArray | None:
        """Rows with geometry that fulfil the condition; None without one that is understood."""
        text = self.edit.text().strip()
        if not text:
            self._say("", 0, 0)
            return None
        try:
            found = matching_rows(self.fields.reader, self.edit.text())
        except QueryError as error:
            self._say(str(error), error.start, error.end)
            return None
        except KnownError as error:
            self._say(str(error), 0, 0)
            return None
        self._say("", 0, 0)
        return np.intersect1d(found, self.session.document.city.rows_with_geometry).astype(np.int64)

    def apply(self, mode: Mode) -> None:
        """Change the selection."""
        self._timer.stop()
        self.refresh()
        open_ = self.session.document is not None and self.fields.ready()
        rows = self.rows() if open_ else None
        if rows is None:
            return
        select_rows(self.session.document, rows, mode)
        self.used.emit(self.edit.text().strip())

    def _say(self, sentence: str, start: int, end: int) -> None:
        self.edit.mark_error(start, max(end, start))
        self.note.setText(sentence or self.tr(HINT))
        name = "failed" if sentence else "small"
        if self.note.objectName() != name:
            self.note.setObjectName(name)
            self.note.style().unpolish(self.note)
            self.note.style().polish(self.note)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.edit, 1)
        line.addWidget(self.count)
        line.addSpacing(8)
        for mode, verb in VERBS:
            button = QPushButton(self.tr(verb), autoDefault=False)
            button.setObjectName("primary" if mode == Mode.REPLACE else f"query{mode.value.title()}")
            button.clicked.connect(lambda _=False, wanted=mode: self.apply(wanted))
            self.buttons[mode] = button
            line.addWidget(button)
        self.recent.setMenu(self.recent_menu)
        self.recent.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        words = ("Recent conditions", "Keep these buildings as a selection", "Close")
        for button, text in zip((self.recent, self.save, self.close_button), words, strict=True):
            button.setToolTip(self.tr(text))
            button.setAccessibleName(self.tr(text))
            line.addWidget(button)
        self.save.clicked.connect(lambda: self.save_wanted.emit(self.edit.text().strip()))
        self.close_button.clicked.connect(self.closed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.note)
