"""What the actions of the window do: the way to a first result."""

from typing import Any

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document import events
from citytwin_desktop.document.archetype_choice import archetype_set_for
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.first_result import FirstResultCard
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.variables import VARIABLES

FIRST_PAINTED = "heating_demand"
_ENERGY = ("energyplus", "estimate")


class StartingController(Controller):
    """Shows the card while a city has no result of its energy, and carries it through."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.card: FirstResultCard | None = None
        self._hidden = self._waiting = False
        self._work: Background | None = None
        self._seen: tuple[list[Any], tuple[tuple[int, int], bool]] | None = None

    def workspace_made(self, workspace: Any) -> None:
        """Lay the card over the view."""
        self.card = FirstResultCard(workspace.view, workspace.legend)
        self.card.weather_wanted.connect(self.window.ask_weather)
        self.card.dismissed.connect(self._dismiss)
        self.card.result_wanted.connect(self.get_first_result)
        self.session.run_finished.connect(self._run_finished)
        # Who holds a tool needs the view.
        workspace.view.tool_changed.connect(lambda _: self._follow())
        self.session.standing.changed.connect(self._follow)

    def document_opened(self) -> None:
        """Offer the way to a first result, where there is none."""
        self._hidden = self._waiting = False
        self._offer()
        self._follow()

    def document_closed(self) -> None:
        """Nothing to offer."""
        self._work = self._seen = None

    def document_event(self, event: Any) -> None:
        """Tick what is done."""
        if isinstance(event, events.CityChanged):
            self._offer()
        if not isinstance(event, events.TimeChanged | events.SelectionChanged):
            self._follow()

    def set_theme(self, theme: Theme) -> None:
        """Colours of the card."""
        if self.card is not None:
            self.card.set_theme(theme)

    def show_first_result(self) -> None:
        """Bring the card back, also when there are results."""
        self._hidden, self._waiting = False, False
        self._follow(always=True)
        self.card.run.setFocus()

    def get_first_result(self, engine: str) -> None:
        """Assign archetypes where they are missing, then start an engine on everything."""
        if _assigned(self.document.city):
            self._start(engine)
            return
        try:
            archetype_set, function, year = self.card.assumptions()
        except KnownError as error:
            self.card.refuse(str(error))
            return
        values = {"archetype_set": archetype_set, "assume_function": function, "assume_year": year}
        self.card.run.setEnabled(False)
        document = self.document
        # Thousands of buildings take seconds to match: worked out aside, carried out here.
        self._work = Background(self, lambda: document.prepare("enrich", **values))
        self._work.done.connect(lambda prepared: self._enriched(document, prepared, engine))
        self._work.failed.connect(self._refused)

    def _enriched(self, document: Any, prepared: Any, engine: str) -> None:
        if document is self.document and self.session.guarded(document.carry_out, prepared) is not None:
            self._start(engine)
        self._follow()

    def _refused(self, sentence: str) -> None:
        self._follow()
        self.card.refuse(sentence)

    def _start(self, engine: str) -> None:
        missing = self.document.missing_for(engine, self.document.active_scenario)
        if missing:
            self.card.refuse(f"{missing}.")
        elif self.session.start_run(engine) is not None:
            self._waiting = True
            self.card.hide()

    def _run_finished(self, run: Any) -> None:
        if not self._waiting or run.engine not in _ENERGY:
            return
        self._waiting = False
        # The first result is shown where it belongs; what the user chose to see meanwhile stays.
        if run.done and not self.session.variable and FIRST_PAINTED in VARIABLES:
            self.window.colour_by(FIRST_PAINTED)
        self._follow()

    def _dismiss(self) -> None:
        self._hidden = True
        self.card.hide()

    def _offer(self) -> None:
        from citytwin_desktop.catalog.archetypes import SET_TITLES, archetype_sets
        from citytwin_desktop.catalog.functions import FUNCTIONS

        if self.card is None or self.document is None or not len(self.document.city.surfaces):
            return
        titles = {code: SET_TITLES[code].split(",")[0] for code in archetype_sets()}
        try:
            likely = archetype_set_for(self.document.city)
        except KnownError:
            likely = ""  # the user chooses: nothing is guessed
        self.card.offer(titles, likely, FUNCTIONS)

    def _follow(self, always: bool = False) -> None:
        document, card = self.document, self.card
        if document is None or card is None:
            return
        rows = document.city.rows_with_geometry
        statuses = [self.session.standing.status(engine) for engine in _ENERGY]
        known = any(status.fresh or status.stale for status in statuses)
        idle = not self._waiting and self.workspace.view.tool is None
        wanted = len(rows) > 0 and not document.read_only and not known and idle
        card.setVisible((wanted and not self._hidden) or (always and len(rows) > 0 and not document.read_only))
        if not card.isVisible():
            return
        city = document.city
        columns = [city.surfaces, *(city.buildings.column(name) for name in ("function", "year_built", "archetype_id"))]
        if self._seen is None or any(a is not b for a, b in zip(columns, self._seen[0], strict=True)):
            # Told of every change: the columns are looked through when they are others.
            self._seen = columns, (_lacking(city), _assigned(city))
        weather = document.weather.name if document.weather is not None else ""
        lacking, assigned = self._seen[1]
        card.show_state(weather, assigned, lacking, "")


def _lacking(city: CityModel) -> tuple[int, int]:
    """Buildings that can be simulated without a function, and without a year."""
    rows, columns = city.rows_with_geometry, city.buildings
    without_function = np.count_nonzero(columns.column("function")[rows] == "")
    return int(without_function), int(np.count_nonzero(np.isnan(columns.column("year_built")[rows])))


def _assigned(city: CityModel) -> bool:
    """Whether every building that can be simulated has an archetype."""
    found = city.buildings.column("archetype_id")[city.rows_with_geometry]
    return bool(len(found)) and bool((found != "").all())
