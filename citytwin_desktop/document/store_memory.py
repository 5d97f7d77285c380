"""What the store of results holds, read again only when results were written since."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from sqlalchemy import Connection

from citytwin_desktop.project import result_store
from citytwin_desktop.project.project_file import ProjectFile
from citytwin_desktop.project.result_store import Shown


class StoreMemory:
    """Keys and last runs of each engine; edits leave them as they are.

    Parameters
    ----------
    project : ProjectFile
    """

    def __init__(self, project: ProjectFile) -> None:
        self._project = project
        self._revision = -1
        self._found: dict[Hashable, Any] = {}

    def keys(self, engine: str) -> frozenset[str]:
        """Keys of all results of an engine; the same object as long as none was written."""
        found: frozenset[str] = self._once(("keys", engine), lambda c: result_store.keys(c, engine))
        return found

    def shown(self, engine: str, scenario_id: str) -> Mapping[str, Shown]:
        """Last run of each subject."""
        found: Mapping[str, Shown] = self._once(
            ("shown", engine, scenario_id), lambda c: result_store.shown(c, engine, scenario_id)
        )
        return found

    def _once(self, asked: Hashable, read: Callable[[Connection], Any]) -> Any:
        # Taken before reading: what is written meanwhile is read again the next time.
        revision = self._project.revision
        if revision != self._revision:
            self._revision, self._found = revision, {}
        if asked not in self._found:
            with self._project.reading() as connection:
                self._found[asked] = read(connection)
        return self._found[asked]
