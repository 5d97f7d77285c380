"""The status bar: what is open on the left, what runs on the right."""

import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from citytwin_desktop.city.counting import buildings_and_parts, standing_counts
from citytwin_desktop.sim.energyplus.locate import ENERGYPLUS_VERSION
from citytwin_desktop.ui.import_job import IMPORT_ENGINE
from citytwin_desktop.ui.jobs_panel import run_text
from citytwin_desktop.ui.session import Session


class StatusLine(QStatusBar):
    """Counts · CRS · weather, and the progress of the run with its cancel button."""

    def __init__(self, session: Session) -> None:
        super().__init__(sizeGripEnabled=False)
        self.setObjectName("statusLine")
        self.session = session
        plain = Qt.TextFormat.PlainText
        self.facts = QLabel(objectName="facts", textFormat=plain)
        self.job = QLabel(objectName="job", textFormat=plain)
        self.facts.setContentsMargins(8, 0, 8, 0)
        self.progress = QProgressBar(maximum=1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setObjectName("link")
        self.addWidget(self.facts)
        for widget in (self.progress, self.job, self.cancel):
            self.addPermanentWidget(widget)
        self._started: dict[int, float] = {}
        self.cancel.clicked.connect(self._cancel)
        session.runs_changed.connect(self.follow_runs)
        self.follow_runs()
        self.setFixedHeight(28)
        self.setContentsMargins(0, 0, 12, 0)

    def refresh(self) -> None:
        """Read the document again."""
        document = self.session.document
        if document is None:
            self.facts.setText("")
            return
        parts = [buildings_and_parts(*standing_counts(document.city))]
        parts.append(f"EPSG:{document.city.epsg}" if document.city.epsg else self.tr("no CRS"))
        parts.append(document.weather.name if document.weather is not None else self.tr("no weather file"))
        parts.append(f"EnergyPlus version {ENERGYPLUS_VERSION}")
        if document.read_only:
            parts.append(self.tr("read-only"))
        self.facts.setText("  ·  ".join(parts))

    def follow_runs(self) -> None:
        """Show the run that is going on."""
        running = self.session.running
        for widget in (self.progress, self.job, self.cancel):
            widget.setVisible(bool(running))
        if running:
            run = running[0]
            self.progress.setValue(round(run.fraction * 1000))
            self.job.setText(f"{run_text(run)}{self._remaining(run)}")

    def _remaining(self, run: Any) -> str:
        started = self._started.setdefault(id(run), time.monotonic())
        elapsed = time.monotonic() - started
        # Nobody knows beforehand how much work a city file is.
        if run.engine == IMPORT_ENGINE or run.fraction < 0.02 or elapsed < 3.0:
            return ""
        left = elapsed * (1.0 - run.fraction) / run.fraction
        return f" · {left / 60:.0f} min" if left > 90 else f" · {left:.0f} s"

    def _cancel(self) -> None:
        self.session.stop_runs()
