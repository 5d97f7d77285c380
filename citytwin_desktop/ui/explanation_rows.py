"""Lines of an explanation: arithmetic with aligned numbers, inputs with their origins, facts."""

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from citytwin_desktop.city.numbers import DIGITS, THIN_SPACE, digits_beside, number_text
from citytwin_desktop.document.explanation import Explanation, Input, RunFacts, Term, Value
from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.row_extras import MARKS
from citytwin_desktop.ui.tool_tips import plain_tip

INDENT_PX = 12


def shown(value: Value, unit: str = "") -> str:
    """Value with unit for people, as everywhere else."""
    if isinstance(value, float):
        text = f"{value:.0f}" if unit == "" and value == round(value) and 1000 <= value < 2200 else number_text(value)
    else:
        text = "–" if value is None else value
    return f"{text}{THIN_SPACE}{unit}" if unit and text != "–" else text


def paragraph(text: str, name: str = "") -> QLabel:
    """Text over several lines that can be copied."""
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setObjectName(name)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


class TermsView(QWidget):
    """The arithmetic, line by line, with its result below a rule.

    Parameters
    ----------
    explanation : Explanation
    go : callable
        Called with a building to go to.
    """

    def __init__(self, explanation: Explanation, go: Callable[[str], None]) -> None:
        super().__init__()
        self._go = go
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        result = explanation.value if isinstance(explanation.value, float) else math.nan
        for term in explanation.terms:
            self._add(term, 0, result)
        if explanation.combine and explanation.terms and isinstance(explanation.value, float):
            self._grid.addWidget(QFrame(objectName="rule"), self._grid.rowCount(), 0, 1, 4)
            word = self.tr("greatest of them") if explanation.combine == "max" else ""
            self._line("=", word, explanation.value, explanation.unit, 0, "heading")
        for term in explanation.beside:
            self._line("", term.name, term.value, term.unit, 0, "muted", term.note)

    def texts(self) -> list[str]:
        """Every text, line by line."""
        widgets = [self._grid.itemAt(place).widget() for place in range(self._grid.count())]
        return [widget.text() for widget in widgets if isinstance(widget, QLabel | QPushButton)]

    def _add(self, term: Term, depth: int, result: float) -> None:
        self._line(
            term.operation,
            term.name,
            term.value,
            term.unit,
            depth,
            "" if depth == 0 else "muted",
            term.note,
            term.building,
            digits_beside(term.value, result) if term.operation in ("+", "−") else DIGITS,
        )
        for part in term.parts:
            self._add(part, depth + 1, term.value)

    def _line(
        self, sign: str, name: str, value: float, unit: str, depth: int, tone: str, note: str = "", building: str = "",
        digits: int = DIGITS,
    ) -> None:  # fmt: skip
        place = self._grid.rowCount()
        first = QLabel(sign if depth == 0 else "")
        first.setObjectName("muted")
        first.setFixedWidth(10)
        label = self._name(f"{sign}  {name}" if depth else name, note, building)
        label.setContentsMargins(max(depth - 1, 0) * INDENT_PX, 0, 0, 0)
        number, measure = QLabel(number_text(value, digits)), QLabel(unit, textFormat=Qt.TextFormat.PlainText)
        for widget, object_name in ((number, tone or "value"), (measure, "small")):
            widget.setObjectName(object_name)
            widget.setToolTip(plain_tip(note))
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if not isinstance(label, QPushButton):
            label.setObjectName(tone or "muted")
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(first, place, 0)
        self._grid.addWidget(label, place, 1)
        self._grid.addWidget(number, place, 2, right)
        self._grid.addWidget(measure, place, 3)

    def _name(self, name: str, note: str, building: str) -> QWidget:
        if not building:
            label = ElidedLabel(name, note)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            return label
        link = QPushButton(name, objectName="link")
        link.setAccessibleName(self.tr("Go to building {}").format(name))
        link.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        link.setToolTip(plain_tip(self.tr("Go to building {}").format(name)))
        link.clicked.connect(lambda: self._go(building))
        return link


class InputRow(QWidget):
    """Name and value of one input, and below them in small where it comes from.

    Parameters
    ----------
    item : Input
    jump : callable
        Called with the column that can be edited.
    """

    def __init__(self, item: Input, jump: Callable[[str], None]) -> None:
        super().__init__()
        self.item = item
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._name(item, jump), 1)
        text = shown(item.value, item.unit)
        value = QLabel(textFormat=Qt.TextFormat.PlainText)
        value.setText(value.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, 180))
        value.setToolTip(plain_tip(text))
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top.addWidget(value)
        mark = QLabel(MARKS.get(item.kind, ""))
        mark.setObjectName("mark")
        mark.setProperty("kind", item.kind)
        mark.setFixedWidth(12)
        mark.setToolTip(plain_tip(item.origin))
        top.addWidget(mark)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(0)
        column.addLayout(top)
        origin = ElidedLabel(item.origin, item.origin)
        origin.setObjectName("small")
        origin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column.addWidget(origin)

    def _name(self, item: Input, jump: Callable[[str], None]) -> QWidget:
        if not item.column:
            label = ElidedLabel(item.name)
            label.setObjectName("muted")
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            return label
        link = QPushButton(item.name, objectName="link")
        link.setProperty("column", item.column)
        link.setAccessibleName(self.tr("Edit {}").format(item.name))
        link.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        link.setToolTip(plain_tip(self.tr("Show it in the inspector, to edit it")))
        link.clicked.connect(lambda: jump(item.column))
        return link


def run_lines(run: RunFacts) -> list[tuple[str, str]]:
    """Facts of a run as names and texts."""
    spent = f"{number_text(run.cpu_s)}{THIN_SPACE}s" if run.cpu_s == run.cpu_s else "not added up"
    found: list[tuple[str, Any]] = [
        ("Engine", f"{run.engine} {run.version}"), ("When", f"{run.at[:16].replace('T', ' ')} UTC"),
        ("Processor time", spent), ("Results", number_text(run.results, 9) if run.results > 1 else ""),
        ("Key of its inputs", run.key), ("Weather", run.weather), ("Expected error", run.error),
    ]  # fmt: skip
    found += run.settings
    return [(name, text) for name, text in found if text]


class FactRow(QWidget):
    """Name on the left, text on the right."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 12, 1)
        row.setSpacing(8)
        label = QLabel(name[:1].upper() + name[1:], textFormat=Qt.TextFormat.PlainText)
        label.setObjectName("muted")
        told = paragraph(text)
        told.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(told, 1)
