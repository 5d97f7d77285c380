"""Months of the selection, or of the whole city when nothing is selected."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.month_chart import MonthChart
from citytwin_desktop.ui.results_view import selection_series
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import Theme


class ChartsPanel(QWidget):
    """Monthly demand, stacked beside each other."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.heading = QLabel()
        self.heading.setObjectName("heading")
        self.note = QLabel()
        self.note.setObjectName("muted")
        self.chart = MonthChart(with_key=True)
        line = QHBoxLayout()
        line.addWidget(self.heading)
        line.addWidget(self.note)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(line)
        layout.addWidget(self.chart, 1)

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self.chart.set_theme(theme)

    def refresh(self) -> None:
        """Read the results again; only while the panel is seen."""
        document = self.session.document
        if document is None or not self.isVisible():
            return
        ids = list(document.selection)
        whole = not ids
        if whole:
            ids = [str(name) for name in document.city.buildings.ids[document.city.rows_with_geometry]]
        found = selection_series(document, ids)
        self.heading.setText(
            self.tr("Whole city") if whole else self.tr("{} selected").format(number_text(len(ids), 9))
        )
        with_results = found[0].buildings if found else 0
        text = self.tr("{} of {} buildings have results").format(number_text(with_results, 9), number_text(len(ids), 9))
        self.note.setText(text if found else self.tr("Monthly demand appears here once EnergyPlus has run."))
        self.chart.show_series(found)

    def showEvent(self, event: object) -> None:
        """Read results when the panel comes up."""
        super().showEvent(event)
        self.refresh()
