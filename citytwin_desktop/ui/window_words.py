"""Sentences of the program as the window says them: what is an option of the command line is a field here."""

import re

from PySide6.QtCore import QCoreApplication

_CRS_OPTION = re.compile(r"(?:with )?--crs EPSG:N")


def for_window(sentence: str) -> str:
    """The same sentence with fields in place of options of the command line."""
    field = QCoreApplication.translate("WindowWords", "in the field “Coordinates”")
    return _CRS_OPTION.sub(field, sentence)


def inside(title: str) -> str:
    """A title as it stands inside a sentence; names such as EnergyPlus keep their first letter."""
    first = title.partition(" ")[0]
    return title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]
