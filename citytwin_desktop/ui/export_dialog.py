"""The export: a format with one line on what it holds, what to colour it by, whose results, and the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.form_dialog import FileField, FormDialog
from citytwin_desktop.ui.variable_list import fill_with_results


@dataclass(frozen=True)
class ExportFormat:
    """One format that can be written.

    Parameters
    ----------
    ending, title, holds : str
        The last one says in a line what is in it.
    coloured : bool
        Whether a variable can be painted or written along.
    """

    ending: str
    title: str
    holds: str
    coloured: bool = False


FORMATS = (
    ExportFormat(".city.json", "CityJSON 2.0", "All geometry and attributes, as precise as they came; no results."),
    ExportFormat(".city.jsonl", "CityJSON, one building a line", "As CityJSON, for programs that read line by line."),
    ExportFormat(".gml", "CityGML", "All geometry and attributes, with annual results as measures."),
    ExportFormat(".gpkg", "GeoPackage layers", "Outlines and surfaces with results, for QGIS and ArcGIS.", True),
    ExportFormat(".geojson", "GeoJSON", "Outlines with attributes and results, in longitude and latitude.", True),
    ExportFormat(".glb", "glTF", "A coloured 3D model in one file, for viewers, slides and Blender.", True),
    ExportFormat(".obj", "OBJ", "A coloured 3D model with a file of its materials beside it.", True),
    ExportFormat(".stl", "STL", "Bare surfaces, for 3D printing."),
    ExportFormat(".3dtiles", "3D Tiles", "A folder of coloured tiles, for Cesium and web viewers.", True),
    ExportFormat(".3tz", "3D Tiles, packed", "The tiles in one file.", True),
    ExportFormat(".idf", "EnergyPlus input", "What EnergyPlus would be run with, for experts."),
    ExportFormat(".xlsx", "Excel", "Buildings and surfaces with areas and results, a sheet each."),
    ExportFormat(".csv", "CSV", "One line a building, with areas and annual results."),
    ExportFormat(".parquet", "Parquet", "The same table, for Python and R."),
)


class ExportDialog(FormDialog):
    """Chooses format, colours, scenario and file; the file's ending follows the format.

    Parameters
    ----------
    parent : QWidget
    project : Path
        The file is proposed beside it.
    scenarios : mapping of str to str
        Names by identifier.
    scenario, variable : str
        What is shown now.
    """

    def __init__(
        self, parent: QWidget, project: Path, scenarios: Mapping[str, str], scenario: str, variable: str
    ) -> None:
        intro = self.tr("The project itself stays as it is.")
        super().__init__(parent, self.tr("Export"), intro, self.tr("Export"))
        self.setObjectName("exportDialog")
        self._stem = project.name.removesuffix(".citytwin.gpkg").removesuffix(".gpkg")
        self._folder = project.parent
        self.format = QComboBox(objectName="exportFormat")
        for item in FORMATS:
            self.format.addItem(f"{item.title}  ({item.ending})", item.ending)
        self.format.setMaxVisibleItems(len(FORMATS))
        self.holds = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.holds.setObjectName("muted")
        self.variable = ElidedChoice(objectName="exportVariable")
        fill_with_results(self.variable)
        self.variable.setCurrentIndex(max(self.variable.findData(variable), 0))
        self.scenario = QComboBox(objectName="exportScenario")
        for key, name in scenarios.items():
            self.scenario.addItem(name, key)
        self.scenario.setCurrentIndex(max(self.scenario.findData(scenario), 0))
        self.file = FileField("exportFile", "", save=True)
        self.form.addRow(self.tr("Format"), self.format)
        self.form.addRow("", self.holds)
        self.form.addRow(self.tr("Coloured by"), self.variable)
        self.form.addRow(self.tr("Scenario"), self.scenario)
        self.form.addRow(self.tr("File"), self.file)
        self.format.currentIndexChanged.connect(self._follow_format)
        self._follow_format()

    @property
    def chosen(self) -> ExportFormat:
        """The format."""
        return FORMATS[self.format.currentIndex()]

    def parameters(self) -> dict[str, Any]:
        """Arguments of `export_document` beside the document.

        Raises
        ------
        KnownError
            When no file is named, or its ending is not the format's.
        """
        text, ending = self.file.text, self.chosen.ending
        if not text:
            raise KnownError(self.tr("No file is named: choose one."))
        if not text.lower().endswith(ending):
            raise KnownError(self.tr("The file must end in {}: add it, or choose another format.").format(ending))
        found: dict[str, Any] = {"out": Path(text), "scenario_id": self.scenario.currentData()}
        if self.chosen.coloured and self.variable.currentData():
            found["variable"] = self.variable.currentData()
        return found

    def _follow_format(self) -> None:
        item = self.chosen
        self.holds.setText(self.tr(item.holds))
        self.form.setRowVisible(self.variable, item.coloured)
        text = self.file.text
        before = next((f.ending for f in sorted(FORMATS, key=lambda f: -len(f.ending)) if text.endswith(f.ending)), "")
        stem = text.removesuffix(before) if text else str(self._folder / self._stem)
        self.file.edit.setText(f"{stem}{item.ending}")
        self.file.set_filter(f"{item.title} (*{item.ending})")
        self.fit()
