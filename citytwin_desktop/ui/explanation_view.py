"""The panel that explains a number: what it is, its arithmetic, its inputs, the run, the sources."""

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.document.explaining.as_text import as_text
from citytwin_desktop.document.explanation import Explanation
from citytwin_desktop.ui.explanation_rows import FactRow, InputRow, TermsView, paragraph, run_lines, shown
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.section import Section
from citytwin_desktop.ui.theme import Theme

LEAST_WIDTH, USUAL_WIDTH = 300, 348
LONGEST_SUBJECT = 100
TONES = {"fresh": "done", "stale": "stale", "mixed": "stale", "": "muted"}


class ExplanationView(QFrame):
    """One explanation at a time; stays open beside the inspector until it is closed.

    Signals
    -------
    column_wanted(str)
        Show this column in the inspector, to edit it.
    building_wanted(str)
        Go to this building.
    go_wanted, table_wanted
        Go to the buildings that the number is of; show them in the table.
    closed
    """

    column_wanted = Signal(str)
    building_wanted = Signal(str)
    go_wanted = Signal()
    table_wanted = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(self.tr("Explanation of a number"))
        self.setMinimumWidth(LEAST_WIDTH)
        self.explanation: Explanation | None = None
        self._theme: Theme | None = None
        self._open = {"Inputs": True, "Run": False, "Sources": True}
        self.sections: dict[str, Section] = {}
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        plain = Qt.TextFormat.PlainText  # names come from other people's files
        self.title, self.subject = QLabel(wordWrap=True, textFormat=plain), QLabel(wordWrap=True, textFormat=plain)
        for label, name in ((self.title, "heading"), (self.subject, "small")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.copy = self._button("content-copy", self.tr("Copy as text"), self._copy)
        self.close_button = self._button("close", self.tr("Close"), self._close)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.subject)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 6, 8)
        head.setSpacing(2)
        head.addLayout(names, 1)
        for button in (self.copy, self.close_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(QFrame(objectName="rule"))
        column.addWidget(self.scroll, 1)

    def _button(self, name: str, title: str, run: Any) -> QToolButton:
        button = QToolButton(toolTip=title, accessibleName=title, iconSize=QSize(16, 16))
        button.setProperty("icon_name", name)
        button.clicked.connect(run)
        return button

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window's own shortcuts while something in the panel has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:
        """Escape closes the panel."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As wide as its lines read well."""
        return QSize(USUAL_WIDTH, 400)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self._theme = theme
        for button in (self.copy, self.close_button):
            button.setIcon(icon(str(button.property("icon_name")), theme))
        for section in self.sections.values():
            section.set_theme(theme)

    def show_explanation(self, explanation: Explanation) -> None:
        """Show an explanation in place of the one before; folds and the place in it stay as they were."""
        same = self.explanation is not None and self.explanation.question == explanation.question
        place = self.scroll.verticalScrollBar().value() if same else 0
        self._open |= {name: section.heading.isChecked() for name, section in self.sections.items()}
        self.explanation = explanation
        self.title.setText(explanation.title)
        subject = " ".join(explanation.subject.split())
        self.subject.setText(subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1]}…")
        self.scroll.setWidget(self._content(explanation))
        if self._theme is not None:
            self.set_theme(self._theme)
        self.show()
        self.scroll.verticalScrollBar().setValue(place)

    def _content(self, item: Explanation) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        top = QWidget()
        lines = QVBoxLayout(top)
        lines.setContentsMargins(12, 8, 12, 12)
        lines.setSpacing(8)
        for widget in self._top(item):
            lines.addWidget(widget)
        column.addWidget(top)
        self.sections = {}
        self._add_section(column, "Inputs", [InputRow(row, self.column_wanted.emit) for row in item.inputs])
        facts = [FactRow(name, text) for name, text in run_lines(item.run)] if item.run else []
        facts += [paragraph(text, "stale") for text in (item.run.warnings if item.run else ())]
        self._add_section(column, "Run", facts)
        self._add_section(column, "Sources", [paragraph(text, "muted") for text in item.sources])
        column.addStretch(1)
        return content

    def _top(self, item: Explanation) -> list[QWidget]:
        value = paragraph(shown(item.value, item.unit), "title")
        found: list[QWidget] = [value]
        if item.freshness:
            found.append(paragraph(item.freshness, TONES.get(item.state, "muted")))
        if item.changes:
            found.append(paragraph("\n".join(f"•  {text}" for text in item.changes), "small"))
        found.append(paragraph(item.words))
        if item.formula:
            found.append(self._formula(item.formula))
        if item.terms or item.beside:
            self.terms = TermsView(item, self.building_wanted.emit)
            found.append(self.terms)
        found += [paragraph(text, "muted") for text in item.remarks]
        found.append(self._links(item))
        return found

    def _formula(self, text: str) -> QWidget:
        label = paragraph(text)
        label.setObjectName("formula")
        label.setAccessibleName(self.tr("Formula"))
        return label

    def _links(self, item: Explanation) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for text, signal in (
            (self.tr("Go to building"), self.go_wanted),
            (self.tr("Open in table"), self.table_wanted),
        ):
            link = QPushButton(text, objectName="link")
            link.clicked.connect(signal)
            row.addWidget(link)
        row.addStretch(1)
        line.setVisible(bool(item.question.building_ids) or item.question.surface is not None)
        return line

    def _add_section(self, column: QVBoxLayout, name: str, rows: list[Any]) -> None:
        if not rows:
            return
        section = Section(self.tr(name), self._open[name])
        section.show_note(str(len(rows)) if name == "Inputs" else "")
        for row in rows:
            section.add(row)
        self.sections[name] = section
        column.addWidget(section)

    def _copy(self) -> None:
        if self.explanation is not None:
            QGuiApplication.clipboard().setText(as_text(self.explanation))

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
