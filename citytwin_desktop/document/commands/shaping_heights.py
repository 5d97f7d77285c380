"""Commands that make buildings higher or lower."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype
from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.changes import Change
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.roof_planes import storey_count
from citytwin_desktop.city.shaping.bodies import named_body
from citytwin_desktop.city.shaping.levels import (
    LEAST_EAVES_M,
    by_family,
    room_below_m,
    standing_on_others,
    with_roofs_lifted,
)
from citytwin_desktop.city.shaping.outlines import plans_of
from citytwin_desktop.city.shaping.plan_bodies import Body
from citytwin_desktop.city.shaping.roofs import RoofShape, roof_over
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted, set_cells
from citytwin_desktop.document.commands.shaping import (
    HIGHEST_M,
    LOWEST_M,
    Chosen,
    check_number,
    metres,
    report_of,
    surface_changes,
)
from citytwin_desktop.errors import KnownError

_LEAST_M = 1e-9
_LOWEST_STOREY_M, _HIGHEST_STOREY_M = 1.8, 20.0


@register
@dataclass(frozen=True)
class SetHeight(Command):
    """Bring buildings to a height, from the lowest to the highest point.

    The whole roof is shifted and the walls follow; storeys that were derived or assumed follow in proportion of
    the body. Parts are shifted with their whole, whose highest point comes to the height.
    """

    id: ClassVar[str] = "set_height"
    summary: ClassVar[str] = "Raise or lower roofs until buildings have a height"

    building_ids: tuple[str, ...]
    height_m: float

    def prepare(self, district: District) -> Preparation:
        """Work out how far each roof goes."""
        check_number(self.height_m, "The height", LOWEST_M, HIGHEST_M, "m")
        chosen = Chosen.of(district, self.building_ids)
        lift = self.height_m - chosen.height_m
        title = f"Set height of {counted(len(chosen.ids))} to {metres(self.height_m)}"
        changes = lifted(district, chosen, lift, f"height set to {metres(self.height_m)} in the project")
        return Preparation((*changes, *storeys_follow(district, chosen, lift)), title)


@register
@dataclass(frozen=True)
class SetStoreys(Command):
    """Give buildings storeys and the height that goes with them.

    With a storey height the eaves come to so many storeys above the ground, and a pitched roof stands on top. Without
    one the eaves go up or down in proportion to the storeys, where those were known; where they were not, the height
    stays and only the number is set.

    Parts with storeys of their own get as many more or fewer as their whole, for their eaves are shifted with it;
    parts that stand upon others stay as they are.
    """

    id: ClassVar[str] = "set_storeys"
    summary: ClassVar[str] = "Set storeys of buildings, and their height accordingly"

    building_ids: tuple[str, ...]
    storeys: float
    storey_height_m: float | None = None

    def prepare(self, district: District) -> Preparation:
        """Work out how far each roof goes."""
        definition = COLUMNS["storeys"]
        check_number(self.storeys, "The number of storeys", definition.low, definition.high)
        if self.storeys != round(self.storeys):
            msg = f"The number of storeys is {self.storeys:g}: give a whole number."
            raise KnownError(msg)
        chosen = Chosen.of(district, self.building_ids)
        eaves = _eaves_height_m(chosen)
        what = f"{self.storeys:g} storey{'' if self.storeys == 1 else 's'}"
        if self.storey_height_m is not None:
            check_number(self.storey_height_m, "The storey height", _LOWEST_STOREY_M, _HIGHEST_STOREY_M, "m")
            lift = self.storeys * self.storey_height_m - eaves
            how = f"of {metres(self.storey_height_m)}"
        else:
            known = _storeys_before(district, chosen)
            lift = np.where(np.isfinite(known), eaves * (self.storeys / np.maximum(known, 1.0) - 1.0), 0.0)
            how = "with heights in proportion" if np.isfinite(known).all() else "with heights in proportion where known"
            if not np.isfinite(known).any():
                how = "with heights as they are"
        title = f"Set {counted(len(chosen.ids))} to {what} {how}"
        own = _own_storeys(district, chosen, self.storeys)
        ids = (*chosen.ids, *own)
        changes = [
            set_cells(district, "storeys", ids, [*[float(self.storeys)] * len(chosen.ids), *own.values()]),
            set_cells(district, "storeys_origin", ids, [Origin.EDITED.value] * len(ids)),
        ]
        report = report_of(parts_by_as_many=own)
        if own:
            title += f", {len(own)} part{'s' if len(own) > 1 else ''} by as many"
        if (np.abs(lift) > _LEAST_M).any():
            return Preparation(
                (
                    *lifted(district, chosen, lift, f"set to {what} {how} in the project"),
                    *changes,
                    *storeys_follow(district, chosen, lift, ids),
                ),
                title,
                report=report,
            )
        return Preparation(tuple(changes), title, report=report)


def _storeys_before(district: District, chosen: Chosen) -> FloatArray:
    """(k,) float64: storeys of each row's whole, or else the most that a part of it has; nan where none are known."""
    storeys = district.city.buildings.columns["storeys"][chosen.rows]
    whole = storeys[chosen.leader]
    return np.where(np.isfinite(whole), whole, by_family(storeys, chosen.leader, lowest=False))


def _own_storeys(district: District, chosen: Chosen, storeys: float) -> dict[str, float]:
    """New storeys of parts that have some of their own, by name: as many more or fewer as their whole."""
    columns = district.city.buildings.columns
    names, own = columns["id"][chosen.rows].astype(str), columns["storeys"][chosen.rows]
    follow = np.isin(columns["storeys_origin"][chosen.rows].astype(str), [Origin.DERIVED.value, Origin.ASSUMED.value])
    before = _storeys_before(district, chosen)
    meant = np.isfinite(own) & np.isfinite(before) & ~follow & ~np.isin(names, chosen.ids)
    meant &= ~standing_on_others(chosen.levels, chosen.leader)
    new = np.clip(own + storeys - before, 1.0, COLUMNS["storeys"].high)
    return {str(names[place]): float(new[place]) for place in np.flatnonzero(meant & (new != own)).tolist()}


def lifted(district: District, chosen: Chosen, lift_m: FloatArray, sentence: str) -> tuple[Change, ...]:
    """Changes that shift roofs.

    Parameters
    ----------
    district : District
    chosen : Chosen
    lift_m : ndarray, (k,) float64 [m]
        For each row, the same throughout a family.
    sentence : str

    Raises
    ------
    KnownError
        When eaves would come to the ground, or a building would be absurdly high.
    """
    riding = standing_on_others(chosen.levels, chosen.leader)
    flat = chosen.levels.height_m < LEAST_EAVES_M
    bare = flat & (chosen.height_m < LEAST_EAVES_M)
    # A ground that is a row of its own, below parts that have walls and roofs, stays where it is.
    lift_m = np.where(flat & ~bare & ~riding, 0.0, lift_m)
    # A row that stands on nothing else is the one whose walls change.
    room = np.where(riding | (flat & ~bare), np.inf, room_below_m(chosen.levels))
    low = np.flatnonzero(lift_m < -room)
    if len(low):
        place = int(low[np.argmin((lift_m + room)[low])])
        name = district.city.buildings.ids[chosen.rows[place]]
        least = float((chosen.height_m - room)[place])
        msg = f"The eaves of “{name}” would come down to the ground: give more than {least:.1f} m as its height."
        raise KnownError(msg)
    if (chosen.height_m + lift_m > HIGHEST_M).any():
        name = district.city.buildings.ids[chosen.rows[int(np.argmax(chosen.height_m + lift_m))]]
        msg = f"Building “{name}” would be higher than 1,000 m: give less."
        raise KnownError(msg)
    after = with_roofs_lifted(chosen.surfaces, chosen.levels, lift_m, riding)
    if not bare.any():
        return surface_changes(district, chosen, after, sentence)
    after = _raised(district, chosen, after, lift_m, np.flatnonzero(bare))
    plain = [row for row in chosen.rows[bare].tolist() if str(district.city.buildings.columns["lod"][row])[:1] == "0"]
    names = tuple(str(name) for name in district.city.buildings.ids[plain])
    detail = (set_cells(district, "lod", names, ["1"] * len(names)),) if names else ()
    return (*surface_changes(district, chosen, after, sentence), *detail)


def _raised(district: District, chosen: Chosen, after: Surfaces, height_m: FloatArray, places: IntArray) -> Surfaces:
    """Bodies with flat roofs in place of footprints that lie on the ground with nothing above them."""
    parts = [after.take(np.flatnonzero(~np.isin(after.building, places)))]
    for place in places.tolist():
        plans = plans_of(chosen.surfaces.stretch(chosen.surfaces.of_building(place)))
        name, base = str(district.city.buildings.ids[chosen.rows[place]]), float(chosen.levels.base_m[place])
        if not plans:
            msg = f"Building “{name}” has no footprint to stand on: give it one with set_footprint."
            raise KnownError(msg)
        tops = [roof_over(plan, RoofShape.FLAT).body(base, base + float(height_m[place]), 0.0) for plan in plans]
        parts.append(named_body(Body.joined(tops), name, place))
    joined = Surfaces.concatenate(parts)
    return joined.take(np.argsort(joined.building, kind="stable").astype(np.int64))


def _eaves_height_m(chosen: Chosen) -> FloatArray:
    """(k,) float64 [m]: eaves of each row's family above its lowest corner."""
    high = by_family(chosen.levels.eaves_m, chosen.leader, lowest=False)
    return high - by_family(chosen.levels.base_m, chosen.leader, lowest=True)


def storeys_follow(
    district: District, chosen: Chosen, lift_m: FloatArray, but: tuple[str, ...] = ()
) -> tuple[Change, ...]:
    """Storeys that came from the height, anew from the new one; but of those that are named."""
    columns, levels = district.city.buildings.columns, chosen.levels
    origin, storeys = columns["storeys_origin"][chosen.rows], columns["storeys"][chosen.rows]
    follows = np.isin(origin.astype(str), [Origin.DERIVED.value, Origin.ASSUMED.value]) & np.isfinite(storeys)
    follows &= ~np.isin(columns["id"][chosen.rows].astype(str), but)
    # Between eaves and ridge of each part, as storeys are derived from the mean height of the body.
    body = (levels.eaves_m - levels.base_m + levels.height_m) / 2.0
    whole = np.isnan(body)
    body[whole] = ((_eaves_height_m(chosen) + chosen.height_m) / 2.0)[whole]
    lift_m = np.where(standing_on_others(levels, chosen.leader), 0.0, lift_m)
    with np.errstate(invalid="ignore"):
        new = np.clip(np.round(storeys * (body + lift_m) / np.maximum(body, 0.1)), 1.0, COLUMNS["storeys"].high)
    for place in np.flatnonzero(chosen.height_m < LEAST_EAVES_M).tolist():
        # There was no height that its storeys could have been in proportion to.
        kind = str(columns["archetype_id"][chosen.rows[place]])
        usual = archetype(kind).values["storey_height_m"].value if kind else math.nan
        new[place] = storey_count(math.nan, float(lift_m[place]), usual) if kind else storeys[place]
    rows = np.flatnonzero(follows & (new != storeys))
    if not len(rows):
        return ()
    names: tuple[Any, ...] = tuple(str(name) for name in columns["id"][chosen.rows[rows]])
    return (set_cells(district, "storeys", names, [float(value) for value in new[rows]]),)
