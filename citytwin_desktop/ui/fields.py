"""Values of all buildings for query, table and search: one reader for the whole window."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from citytwin_desktop.city.measured import measured
from citytwin_desktop.document import events
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.ui.background import Background

AT_ONCE = 5_000
"""Buildings up to which geometry is measured when it is asked for; of larger cities on a thread."""


class Fields(QObject):
    """Keeps a reader of the open document in step with its events.

    Parameters
    ----------
    session : Session

    Signals
    -------
    measured
        Heights, areas and volumes of a large city are known now.
    """

    measured = Signal()

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self.setObjectName("fields")
        self._work: Background | None = None
        self._session = session
        self._reader: FieldReader | None = None
        self._selected: tuple[Any, NDArray[np.bool_]] | None = None
        session.event.connect(self._follow)
        session.opened.connect(self._drop)
        session.closed.connect(self._drop)

    @classmethod
    def of(cls, session: Any) -> "Fields":
        """The one of a session, made when it is first asked for."""
        found = session.findChild(cls, "fields")
        return found if found is not None else cls(session)

    @property
    def selected(self) -> NDArray[np.bool_]:
        """(n_buildings,) bool: what is selected; the same array as long as that stays the same."""
        document = self._session.document
        if document is None:
            return np.zeros(0, bool)
        sources = document.selection, document.city.buildings
        if self._selected is None or any(a is not b for a, b in zip(self._selected[0], sources, strict=True)):
            mask = np.zeros(len(document.city.buildings), bool)
            mask[document.city.buildings.rows(document.selection)] = True
            self._selected = sources, mask
        return self._selected[1]

    @property
    def reader(self) -> FieldReader:
        """Reader of the open document."""
        if self._reader is None or self._reader.document is not self._session.document:
            self._reader = FieldReader(self._session.document)
        self._reader.compared_id = self._session.comparison.other
        return self._reader

    def ready(self) -> bool:
        """Whether nothing that is asked for takes long; begins to measure where it does."""
        document = self._session.document
        if document is None or len(document.city.buildings) <= AT_ONCE or self.reader.knows_geometry():
            return True
        if self._work is None or not self._work.running:
            city = document.city
            self._work = Background(self, lambda: (city, measured(city)))
            self._work.done.connect(self._take)
        return False

    def _take(self, found: tuple[Any, Any]) -> None:
        if self._session.document is not None:
            self.reader.take_geometry(*found)
        self.measured.emit()

    def _follow(self, event: Any) -> None:
        if self._reader is not None and not isinstance(event, events.NUMBERS_STAY):
            self._reader.forget_results()

    def _drop(self) -> None:
        self._reader = self._selected = None
