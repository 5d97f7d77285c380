"""Command that sets one column of some buildings to values that differ from each other."""

from dataclasses import dataclass
from typing import ClassVar

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.changes import Change
from citytwin_desktop.city.district import District
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import EditBuildings, counted
from citytwin_desktop.errors import KnownError


@register
@dataclass(frozen=True)
class EditValues(Command):
    """Set one column of some buildings to a value for each; an empty text is back to the default."""

    id: ClassVar[str] = "edit_values"
    summary: ClassVar[str] = "Set one value of some buildings, each its own"

    building_ids: tuple[str, ...]
    column: str
    values: tuple[str, ...]

    def prepare(self, district: District) -> Preparation:
        """Check every value as an edit of its buildings would."""
        if len(self.building_ids) != len(self.values):
            msg = f"There are {len(self.building_ids)} buildings and {len(self.values)} values: give one for each."
            raise KnownError(msg)
        if len(set(self.building_ids)) != len(self.building_ids):
            raise KnownError("A building is named twice: give each one value.")
        groups: dict[str, list[str]] = {}
        for name, value in zip(self.building_ids, self.values, strict=True):
            groups.setdefault(value, []).append(name)
        if not groups:
            raise KnownError("No building is chosen: select some first.")
        changes: list[Change] = []
        for text, names in groups.items():
            edit = EditBuildings(tuple(names), self.column, self._value(text))
            changes.extend(edit.prepare(district).changes)
        title = COLUMNS[self.column].title
        return Preparation(tuple(changes), f"{title} of {counted(len(self.building_ids))}")

    def _value(self, text: str) -> float | str | None:
        if not text:
            return None
        if self.column not in COLUMNS or COLUMNS[self.column].kind != "number":
            return text
        try:
            return float(text)
        except ValueError:
            msg = f"“{text}” is no number: give one for {COLUMNS[self.column].title.lower()}."
            raise KnownError(msg) from None
