"""The few dialogs: choices that a run, an import or an assignment needs."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.numbers import parse_number
from citytwin_desktop.ui.start_page import primary_button
from citytwin_desktop.ui.variables import CITY_ENGINES

COUNTRIES = {"GB": "United Kingdom", "NL": "Netherlands"}


class FormDialog(QDialog):
    """A heading, a form, a line for what is wrong, and two buttons.

    Signals
    -------
    submitted
        The user pressed the button that does it; the dialog stays until it is told to close.
    """

    submitted = Signal()

    def __init__(self, parent: QWidget, title: str, intro: str, verb: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(520)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        plain = Qt.TextFormat.PlainText
        heading = QLabel(title, wordWrap=True, textFormat=plain)
        heading.setObjectName("heading")
        text = QLabel(intro, wordWrap=True, textFormat=plain)
        text.setObjectName("muted")
        for label in (heading, text):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(8)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.problem = QLabel(wordWrap=True, textFormat=plain)
        self.problem.setObjectName("failed")
        self.problem.hide()
        self.ok = primary_button(verb)
        cancel = QPushButton(self.tr("Cancel"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        for widget in (heading, text):
            layout.addWidget(widget)
        layout.addLayout(self.form)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)
        self.ok.clicked.connect(self.submitted)
        cancel.clicked.connect(self.reject)

    def refuse(self, sentence: str) -> None:
        """Say what is wrong and stay."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.layout().activate()
        needed = self.layout().heightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))


class FileField(QWidget):
    """A path with a button to choose it."""

    def __init__(self, name: str, filters: str, path: str = "", save: bool = False) -> None:
        super().__init__()
        self._filters, self._save = filters, save
        self.edit = QLineEdit(path, objectName=name)
        button = QPushButton(self.tr("Choose…"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit, 1)
        layout.addWidget(button)
        button.clicked.connect(self._choose)

    @property
    def text(self) -> str:
        """The path as it stands."""
        return self.edit.text().strip()

    def _choose(self) -> None:
        ask = QFileDialog.getSaveFileName if self._save else QFileDialog.getOpenFileName
        chosen = ask(self, self.tr("Choose a file"), self.text, self._filters)[0]
        if chosen:
            self.edit.setText(chosen)


class ImportDialog(FormDialog):
    """Where a city file goes, and its coordinate reference system when it names none."""

    def __init__(self, parent: QWidget, sources: list[str], project: Path | None) -> None:
        names = Path(sources[0]).name if len(sources) == 1 else f"{len(sources)} city files"
        intro = (
            "Buildings, their surfaces and every attribute are read into the project; the file itself is not changed."
        )
        super().__init__(parent, f"Import {names}", intro, "Import")
        self.setObjectName("importDialog")
        self.sources = sources
        self.project = FileField(
            "importProject",
            "CityTwin project (*.citytwin.gpkg)",
            str(project or free_project_path(sources[0])),
            save=True,
        )
        self.project.setEnabled(project is None)
        self.crs = QLineEdit(objectName="importCrs", placeholderText="from the file")
        self.lod = QComboBox(objectName="importLod")
        for text, value in (("Highest in the file", ""), ("LoD 1", "1"), ("LoD 2", "2"), ("LoD 2.2", "2.2")):
            self.lod.addItem(text, value)
        self.weather = FileField("importWeather", "EnergyPlus weather (*.epw)")
        self.weather.edit.setPlaceholderText("may be chosen later")
        self.form.addRow("Project file", self.project)
        self.form.addRow("Coordinates (EPSG)", self.crs)
        self.form.addRow("Level of detail", self.lod)
        self.form.addRow("Weather file", self.weather)

    def crs_text(self) -> str | None:
        """``EPSG:N``, or `None` to take it from the file."""
        text = self.crs.text().strip().upper()
        if not text:
            return None
        return text if text.startswith("EPSG:") else f"EPSG:{text}"

    def refuse(self, sentence: str) -> None:
        """Say what is wrong; a question of coordinates puts the cursor there."""
        super().refuse(sentence)
        if "EPSG" in sentence or "reference system" in sentence:
            self.crs.setFocus()


class EnrichDialog(FormDialog):
    """Archetype set and what to assume where function or year are missing."""

    def __init__(
        self, parent: QWidget, sets: tuple[str, ...], functions: dict[str, str], lacking: tuple[int, int], country: str
    ) -> None:
        intro = "Each building gets the archetype of its function and year built."
        if any(lacking):
            intro += (
                f" {lacking[0]} buildings have no function and {lacking[1]} no year: what you assume for them is "
                "marked in amber and can be edited."
            )
        super().__init__(parent, "Assign archetypes", intro, "Assign archetypes")
        self.setObjectName("enrichDialog")
        self.sets, self.function = QComboBox(objectName="enrichSet"), QComboBox(objectName="enrichFunction")
        for name in sets:
            self.sets.addItem(COUNTRIES.get(name, name), name)
        self.sets.setCurrentIndex(max(self.sets.findData(country), 0))
        self.function.addItem("Assume nothing", None)
        for key, title in functions.items():
            self.function.addItem(title, key)
        self.year = QLineEdit(objectName="enrichYear", placeholderText="Assume nothing")
        self.form.addRow("Archetypes", self.sets)
        self.form.addRow("Missing function", self.function)
        self.form.addRow("Missing year built", self.year)

    def assumed_year(self) -> float | None:
        """The year to assume, `None` for no assumption.

        Raises
        ------
        KnownError
            When what was typed is no number: an assumption must not get lost silently.
        """
        text = self.year.text().strip()
        year = parse_number(text) if text else None
        if text and year is None:
            msg = f"“{text}” is not a year: type one like 1935, or nothing."
            raise KnownError(msg)
        return year


class RunDialog(FormDialog):
    """Which buildings an engine runs on, and on how many cores."""

    def __init__(
        self, parent: QWidget, engine: str, title: str, scenario: str, counts: dict[str, int], cores: int
    ) -> None:
        self._quick = engine == "estimate"
        intro = f"Scenario “{scenario}”. Results that are still fresh are kept and not run again."
        if self._quick:
            intro += " Estimates take seconds, are marked with their expected error, and give way to EnergyPlus."
        super().__init__(parent, title if self._quick else f"Run {title}", intro, "Run")
        self.setObjectName("runDialog")
        self.engine, self.counts, self._title = engine, counts, title
        self.which = QComboBox(objectName="runWhich")
        labels = {"all": "All buildings", "selected": "Selected buildings", "stale": "Stale buildings"}
        for key, text in labels.items():
            if counts.get(key):
                self.which.addItem(f"{text} ({counts[key]})", key)
        if engine in CITY_ENGINES:
            self.which.setCurrentIndex(0)
            self.which.setEnabled(False)
            self.which.setToolTip("Every surface shades the others: this always runs on the whole city")
        elif counts.get("selected"):
            self.which.setCurrentIndex(self.which.findData("selected"))
        self.workers = QComboBox(objectName="runWorkers")
        for number in range(cores, 0, -1):
            self.workers.addItem(str(number), number)
        self.form.addRow("Buildings", self.which)
        if not self._quick:
            self.form.addRow("Cores", self.workers)
        self.which.currentIndexChanged.connect(self._name_button)
        self._name_button()

    def _name_button(self) -> None:
        count = self.counts.get(self.which.currentData(), 0)
        self.ok.setText(f"{'Estimate' if self._quick else 'Run'} {count} building{'' if count == 1 else 's'}")


class NameDialog(FormDialog):
    """One name, and one choice beside it when there are choices."""

    def __init__(self, parent: QWidget, title: str, intro: str, verb: str, name: str, choices: dict[str, str]) -> None:
        super().__init__(parent, title, intro, verb)
        self.setObjectName("nameDialog")
        self.name = QLineEdit(name, objectName="dialogName")
        self.choice = QComboBox(objectName="dialogChoice")
        for key, text in choices.items():
            self.choice.addItem(text, key)
        if name:
            self.form.addRow("Name", self.name)
            self.name.selectAll()
        elif self.choice.count() > 1:
            self.choice.setCurrentIndex(1)  # the first package rather than none
        self.form.addRow("Based on" if name else "Package", self.choice)

    def chosen(self) -> tuple[str, Any]:
        """Name and key of the choice."""
        return self.name.text().strip(), self.choice.currentData()


def free_project_path(source: str) -> Path:
    """A project file beside a city file that is not there yet."""
    path = Path(source)
    stem = path.name.split(".")[0]
    for number in range(1, 1000):
        candidate = path.parent / f"{stem}{'' if number == 1 else f'-{number}'}.citytwin.gpkg"
        if not candidate.exists():
            return candidate
    return path.parent / f"{stem}.citytwin.gpkg"
