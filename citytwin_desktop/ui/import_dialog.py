"""The import of city files: what a look at them tells, and the choices that an import needs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from citytwin_desktop.city.counting import buildings_and_parts
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.city_formats import FOOTPRINTS
from citytwin_desktop.formats.collection_pause import collection_paused
from citytwin_desktop.formats.source_scan import SourceScan
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.column_choice import ColumnChoice
from citytwin_desktop.ui.dropped_files import weather_filter
from citytwin_desktop.ui.form_dialog import FileField, FormDialog
from citytwin_desktop.ui.part_choice import PartChoice
from citytwin_desktop.ui.project_names import free_project_path
from citytwin_desktop.ui.section import Section
from citytwin_desktop.ui.source_card import RefusedCard, SourceCard
from citytwin_desktop.ui.source_words import joined_counts, reference_name, total
from citytwin_desktop.ui.theme import Theme

WIDTH = 640
Looked = list[tuple[str, tuple[SourceScan, ...], str]]
"""For each path its scans, and the sentence when it cannot be read."""


def look_at(paths: list[str]) -> Looked:
    """Scan files; one that cannot be read has its sentence in place of scans."""
    from citytwin_desktop.formats.city_files import scan_city_file

    found: Looked = []
    for path in paths:
        try:
            with collection_paused():
                found.append((path, scan_city_file(Path(path)), ""))
        except KnownError as error:
            found.append((path, (), str(error)))
    return found


class ImportDialog(FormDialog):
    """Opens at once and looks at the files on another thread; the choices come when it has.

    Parameters
    ----------
    parent : QWidget
    sources : list of str
    project : Path, optional
        The open project; a new one is made when there is none.
    theme : Theme
    look : callable
        Scans the files.
    """

    def __init__(
        self,
        parent: QWidget,
        sources: list[str],
        project: Path | None,
        theme: Theme,
        look: Callable[[list[str]], Looked] = look_at,
    ) -> None:
        names = Path(sources[0]).name if len(sources) == 1 else self.tr("{} city files").format(len(sources))
        intro = self.tr("Buildings with every attribute are read into the project; the file itself is not changed.")
        super().__init__(parent, self.tr("Import {}").format(names), intro, self.tr("Import"), scrolling=True)
        self.setObjectName("importDialog")
        self.setMinimumWidth(WIDTH)
        self.sources, self.scans, self.theme = sources, (), theme
        self.cards: list[SourceCard] = []
        self.bring_back: QCheckBox | None = None
        self._waiting = self._waiting_line()
        self._found = QVBoxLayout()
        self._found.setSpacing(8)
        self.body.insertLayout(0, self._found)
        self.body.insertWidget(0, self._waiting)
        self._fill_form(project)
        self.part, self.columns = PartChoice(theme), ColumnChoice()
        self.part_section = self._section(self.tr("Only part of it"), self.part)
        self.columns_section = self._section(self.tr("Columns"), self.columns)
        self._looking = Background(self, lambda: look(sources))
        self._looking.done.connect(self._show_found)
        self.part_section.heading.toggled.connect(self._follow_folds)
        self.columns_section.heading.toggled.connect(self._follow_folds)

    def set_theme(self, theme: Theme) -> None:
        """Chevrons of the folds and the plan."""
        self.theme = theme
        for section in (self.part_section, self.columns_section):
            section.set_theme(theme)
        self.part.set_theme(theme)

    @property
    def looked(self) -> bool:
        """Whether the look at the files is over."""
        return not self._looking.running

    def offer_removed(self, count: int) -> None:
        """Offer to bring back what was removed in the project; without anything removed nothing is offered."""
        if count:
            text = self.tr("Bring back what was removed ({})").format(number_text(count, 9))
            self.bring_back = QCheckBox(text, objectName="bringBack")
            self.bring_back.setToolTip(self.tr("Otherwise what was removed in the project stays away"))
            self.form.addRow("", self.bring_back)

    def submit_when_looked(self) -> None:
        """Go on by itself when the look is over: whoever knows what is in a file need not wait for it."""
        self.ok.setEnabled(False)
        self._looking.done.connect(lambda _: self.submitted.emit() if self.ok.isEnabled() else None)

    def crs_text(self) -> str | None:
        """``EPSG:N``, or `None` to take it from the file."""
        text = self.crs.text().strip().upper()
        if not text:
            return None
        return text if text.startswith("EPSG:") else f"EPSG:{text}"

    def parameters(self) -> dict[str, Any]:
        """Parameters of the command ``import_city``.

        Raises
        ------
        KnownError
            When a choice cannot be understood.
        """
        found: dict[str, Any] = {
            "bbox": self.part.box(),
            "types": self.part.chosen_types(),
            "where": self.part.filter_text(),
            "columns": self.columns.chosen(),
            "storey_height_m": self.columns.chosen_storey_height_m(),
            "bring_back": self.bring_back is not None and self.bring_back.isChecked(),
        }
        given = {name: value for name, value in found.items() if value}
        return {"sources": self.sources, "crs": self._stated_crs(), "lod": self.lod.currentData() or None, **given}

    def refuse(self, sentence: str) -> None:
        """Say what is wrong; a question of coordinates puts the cursor there."""
        super().refuse(sentence)
        if "EPSG" in sentence or "reference system" in sentence:
            self.crs.setFocus()

    def _stated_crs(self) -> str | None:
        stated = self.crs_text()
        unnamed = [scan.name for scan in self.scans if not scan.epsg and not scan.reference and scan.extent]
        if stated is None and unnamed:
            msg = self.tr("“{}” names no coordinate reference system: state it, such as EPSG:28992.")
            raise KnownError(msg.format(unnamed[0]))
        return stated

    def _fill_form(self, project: Path | None) -> None:
        self.project = FileField(
            "importProject",
            "CityTwin project (*.citytwin.gpkg)",
            str(project or free_project_path(self.sources[0])),
            save=True,
        )
        self.project.setEnabled(project is None)
        self.crs = QLineEdit(objectName="importCrs", placeholderText=self.tr("from the file"))
        self.crs.setFixedWidth(132)
        self.crs_name = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.crs_name.setObjectName("muted")
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.crs)
        line.addWidget(self.crs_name, 1)
        self.lod = QComboBox(objectName="importLod")
        self.lod.addItem(self.tr("Highest of each building"), "")
        self.weather = FileField("importWeather", weather_filter())
        self.weather.edit.setPlaceholderText(self.tr("may be chosen later"))
        self.form.addRow(self.tr("Project file"), self.project)
        self.form.addRow(self.tr("Coordinates (EPSG)"), line)
        self.form.addRow(self.tr("Level of detail"), self.lod)
        self.form.addRow(self.tr("Weather file"), self.weather)
        self.crs.textChanged.connect(self._name_reference)

    def _waiting_line(self) -> QWidget:
        waiting, bar = QWidget(), QProgressBar(maximum=0)
        bar.setTextVisible(False)
        text = QLabel(self.tr("Looking at the file…") if len(self.sources) == 1 else self.tr("Looking at the files…"))
        text.setObjectName("muted")
        column = QVBoxLayout(waiting)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(text)
        column.addWidget(bar)
        return waiting

    def _section(self, title: str, content: QWidget) -> Section:
        section = Section(title, open_=False, inner=True)
        section.set_theme(self.theme)
        section.add(content)
        section.hide()
        self.body.addWidget(section)
        return section

    def _show_found(self, looked: Looked) -> None:
        self._waiting.hide()
        self.scans = tuple(scan for _, scans, _ in looked for scan in scans)
        for path, scans, sentence in looked:
            for card in [SourceCard(scan) for scan in scans] if scans else [RefusedCard(Path(path).name, sentence)]:
                self._found.addWidget(card)
                if isinstance(card, SourceCard):
                    self.cards.append(card)
        # What can be read is offered; the others say on their cards why they are left out.
        self.sources = [path for path, scans, _ in looked if scans] or self.sources
        left_out = sum(not scans for _, scans, _ in looked)
        self.ok.setEnabled(bool(self.scans))
        if left_out and self.scans:
            self.refuse(self.tr("{} of {} files cannot be read and will be left out.").format(left_out, len(looked)))
        self._offer_choices()
        self._name_reference()
        self._name_button()
        self.fit()

    def _offer_choices(self) -> None:
        for lod, count in sorted(joined_counts(scan.lods for scan in self.scans).items()):
            self.lod.addItem(f"LoD {lod}  ·  {number_text(count, 9)}", lod)
        self.form.setRowVisible(self.lod, self.lod.count() > 2)
        self.part.show_scans(self.scans)
        self.columns.show_scans(self.scans)
        self.part_section.setVisible(bool(self.scans))
        has_attributes = any(scan.attributes for scan in self.scans)
        self.columns_section.setVisible(has_attributes)
        footprints = any(_is_footprints(scan) for scan in self.scans)
        self.columns_section.heading.setChecked(has_attributes and footprints)
        self._follow_folds()

    def _follow_folds(self) -> None:
        """Say at each folded heading what is chosen in it."""
        for section, content in ((self.part_section, self.part), (self.columns_section, self.columns)):
            section.show_note("" if section.heading.isChecked() else content.note())
        self.fit()

    def _name_reference(self) -> None:
        """Say what the stated code stands for, at once."""
        stated = (self.crs_text() or "").removeprefix("EPSG:")
        name = reference_name(int(stated)) if stated.isdecimal() and len(stated) < 7 else None
        known = name or self.tr("not a known EPSG code")
        self.crs_name.setText(known if stated else "")
        self.crs_name.setObjectName("stale" if stated and not name else "muted")
        self.crs_name.style().polish(self.crs_name)
        for card in self.cards:
            card.show_stated(f"EPSG:{stated} {name}" if stated and name else "")

    def _name_button(self) -> None:
        count = total(self.scans)
        exact = all(scan.exact for scan in self.scans)
        if count and exact:
            parts = total(self.scans, "BuildingPart")
            self.ok.setText(self.tr("Import {}").format(buildings_and_parts(count, parts)))
        else:
            self.ok.setText(self.tr("Import buildings") if count else self.tr("Import"))


def _is_footprints(scan: SourceScan) -> bool:
    """Whether a source has outlines whose heights come from attributes."""
    words = scan.format.lower()
    return any(word in words for word in ("footprint", "geojson", "geopackage", "shape", "flatgeobuf")) or (
        scan.name.lower().endswith(FOOTPRINTS.endings)
    )
