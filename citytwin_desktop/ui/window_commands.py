"""What the actions of the window do."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from citytwin_desktop.document import events
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.dialogs import EnrichDialog, ImportDialog, NameDialog, RunDialog, country_of
from citytwin_desktop.ui.variables import ENGINES, VARIABLES

CITY_FILTER = "City files (*.json *.jsonl)"
PROJECT_FILTER = "CityTwin projects (*.citytwin.gpkg *.gpkg)"


class WindowCommands:
    """Methods that the table of actions names; mixed into the main window."""

    # --- files

    def open_path(self, path: str | Path) -> None:
        """Open a project, import a city file (after its dialog), or set a weather file, by the file's kind."""
        path = Path(path)
        if path.suffix.lower() == ".epw":
            self.set_weather(path)
        elif path.suffix.lower() == ".gpkg":
            with self.busy():
                self._remember()
                self.session.open_path(path)
        else:
            self.show_import([str(path)])

    def show_import(self, sources: list[str]) -> ImportDialog:
        """Ask where a city file goes; the dialog does the rest."""
        document = self.session.document
        dialog = ImportDialog(self, sources, document.path if document is not None else None)
        dialog.submitted.connect(lambda: self._submit_import(dialog))
        dialog.open()
        return dialog

    def import_city(
        self, sources: list[str], project: Path, crs: str | None = None, lod: str | None = None, weather: str = ""
    ) -> str | None:
        """Import city files into a new project, or into the open one when it is that.

        Returns
        -------
        str or None
            The sentence when it did not work; nothing is left half-done then.
        """
        from citytwin_desktop.document.document import create_document

        current = self.session.document
        document = current if current is not None and current.path == project else None
        made = document is None
        try:
            with self.busy():
                document = document or create_document(project)
                document.execute("import_city", sources=sources, crs=crs, lod=lod)
                if weather:
                    document.execute("set_weather", path=weather)
        except KnownError as error:
            if made and document is not None:
                document.close()
                project.unlink(missing_ok=True)
            return str(error)
        if made:
            self.session.attach(document)
        return None

    def ask_open_project(self) -> None:
        """Choose a project file."""
        path = QFileDialog.getOpenFileName(self, self.tr("Open project"), "", PROJECT_FILTER)[0]
        if path:
            self.open_path(path)

    def ask_open_city(self) -> None:
        """Choose city files."""
        paths = QFileDialog.getOpenFileNames(self, self.tr("Open city file"), "", CITY_FILTER)[0]
        if paths:
            self.show_import(paths)

    def open_demo(self) -> None:
        """Open the demo district, made on first use."""
        from citytwin_desktop.ui.demo import demo_project

        with self.busy():
            path = self.session.guarded(demo_project)
        if path is not None:
            self.open_path(path)

    def ask_weather(self) -> None:
        """Choose a weather file."""
        path = QFileDialog.getOpenFileName(self, self.tr("Choose weather file"), "", "EnergyPlus weather (*.epw)")[0]
        if path:
            self.set_weather(Path(path))

    def set_weather(self, path: Path) -> None:
        """Use a weather file for the whole project."""
        if self.session.document is None:
            self.say(self.tr("Open a project first, then choose its weather file."))
        else:
            self.session.execute("set_weather", path=str(path))

    def ask_picture(self) -> None:
        """Save what the 3D view shows."""
        path = QFileDialog.getSaveFileName(self, self.tr("Save picture"), "city.png", "PNG (*.png)")[0]
        if path and not self.workspace.view.grab().save(path):
            self.say(self.tr("The picture {} cannot be written: choose another place.").format(path))

    def close_project(self) -> None:
        """Close the project; back to the start page."""
        self._remember()
        self.session.detach()

    # --- editing

    def undo(self) -> None:
        """Take back the last edit."""
        self.session.guarded(self.session.document.undo)

    def redo(self) -> None:
        """Bring back what was taken back."""
        self.session.guarded(self.session.document.redo)

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def copy_identifiers(self) -> None:
        """Copy the selected buildings' identifiers."""
        QApplication.clipboard().setText("\n".join(self.session.document.selection))

    def remove_selected(self) -> None:
        """Take the selected buildings out of the city; undo brings them back."""
        count = len(self.session.document.selection)
        ids = list(self.session.document.selection)
        if self.session.execute("remove_buildings", building_ids=ids) is not None:
            self.toast.say(self.tr("{} removed").format(_buildings(count)), "done", self.tr("Undo"), self.undo)

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
        dialog = EnrichDialog(self, archetype_sets(), FUNCTIONS, lacking, country_of(city.epsg))
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
        intro = self.tr("Assigned to {} in the active scenario.").format(_buildings(len(document.selection)))
        dialog = NameDialog(self, self.tr("Assign package"), intro, self.tr("Assign package"), "", choices)
        dialog.submitted.connect(lambda: self._submit_package(dialog))
        dialog.open()

    # --- view

    def go_home(self) -> None:
        """Show the whole city."""
        self.workspace.view.go_home()

    def look_from(self, name: str) -> None:
        """Look from one of the standard directions."""
        self.workspace.look_from(name)

    def zoom_to_selection(self) -> None:
        """Fly to the selected buildings."""
        view = self.workspace.view
        view.fly_to(view.scene.framed_camera(view.scene.camera, self._selected_rows(), view.aspect))

    def isolate_selection(self) -> None:
        """Show all but the selection faintly."""
        self.workspace.view.scene.isolate(self._selected_rows())
        self.workspace.view.render()

    def hide_selection(self) -> None:
        """Hide the selected buildings."""
        self.workspace.view.scene.hide(self._selected_rows())
        self.session.document.select([])
        self.workspace.view.render()

    def show_everything(self) -> None:
        """Show what was hidden or faint."""
        self.workspace.view.scene.show_all()
        self.workspace.view.render()

    def toggle_edges(self) -> None:
        """Show or hide feature edges."""
        self.workspace.layers.edges.toggle()

    def toggle_theme(self) -> None:
        """Light to dark or back."""
        self.set_theme("light" if self.theme.name == "dark" else "dark")

    def colour_by(self, variable: str) -> None:
        """Paint a variable; an empty name paints the neutral model."""
        if variable in VARIABLES:
            self.session.map_name = VARIABLES[variable].map_name
        self.session.set_variable(variable)

    def set_hour(self, hour: int) -> None:
        """Go to an hour of the year."""
        self.links.choose_hour(hour)

    def toggle_left(self) -> None:
        """Show or hide the left panel."""
        self.workspace.left.setVisible(not self.workspace.left.isVisible())

    def toggle_inspector(self) -> None:
        """Show or hide the inspector."""
        self.workspace.inspector.setVisible(not self.workspace.inspector.isVisible())

    def toggle_panel(self, name: str) -> None:
        """Show or hide a panel at the bottom."""
        self.workspace.toggle_panel(name)

    # --- selection

    def select_all(self) -> None:
        """Select every building."""
        city = self.session.document.city
        self.session.document.select([str(name) for name in city.buildings.ids[city.rows_with_geometry]])

    def select_none(self) -> None:
        """Select nothing."""
        self.session.document.select([])

    def invert_selection(self) -> None:
        """Select what is not selected."""
        city, chosen = self.session.document.city, set(self.session.document.selection)
        names = (str(name) for name in city.buildings.ids[city.rows_with_geometry])
        self.session.document.select([name for name in names if name not in chosen])

    def select_stale(self) -> None:
        """Select buildings with stale results."""
        document = self.session.document
        stale = set()
        for engine in ENGINES:
            stale |= document.status(engine, document.active_scenario).stale
        document.select(sorted(stale))

    def _find(self) -> None:
        text = self.search.text().strip().lower()
        buildings = self.session.document.city.buildings if self.session.document is not None else None
        if not text or buildings is None:
            return
        for column in ("id", "name"):
            for row, value in enumerate(buildings.column(column)):
                if text in str(value).lower():
                    self.links.go_to(str(buildings.ids[row]))
                    return
        self.say(self.tr("No building has “{}” in its identifier or name: try a shorter text.").format(text))

    # --- runs

    def run_engine(self, engine: str, building_ids: list[str] | None = None, workers: int | None = None) -> Any:
        """Start an engine without asking."""
        run = self.session.start_run(engine, building_ids, workers)
        if run is not None:
            self.workspace.show_panel("jobs")
        return run

    def ask_run(self, engine: str) -> None:
        """Ask what an engine is to run on."""
        document = self.session.document
        missing = document.missing_for(engine, document.active_scenario)
        if missing:
            self.say(f"{missing}.")
            return
        status = document.status(engine, document.active_scenario)
        counts = {
            "all": len(document.city.rows_with_geometry),
            "selected": len(document.selection),
            "stale": len(status.stale),
        }
        scenario = next(item.name for item in document.scenarios if item.id == document.active_scenario)
        dialog = RunDialog(self, engine, ENGINES[engine], scenario, counts, os.cpu_count() or 1)
        dialog.submitted.connect(lambda: self._submit_run(dialog))
        dialog.open()

    def run_stale(self) -> None:
        """Run each engine again on what is stale, and on nothing else."""
        document = self.session.document
        for engine in ENGINES:
            stale = sorted(document.status(engine, document.active_scenario).stale)
            if stale:
                self.run_engine(engine, None if engine == "solar" else stale)

    def cancel_run(self) -> None:
        """Cancel everything that runs."""
        for run in self.session.running:
            run.cancel()
        self.session.poll_runs()

    # --- help

    def show_keys(self) -> None:
        """List every action with its keys."""
        rows = [
            f"<tr><td style='padding:2px 24px 2px 0'>{spec.text.rstrip('…')}</td><td><b>{spec.shortcut}</b></td></tr>"
            for spec in self.actions_.specs.values()
            if spec.shortcut
        ]
        self._message(self.tr("Keyboard shortcuts"), f"<table>{''.join(rows)}</table>")

    def show_about(self) -> None:
        """Say what this is."""
        text = self.tr("Energy and sun of every building. LGPL-3.0-or-later. Icons: Material Design Icons, Apache-2.0.")
        self._message(self.tr("CityTwin Desktop"), text)

    # --- what dialogs hand in

    def _submit_import(self, dialog: ImportDialog) -> None:
        sentence = self.import_city(
            dialog.sources,
            Path(dialog.project.text),
            dialog.crs_text(),
            dialog.lod.currentData() or None,
            dialog.weather.text,
        )
        if sentence:
            dialog.refuse(sentence)
        else:
            dialog.accept()

    def _submit_enrich(self, dialog: EnrichDialog) -> None:
        from citytwin_desktop.ui.numbers import parse_number

        try:
            with self.busy():
                self.session.document.execute(
                    "enrich",
                    archetype_set=dialog.sets.currentData(),
                    assume_function=dialog.function.currentData(),
                    assume_year=parse_number(dialog.year.text()) if dialog.year.text().strip() else None,
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
        ids, key = list(document.selection), dialog.chosen()[1]
        parameters = {"scenario_id": document.active_scenario, "building_ids": ids, "package_id": key or None}
        if self.session.execute("assign_package", **parameters) is not None:
            dialog.accept()

    def _submit_run(self, dialog: RunDialog) -> None:
        document = self.session.document
        stale = sorted(document.status(dialog.engine, document.active_scenario).stale)
        ids = {"all": None, "selected": list(document.selection), "stale": stale}[dialog.which.currentData()]
        dialog.accept()
        self.run_engine(dialog.engine, ids, dialog.workers.value())

    # --- following the document

    def _document_event(self, event: Any) -> None:
        if isinstance(event, events.TimeChanged):
            return
        if isinstance(event, events.SelectionChanged):
            self.actions_.enable(self._conditions())
            self._refresh_runs()
            return
        if isinstance(event, events.CityChanged):
            self._complete_search()
        self._count_stale()
        self._tick_steps()
        self.refresh()

    def _tick_steps(self) -> None:
        document = self.session.document
        rows = document.city.rows_with_geometry
        facts = {
            "opened": len(rows) > 0,
            "weather": document.weather is not None,
            "archetypes": bool(len(rows)) and all(document.city.buildings.column("archetype_id")[rows]),
        }
        for engine in ENGINES:
            facts[engine] = bool(document.status(engine, document.active_scenario).fresh)
        for step, done in facts.items():
            if done:
                self.settings.remember(f"steps/{step}", "done")

    def _count_stale(self) -> None:
        self._stale = self.session.stale_counts() if self.session.document is not None else {}

    def _run_finished(self, run: Any) -> None:
        self._count_stale()
        self.refresh()
        failed = len(run.failed)
        if failed:
            text = self.tr("{}: {} failed. The Problems list says why.").format(run.title, _buildings(failed))
            self.toast.say(text, action=self.tr("Show"), run=lambda: self.workspace.left.setCurrentIndex(2))
        elif run.done:
            engine = getattr(run, "engine", "")
            self.toast.say(
                self.tr("{} finished").format(run.title),
                "done",
                self.tr("Show result"),
                lambda: self._show_result(engine),
            )

    def _show_result(self, engine: str) -> None:
        self.colour_by(next((item.name for item in VARIABLES.values() if item.engine == engine), ""))

    # --- odds

    def busy(self) -> Any:
        """A context with the waiting cursor."""
        return _Busy()

    def _selected_rows(self) -> list[int]:
        document = self.session.document
        return [document.city.buildings.row(name) for name in document.selection]

    def _remember(self) -> None:
        document = self.session.document
        if document is not None:
            view = self.workspace.view.grabFramebuffer() if self.workspace.view.isVisible() else None
            buildings = len(document.city.rows_with_geometry)
            self.settings.add_recent(document.path, buildings, max(self.stale.values(), default=0), view)

    def _message(self, title: str, text: str) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(title)
        box.setText(f"<b>{title}</b>")
        box.setInformativeText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


class _Busy:
    def __enter__(self) -> None:
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def __exit__(self, *_: object) -> None:
        QApplication.restoreOverrideCursor()


def _buildings(count: int) -> str:
    return f"{number_text(count, 9)} building{'' if count == 1 else 's'}"
