"""What the actions of the window do: opening, saving copies and pictures, closing."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QStandardPaths, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.lock import holder
from citytwin_desktop.ui.dropped_files import city_filter, kind_of, sorted_out, weather_filter
from citytwin_desktop.ui.project_names import free_project_path

TERRAIN_FILTER = "Terrain (*.tif *.tiff *.asc *.hgt *.zip *.gz *.city.json *.gml);;All files (*)"
PROJECT_FILTER = "CityTwin projects (*.citytwin.gpkg *.gpkg)"


class FileCommands:
    """Methods that the table of actions names; mixed into the main window."""

    def open_path(self, path: str | Path) -> None:
        """Open a project, import a city file or join a table (after its dialog), or set a weather file, by its kind."""
        path = Path(path)
        kind = kind_of(path)
        if kind == "weather":
            self.set_weather(path)
        elif kind == "project":
            self.open_project(path)
        elif kind == "table":
            self.show_join(path)
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
        elif (path := dropped.project or dropped.weather or dropped.table) is not None:
            self.open_path(path)

    def ask_open_project(self) -> None:
        """Choose a project file."""
        path = QFileDialog.getOpenFileName(self, self.tr("Open project"), "", PROJECT_FILTER)[0]
        if path:
            self.open_path(path)

    def ask_open_city(self) -> None:
        """Choose city files."""
        paths = QFileDialog.getOpenFileNames(self, self.tr("Import city"), "", city_filter())[0]
        if paths:
            self.show_import(paths)

    def ask_open_terrain(self) -> None:
        """Choose a grid of the ground's height."""
        paths = QFileDialog.getOpenFileNames(self, self.tr("Import terrain"), "", TERRAIN_FILTER)[0]
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
        path = QFileDialog.getOpenFileName(self, self.tr("Choose weather file"), "", weather_filter())[0]
        if path:
            self.set_weather(Path(path))

    def set_weather(self, path: Path) -> None:
        """Use a weather file for the whole project."""
        if self.session.document is None:
            self.say(self.tr("Open a project first, then choose its weather file."))
        else:
            self.session.execute("set_weather", path=str(path))

    def ask_copy(self) -> None:
        """Save a copy of the project, also of one that is open read-only or whose file is gone."""
        title, path = self.tr("Save a copy"), self.session.document.path
        first = str(free_project_path(str(path)))
        chosen = QFileDialog.getSaveFileName(self, title, first, PROJECT_FILTER)[0]
        if chosen:
            self.save_copy(Path(chosen))

    def save_copy(self, path: Path) -> None:
        """Write a complete copy of the project, and offer to go on with it."""
        from citytwin_desktop.document.exports import save_project_copy

        path = path if path.suffix.lower() == ".gpkg" else path.with_name(f"{path.name}.citytwin.gpkg")
        document = self.session.document
        with self.busy():
            words = self.session.guarded(save_project_copy, document, path)
        if words is not None:
            self.toast.say(words, "done", self.tr("Open the copy"), lambda: self.open_path(path))

    def close_project(self) -> None:
        """Close the project; back to the start page."""
        self._remember()
        self.session.detach()

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


class _Busy:
    def __enter__(self) -> None:
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def __exit__(self, *_: object) -> None:
        QApplication.restoreOverrideCursor()
