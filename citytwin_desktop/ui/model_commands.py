"""What the actions of the window do: edits of the model, archetypes, scenarios and packages."""

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document.archetype_choice import archetype_set_for
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.dialogs import EnrichDialog, NameDialog
from citytwin_desktop.ui.numbers import counted


class ModelCommands:
    """Methods that the table of actions names; mixed into the main window."""

    def undo(self) -> None:
        """Take back the last edit."""
        self.session.guarded(self.session.document.undo)

    def redo(self) -> None:
        """Bring back what was taken back."""
        self.session.guarded(self.session.document.redo)

    def remove_selected(self) -> None:
        """Take the selected buildings out of the city; undo brings them back."""
        count = len(self.session.document.selection)
        ids = list(self.session.document.selection)
        if self.session.execute("remove_buildings", building_ids=ids) is not None:
            self.toast.say(self.tr("{} removed").format(counted(count)), "done", self.tr("Undo"), self.undo)

    def ask_enrich(self) -> None:
        """Ask for the archetype set and for assumptions."""
        from citytwin_desktop.catalog.archetypes import archetype_sets
        from citytwin_desktop.catalog.functions import FUNCTIONS

        city = self.session.document.city
        rows = city.rows_with_geometry
        lacking = (
            int(np.count_nonzero(city.buildings.column("function")[rows] == "")),
            int(np.count_nonzero(np.isnan(city.buildings.column("year_built")[rows]))),
        )
        dialog = EnrichDialog(self, archetype_sets(), FUNCTIONS, lacking, self._likely_set(city))
        dialog.submitted.connect(lambda: self._submit_enrich(dialog))
        dialog.open()

    def ask_scenario(self) -> None:
        """Ask for a new scenario's name and parent."""
        document = self.session.document
        choices = {scenario.id: scenario.name for scenario in document.scenarios}
        intro = self.tr("A scenario starts with the packages of the one it is based on.")
        name = self.tr("Scenario {}").format(len(choices))
        dialog = NameDialog(self, self.tr("Add scenario"), intro, self.tr("Add scenario"), name, choices)
        dialog.submitted.connect(lambda: self._submit_scenario(dialog))
        dialog.open()

    def ask_package(self) -> None:
        """Ask for a package for the selected buildings."""
        document = self.session.document
        choices = {"": self.tr("None")} | {package.id: package.name for package in document.packages()}
        name = document.scenario(document.active_scenario).name
        intro = self.tr("Assigned to {} in scenario “{}”.").format(counted(len(document.selection)), name)
        dialog = NameDialog(self, self.tr("Assign package"), intro, self.tr("Assign package"), "", choices)
        dialog.submitted.connect(lambda: self._submit_package(dialog))
        dialog.open()

    def _likely_set(self, city: CityModel) -> str:
        """Archetype set to offer first, empty where none is made for the place."""
        try:
            return archetype_set_for(city)
        except KnownError:
            return ""

    def _submit_enrich(self, dialog: EnrichDialog) -> None:
        try:
            with self.busy():
                self.session.document.execute(
                    "enrich",
                    archetype_set=dialog.sets.currentData(),
                    assume_function=dialog.function.currentData(),
                    assume_year=dialog.assumed_year(),
                )
        except KnownError as error:
            dialog.refuse(str(error))
            return
        dialog.accept()

    def _submit_scenario(self, dialog: NameDialog) -> None:
        name, parent = dialog.chosen()
        before = {scenario.id for scenario in self.session.document.scenarios}
        if self.session.execute("add_scenario", name=name, parent_id=parent) is not None:
            dialog.accept()
            added = [item.id for item in self.session.document.scenarios if item.id not in before]
            self.session.set_scenario(added[0])

    def _submit_package(self, dialog: NameDialog) -> None:
        document = self.session.document
        if self.session.assign_package(list(document.selection), dialog.chosen()[1] or None) is not None:
            dialog.accept()
