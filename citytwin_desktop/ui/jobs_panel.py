"""The runs of this session with progress, log and cancel."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.import_job import IMPORT_ENGINE
from citytwin_desktop.ui.session import Session


class JobsPanel(QWidget):
    """Runs on the left, the chosen run's progress and log on the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.list = QListWidget(objectName="runList", accessibleName=self.tr("Runs"))
        self.list.setFixedWidth(240)
        self.invitation = self.tr("Runs appear here with their log. Start one with Run in the toolbar.")
        self.state = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.state.setObjectName("muted")
        self.progress = QProgressBar(objectName="runProgress", textVisible=False, maximum=1000)
        self.progress.setTextVisible(False)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setObjectName("cancelRun")
        self.log = QPlainTextEdit(objectName="runLog", readOnly=True, accessibleName=self.tr("Log"))
        self.log.setMaximumBlockCount(5000)
        self.log.document().setDocumentMargin(0)
        self._lines_shown, self._run_shown = 0, None
        head = QHBoxLayout()
        self.state.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.state, 1)
        head.addWidget(self.cancel)
        right = QVBoxLayout()
        right.setContentsMargins(12, 8, 12, 8)
        right.setSpacing(8)
        right.addLayout(head)
        right.addWidget(self.progress)
        right.addWidget(self.log, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addLayout(right, 1)
        self.cancel.clicked.connect(self._cancel)
        self.list.currentRowChanged.connect(lambda _: self.refresh())
        session.runs_changed.connect(self.refresh)
        self.refresh()

    @property
    def run(self) -> Any:
        """The run that is shown, the latest by default."""
        runs = self.session.runs
        row = self.list.currentRow()
        return runs[row] if 0 <= row < len(runs) else (runs[-1] if runs else None)

    def refresh(self) -> None:
        """Follow the runs."""
        self._list_runs()
        run = self.run
        self.list.setVisible(run is not None)
        self.log.setVisible(run is not None)
        self.progress.setVisible(run is not None)
        self.cancel.setVisible(run is not None and not run.finished and not run.cancelled)
        if run is None:
            self.state.setText(self.invitation)
            return
        self.progress.setValue(round(run.fraction * 1000))
        if self.progress.property("finished") != str(run.finished).lower():
            self.progress.setProperty("finished", str(run.finished).lower())
            self.progress.style().polish(self.progress)
        self.state.setText(f"{run_text(run)} · {self.tr('cancelled')}" if run.cancelled else run_text(run))
        self._follow_log(run)

    def _list_runs(self) -> None:
        runs = self.session.runs
        # Clearing tells of rows that are half gone; whoever touched them then would crash.
        with QSignalBlocker(self.list):
            self._match_rows(runs)

    def _match_rows(self, runs: list[Any]) -> None:
        if self.list.count() > len(runs):
            self.list.clear()
        while self.list.count() < len(runs):
            self.list.addItem(QListWidgetItem())
            self.list.setCurrentRow(self.list.count() - 1)
        for place, run in enumerate(runs):
            state = self.tr("cancelled") if run.cancelled else f"{round(run.fraction * 100)}\u2009%"
            if run.engine == IMPORT_ENGINE and run.refusal:
                state = self.tr("refused")
            self.list.item(place).setText(f"{run.title}  ·  {state}")

    def _follow_log(self, run: Any) -> None:
        if run is not self._run_shown:
            self.log.clear()
            self._lines_shown, self._run_shown = 0, run
        lines = list(run.log)[self._lines_shown :]
        if lines:
            self.log.appendPlainText("\n".join(lines))
            self._lines_shown += len(lines)

    def _cancel(self) -> None:
        if self.run is not None:
            self.run.stop()
            self.session.poll_runs()


def run_text(run: Any) -> str:
    """How far a run is, in one line."""
    if run.engine == IMPORT_ENGINE:
        return f"{run.title}: {run.step}"
    done, total = number_text(run.done, 9), number_text(run.total, 9)
    parts = [f"{run.title}: {done}/{total}"]
    if run.failed:
        parts.append(f"{len(run.failed)} failed")
    if run.skipped_fresh:
        parts.append(f"{number_text(run.skipped_fresh, 9)} fresh already")
    return " · ".join(parts)
