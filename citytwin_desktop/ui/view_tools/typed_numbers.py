"""Exact numbers that are typed while a tool is in hand."""

from typing import Any

from PySide6.QtCore import Qt

from citytwin_desktop.ui.numbers import parse_number

_DIGITS = "0123456789"
_LONGEST = 12


class TypedNumbers:
    """One or two numbers as they are typed: ``12.5``, or ``3 -4`` with a space between them.

    Attributes
    ----------
    text : str
    """

    def __init__(self, most: int = 1) -> None:
        self.text, self._most = "", most

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def values(self) -> list[float] | None:
        """The numbers, `None` while what is typed is none yet."""
        found = [parse_number(part) for part in self.text.split()]
        known = [value for value in found if value is not None]
        return known if found and len(known) == len(found) else None

    @property
    def first(self) -> float | None:
        """The only or first number."""
        values = self.values
        return values[0] if values else None

    def clear(self) -> None:
        """Forget what was typed."""
        self.text = ""

    def wants(self, event: Any) -> bool:
        """Whether a key is one of a number."""
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        key = event.text()
        if event.key() == Qt.Key.Key_Backspace:
            return bool(self.text)
        return len(key) == 1 and (key in f"{_DIGITS}.,-\u2212" or (key == " " and self._another))

    def take(self, event: Any) -> bool:
        """Type a key; whether it was one of a number."""
        if not self.wants(event):
            return False
        if event.key() == Qt.Key.Key_Backspace:
            self.text = self.text[:-1]
        elif len(self.text) < _LONGEST * self._most and self._fits(event.text()):
            self.text += event.text().replace(",", ".")
        return True

    @property
    def _another(self) -> bool:
        return bool(self.text) and not self.text.endswith(" ") and len(self.text.split()) < self._most

    def _fits(self, key: str) -> bool:
        number = "" if self.text.endswith(" ") or not self.text else self.text.split()[-1]
        if key in "-\u2212":
            return not number
        return key not in ".," or "." not in number
