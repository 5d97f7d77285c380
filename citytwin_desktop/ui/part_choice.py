"""Which part of a city file is to be imported: a box, types of objects, and a filter on attributes."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.attribute_filter import attribute_condition
from citytwin_desktop.formats.source_scan import SourceScan
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.numbers import parse_number
from citytwin_desktop.ui.plan_preview import Box, PlanPreview
from citytwin_desktop.ui.source_words import DEGREES, joined_counts, plural, unit_of
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.word_completion import WordCompletion

SIDES = (("west", "West"), ("south", "South"), ("east", "East"), ("north", "North"))
ROW_PX, MOST_ROWS = 26, 5


class PartChoice(QWidget):
    """Fields for what of the sources is wanted; everything when they are left as they are.

    Parameters
    ----------
    theme : Theme
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.plan = PlanPreview(theme)
        self.sides = {name: QLineEdit(objectName=f"importBox_{name}") for name, _ in SIDES}
        self.types = QListWidget(objectName="importTypes", accessibleName=self.tr("Types of objects"))
        self.where = QLineEdit(objectName="importWhere", accessibleName=self.tr("Filter by attributes"))
        self.where.setPlaceholderText(self.tr("no filter"))
        self.completion = WordCompletion(self.where)
        self.example = _note("")
        self._geographic = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(8)
        column.addLayout(self._box_row())
        self._types_title = _note(self.tr("Types of objects"))
        for widget in (self._types_title, self.types, _note(self.tr("Filter by attributes")), self.where, self.example):
            column.addWidget(widget)
        self.plan.box_drawn.connect(self._take_drawn)
        for edit in self.sides.values():
            edit.textChanged.connect(self._show_typed)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the plan."""
        self.plan.theme = theme
        self.plan.update()

    def show_scans(self, scans: Sequence[SourceScan]) -> None:
        """Offer what the sources hold."""
        extents = [(scan.extent[0], scan.extent[1], scan.extent[3], scan.extent[4]) for scan in scans if scan.extent]
        units = {unit_of(scan.epsg) for scan in scans if scan.extent}
        self._geographic = units == {DEGREES}
        # Sources in different systems cannot lie in one plan, and no one box fits them.
        same = len({scan.epsg for scan in scans}) <= 1
        self.plan.show_extents(extents if same else (), self._geographic)
        whole = self.plan.whole
        for place, (name, _) in enumerate(SIDES):
            self.sides[name].setPlaceholderText(self._number(whole[place]) if whole else "")
        self._list_types(joined_counts(scan.types for scan in scans))
        attributes = {item.name: item for scan in scans for item in scan.attributes}
        self.completion.set_names(sorted(attributes, key=str.lower))
        self.example.setText(self._example(attributes))

    def box(self) -> Box | None:
        """The box as it is typed; a side that is left empty is that of the file.

        Raises
        ------
        KnownError
            When it is none.
        """
        texts = [edit.text().strip() for edit in self.sides.values()]
        if not any(texts):
            return None
        whole = self.plan.whole or (None,) * 4
        found = [parse_number(text) if text else end for text, end in zip(texts, whole, strict=True)]
        if None in found:
            raise KnownError(self.tr("The box needs four numbers: type west, south, east and north."))
        west, south, east, north = (float(value) for value in found)
        if west >= east or south >= north:
            raise KnownError(self.tr("The box is empty: west must be less than east, and south less than north."))
        return west, south, east, north

    def chosen_types(self) -> tuple[str, ...]:
        """Types that are wanted; none when all are.

        Raises
        ------
        KnownError
            When every one is unticked.
        """
        items = [self.types.item(row) for row in range(self.types.count())]
        ticked = tuple(str(i.data(Qt.ItemDataRole.UserRole)) for i in items if i.checkState() == Qt.CheckState.Checked)
        if items and not ticked:
            raise KnownError(self.tr("No type of object is ticked: tick at least one."))
        return () if len(ticked) == len(items) else ticked

    def filter_text(self) -> str:
        """The filter on attributes.

        Raises
        ------
        KnownError
            When it cannot be read.
        """
        text = self.where.text().strip()
        if text:
            attribute_condition(text)
        return text

    def note(self) -> str:
        """What is chosen, in a few words for the folded heading."""
        items = [self.types.item(row) for row in range(self.types.count())]
        unticked = sum(item.checkState() != Qt.CheckState.Checked for item in items)
        parts = [
            self.tr("box") if any(edit.text().strip() for edit in self.sides.values()) else "",
            self.tr("{} of {} types").format(len(items) - unticked, len(items)) if unticked else "",
            self.tr("filter") if self.where.text().strip() else "",
        ]
        return ", ".join(part for part in parts if part)

    def _box_row(self) -> QHBoxLayout:
        fields = QGridLayout()
        fields.setHorizontalSpacing(8)
        fields.setVerticalSpacing(8)
        for row, (name, title) in enumerate(SIDES):
            label = QLabel(self.tr(title))
            label.setObjectName("muted")
            label.setBuddy(self.sides[name])
            self.sides[name].setAccessibleName(self.tr(title))
            self.sides[name].setAlignment(Qt.AlignmentFlag.AlignRight)
            self.sides[name].setFixedWidth(132)
            fields.addWidget(label, row, 0)
            fields.addWidget(self.sides[name], row, 1)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.plan, 1)
        line.addLayout(fields)
        return line

    def _list_types(self, counts: dict[str, int]) -> None:
        self.types.clear()
        for kind, count in counts.items():
            name = plural(kind)
            title = f"{name[:1].upper()}{name[1:]}" + (f" ({kind})" if name == kind.lower() else "")
            item = QListWidgetItem(f"{title}  ·  {number_text(count, 9)}")
            item.setData(Qt.ItemDataRole.UserRole, kind)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.types.addItem(item)
        several = self.types.count() > 1
        self.types.setVisible(several)
        self._types_title.setVisible(several)
        self.types.setFixedHeight(min(self.types.count(), MOST_ROWS) * ROW_PX + 4)

    def _take_drawn(self, box: Box | None) -> None:
        for place, (name, _) in enumerate(SIDES):
            self.sides[name].setText(self._number(box[place]) if box is not None else "")

    def _show_typed(self) -> None:
        try:
            self.plan.show_box(self.box())
        except KnownError:
            self.plan.show_box(None)

    def _number(self, value: float) -> str:
        return f"{value:.5f}" if self._geographic else f"{value:.1f}"

    def _example(self, attributes: dict[str, Any]) -> str:
        numeric = next((a for a in attributes.values() if a.samples and parse_number(a.samples[0]) is not None), None)
        worded = next((a for a in attributes.values() if a.samples and _is_short_word(a.samples[0])), None)
        parts = [f"{_quoted(numeric.name)} > {numeric.samples[0]}"] if numeric else []
        parts += [f"{_quoted(worded.name)} = '{worded.samples[0]}'"] if worded else []
        written = " and ".join(parts) or "YEAR > 1990 and USE = 'office'"
        return self.tr("Written as {}; a building without the attribute is left out.").format(written)


def _is_short_word(text: str) -> bool:
    return parse_number(text) is None and len(text) <= 24 and "'" not in text


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _note(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setObjectName("muted")
    return label
