"""What a look at one city file found: name, format, counts, coordinates, and what is odd."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from citytwin_desktop.formats.source_scan import SourceScan
from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.source_words import extent_text, lods_text, reference_text, size_text, types_text
from citytwin_desktop.ui.tool_tips import plain_tip
from citytwin_desktop.ui.window_words import for_window

REMARKS_SHOWN = 4


class SourceCard(QFrame):
    """A few lines on one source.

    Parameters
    ----------
    scan : SourceScan
    """

    def __init__(self, scan: SourceScan) -> None:
        super().__init__()
        self.setObjectName("card")
        self.scan = scan
        self.reference = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(12, 8, 12, 8)
        self._lines.setSpacing(4)
        self._lines.addLayout(self._head())
        lods = lods_text(scan.lods)
        for text in (types_text(scan.types), lods, extent_text(scan)):
            if text:
                self._add(text, "muted")
        self._lines.addWidget(self.reference)
        self.show_stated("")
        self._add_remarks()

    def show_stated(self, epsg_text: str) -> None:
        """Say which coordinates count: those of the file, or those that were stated for it."""
        own = reference_text(self.scan)
        if own or epsg_text:
            text = self.tr("Stated: {}").format(epsg_text) if epsg_text else own
        elif self.scan.extent is None and not self.scan.types:
            text = ""
        else:
            text = self.tr("The file names no coordinate system: state its EPSG code below.")
        amber = not epsg_text and not self.scan.epsg
        self.reference.setText(text)
        self.reference.setVisible(bool(text))
        self.reference.setObjectName("stale" if amber else "muted")
        self.reference.style().polish(self.reference)

    def _head(self) -> QHBoxLayout:
        name = ElidedLabel(self.scan.name)
        name.setObjectName("heading")
        facts = QLabel(f"{self.scan.format}  ·  {size_text(self.scan.size_bytes)}")
        facts.setObjectName("muted")
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(name)
        line.addStretch(1)
        line.addWidget(facts)
        return line

    def _add_remarks(self) -> None:
        remarks = [for_window(remark) for remark in self.scan.remarks]
        if not self.scan.exact:
            remarks.insert(0, self.tr("Only the beginning of this large file was looked at; counts are those of that."))
        for remark in remarks[:REMARKS_SHOWN]:
            self._add(remark, "stale")
        if more := remarks[REMARKS_SHOWN:]:
            label = self._add(self.tr("{} more remarks").format(len(more)), "stale")
            label.setToolTip(plain_tip("\n".join(more)))

    def _add(self, text: str, name: str) -> QLabel:
        label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        label.setObjectName(name)
        self._lines.addWidget(label)
        return label


class RefusedCard(QFrame):
    """A file that cannot be read, with the sentence that says why.

    Parameters
    ----------
    name, sentence : str
    """

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__()
        self.setObjectName("card")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(12, 8, 12, 8)
        lines.setSpacing(4)
        heading = ElidedLabel(name)
        heading.setObjectName("heading")
        text = QLabel(for_window(sentence), wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        text.setObjectName("failed")
        lines.addWidget(heading)
        lines.addWidget(text)
