"""Going to a place in the history: many undos or redos as one step, all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from citytwin_desktop.city.changes import (
    Change,
    DeleteBuildings,
    InsertBuildings,
    ReplaceSurfaces,
    SetFrame,
    apply_all,
    inverse_all,
)
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import edit_log, log_pages
from citytwin_desktop.project.log_pages import ENDED, STANDS, UNDONE
from citytwin_desktop.project.soundness import content_as_sentence
from citytwin_desktop.project.writing import write_changes

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

_NEEDS_CITY = (InsertBuildings, DeleteBuildings, ReplaceSurfaces, SetFrame)


class Travel:
    """A way through the history to just after one command.

    Nothing changes, in memory or in the file, before `finish`: a way that is left half gone needs no way back.

    Parameters
    ----------
    document : Document
    seq : int
        Command that shall be the last one that stands; 0 for before all of them.

    Attributes
    ----------
    total, done : int
        Commands to take back or bring back, and how many were worked out.

    Raises
    ------
    KnownError
        When there is no such command, or it was taken back for good.
    """

    def __init__(self, document: Document, seq: int) -> None:
        self._document = document
        self._start = self._district = document.project.district
        with content_as_sentence(document.path.name, "a history"), document.project.reading() as connection:
            self._steps = _steps(log_pages.lines(connection), seq)
        self._changes: list[tuple[Change, ...]] = []
        self.total = len(self._steps)

    @property
    def done(self) -> int:
        """How many steps were worked out."""
        return len(self._changes)

    def step(self) -> bool:
        """Work out one more step; whether there are more."""
        if self.done < self.total:
            seq, undone = self._steps[self.done]
            with content_as_sentence(self._document.path.name, "a history"):
                with self._document.project.reading() as connection:
                    changes = edit_log.changes_of(connection, seq)
                changes = inverse_all(changes) if undone else changes
                self._district = apply_all(self._district, changes)
            self._changes.append(changes)
        return self.done < self.total

    def finish(self) -> tuple[Change, ...]:
        """Write it all in one transaction and put the district in place; the changes in their order.

        Raises
        ------
        KnownError
            When the document was changed in between, or the disk refuses; nothing has changed then.
        """
        project = self._document.project
        while self.step():
            pass
        if project.district is not self._start:
            raise KnownError("The city was changed in between: go to the place in the history again.")
        if not self.total:
            return ()
        with project.writing() as connection:
            titles = log_pages.texts(connection, [seq for seq, _ in self._steps])
            before = self._start
            bulky = any(isinstance(change, _NEEDS_CITY) for changes in self._changes for change in changes)
            for (seq, undone), changes in zip(self._steps, self._changes, strict=True):
                # Rows of cells are written from the changes alone; shapes need the city as it is at that step.
                before = apply_all(before, changes) if bulky else self._district
                write_changes(connection, changes, before)
                edit_log.set_undone(connection, seq, undone=undone)
                edit_log.append(connection, "undo" if undone else "redo", titles[seq].title, {}, (), undoes=seq)
        project.district = self._district
        return tuple(change for changes in self._changes for change in changes)


def _steps(lines: tuple[log_pages.LogLine, ...], seq: int) -> list[tuple[int, bool]]:
    """Commands to take back (True), newest first, or to bring back (False), oldest first."""
    target = next((line for line in lines if line.seq == seq), None)
    if target is None and seq != 0:
        msg = f"There is no command {seq} in the history: see citytwin history for their numbers."
        raise KnownError(msg)
    if target is not None and target.state == ENDED:
        msg = f"Command {seq} was taken back and others came in its place: it cannot be brought back."
        raise KnownError(msg)
    undo = [(line.seq, True) for line in lines if line.state == STANDS and line.seq > seq]
    redo = [(line.seq, False) for line in reversed(lines) if line.state == UNDONE and line.seq <= seq]
    return undo + redo
