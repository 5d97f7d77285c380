"""The open document for readers on another thread: the same city, a connection of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.freshness import CurrentKeys
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.connection import engine_for
from citytwin_desktop.project.inspection import has_journal
from citytwin_desktop.project.project_file import ProjectFile


class SideDocument(Document):
    """A document that only reads, for one other thread at a time; what it remembers is its own.

    The project's one connection belongs to the main thread, and so do the hashes that it remembers. Journalled
    SQLite files let others read while they are written, and a district is never changed in place.

    Parameters
    ----------
    document : Document
        Open; `follow` is called for it.

    Raises
    ------
    KnownError
        When the file has lost its name.
    """

    def __init__(self, document: Document) -> None:
        self._file = _SideFile(document)
        super().__init__(self._file)
        self.follow(document)

    def follow(self, document: Document) -> None:
        """Be as the document is now; call on its thread, while nobody reads here."""
        self.project.district = document.project.district
        self._weather = document.weather
        self.keys = _own_copy(document.keys)
        self.active_scenario, self.hour = document.active_scenario, document.hour

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Read all that is read meanwhile in one transaction: thousands of small ones take longer than the reading."""
        with self._file.held():
            yield

    def rest(self) -> None:
        """Give the connection back, so that the project can be closed; the next reading opens another."""
        self.project.close()


class _SideFile(ProjectFile):
    """The file of an open project, opened a second time to read results."""

    def __init__(self, document: Document) -> None:
        alone = document.read_only and not has_journal(document.path)
        mode = "immutable" if alone else "ro"
        try:
            super().__init__(document.path, engine_for(document.path, mode), read_only=True)
        except OSError:
            raise self._gone(document.path.name) from None
        self.district = document.project.district
        self._known_weather = document.weather
        self._beside = document.project
        self._held: Connection | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep one transaction open for everything that is read meanwhile."""
        with self.reading() as connection:
            self._held = connection
            try:
                yield
            finally:
                self._held = None

    @property
    def revision(self) -> int:
        """Of the project that is open: nothing is written here."""
        return self._beside.revision

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection in a transaction; a file that cannot be opened a second time is a sentence too."""
        if self._held is not None:
            yield self._held
            return
        try:
            with super().reading() as connection:
                yield connection
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_CANTOPEN":
                raise self._gone(self.path.name) from None
            raise

    @staticmethod
    def _gone(name: str) -> KnownError:
        return KnownError(f"“{name}” was moved or deleted while it was open: save a copy and go on with that.")

    def weather(self) -> Weather | None:
        """The document's own: reading it again would make other keys of the same weather."""
        return self._known_weather


def _own_copy(keys: CurrentKeys) -> CurrentKeys:
    """Keys that remember apart from those of the main thread what they learn from now on."""
    copied = copy.copy(keys)
    for name, value in vars(keys).items():
        if isinstance(value, dict):
            setattr(copied, name, dict(value))
    return copied
