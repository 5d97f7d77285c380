"""The binding itself: PySide6 6.12.0 loses a reference to None in every void call on Python 3.11, and crashes."""

import sys
from typing import Any


def test_void_calls_leave_none_alone(qtbot: Any) -> None:
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(2000):
        widget.update()
    assert abs(sys.getrefcount(None) - before) < 200
