"""What the actions of the window do: opening, importing, saving pictures, closing."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QStandardPaths, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.lock import holder
from citytwin_desktop.ui.dialogs import ImportDialog, free_project_path
from citytwin_desktop.ui.dropped_files import sorted_out

CITY_FILTER = "City files (*.json *.jsonl)"
PROJECT_FILTER = "CityTwin projects (*.citytwin.gpkg *.gpkg)"


class FileCommands:
    """Methods that the table of actions names; mixed into the main window."""

    def open_path(self, path: str | Path) -> None:
        """Open a project, import a city file (after its dialog), or set a weather file, by the file's kind."""
        path = Path(path)
        if path.suffix.lower() == ".epw":
            self.set_weather(path)
        elif path.suffix.lower() == ".gpkg":
            self.open_project(path)
        else:
            self.show_import([str(path)])

    def open_project(self, path: Path, read_only: bool = False) -> None:
        """Open a project; one that is edited elsewhere can be opened to look at."""
        document = self.session.document
        if document is not None and document.path.resolve() == path.resolve() and not document.read_only:
            self.toast.say(self.tr("“{}” is open already.").format(path.name), "done")
            return
        with self.busy():
            self._remember()
            opened = self.session.open_path(path, read_only)
        if not opened and holder(path) is not None:
            self.toast.offer(self.tr("Open read-only"), lambda: self.open_project(path, read_only=True))

    def open_dropped(self, paths: list[Path]) -> None:
        """Open files that were dropped together."""
        try:
            dropped = sorted_out(paths)
        except KnownError as error:
            self.say(str(error))
            return
        if dropped.cities:
            self.show_import([str(path) for path in dropped.cities], str(dropped.weather or ""))
        elif (path := dropped.project or dropped.weather) is not None:
            self.open_path(path)

    def show_import(self, sources: list[str], weather: str = "") -> ImportDialog | None:
        """Ask where a city file goes; the dialog does the rest."""
        document = self.session.document
        if document is not None and document.read_only:
            self.say(self.tr("The project is open read-only: close it, then open the city file."))
            return None
        dialog = ImportDialog(self, sources, document.path if document is not None else None)
        dialog.weather.edit.setText(weather)
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
        made, done = document is None, 0
        try:
            with self.busy():
                document = document or create_document(project)
                # The weather first: it is quickly read and refused, and quickly taken back.
                if weather:
                    document.execute("set_weather", path=weather)
                    done += 1
                document.execute("import_city", sources=sources, crs=crs, lod=lod)
                done += 1
        except KnownError as error:
            return str(error)
        finally:
            if document is not None and done < (2 if weather else 1):
                _take_back(document, made, done)
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
        """Open the demo district, made on first use in the user's documents."""
        from citytwin_desktop.document.demo_district import open_demo

        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = Path(QStandardPaths.writableLocation(place)) / "CityTwin demo"
        with self.busy():
            self._remember()
            self.session.detach()
            document = self.session.guarded(open_demo, folder)
            if document is not None:
                self.session.attach(document)

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

    def ask_copy(self) -> None:
        """Save a copy of the project, also of one that is open read-only or whose file is gone."""
        title, path = self.tr("Save a copy"), self.session.document.path
        first = str(free_project_path(str(path)))
        chosen = QFileDialog.getSaveFileName(self, title, first, PROJECT_FILTER)[0]
        if chosen:
            self.save_copy(Path(chosen))

    def save_copy(self, path: Path) -> None:
        """Write a complete copy of the project, and offer to go on with it."""
        from citytwin_desktop.document.exports import export_document

        path = path if path.suffix.lower() == ".gpkg" else path.with_name(f"{path.name}.citytwin.gpkg")
        document = self.session.document
        with self.busy():
            words = self.session.guarded(export_document, document, path, document.active_scenario)
        if words is not None:
            self.toast.say(words, "done", self.tr("Open the copy"), lambda: self.open_path(path))

    def close_project(self) -> None:
        """Close the project; back to the start page."""
        self._remember()
        self.session.detach()

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

    def _remember(self) -> None:
        document = self.session.document
        if document is not None:
            self.workspace.inspector.finish()
            view = self.workspace.view.grabFramebuffer() if self.workspace.view.isVisible() else None
            buildings = len(document.city.rows_with_geometry)
            self.settings.keep_view(document.path, self.workspace.view_state() | self.session.view_state())
            self.settings.add_recent(document.path, buildings, max(self.stale.values(), default=0), view)

    def busy(self) -> Any:
        """A context with the waiting cursor."""
        return _Busy()


def _take_back(document: Any, made: bool, done: int) -> None:
    """Undo what a refused import has done so far; a project made for it goes."""
    if not made:
        for _ in range(done):
            document.undo()
        return
    document.close()
    document.path.unlink(missing_ok=True)


class _Busy:
    def __enter__(self) -> None:
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def __exit__(self, *_: object) -> None:
        QApplication.restoreOverrideCursor()
