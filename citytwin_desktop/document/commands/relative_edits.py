"""Commands that change numbers of many buildings by an amount or a factor."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS, WITH_ORIGIN
from citytwin_desktop.city.changes import Change
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import EDITABLE_COLUMNS, archetype_again, counted, set_cells
from citytwin_desktop.document.commands.shaping import Chosen
from citytwin_desktop.document.commands.shaping_heights import lifted, storeys_follow
from citytwin_desktop.document.relative_change import RelativeChange, beyond, own_numbers
from citytwin_desktop.errors import KnownError


@register
@dataclass(frozen=True)
class ChangeValues(Command):
    """Change a number of some buildings, each from its own value: times a factor, plus an amount.

    An own value is changed, or else that of the archetype; packages are left alone. Buildings without a value keep
    none.
    """

    id: ClassVar[str] = "change_values"
    summary: ClassVar[str] = "Change a number of some buildings by a factor or an amount"

    building_ids: tuple[str, ...]
    column: str
    factor: float = 1.0
    amount: float = 0.0

    def prepare(self, district: District) -> Preparation:
        """Work out the cells to set."""
        if self.column not in EDITABLE_COLUMNS or COLUMNS[self.column].kind != "number":
            known = ", ".join(name for name in EDITABLE_COLUMNS if COLUMNS[name].kind == "number")
            raise KnownError(f"“{self.column}” is no number that can be edited: choose one of {known}.")
        if not self.building_ids:
            raise KnownError("No building is chosen: select some first.")
        ids, change = tuple(dict.fromkeys(self.building_ids)), checked(self.factor, self.amount)
        before = own_numbers(district, self.column, district.city.buildings.rows(ids))
        after = change.of(before, self.column)
        self._check(ids, before, after)
        chosen = np.flatnonzero(np.isfinite(after) & (after != before)).tolist()
        if not chosen:
            raise KnownError("Every value stays what it is, rounded: give a larger change.")
        names = tuple(ids[place] for place in chosen)
        title = f"{COLUMNS[self.column].title} of {counted(len(names))} {change.words(COLUMNS[self.column].unit)}"
        return Preparation(self._changes(district, names, after[chosen].tolist()), title)

    def _check(self, ids: tuple[str, ...], before: np.ndarray, after: np.ndarray) -> None:
        definition = COLUMNS[self.column]
        if not np.isfinite(before).any():
            raise KnownError(f"None of these buildings has a value of {definition.title.lower()}: set one first.")
        outside = beyond(after, self.column)
        if len(outside):
            span, value = f"{definition.low:g} to {definition.high:g} {definition.unit}".strip(), after[outside[0]]
            raise KnownError(f"{definition.title} of “{ids[outside[0]]}” would be {value:.6g}: stay within {span}.")

    def _changes(self, district: District, names: tuple[str, ...], values: list[float]) -> tuple[Change, ...]:
        changes = [set_cells(district, self.column, names, values)]
        if self.column in WITH_ORIGIN:
            changes.append(set_cells(district, f"{self.column}_origin", names, [Origin.EDITED.value] * len(names)))
        if self.column == "year_built":
            after = changes[0].apply(district)
            changes.append(set_cells(district, "archetype_id", names, [archetype_again(after, name) for name in names]))
        return tuple(changes)


@register
@dataclass(frozen=True)
class ChangeHeight(Command):
    """Make buildings higher or lower, each from its own height: times a factor, plus an amount.

    Roofs, walls, parts and storeys follow as with `set_height`.
    """

    id: ClassVar[str] = "change_height"
    summary: ClassVar[str] = "Make buildings higher or lower by a factor or an amount"

    building_ids: tuple[str, ...]
    factor: float = 1.0
    amount_m: float = 0.0

    def prepare(self, district: District) -> Preparation:
        """Work out how far each roof goes."""
        change = checked(self.factor, self.amount_m)
        chosen = Chosen.of(district, self.building_ids)
        words = change.words("m")
        lift = change.of(chosen.height_m) - chosen.height_m
        changes = lifted(district, chosen, lift, f"height {words} in the project")
        title = f"Height of {counted(len(chosen.ids))} {words}"
        return Preparation((*changes, *storeys_follow(district, chosen, lift)), title)


def checked(factor: float, amount: float) -> RelativeChange:
    """The change.

    Raises
    ------
    KnownError
        When it is none, or not of numbers.
    """
    if not (math.isfinite(factor) and math.isfinite(amount)) or factor < 0.0:
        raise KnownError(f"Times {factor:g} plus {amount:g} makes no sense: give a factor from 0 and a plain amount.")
    change = RelativeChange(float(factor), float(amount))
    if change.nothing:
        raise KnownError("Times 1 plus 0 changes nothing: give another factor or an amount.")
    return change
