"""The join of a table: key, columns, what may be overwritten, and what would come of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from citytwin_desktop.document.table_join.request import LEAST_CONFIDENCE, REACH_M
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.join_columns import JoinColumns
from citytwin_desktop.ui.join_report_view import JoinReportView
from citytwin_desktop.ui.numbers import counted, parse_number
from citytwin_desktop.ui.word_completion import WordCompletion

KEYS = (("id", "Identifier"), ("address", "Address"), ("point", "Nearest point"))
OVERWRITES = (
    ("empty", "Only values that are empty"),
    ("unedited", "All but what was edited by hand"),
    ("all", "Everything"),
)
SETTLE_MS, SAMPLES, WIDTH = 350, 3, 720


class JoinDialog(FormDialog):
    """Matches on another thread whenever a choice changes, and shows the report before anything is done.

    Parameters
    ----------
    parent : QWidget
    path : Path
    district : District
        Of the open project; it is only read.
    attributes : sequence of str
        Attributes of the buildings that rows can be matched by.
    """

    def __init__(self, parent: QWidget, path: Path, district: Any, attributes: Sequence[str]) -> None:
        intro = self.tr("Rows are matched to buildings first; nothing changes before the button below is pressed.")
        super().__init__(parent, self.tr("Join {}").format(path.name), intro, self.tr("Join"), scrolling=True)
        self.setObjectName("joinDialog")
        self.setMinimumWidth(WIDTH)
        self.path, self._district = path, district
        self.report: dict[str, Any] | None = None
        self._stated_columns = False
        self._fill_form(attributes)
        self.columns, self.matches = JoinColumns(), JoinReportView()
        self.body.addWidget(self.columns)
        self.body.addWidget(self.matches)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.match)
        self._work: Background | None = None
        self._connect()
        self._follow_key()
        self._read()

    def parameters(self) -> dict[str, Any]:
        """Parameters of the command ``join_table``.

        Raises
        ------
        KnownError
            When a number cannot be read.
        """
        stated = tuple(part.strip() for part in self.key_columns.text().split(",") if part.strip())
        found: dict[str, Any] = {
            "path": str(self.path),
            "key": self.key.currentData() or self.key.currentText(),
            "key_columns": stated,
            "columns": self.columns.pairs() if self._stated_columns else (),
            "min_confidence": self._number(self.confidence, LEAST_CONFIDENCE),
            "overwrite": self.overwrite.currentData(),
        }
        if found["key"] == "point":
            code = self.crs.text().strip().upper()
            found["crs"] = code if not code or code.startswith("EPSG:") else f"EPSG:{code}"
            found["max_distance_m"] = self._number(self.reach, REACH_M)
        return found

    @property
    def matching(self) -> bool:
        """Whether the report of today's choices is still to come."""
        return self._settle.isActive() or (self._work is not None and self._work.running)

    def match(self) -> None:
        """Match anew, with the choices as they are."""
        try:
            parameters = self.parameters()
        except KnownError as error:
            self._refused(str(error))
            return
        self._settle.stop()
        self.ok.setEnabled(False)
        self.matches.show_words(self.tr("Matching rows to buildings…"))
        district, path = self._district, self.path

        def work() -> Any:
            from citytwin_desktop.document.commands.command import build_command
            from citytwin_desktop.document.table_join.join import preview_join

            return preview_join(district, path, build_command("join_table", parameters).request())

        self._start(work, self._show_report)

    def _read(self) -> None:
        """Look at the table first: its columns are the choices."""
        path = self.path
        self.ok.setEnabled(False)
        self.matches.show_words(self.tr("Looking at the table…"))

        def work() -> Any:
            from citytwin_desktop.formats.joined_tables.source import read_table
            from citytwin_desktop.formats.report import ImportReport

            return read_table(path, ImportReport())

        self._start(work, self._show_table)

    def _start(self, work: Any, show: Any) -> None:
        begun = Background(self, work)
        # Only the latest counts: an older one may come back after it.
        begun.done.connect(lambda found: show(found) if begun is self._work else None)
        begun.failed.connect(lambda sentence: self._refused(sentence) if begun is self._work else None)
        self._work = begun

    def _show_table(self, table: Any) -> None:
        samples: dict[str, str] = {}
        for place, name in enumerate(table.header):
            values = dict.fromkeys(row[place] for row in table.rows[:50] if row[place])
            samples[name] = ", ".join(list(values)[:SAMPLES])
        self.columns.show_table(table.header, samples)
        self.completion.set_names(table.header)
        self.match()

    def _show_report(self, report: dict[str, Any]) -> None:
        self.report = report
        self.refuse("")
        self.matches.show_report(report)
        self.fit()
        self.columns.show_mapping(report["mapping"])
        filled = sum(count["filled"] for count in report["columns"].values())
        self.ok.setEnabled(filled > 0)
        if filled and self.cancel.hasFocus():
            self.ok.setFocus()  # it went there while nothing could be done
        self.ok.setText(self.tr("Join to {}").format(counted(report["buildings_matched"])))

    def _refused(self, sentence: str) -> None:
        self.report = None
        self.ok.setEnabled(False)
        self.matches.show_words(sentence, "failed")
        self.fit()

    def _follow_key(self) -> None:
        point = self.key.currentData() == "point"
        self.form.setRowVisible(self.crs, point)
        self.form.setRowVisible(self.reach, point)
        self.fit()

    def _choose_columns(self) -> None:
        self._stated_columns = True
        self._settle.start()

    def _number(self, edit: QLineEdit, otherwise: float) -> float:
        text = edit.text().strip()
        value = parse_number(text) if text else otherwise
        if value is None:
            raise KnownError(self.tr("“{}” is not a number: type one like 0.85.").format(text))
        return value

    def _fill_form(self, attributes: Sequence[str]) -> None:
        self.key = QComboBox(objectName="joinKey")
        for key, title in KEYS:
            self.key.addItem(self.tr(title), key)
        for name in attributes:
            self.key.addItem(self.tr("Attribute {}").format(name), name)
        self.key_columns = QLineEdit(objectName="joinKeyColumns")
        self.key_columns.setPlaceholderText(self.tr("found by name; more than one with commas"))
        self.completion = WordCompletion(self.key_columns)
        self.crs, self.reach = QLineEdit(objectName="joinCrs"), QLineEdit(objectName="joinReach")
        self.crs.setPlaceholderText(self.tr("EPSG code; not needed for longitude and latitude"))
        self.reach.setPlaceholderText(number_text(REACH_M))
        self.confidence = QLineEdit(objectName="joinConfidence", placeholderText=number_text(LEAST_CONFIDENCE))
        self.overwrite = QComboBox(objectName="joinOverwrite")
        for key, title in OVERWRITES:
            self.overwrite.addItem(self.tr(title), key)
        self.form.addRow(self.tr("Match by"), self.key)
        self.form.addRow(self.tr("Key columns"), self.key_columns)
        self.form.addRow(self.tr("Coordinates (EPSG)"), self.crs)
        self.form.addRow(self.tr("Greatest distance  m"), self.reach)
        self.form.addRow(self.tr("Least confidence"), self.confidence)
        self.form.addRow(self.tr("Fill"), self.overwrite)

    def _connect(self) -> None:
        self.key.currentIndexChanged.connect(self._follow_key)
        for box in (self.key, self.overwrite):
            box.currentIndexChanged.connect(lambda _: self._settle.start())
        for edit in (self.key_columns, self.crs, self.reach, self.confidence):
            edit.textChanged.connect(lambda _: self._settle.start())
        self.columns.chosen.connect(self._choose_columns)
