"""Looking for the commands that touched some buildings, a few entries of the log at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from citytwin_desktop.project import log_pages
from citytwin_desktop.project.edit_log import HistoryEntry
from citytwin_desktop.project.soundness import content_as_sentence
from citytwin_desktop.project.touched import touched_by

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


class TouchingSearch:
    """Goes through the log from its newest command.

    Parameters
    ----------
    document : Document
    building_ids : iterable of str
        None for every command.
    most : int
        After so many it ends.

    Attributes
    ----------
    found : list of HistoryEntry
        Newest first.
    """

    def __init__(self, document: Document, building_ids: Iterable[str], most: int) -> None:
        self._document, self._wanted, self._most = document, frozenset(building_ids), most
        with self._document.project.reading() as connection:
            self._left = [line.seq for line in reversed(log_pages.lines(connection))]
        self.found: list[HistoryEntry] = []

    def look_on(self, count: int) -> bool:
        """Look at some more commands; whether there are any left to look at.

        Raises
        ------
        KnownError
            When an entry is damaged.
        """
        with content_as_sentence(self._document.path.name, "a history"), self._document.project.reading() as connection:
            mine = [self._left.pop() for _ in range(min(count, len(self._left)))]
            if self._wanted:
                mine = [seq for seq in mine if touched_by(connection, seq).ids & self._wanted]
            texts = log_pages.texts(connection, mine)
        self.found += [texts[seq] for seq in mine if seq in texts]
        del self.found[self._most :]
        return bool(self._left) and len(self.found) < self._most
