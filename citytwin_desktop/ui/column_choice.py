"""Which attribute of a source fills which column of the building table."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.import_options import STOREY_HEIGHT_M
from citytwin_desktop.formats.source_scan import AttributeSummary, SourceScan
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.numbers import parse_number
from citytwin_desktop.ui.tool_tips import plain_tip

CHOSEN_COLUMNS = (
    ("height_m", "Height"),
    ("storeys", "Storeys"),
    ("year_built", "Year built"),
    ("function", "Function"),
    ("name", "Name"),
    ("id", "Identifier"),
)
SAMPLES_SHOWN, SAMPLE_LENGTH, LABEL_WIDTH = 3, 18, 127


class ColumnChoice(QWidget):
    """One list of attributes for each column, with how many buildings have it and what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, ElidedChoice] = {}
        self._guess: dict[str, str] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 4, 0, 8)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for column, title in CHOSEN_COLUMNS:
            box = ElidedChoice(objectName=f"importColumn_{column}", accessibleName=self.tr(title))
            self.boxes[column] = box
            form.addRow(_muted(self.tr(title)), box)
        self.storey_height = QLineEdit(objectName="importStoreyHeight", placeholderText=number_text(STOREY_HEIGHT_M))
        self.storey_height.setFixedWidth(72)
        self.storey_height.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.storey_height.setToolTip(
            self.tr("For buildings whose storeys are known and whose height is not; noted with each as assumed")
        )
        form.addRow(_muted(self.tr("Storey height  m")), self.storey_height)

    def show_scans(self, scans: Sequence[SourceScan]) -> None:
        """Offer the attributes of all sources; those that the reader would take are chosen."""
        attributes = _joined(scans)
        self._guess = {column: name for scan in reversed(scans) for column, name in scan.columns.items()}
        for column, box in self.boxes.items():
            box.clear()
            box.addItem(self.tr("As in the file") if column == "id" else self.tr("None"), "")
            for item in sorted(attributes, key=lambda item: item.name.lower()):
                box.addItem(_title(item), item.name)
                samples = ", ".join(item.samples)
                box.setItemData(box.count() - 1, plain_tip(samples), Qt.ItemDataRole.ToolTipRole)
            guess = self._guess.get(column, "")
            if guess and box.findData(guess) < 0:
                box.addItem(guess, guess)
            box.setCurrentIndex(max(box.findData(guess), 0))

    def chosen(self) -> tuple[str, ...]:
        """``column=attribute`` of what differs from what the reader would take by itself."""
        return tuple(
            f"{column}={box.currentData() or ''}"
            for column, box in self.boxes.items()
            if (box.currentData() or "") != self._guess.get(column, "")
        )

    def chosen_storey_height_m(self) -> float | None:
        """The height to assume of a storey; None for the usual one.

        Raises
        ------
        KnownError
            When what was typed is no number.
        """
        text = self.storey_height.text().strip()
        value = parse_number(text) if text else None
        if text and value is None:
            raise KnownError(self.tr("“{}” is not a storey height: type metres, such as 3.").format(text))
        return value

    def note(self) -> str:
        """How many columns are filled, for the folded heading."""
        filled = sum(bool(box.currentData()) for box in self.boxes.values())
        return self.tr("{} of {} filled").format(filled, len(self.boxes))


def _joined(scans: Sequence[SourceScan]) -> list[AttributeSummary]:
    """Attributes of all sources, their counts summed by name."""
    found: dict[str, AttributeSummary] = {}
    for scan in scans:
        for item in scan.attributes:
            before = found.get(item.name)
            count = item.count + (before.count if before else 0)
            found[item.name] = AttributeSummary(item.name, count, before.samples if before else item.samples)
    return list(found.values())


def _title(item: AttributeSummary) -> str:
    samples = [text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…" for text in item.samples]
    shown = ", ".join(" ".join(text.split()) for text in samples[:SAMPLES_SHOWN])
    return f"{item.name}  ·  {number_text(item.count, 9)}" + (f"  ·  {shown}" if shown else "")


def _muted(text: str) -> QLabel:
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText)
    label.setObjectName("muted")
    label.setMinimumWidth(LABEL_WIDTH)  # in line with the form above
    return label
