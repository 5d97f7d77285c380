"""Commands that edit or remove buildings."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype, archetype_id
from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.systems import system
from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS, REFLECTANCE_COLUMNS, SYSTEM_COLUMNS, WITH_ORIGIN
from citytwin_desktop.city.changes import Change, DeleteBuildings, SetAssignments, SetCells
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.removed import removal_notes
from citytwin_desktop.errors import KnownError

EDITABLE_COLUMNS = (
    "name",
    "function",
    "year_built",
    "storeys",
    "archetype_id",
    *OVERRIDE_COLUMNS,
    *SYSTEM_COLUMNS,
    *REFLECTANCE_COLUMNS,
)
_WHOLE = ("year_built", "storeys")


def counted(count: int) -> str:
    """“1 building” or “12 buildings”."""
    return f"{count:,} building{'' if count == 1 else 's'}".replace(",", "\u2009")


@register
@dataclass(frozen=True)
class EditBuildings(Command):
    """Set one column of some buildings; None is back to the default."""

    id: ClassVar[str] = "edit_buildings"
    summary: ClassVar[str] = "Set one value of some buildings"

    building_ids: tuple[str, ...]
    column: str
    value: float | str | None = None

    def prepare(self, district: District) -> Preparation:
        """Work out the cells to set."""
        if self.column not in EDITABLE_COLUMNS:
            msg = f"“{self.column}” cannot be edited: choose one of {', '.join(EDITABLE_COLUMNS)}."
            raise KnownError(msg)
        if not self.building_ids:
            raise KnownError("No building is chosen: select some first.")
        ids = tuple(dict.fromkeys(self.building_ids))
        value = self._checked()
        if self.column in SYSTEM_COLUMNS and value is not None:
            _check_system(district, ids, self.column, str(value))
        changes = [set_cells(district, self.column, ids, [value] * len(ids))]
        if self.column in WITH_ORIGIN:
            origin = Origin.MISSING if value is None else Origin.EDITED
            changes.append(set_cells(district, f"{self.column}_origin", ids, [origin.value] * len(ids)))
        if self.column in ("function", "year_built"):
            after = changes[0].apply(district)
            changes.append(set_cells(district, "archetype_id", ids, [archetype_again(after, name) for name in ids]))
        title = COLUMNS[self.column].title
        return Preparation(tuple(changes), f"{title} of {counted(len(ids))}")

    def _checked(self) -> float | str | None:
        definition, value = COLUMNS[self.column], self.value
        if value is None:
            return None
        if definition.kind == "number":
            if not isinstance(value, int | float) or not definition.low <= value <= definition.high:
                span = f"{definition.low:g} to {definition.high:g}"
                msg = f"{definition.title} is {value} {definition.unit}: give a number from {span}.".replace(" :", ":")
                raise KnownError(msg)
            if self.column in _WHOLE and value != round(value):
                msg = f"{definition.title} is {value:g}: give a whole number."
                raise KnownError(msg)
            return float(value)
        text = str(value).removesuffix(".0") if self.column == "name" else str(value)
        if self.column == "function" and text not in FUNCTIONS:
            msg = f"There is no function “{text}”: choose one of {', '.join(FUNCTIONS)}."
            raise KnownError(msg)
        return archetype(text).identifier if self.column == "archetype_id" else text


def _check_system(district: District, ids: tuple[str, ...], column: str, code: str) -> None:
    """Refuse a system that the catalogue lacks, or a building without the archetype that tells its efficiency."""
    archetypes = district.city.buildings.columns["archetype_id"][district.city.buildings.rows(ids)]
    for name, identifier in zip(ids, archetypes, strict=True):
        if not identifier:
            msg = f"Building “{name}” has no archetype, which a system depends on: run enrich first."
            raise KnownError(msg)
    for identifier in dict.fromkeys(map(str, archetypes)):
        system(archetype(identifier).archetype_set, column.removesuffix("_system"), code)


@register
@dataclass(frozen=True)
class RemoveBuildings(Command):
    """Take buildings out of the city, with their parts."""

    id: ClassVar[str] = "remove_buildings"
    summary: ClassVar[str] = "Take buildings out of the city, with their parts"

    building_ids: tuple[str, ...]

    def prepare(self, district: District) -> Preparation:
        """Work out which rows go."""
        if not self.building_ids:
            raise KnownError("No building is chosen: select some first.")
        buildings = district.city.buildings
        chosen = np.zeros(len(buildings), bool)
        chosen[buildings.rows(self.building_ids)] = True
        rows = np.flatnonzero(chosen | chosen[buildings.parent_row()])
        ids = {str(identifier) for identifier in buildings.ids[rows]}
        changes: list[Change] = []
        for scenario in district.scenarios.values():
            if gone := tuple(sorted(ids & set(scenario.assignments))):
                before = tuple(scenario.assignments[name] for name in gone)
                changes.append(SetAssignments(scenario.id, gone, before, (None,) * len(gone)))
        fragment = fragment_of(district.city, rows)
        changes += [*removal_notes(district, fragment), DeleteBuildings(fragment)]
        return Preparation(tuple(changes), f"Remove {counted(len(set(self.building_ids)))}")


def set_cells(district: District, column: str, ids: tuple[str, ...], after: list[Any]) -> SetCells:
    """Change of some cells, with their values before."""
    values = district.city.buildings.columns[column][district.city.buildings.rows(ids)]
    before = tuple(
        None if isinstance(v, float) and np.isnan(v) else (v if isinstance(v, str) else float(v)) for v in values
    )
    return SetCells(column, ids, before, tuple(after))


def fragment_of(city: CityModel, rows: IntArray) -> CityModel:
    """Some rows of a city with their surfaces, numbered from zero, without its frame."""
    part = city.at_rows(rows)
    return CityModel(buildings=part.buildings, surfaces=part.surfaces)


def archetype_again(district: District, identifier: str) -> str:
    """Archetype that fits the new function and year, in the set that the building already has."""
    buildings = district.city.buildings
    row = buildings.row(identifier)
    current, function = str(buildings.columns["archetype_id"][row]), str(buildings.columns["function"][row])
    year = float(buildings.columns["year_built"][row])
    return (
        archetype_id(archetype(current).archetype_set, function, year) if current and function and year == year else ""
    )
