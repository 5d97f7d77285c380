"""The few kinds of change that every command is made of; each knows its inverse.

A change holds what was before and what is after, so that undo needs nothing but the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.collector_choices import CollectorChoices
from citytwin_desktop.city.district import District
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.scenario import BASELINE, Scenario
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.surfaces import Surfaces


@dataclass(frozen=True)
class SetCells:
    """New values in one column of the building table.

    Parameters
    ----------
    column : str
    ids : tuple of str
    before, after : tuple
        One value for each building; None is unknown.
    """

    column: str
    ids: tuple[str, ...]
    before: tuple[Any, ...]
    after: tuple[Any, ...]

    def apply(self, district: District) -> District:
        """Write the new values."""
        buildings = district.city.buildings
        column = buildings.columns[self.column].copy()
        number = COLUMNS[self.column].kind == "number"
        values = [(np.nan if number else "") if value is None else value for value in self.after]
        for row, value in zip(buildings.rows(self.ids).tolist(), values, strict=True):
            column[row] = value
        changed = buildings.with_columns({self.column: column})
        return replace(district, city=district.city.with_values(changed))

    def inverse(self) -> "SetCells":
        """Swap before and after."""
        return SetCells(self.column, self.ids, self.after, self.before)


@dataclass(frozen=True, eq=False)
class InsertBuildings:
    """New rows, with their surfaces, at the places that their ``fid`` gives them.

    Parameters
    ----------
    fragment : CityModel
        Buildings with ``fid`` set and their surfaces, in the district's local coordinates.
    """

    fragment: CityModel

    def apply(self, district: District) -> District:
        """Merge the rows in."""
        return replace(district, city=district.city.with_buildings(self.fragment))

    def inverse(self) -> "DeleteBuildings":
        """Take the rows out again."""
        return DeleteBuildings(self.fragment)


@dataclass(frozen=True, eq=False)
class DeleteBuildings:
    """Rows taken out, with their surfaces.

    Parameters
    ----------
    fragment : CityModel
        What is taken out, whole.
    """

    fragment: CityModel

    def apply(self, district: District) -> District:
        """Take the rows out."""
        return replace(district, city=district.city.without_buildings(list(self.fragment.buildings.ids)))

    def inverse(self) -> InsertBuildings:
        """Put the rows back where they were."""
        return InsertBuildings(self.fragment)


@dataclass(frozen=True, eq=False)
class ReplaceSurfaces:
    """Other surfaces for some buildings, whose rows stay.

    Parameters
    ----------
    ids : tuple of str
        In the order of their rows.
    before, after : Surfaces
        In the district's local coordinates; ``building`` counts along ``ids``, ascending.
    """

    ids: tuple[str, ...]
    before: Surfaces
    after: Surfaces

    def apply(self, district: District) -> District:
        """Put the new surfaces in the place of the old ones."""
        city = district.city
        return replace(district, city=city.with_surfaces(city.buildings.rows(self.ids), self.after))

    def inverse(self) -> "ReplaceSurfaces":
        """Swap before and after."""
        return ReplaceSurfaces(self.ids, self.after, self.before)


@dataclass(frozen=True)
class SetNamed:
    """Something that a project keeps under a name added (before is None), removed (after is None) or changed.

    Parameters
    ----------
    kind : str
        Key of `citytwin_desktop.city.named.KINDS`.
    name : str
    before, after : mapping or None
        JSON.
    """

    kind: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def apply(self, district: District) -> District:
        """Write or remove it."""
        kept = {name: content for name, content in district.named.get(self.kind, {}).items() if name != self.name}
        if self.after is not None:
            kept[self.name] = self.after
        others = {kind: content for kind, content in district.named.items() if kind != self.kind}
        return replace(district, named={**others, self.kind: dict(sorted(kept.items()))} if kept else others)

    def inverse(self) -> "SetNamed":
        """Swap before and after."""
        return SetNamed(self.kind, self.name, self.after, self.before)


@dataclass(frozen=True, eq=False)
class Frame:
    """What belongs to the whole city: its coordinate system, origin, context and metadata."""

    epsg: int
    origin: tuple[float, float, float]
    context: tuple[ContextLayer, ...]
    metadata: dict[str, Any]

    @classmethod
    def of(cls, city: CityModel) -> "Frame":
        """Frame of a city."""
        return cls(city.epsg, city.origin, city.context, dict(city.metadata))


@dataclass(frozen=True, eq=False)
class SetFrame:
    """Another frame around the same buildings."""

    before: Frame
    after: Frame

    def apply(self, district: District) -> District:
        """Put the new frame around the city."""
        frame = self.after
        city = replace(
            district.city, epsg=frame.epsg, origin=frame.origin, context=frame.context, metadata=frame.metadata
        )
        return replace(district, city=city)

    def inverse(self) -> "SetFrame":
        """Swap before and after."""
        return SetFrame(self.after, self.before)


@dataclass(frozen=True)
class SetScenario:
    """A scenario added (before is None), removed (after is None) or changed."""

    before: Scenario | None
    after: Scenario | None

    def apply(self, district: District) -> District:
        """Write or remove the scenario; the baseline comes first, the others by identifier."""
        scenarios = dict(district.scenarios)
        if self.after is not None:
            scenarios[self.after.id] = self.after
        elif self.before is not None:
            del scenarios[self.before.id]
        ordered = sorted(scenarios.items(), key=lambda item: (item[0] != BASELINE, item[0]))
        return replace(district, scenarios=dict(ordered))

    def inverse(self) -> "SetScenario":
        """Swap before and after."""
        return SetScenario(self.after, self.before)


@dataclass(frozen=True)
class SetAssignments:
    """Other packages for some buildings in one scenario; None is no package."""

    scenario_id: str
    ids: tuple[str, ...]
    before: tuple[str | None, ...]
    after: tuple[str | None, ...]

    def apply(self, district: District) -> District:
        """Write the assignments."""
        scenario = district.scenario(self.scenario_id)
        assignments = {**scenario.assignments, **dict(zip(self.ids, self.after, strict=True))}
        kept = {building: package for building, package in sorted(assignments.items()) if package is not None}
        changed = replace(scenario, assignments=kept)
        return replace(district, scenarios={**district.scenarios, scenario.id: changed})

    def inverse(self) -> "SetAssignments":
        """Swap before and after."""
        return SetAssignments(self.scenario_id, self.ids, self.after, self.before)


@dataclass(frozen=True)
class SetWeather:
    """Another weather file, by its content hash; empty is none."""

    before: str
    after: str

    def apply(self, district: District) -> District:
        """Point to the other file."""
        return replace(district, weather_hash=self.after)

    def inverse(self) -> "SetWeather":
        """Swap before and after."""
        return SetWeather(self.after, self.before)


@dataclass(frozen=True)
class SetSolarConditions:
    """Other solar conditions of the whole district."""

    before: SolarConditions
    after: SolarConditions

    def apply(self, district: District) -> District:
        """Put the other conditions in place."""
        return replace(district, solar_conditions=self.after)

    def inverse(self) -> "SetSolarConditions":
        """Swap before and after."""
        return SetSolarConditions(self.after, self.before)


@dataclass(frozen=True)
class SetCollectorChoices:
    """Other assumptions about solar collectors."""

    before: CollectorChoices
    after: CollectorChoices

    def apply(self, district: District) -> District:
        """Put the other assumptions in place."""
        return replace(district, collector_choices=self.after)

    def inverse(self) -> "SetCollectorChoices":
        """Swap before and after."""
        return SetCollectorChoices(self.after, self.before)


Change = (
    SetCells
    | InsertBuildings
    | DeleteBuildings
    | ReplaceSurfaces
    | SetFrame
    | SetScenario
    | SetAssignments
    | SetWeather
    | SetSolarConditions
    | SetCollectorChoices
    | SetNamed
)


def apply_all(district: District, changes: tuple[Change, ...]) -> District:
    """Apply changes one after another."""
    for change in changes:
        district = change.apply(district)
    return district


def inverse_all(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Changes that take the given ones back."""
    return tuple(change.inverse() for change in reversed(changes))
