"""Completion of attribute names in a line that holds more than one word."""

import re
from collections.abc import Iterable

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

_WORD = re.compile(r"[^\s\"'=<>!]+$")


class WordCompletion:
    """Offers names for the word that is being typed.

    Parameters
    ----------
    edit : QLineEdit
    """

    def __init__(self, edit: QLineEdit) -> None:
        self.edit = edit
        self._names = QStringListModel(edit)
        self.completer = QCompleter(self._names, edit)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.completer.popup().setObjectName("completions")
        # Not the line's own completer: that one would complete the whole text.
        self.completer.setWidget(edit)
        self.completer.activated[str].connect(self.put)
        edit.textEdited.connect(self._offer)

    def set_names(self, names: Iterable[str]) -> None:
        """Offer other names."""
        self._names.setStringList(list(names))

    def put(self, name: str) -> None:
        """Put a name in place of the word before the cursor; one that has a gap in it in quotation marks."""
        text, cursor = self.edit.text(), self.edit.cursorPosition()
        before = _WORD.sub("", text[:cursor])
        written = f'"{name}"' if re.search(r"[\s'=<>!]", name) else name
        self.edit.setText(f"{before}{written} {text[cursor:].lstrip()}")
        self.edit.setCursorPosition(len(before) + len(written) + 1)

    def _offer(self, text: str) -> None:
        found = _WORD.search(text[: self.edit.cursorPosition()])
        word = found.group() if found else ""
        in_text = text[: self.edit.cursorPosition()].count("'") % 2 == 1
        self.completer.setCompletionPrefix(word)
        if not word or in_text or not self.completer.completionCount():
            self.completer.popup().hide()
            return
        self.completer.complete(self.edit.rect())
