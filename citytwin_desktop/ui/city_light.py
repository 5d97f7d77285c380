"""Whether buildings can be simulated, kept in step with the city: at once for small ones, on a thread for large."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from citytwin_desktop.city.diagnosis.readiness import Readiness, readiness
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.ui.background import Background

AT_ONCE_SURFACES = 6_000
"""Cities up to this size are examined within a frame or two."""

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
        self._work: Background | None = None

    def state(self) -> Readiness | None:
        """Light of the city that is open; None while it is not known yet (`changed` tells when it is)."""
        document = self._session.document
        if document is None:
            return None
        city = document.city
        if self._city is city:
            return self._state
        if len(city.surfaces) <= AT_ONCE_SURFACES:
            self._city, self._state = city, document.doctor.readiness()
            return self._state
        self._begin(city)
        return None

    def _begin(self, city: CityModel) -> None:
        if self._wanted is city:
            return
        self._wanted = city
        work = Background(self, lambda: readiness(city))
        work.done.connect(lambda state: self._take(city, state))
        self._work = work

    def _take(self, city: CityModel, state: Readiness) -> None:
        if self._wanted is not city:
            return
        self._city, self._state, self._wanted = city, state, None
        self.changed.emit()
