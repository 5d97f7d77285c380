"""The line over the building table: which lines it shows, how many, and what can be done with them."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from citytwin_desktop.document.queries import matching_rows
from citytwin_desktop.document.querying.fields import FIELDS
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.document.querying.tokens import QueryError
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.fields import Fields
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.query_edit import QueryEdit
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

FILTER_AFTER_MS = 150
PLAIN_FIELDS = ("id", "name", "function", "archetype_id")
_CONDITION = re.compile(r"[<>=]|\b(?:is|in|between|contains|like|startswith|endswith|not|and|or)\b", re.IGNORECASE)


def filter_mask(reader: FieldReader, text: str) -> NDArray[np.bool_]:
    """(n_buildings,) bool: rows that fulfil a condition, or have a plain text in one of their names.

    Raises
    ------
    QueryError
        When it looks like a condition and is none.
    """
    try:
        mask = np.zeros(len(reader.buildings), bool)
        mask[matching_rows(reader, text)] = True
        return mask
    except QueryError:
        if _CONDITION.search(text):
            raise
    wanted = text.strip().casefold()
    found = [reader.texts(FIELDS[name]).where_folded(lambda value: wanted in value) for name in PLAIN_FIELDS]
    return np.asarray(np.logical_or.reduce(found))


class TableBar(QWidget):
    """Filter, counts and buttons.

    Parameters
    ----------
    session : Session
    model : BuildingModel

    Signals
    -------
    changed
        Other lines are to be shown.
    columns_wanted, set_wanted, save_wanted
    """

    changed = Signal()
    columns_wanted = Signal()
    set_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, session: Any, model: Any) -> None:
        super().__init__()
        self.session, self.model, self.fields = session, model, Fields.of(session)
        self.edit = QueryEdit(lambda: self.fields.reader if session.document is not None else None)
        self.edit.setObjectName("tableFilter")
        self.edit.setAccessibleName(self.tr("Filter"))
        self.edit.setPlaceholderText(self.tr("Filter: a text, or a condition such as storeys > 4"))
        self.edit.setClearButtonEnabled(True)
        self.count = QLabel()
        self.count.setObjectName("muted")
        self.only_selected, self.columns, self.save = QToolButton(checkable=True), QToolButton(), QToolButton()
        self.take, self.set = QPushButton(self.tr("Select shown")), QPushButton(self.tr("Set value…"))
        self.only_selected.setText(self.tr("Only selected"))
        self.only_selected.setObjectName("panelTab")
        self.columns.setToolTip(self.tr("Columns…"))
        self.columns.setAccessibleName(self.tr("Columns"))
        self.save.setToolTip(self.tr("Save the lines and columns that are shown as a table (CSV)"))
        self.save.setAccessibleName(self.tr("Save table"))
        self.set.setToolTip(self.tr("Set one column of all selected buildings"))
        self._timer = QTimer(self, singleShot=True, interval=FILTER_AFTER_MS)
        self._timer.timeout.connect(self.changed)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(self.edit, 1)
        for part in (self.count, self.only_selected, self.take, self.set, self.columns, self.save):
            line.addWidget(part)
        self.edit.textChanged.connect(lambda _: self._timer.start())
        self.fields.measured.connect(self._timer.start)
        self.edit.entered.connect(lambda _: self.changed.emit())
        self.edit.given_up.connect(self.edit.clear)
        self.only_selected.toggled.connect(lambda _: self.changed.emit())
        self.take.clicked.connect(self._take_shown)
        self.columns.clicked.connect(self.columns_wanted)
        self.set.clicked.connect(self.set_wanted)
        self.save.clicked.connect(self.save_wanted)

    def set_theme(self, theme: Theme) -> None:
        """Icons and colours."""
        self.edit.set_theme(theme)
        self.columns.setIcon(icon("table-column", theme))
        self.save.setIcon(icon("tray-arrow-down", theme))

    def mask(self) -> NDArray[np.bool_] | None:
        """(n_buildings,) bool: what is to be shown; None for everything."""
        document = self.session.document
        if document is None:
            return None
        mask = self._typed()
        if self.only_selected.isChecked():
            mask = self.fields.selected if mask is None else mask & self.fields.selected
        return mask

    def show_counts(self) -> None:
        """How many lines there are, and how many of the buildings are selected."""
        document = self.session.document
        if document is None:
            return
        total, shown, chosen = len(document.city.rows_with_geometry), len(self.model.rows), len(document.selection)
        words = self.tr("{} of {}").format(number_text(shown, 9), number_text(total, 9))
        text = words if shown != total else self.tr("{} buildings").format(number_text(total, 9))
        if chosen:
            text += self.tr(", {} selected").format(number_text(chosen, 9))
        self.count.setText(text)
        self.take.setEnabled(shown > 0)
        self.set.setEnabled(chosen > 0 and not document.read_only)

    def _typed(self) -> NDArray[np.bool_] | None:
        text = self.edit.text().strip()
        if not text:
            self._say("", 0, 0)
            return None
        if not self.fields.ready():
            return self.model.filter  # `measured` brings it up to date
        try:
            mask = filter_mask(self.fields.reader, self.edit.text())
        except QueryError as error:
            self._say(str(error), error.start, error.end)
            return self.model.filter if not self.only_selected.isChecked() else None
        except KnownError as error:
            self._say(str(error), 0, 0)
            return None
        self._say("", 0, 0)
        return mask

    def _say(self, sentence: str, start: int, end: int) -> None:
        self.edit.mark_error(start, end)
        self.edit.setToolTip(plain_tip(sentence))

    def _take_shown(self) -> None:
        from citytwin_desktop.ui.select_modes import select_rows

        if self.session.document is not None:
            select_rows(self.session.document, np.sort(self.model.rows))
