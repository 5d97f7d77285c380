"""The history: every edit, newest first; a click goes to the city as it was just after it."""

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.document import events
from citytwin_desktop.document.time_travel import Travel
from citytwin_desktop.project.log_pages import ENDED
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.history_model import WHAT, WHEN, WHO, HistoryModel
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import CONTROL_HEIGHT, Theme

AT_ONCE_STEPS = 50
"""Longer ways show how far they are and can be cancelled."""
SLICE_STEPS = 8
READ_AGAIN_MS = 30
WIDE_PX = 360


class HistoryPanel(QWidget):
    """All commands of the project, with the one that stands last marked.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.model = HistoryModel(self)
        self.travel: Travel | None = None
        self._later = QTimer(self, singleShot=True, interval=READ_AGAIN_MS)
        self._later.timeout.connect(self.refresh)
        self._walking = QTimer(self, interval=0)
        self._walking.timeout.connect(self._walk)
        self.note = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.note.setObjectName("muted")
        self.note.setContentsMargins(12, 8, 12, 8)
        self.list = self._make_list()
        self._lay_out()
        session.opened.connect(self.refresh)
        session.closed.connect(self._closed)
        session.event.connect(self._follow)
        self.refresh()

    def _make_list(self) -> QTableView:
        view = QTableView(objectName="history", accessibleName=self.tr("History of edits"))
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        # One height for all: asking 10,000 lines for theirs takes longer than showing them.
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(CONTROL_HEIGHT)
        header = view.horizontalHeader()
        header.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(WHEN, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(WHO, QHeaderView.ResizeMode.Fixed)
        header.setResizeContentsPrecision(0)  # what is in sight: long projects have 10,000 lines
        header.setMinimumSectionSize(40)
        header.resizeSection(WHO, 48)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        view.clicked.connect(self._go)
        view.activated.connect(self._go)
        return view

    def _lay_out(self) -> None:
        self.bar = QProgressBar(accessibleName=self.tr("Progress through the history"))
        self.bar.setTextVisible(False)
        self.how_far = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.how_far.setObjectName("small")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.stop)
        self.foot = QWidget()
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.how_far)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.foot.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.note)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.foot)

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self.model.set_theme(theme)

    def refresh(self) -> None:
        """Read the order and state of all commands again."""
        self._later.stop()
        document = self.session.document
        self.model.show_history(document)
        count = max(self.model.rowCount() - 1, 0)
        edits = self.tr("{} edit{}. Click one to go back or forward to it.").format(
            number_text(count, 9), "" if count == 1 else "s"
        )
        self.note.setText(edits if count else self.tr("Edits will be listed here, newest first."))
        self.list.setVisible(count > 0)
        self.list.setEnabled(document is not None and not document.read_only and self.travel is None)
        if count:
            here = self.model.index(self.model.current, 0)
            self.list.scrollTo(here)
            self.list.selectionModel().setCurrentIndex(
                here,
                self.list.selectionModel().SelectionFlag.ClearAndSelect | self.list.selectionModel().SelectionFlag.Rows,
            )

    def showEvent(self, event: Any) -> None:
        """What happened while it was out of sight is read now."""
        super().showEvent(event)
        if self._later.isActive():
            self.refresh()

    def resizeEvent(self, event: Any) -> None:
        """Who did it is said where there is room."""
        super().resizeEvent(event)
        narrow = self.width() < WIDE_PX
        self.list.setColumnHidden(WHO, narrow)
        self.list.horizontalHeader().setVisible(not narrow)

    def go_to(self, row: int) -> None:
        """Take back or bring back all commands between a row and the one that stands last."""
        document = self.session.document
        if document is None or self.travel is not None or row == self.model.current or self.model.state(row) == ENDED:
            return
        travel = self.session.guarded(Travel, document, self.model.seq(row))
        if travel is None:
            return
        self.travel = travel
        if travel.total <= AT_ONCE_STEPS:
            self._arrive()
            return
        self.list.setEnabled(False)
        self.bar.setRange(0, travel.total)
        self._show_progress()
        self.foot.show()
        self.cancel.setFocus()
        self._walking.start()

    def stop(self) -> None:
        """Give up a long way: nothing has changed yet."""
        self._end()
        self.session.notice.emit(self.tr("Stayed where it was: nothing was changed."))

    def _go(self, index: QModelIndex) -> None:
        self.go_to(index.row())

    def _walk(self) -> None:
        for _ in range(SLICE_STEPS):
            more = self.session.guarded(self.travel.step)
            if more is None:
                self._end()
                return
            if not more:
                self._arrive()
                return
        self._show_progress()

    def _show_progress(self) -> None:
        self.bar.setValue(self.travel.done)
        self.how_far.setText(f"{number_text(self.travel.done, 9)} / {number_text(self.travel.total, 9)}")

    def _arrive(self) -> None:
        travel = self.travel
        self._end()
        self.session.guarded(self.session.document.arrive, travel)
        self.refresh()

    def _end(self) -> None:
        self._walking.stop()
        self.foot.hide()
        self.travel = None
        self.refresh()

    def _follow(self, event: object) -> None:
        if isinstance(event, events.HistoryChanged):
            self._later.start()

    def _closed(self) -> None:
        if self.travel is not None:
            self._end()
        self.refresh()
