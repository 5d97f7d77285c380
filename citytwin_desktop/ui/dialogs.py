"""The few dialogs: choices that a run or an assignment needs."""

from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from citytwin_desktop.catalog.archetypes import SET_TITLES
from citytwin_desktop.document.freshness import CITY_ENGINES
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.numbers import counted, parse_number
from citytwin_desktop.ui.window_words import inside

SETS_WIDTH = 300


class EnrichDialog(FormDialog):
    """Archetype set and what to assume where function or year are missing."""

    def __init__(
        self, parent: QWidget, sets: tuple[str, ...], functions: dict[str, str], lacking: tuple[int, int], country: str
    ) -> None:
        intro = "Each building gets the archetype of its function and year built."
        if any(lacking):
            intro += (
                f" Without a function: {counted(lacking[0])}; without a year: {counted(lacking[1])}. What you assume "
                "for them is marked in amber and can be edited."
            )
        super().__init__(parent, "Assign archetypes", intro, "Assign archetypes")
        self.setObjectName("enrichDialog")
        self.sets, self.function = ElidedChoice(objectName="enrichSet"), QComboBox(objectName="enrichFunction")
        self.sets.wanted_width = SETS_WIDTH  # some titles name the climates they hold for
        for name in sets:
            self.sets.addItem(SET_TITLES.get(name, name), name)
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
        super().__init__(parent, title if self._quick else f"Run {inside(title)}", intro, "Run")
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
