"""The last command, kept with the district on both sides of it: taking it back reads and works out nothing."""

from dataclasses import dataclass

from citytwin_desktop.city.changes import Change, inverse_all
from citytwin_desktop.city.district import District
from citytwin_desktop.project.edit_log import HistoryEntry

Reverted = tuple[HistoryEntry, tuple[Change, ...], District]
"""An entry, the changes that take it back or bring it back, and the district after them."""


@dataclass(frozen=True, eq=False)
class _Step:
    entry: HistoryEntry
    changes: tuple[Change, ...]
    before: District
    after: District
    stands: bool


class LastStep:
    """What was done, taken back or brought back last, as long as nothing else has happened since.

    It costs the memory of what the command has changed: districts share what they have in common.
    """

    def __init__(self) -> None:
        self._step: _Step | None = None

    def forget(self) -> None:
        """Something else was written."""
        self._step = None

    def done(self, entry: HistoryEntry, changes: tuple[Change, ...], before: District, after: District) -> None:
        """Keep a command that was carried out."""
        self._step = _Step(entry, changes, before, after, stands=True)

    def reverted(self, found: Reverted, here: District, *, undone: bool) -> None:
        """Keep a command that was taken back or brought back, from the district it was found in."""
        entry, changes, there = found
        if undone:
            self._step = _Step(entry, inverse_all(changes), there, here, stands=False)
        else:
            self._step = _Step(entry, changes, here, there, stands=True)

    def other_side(self, district: District, *, undone: bool) -> Reverted | None:
        """What undo (or redo) of the last command would do, where it is the one to be taken back (or brought back)."""
        step = self._step
        # A command that changed nothing has the same district on both sides.
        if step is None or step.stands != undone or district is not (step.after if undone else step.before):
            return None
        if undone:
            return step.entry, inverse_all(step.changes), step.before
        return step.entry, step.changes, step.after
