"""What the actions of the window do: importing city files, and what is said when an import ends."""

from pathlib import Path
from typing import Any

from citytwin_desktop.city.counting import buildings_and_parts
from citytwin_desktop.document.commands.removed import removed_buildings
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.import_dialog import ImportDialog
from citytwin_desktop.ui.import_job import IMPORT_ENGINE, ImportJob, Step


class ImportCommands:
    """Methods that the table of actions names; mixed into the main window."""

    def show_import(self, sources: list[str], weather: str = "") -> ImportDialog | None:
        """Ask where city files go and what of them is wanted; the dialog does the rest."""
        document = self.session.document
        if document is not None and document.read_only:
            self.say(self.tr("The project is open read-only: close it, then open the city file."))
            return None
        if self._importing() is not None:
            self.say(self.tr("An import is going on: wait for its end, or cancel it below."))
            return None
        dialog = ImportDialog(self, sources, document.path if document is not None else None, self.theme)
        dialog.weather.edit.setText(weather)
        dialog.offer_removed(len(removed_buildings(document.project.district)) if document is not None else 0)
        dialog.submitted.connect(lambda: self._submit_import(dialog))
        dialog.open()
        return dialog

    def start_import(self, project: Path, parameters: dict[str, Any], weather: str = "") -> ImportJob:
        """Begin to import into a new project, or into the open one when it is that.

        Raises
        ------
        KnownError
            When the project cannot be made.
        """
        from citytwin_desktop.document.document import create_document

        current = self.session.document
        made = current is None or current.path != project
        document = create_document(project) if made else current
        names = [Path(source).name for source in parameters["sources"]]
        title = self.tr("Import {}").format(names[0] if len(names) == 1 else self.tr("{} files").format(len(names)))
        # The weather first: it is quickly read and refused, and quickly taken back.
        steps = [Step("set_weather", {"path": weather})] if weather else []
        job = ImportJob(document, [*steps, Step("import_city", parameters)], title, made)
        self.session.add_run(job)
        return job

    def import_city(
        self, sources: list[str], project: Path, crs: str | None = None, lod: str | None = None, weather: str = ""
    ) -> str | None:
        """Import city files and wait for the end of it, for scripts.

        Returns
        -------
        str or None
            The sentence when it did not work; nothing is left half-done then.
        """
        try:
            with self.busy():
                job = self.start_import(project, {"sources": sources, "crs": crs, "lod": lod}, weather)
                while not job.finished:
                    job.wait(0.5)
                    self.session.poll_runs()
        except KnownError as error:
            return str(error)
        return job.refusal or None

    def show_import_report(self) -> None:
        """Bring the Problems list up, with what the import had to say."""
        self.workspace.left.setCurrentWidget(self.workspace.problems)
        self.workspace.left.show()
        self.workspace.problems.show_imports()

    def _importing(self) -> ImportJob | None:
        return next((run for run in self.session.running if run.engine == IMPORT_ENGINE), None)

    def _submit_import(self, dialog: ImportDialog) -> None:
        if not dialog.looked:
            dialog.submit_when_looked()
            return
        try:
            job = self.start_import(Path(dialog.project.text), dialog.parameters(), dialog.weather.text)
        except KnownError as error:
            dialog.refuse(str(error))
            return
        # Out of the way while it goes on, and back with the sentence if it is refused.
        dialog.hide()
        self._import_dialogs = {**self._open_imports(), id(job): dialog}

    def _open_imports(self) -> dict[int, ImportDialog]:
        return dict(getattr(self, "_import_dialogs", {}))

    def _import_finished(self, job: ImportJob) -> None:
        dialogs = self._open_imports()
        dialog = dialogs.pop(id(job), None)
        self._import_dialogs = dialogs
        if job.refusal:
            self._ask_again(dialog, job.refusal)
        elif job.cancelled:
            self._tell_cancelled(dialog)
        else:
            if dialog is not None:
                dialog.accept()
            if job.made:
                self.session.attach(job.document)
            self._tell_imported(job)
        self.refresh()

    def _ask_again(self, dialog: ImportDialog | None, sentence: str) -> None:
        if dialog is None:
            self.say(sentence)
            return
        dialog.open()
        dialog.refuse(sentence)

    def _tell_cancelled(self, dialog: ImportDialog | None) -> None:
        text = self.tr("Import cancelled: nothing was changed.")
        if dialog is None:
            self.toast.say(text, "done")
            return
        self.toast.say(text, "done", self.tr("Choose again"), dialog.open)

    def _tell_imported(self, job: ImportJob) -> None:
        totals = job.report.to_json()["totals"]
        kept = buildings_and_parts(totals["kept"] - job.report.parts, job.report.parts)
        words = [(self.tr("repaired"), "repaired"), (self.tr("skipped"), "skipped")]
        others = [f"{number_text(totals[key], 9)} {word}" for word, key in words if totals[key]]
        text = ", ".join([self.tr("{} kept").format(kept), *others])
        if not any(totals.values()):
            # Terrain, roads or trees alone: the history says it better than a count of buildings.
            text = job.document.history()[-1].title
        if job.report.items:
            self.toast.say(text, "done", self.tr("Show"), self.show_import_report)
        else:
            self.toast.say(text, "done")
