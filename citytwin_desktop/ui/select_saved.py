"""Saved selections in the left panel: a click selects, Ctrl adds."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHBoxLayout, QLabel, QPushButton, QWidget

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.find_list import ROW_PX, Line, LineList
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.section import Section
from citytwin_desktop.ui.select_modes import Mode, select_rows
from citytwin_desktop.ui.theme import Theme

MOST_LINES = 7


def saved_rows(document: Any, name: str) -> tuple[IntArray, int]:
    """Rows of a kept selection that are still there, and how many are gone."""
    known = document.city.buildings
    ids = document.named("selection")[name]["building_ids"]
    there = [identifier for identifier in ids if identifier in known]
    return known.rows(there).astype(np.int64), len(ids) - len(there)


class SavedSelections(Section):
    """Names with counts.

    Parameters
    ----------
    session : Session
    save : QPushButton
        Made here; the controller asks for the name.
    """

    def __init__(self, session: Any, theme: Theme) -> None:
        super().__init__("Saved selections")
        self.session = session
        self.list = LineList(self.tr("Saved selections"), theme)
        self.list.setObjectName("savedSelections")
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.empty = QLabel(self.tr("Select buildings and keep them under a name to come back to them."), wordWrap=True)
        self.empty.setObjectName("muted")
        self.save, self.remove = QPushButton(self.tr("Save selection…")), QPushButton(self.tr("Remove"))
        row = QWidget()
        buttons = QHBoxLayout(row)
        buttons.setContentsMargins(0, 4, 0, 0)
        buttons.addWidget(self.save)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        for widget in (self.empty, self.list, row):
            self.add(widget)
        self.list.taken.connect(lambda line: self.choose(line.data, _mode()))
        self.list.activated.connect(lambda _: self.list.chosen and self.choose(self.list.chosen.data, _mode()))
        self.remove.clicked.connect(self._remove)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        super().set_theme(theme)
        self.list.delegate.theme = theme
        self.list.viewport().update()

    def refresh(self) -> None:
        """Read the names again."""
        document = self.session.document
        kept = document.named("selection") if document is not None else {}
        lines = [Line(name, "", number_text(len(content["building_ids"]), 9), name) for name, content in kept.items()]
        self.list.show_lines(lines, choose_first=False)
        self.list.setFixedHeight(min(max(len(lines), 1), MOST_LINES) * ROW_PX + 8)
        self.list.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        writable = document is not None and not document.read_only
        self.save.setEnabled(writable and bool(document.selection))
        self.remove.setEnabled(writable and bool(lines))
        self.remove.setVisible(bool(lines))

    def choose(self, name: str, mode: Mode = Mode.REPLACE) -> None:
        """Select what was kept, as far as it is still there."""
        document = self.session.document
        rows, gone = saved_rows(document, name)
        select_rows(document, rows, mode)
        if gone:
            text = self.tr("{} of “{}” are no longer in the city and were left out.")
            self.session.notice.emit(text.format(counted(gone), name))

    def _remove(self) -> None:
        if (line := self.list.chosen) is not None:
            self.session.execute("remove_selection", name=line.data)


def _mode() -> Mode:
    held = QApplication.keyboardModifiers()
    adding = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return Mode.ADD if held & adding else Mode.REPLACE
