"""How buildings that were found change the selection."""

from enum import StrEnum
from typing import Any

import numpy as np
from PySide6.QtCore import Qt

from citytwin_desktop.city.polygons import IntArray

_MODIFIER = Qt.KeyboardModifier


class Mode(StrEnum):
    """What becomes of the selection."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    KEEP = "keep"


def mode_of(modifiers: Any) -> Mode:
    """The mode that held keys ask for: Shift or Ctrl adds, Alt or both together remove."""
    shift, control = bool(modifiers & _MODIFIER.ShiftModifier), bool(modifiers & _MODIFIER.ControlModifier)
    if modifiers & _MODIFIER.AltModifier or (shift and control):
        return Mode.REMOVE
    return Mode.ADD if shift or control else Mode.REPLACE


def combined(selected: IntArray, found: IntArray, mode: Mode) -> IntArray:
    """Rows that are selected afterwards, ascending unless they replace what was.

    Parameters
    ----------
    selected, found : ndarray, (k,) int64
    mode : Mode
    """
    match mode:
        case Mode.ADD:
            return np.union1d(selected, found).astype(np.int64)
        case Mode.REMOVE:
            return np.setdiff1d(selected, found).astype(np.int64)
        case Mode.KEEP:
            return np.intersect1d(selected, found).astype(np.int64)
    return np.asarray(found, np.int64)


def selected_rows(document: Any) -> IntArray:
    """(k,) int64: rows of the selected buildings."""
    return np.asarray(document.city.buildings.rows(document.selection), np.int64)


def select_rows(document: Any, rows: IntArray, mode: Mode = Mode.REPLACE) -> None:
    """Change a document's selection by rows.

    Parameters
    ----------
    document : Document
    rows : ndarray, (k,) int64
    mode : Mode
    """
    if mode != Mode.REPLACE:
        rows = combined(selected_rows(document), rows, mode)
    document.select(document.city.buildings.ids[rows].tolist())
