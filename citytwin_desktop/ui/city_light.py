"""Whether buildings can be simulated, kept in step with the city: at once for small ones, on a thread for large."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from citytwin_desktop.city.diagnosis.readiness import Readiness, readiness
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.long_lived import hand_back_memory
from citytwin_desktop.ui.problems import Problem, light_problems

AT_ONCE_SURFACES = 6_000
"""Cities up to this size are examined within a frame or two."""

SETTLE_MS = 300

CAN_BE_SIMULATED = "can_be_simulated"
"""Name of the paintable layer."""

READY, DOUBTFUL, BLOCKED = 0, 1, 2
WORDS = ("Ready", "With doubts", "Cannot be simulated")
TONES = ("done", "stale", "failed")
ICONS = ("check-circle-outline", "alert-outline", "close-circle-outline")


class CityLight(QObject):
    """The light of every building of the city as it is now, or None while it is being worked out.

    Signals
    -------
    changed
        Another light is known.
    """

    changed = Signal()

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._session = session
        self._city: CityModel | None = None
        self._wanted: CityModel | None = None
        self._state: Readiness | None = None
        self._problems: list[Problem] = []
        self._work: Background | None = None
        # Edits come in bunches, and every one makes another city.
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._begin)

    def problems(self) -> list[Problem]:
        """Why buildings cannot be simulated, as far as that is known."""
        return self._problems if self.state() is not None else []

    def state(self) -> Readiness | None:
        """Light of the city that is open; None while it is not known yet (`changed` tells when it is)."""
        document = self._session.document
        if document is None:
            return None
        city = document.city
        if self._city is city:
            return self._state
        if len(city.surfaces) <= AT_ONCE_SURFACES:
            self._keep(city, *_examined(city))
            return self._state
        if self._wanted is not city:
            self._wanted = city
            self._settle.start()
        return None

    def _begin(self) -> None:
        city = self._wanted
        if city is None:
            return
        if self._session.standing.counting:
            # One after the other: both work in Python, and both hold copies of all corners.
            self._settle.start()
            return
        self._work = Background(self, lambda: _examined(city))
        self._work.done.connect(lambda found: self._take(city, *found))

    def _take(self, city: CityModel, state: Readiness, problems: list[Problem]) -> None:
        if self._wanted is city:
            self._keep(city, state, problems)
            self.changed.emit()
        hand_back_memory()

    def _keep(self, city: CityModel, state: Readiness, problems: list[Problem]) -> None:
        self._city, self._state, self._problems, self._wanted = city, state, problems, None


def _examined(city: CityModel) -> tuple[Readiness, list[Problem]]:
    # Of polygons of its own: what is worked out for each corner meanwhile is not kept with the city.
    polygons = city.surfaces.polygons
    passing = Polygons(polygons.vertices, polygons.ring_start, polygons.polygon_start)
    city = replace(city, surfaces=replace(city.surfaces, polygons=passing))
    state = readiness(city)
    return state, light_problems(state, city)
