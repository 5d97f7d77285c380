"""What is shown when the program itself is at fault."""

import logging
import platform
import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

import citytwin_desktop
from citytwin_desktop.errors import KnownError

LOG = logging.getLogger(__name__)
MOST_LINES = 400


class ExceptionCatcher(QObject):
    """Takes over `sys.excepthook`, so that an error in a slot is seen and the window lives on.

    Signals
    -------
    known(str), bug(str)
        A sentence, or a report with the traceback.
    """

    known = Signal(str)
    bug = Signal(str)

    def install(self) -> None:
        """Catch from now on."""
        sys.excepthook = self.catch

    def catch(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Sort one error."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        if isinstance(error, KnownError):
            self.known.emit(str(error))
            return
        report = report_text(kind, error, trace)
        LOG.error(report)
        self.bug.emit(report)


def report_text(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """Versions and traceback as plain text."""
    lines = [
        f"CityTwin Desktop {getattr(citytwin_desktop, '__version__', '')}",
        f"Python {platform.python_version()} on {platform.platform()}",
        "",
        *traceback.format_exception(kind, error, trace),
    ]
    return "\n".join(line.rstrip("\n") for line in lines)


def show_report(window: QWidget, report: str) -> "BugReport":
    """Open the report, or add to the one that is open: never a stack of dialogs."""
    for shown in window.findChildren(BugReport):
        if shown.isVisible():
            shown.add(report)
            return shown
    opened = BugReport(window, report)
    opened.open()
    return opened


class BugReport(QDialog):
    """The report, to copy and send."""

    def __init__(self, parent: QWidget, report: str) -> None:
        super().__init__(parent)
        self.setObjectName("bugReport")
        self.setWindowTitle(self.tr("Something went wrong inside CityTwin"))
        self.resize(720, 420)
        intro = QLabel(
            self.tr(
                "This is our mistake. Every edit made before it is saved. "
                "The report below says what happened; it holds no building data."
            ),
            wordWrap=True,
        )
        self.text = QPlainTextEdit(report, readOnly=True)
        copy, close = QPushButton(self.tr("Copy report")), QPushButton(self.tr("Close"), default=True)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.text.toPlainText()))
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(intro)
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)

    def add(self, report: str) -> None:
        """Another error while this one is read; the first few tell most."""
        if self.text.blockCount() < MOST_LINES:
            self.text.appendPlainText(f"\n{report}")
