"""What the actions of the window do: runs of the engines, and what follows when they end."""

from typing import Any

from citytwin_desktop.document import events
from citytwin_desktop.document.freshness import CITY_ENGINES
from citytwin_desktop.document.variables import ENGINES
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.sim.jobs.executors import available_cores
from citytwin_desktop.ui.dialogs import RunDialog
from citytwin_desktop.ui.import_job import IMPORT_ENGINE
from citytwin_desktop.ui.look_picture import TURNTABLE_ENGINE
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.solar_detail import CELL_ENGINE
from citytwin_desktop.ui.variables import VARIABLES


class RunCommands:
    """Methods that the table of actions names; mixed into the main window."""

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
        counts = {
            "all": len(document.city.rows_with_geometry),
            "selected": len(document.selection),
            "stale": len(self.session.stale_ids(engine)),
        }
        scenario = document.scenario(document.active_scenario).name
        dialog = RunDialog(self, engine, ENGINES[engine], scenario, counts, available_cores())
        dialog.submitted.connect(lambda: self._submit_run(dialog))
        dialog.open()

    def run_stale(self) -> None:
        """Run each engine again on what is stale, and on nothing else."""
        document = self.session.document
        for engine in ENGINES:
            stale = sorted(self.session.stale_ids(engine))
            # Collectors need today's sun: they wait for their turn when solar is stale too.
            if stale and document.missing_for(engine, document.active_scenario) is None:
                self.run_engine(engine, None if engine in CITY_ENGINES else stale)

    def cancel_run(self) -> None:
        """Cancel everything that runs."""
        self.session.stop_runs()

    def _submit_run(self, dialog: RunDialog) -> None:
        document = self.session.document
        stale = sorted(self.session.stale_ids(dialog.engine))
        ids = {"all": None, "selected": list(document.selection), "stale": stale}[dialog.which.currentData()]
        dialog.accept()
        self.run_engine(dialog.engine, ids, dialog.workers.currentData())

    def _document_event(self, event: Any) -> None:
        if isinstance(event, events.TimeChanged):
            return
        if isinstance(event, events.SelectionChanged):
            self.actions_.enable(self.conditions())
            self._refresh_runs()
            return
        # Every change of the model ends with a line in the history: one refresh for all that it was.
        if isinstance(event, events.HistoryChanged | events.ScenariosChanged | events.ResultsArrived):
            self.refresh()

    def _standing_told(self) -> None:
        """What is stale was counted again, or is being counted."""
        if self.session.document is None:
            return
        self._stale = self.session.stale_counts()
        if not self.session.standing.counting:
            self._tick_steps()
        self.actions_.enable(self.conditions())
        self._refresh_runs()
        if self.workspace is not None and self.session.standing.late and not self.session.standing.counting:
            self.workspace.problems.refresh()

    def _stale_words(self, total: int) -> str:
        """What the toolbar says of stale results."""
        if self.session.standing.counting:
            return self.tr("Counting…")
        if total:
            return self.tr("● {} stale").format(total)
        without = self.session.standing.without
        return self.tr("{} without a result").format(number_text(without, 9)) if without else self.tr("Nothing stale")

    def _stale_tip(self, total: int) -> str:
        """What can be done about it."""
        lines = [self.tr("Re-run stale results (F7)")] if total else []
        if without := self.session.standing.without:
            words = self.tr("{} without a result of their energy in this scenario: run EnergyPlus, or estimate")
            lines.append(words.format(counted(without)))
        return "\n".join(lines) or self.tr("Every result is of today's inputs")

    def _tick_steps(self) -> None:
        document = self.session.document
        rows = document.city.rows_with_geometry
        facts = {
            "opened": len(rows) > 0,
            "weather": document.weather is not None,
            "archetypes": bool(len(rows)) and all(document.city.buildings.column("archetype_id")[rows]),
        }
        for engine in ENGINES:
            facts[engine] = bool(self.session.standing.status(engine).fresh)
        for step, done in facts.items():
            if done:
                self.settings.remember(f"steps/{step}", "done")

    def _count_stale(self) -> None:
        self.session.standing.count()

    def _run_finished(self, run: Any) -> None:
        if run.engine in (CELL_ENGINE, TURNTABLE_ENGINE):
            return
        if run.engine == IMPORT_ENGINE:
            self._import_finished(run)
            return
        self._count_stale()
        self.refresh()
        failed = len(run.failed)
        if failed:
            text = self.tr("{}: {} failed. The Problems list says why.").format(run.title, counted(failed))
            self.toast.say(text, action=self.tr("Show"), run=self._show_problems)
        elif run.done:
            self.toast.say(
                self.tr("{} finished").format(run.title),
                "done",
                self.tr("Show result"),
                lambda: self._show_result(run.engine),
            )

    def _show_problems(self) -> None:
        self.workspace.left.show()
        self.workspace.left.setCurrentWidget(self.workspace.problems)

    def _show_result(self, engine: str) -> None:
        wanted = "energyplus" if engine == "estimate" else engine
        painted = VARIABLES.get(self.session.variable)
        if painted is None or painted.engine != wanted:
            self.colour_by(next((item.name for item in VARIABLES.values() if item.engine == wanted), ""))
