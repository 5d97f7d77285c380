"""What a delivery does to the city that is there: new buildings come, known ones are brought up to date."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS, VALUE_ORIGINS, Buildings
from citytwin_desktop.city.geometry_mark import GEOMETRY, geometry_marks
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.terrain_drop import building_groups
from citytwin_desktop.document.commands.kept_edits import MERGED, delivered_values, merged_row
from citytwin_desktop.document.commands.removed import Box, stay_away
from citytwin_desktop.document.delivered_values import DELIVERED
from citytwin_desktop.formats.report import ImportItem, ImportReport

_NEAR_M = 1.0


@dataclass(frozen=True, eq=False)
class Delivery:
    """What a new source means for the city.

    Parameters
    ----------
    added : CityModel
        Buildings that were not there.
    old, new : CityModel
        Buildings that were, as they are and as they shall be, in the same order.
    unchanged : int
        How many came again as they are.
    """

    added: CityModel
    old: CityModel
    new: CityModel
    unchanged: int = 0

    @property
    def known(self) -> int:
        """How many buildings of the delivery were there already."""
        return len(self.old.buildings) + self.unchanged


def renamed(city: CityModel, addition: CityModel, source: str, report: ImportReport) -> CityModel:
    """Give families of the addition names of their own that share an identifier with buildings elsewhere.

    A building with its parts is the same as one in the city when they share identifiers and lie together.

    Parameters
    ----------
    city : CityModel
    addition : CityModel
        In the city's local coordinates.
    source : str
        File name of the delivery.
    report : ImportReport
    """
    there = np.array([name in city.buildings for name in addition.buildings.ids], bool)
    if not there.any():
        return addition
    rows = np.flatnonzero(there)
    own = city.buildings.rows([str(name) for name in addition.buildings.ids[rows]])
    (low, high), (new_low, new_high) = _family_bounds(city), _family_bounds(addition)
    apart = (new_low[rows] > high[own] + _NEAR_M) | (new_high[rows] < low[own] - _NEAR_M)
    family = building_groups(addition)
    strangers = np.unique(family[rows[apart.any(axis=1)]])
    return _with_names(addition, np.flatnonzero(np.isin(family, strangers)), city, source, report)


def compare(
    city: CityModel,
    addition: CityModel,
    source: str,
    report: ImportReport,
    removed: Mapping[str, Box | None],
    *,
    whole: bool,
) -> Delivery:
    """Sort the buildings of a delivery into new ones and those that are there already.

    Attributes and surfaces follow the delivery. What was edited or joined since the last one stays, told by what
    that one gave; where the new delivery says otherwise, that is listed as a conflict.

    Parameters
    ----------
    city : CityModel
    addition : CityModel
        As `renamed` and `marked` give it.
    source : str
    report : ImportReport
    removed : mapping
        Buildings that were removed and stay so, with the place where they stood.
    whole : bool
        Whether the delivery was taken without a filter, so that what it lacks is really missing.
    """
    there = np.array([name in city.buildings for name in addition.buildings.ids], bool)
    rows = np.flatnonzero(there)
    own = city.buildings.rows([str(name) for name in addition.buildings.ids[rows]])
    order = np.argsort(own)
    rows, own = rows[order], own[order]
    old, new = city.at_rows(own), _at_rows_in_order(addition, rows)
    away = _merged_away(city, addition, there, report) | _removed(city, addition, there, removed, source, report)
    added = addition.at_rows(np.flatnonzero(~there & ~away))
    if not len(rows):
        return Delivery(added, old, new)
    new = _with_edits_kept(old, new, report)
    changed = _changed(old, new)
    for name in added.buildings.ids:
        report.add(str(name), "added_by_delivery", "It was not in the project before this delivery.")
    if whole:
        _tell_missing(city, old, source, report)
    unchanged = int((~changed).sum())
    return Delivery(added, old.at_rows(np.flatnonzero(changed)), new.at_rows(np.flatnonzero(changed)), unchanged)


def _merged_away(
    city: CityModel, addition: CityModel, there: NDArray[np.bool_], report: ImportReport
) -> NDArray[np.bool_]:
    """(n_added,) bool: buildings that were merged into another one, whose space they would fill a second time."""
    noted = (item.get(MERGED, [None])[0] for item in city.buildings.columns[VALUE_ORIGINS])
    into = {name: row for row, names in enumerate(noted) if isinstance(names, list | tuple) for name in names}
    gone = np.zeros(len(there), bool)
    if not into:
        return gone
    (low, high), (new_low, new_high) = _family_bounds(city), _family_bounds(addition)
    for row in np.flatnonzero(~there).tolist():
        own = into.get(str(addition.buildings.ids[row]))
        if own is not None and not ((new_low[row] > high[own] + _NEAR_M) | (new_high[row] < low[own] - _NEAR_M)).any():
            gone[row] = True
            message = f"It was merged into “{city.buildings.ids[own]}” in the project and stays so."
            report.add(str(addition.buildings.ids[row]), "conflict_kept_geometry", message)
    return gone | (gone[addition.buildings.parent_row()] & ~there)


def _removed(
    city: CityModel,
    addition: CityModel,
    there: NDArray[np.bool_],
    removed: Mapping[str, Box | None],
    source: str,
    report: ImportReport,
) -> NDArray[np.bool_]:
    """(n_added,) bool: buildings that somebody removed, which is an edit and stands like every other.

    Where nothing of the delivery is in the project it is a new beginning rather than a newer delivery.
    """
    parents = addition.buildings.parent_row()
    gone = stay_away(removed, addition, city.origin, _NEAR_M) & ~there
    gone |= gone[parents] & ~there
    if not gone.any() or not there.any():
        return np.zeros(len(there), bool)
    for name in addition.buildings.ids[gone]:
        message = "It was removed in the project and stays so."
        report.take(ImportItem(str(name), "info", "removed_stays", message, "skipped"))
    parts = parents != np.arange(len(gone))
    report.kept -= int(gone.sum())
    report.parts -= int((gone & parts).sum())
    count = int((gone & (~gone[parents] | ~parts)).sum())
    told = f"{count:,} removed building{'s were' if count > 1 else ' was'} left out.".replace(",", "\u2009")
    remedy = "To have them back, import the file with “Bring back what was removed”."
    report.take(ImportItem(source, "warning", "removed_left_out", told, "kept", remedy))
    return np.asarray(gone)


def marked(city: CityModel, source: str) -> CityModel:
    """Note with every building what it came with, so that an edit of it is known later."""
    columns = city.buildings.columns
    column = np.empty(len(city.buildings), object)
    column[:] = [
        {**noted, GEOMETRY: [mark, source], DELIVERED: [given, source]}
        for noted, mark, given in zip(
            columns[VALUE_ORIGINS], geometry_marks(city), delivered_values(columns), strict=True
        )
    ]
    return _with_columns(city, {VALUE_ORIGINS: column})


def _family_bounds(city: CityModel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners in plan of the box around each row's building with all its parts, two (n_buildings, 2) float64 [m]."""
    family, (low, high) = building_groups(city), city.bounds_m
    lowest, highest = np.full((len(family), 2), np.inf), np.full((len(family), 2), -np.inf)
    np.fmin.at(lowest, family, low[:, :2])
    np.fmax.at(highest, family, high[:, :2])
    return lowest[family], highest[family]


def _with_names(
    addition: CityModel, rows: NDArray[np.int64], city: CityModel, source: str, report: ImportReport
) -> CityModel:
    if not len(rows):
        return addition
    ids, parents = addition.buildings.ids.copy(), addition.buildings.columns["parent_id"].copy()
    stem = source.split(".")[0]
    taken = {*map(str, city.buildings.ids), *map(str, ids)}
    names: dict[str, str] = {}
    for row in rows.tolist():
        name, number = f"{stem}:{ids[row]}", 1
        while name in taken:
            number += 1
            name = f"{stem}:{ids[row]}~{number}"
        taken.add(name)
        names[str(ids[row])] = name
        message = f"The project has another building of this identifier elsewhere: this one is called “{name}”."
        report.add(str(ids[row]), "identifier_taken", message, "repaired")
        ids[row] = name
    parents[:] = [names.get(parent, parent) for parent in parents]
    about = dict(addition.metadata["sources"][0])
    if series := about.get("delivered"):
        about["delivered"] = {names.get(name, name): item for name, item in series.items()}
    metadata = {**addition.metadata, "sources": [about]}
    return replace(_with_columns(addition, {"id": ids, "parent_id": parents}), metadata=metadata)


def _at_rows_in_order(city: CityModel, rows: NDArray[np.int64]) -> CityModel:
    """Rows in the given order, with their surfaces sorted accordingly."""
    place = np.full(len(city.buildings), -1, np.int64)
    place[rows] = np.arange(len(rows))
    owner = place[city.surfaces.building]
    chosen = np.flatnonzero(owner >= 0)
    chosen = chosen[np.argsort(owner[chosen], kind="stable")]
    surfaces = replace(city.surfaces.take(chosen), building=owner[chosen])
    return CityModel(buildings=city.buildings.take(rows), surfaces=surfaces)


def _with_edits_kept(old: CityModel, new: CityModel, report: ImportReport) -> CityModel:
    columns = {name: column.copy() for name, column in new.buildings.columns.items()}
    columns["fid"] = old.buildings.columns["fid"].copy()
    for row in range(len(old.buildings)):
        merged_row(row, old.buildings.columns, columns, report)
    return _with_edited_geometry(old, CityModel(buildings=Buildings(columns), surfaces=new.surfaces), report)


def _with_edited_geometry(old: CityModel, new: CityModel, report: ImportReport) -> CityModel:
    """Keep surfaces that were edited since they came."""
    noted = [row.get(GEOMETRY, [None])[0] for row in old.buildings.columns[VALUE_ORIGINS]]
    marks = zip(noted, geometry_marks(old), strict=True)
    edited = np.array([isinstance(mark, str) and mark != own for mark, own in marks], bool)
    if not edited.any():
        return new
    columns = new.buildings.columns
    for row in np.flatnonzero(edited).tolist():
        message = "Its geometry was changed in the project and stays; that of the delivery was left out."
        report.add(str(old.buildings.ids[row]), "conflict_kept_geometry", message)
        columns[VALUE_ORIGINS][row] = {**columns[VALUE_ORIGINS][row], GEOMETRY: [noted[row], "before the change"]}
        for column in ("height_m", "lod"):
            columns[column][row] = old.buildings.columns[column][row]
    theirs = new.surfaces.take(np.flatnonzero(~edited[new.surfaces.building]))
    ours = old.surfaces.take(np.flatnonzero(edited[old.surfaces.building]))
    joined = Surfaces.concatenate([theirs, ours])
    surfaces = joined.take(np.argsort(joined.building, kind="stable").astype(np.int64))
    return CityModel(buildings=new.buildings, surfaces=surfaces)


def _changed(old: CityModel, new: CityModel) -> NDArray[np.bool_]:
    """Rows that differ in any column or in their surfaces."""
    marks = zip(geometry_marks(old), geometry_marks(new), strict=True)
    changed = np.array([one != other for one, other in marks], bool)
    for name, definition in COLUMNS.items():
        one, other = old.buildings.columns[name], new.buildings.columns[name]
        if definition.kind == "number":
            changed |= ~((one == other) | (np.isnan(one) & np.isnan(other)))
        elif name == VALUE_ORIGINS:
            changed |= np.array([_values(a) != _values(b) for a, b in zip(one, other, strict=True)], bool)
        else:
            changed |= np.array([a != b for a, b in zip(one, other, strict=True)], bool)
    return np.asarray(changed)


def _values(noted: dict[str, Any]) -> dict[str, Any]:
    """Noted values; what file they came from is no change of the building."""
    return {name: item[0] if name in (GEOMETRY, DELIVERED) else list(item) for name, item in noted.items()}


def _tell_missing(city: CityModel, known: CityModel, source: str, report: ImportReport) -> None:
    """List buildings that an older delivery of the same source gave and this one does not hold any more."""
    sources = {row.get(DELIVERED, ["", ""])[1] for row in known.buildings.columns[VALUE_ORIGINS]}
    here = set(known.buildings.ids)
    for name, noted in zip(city.buildings.ids, city.buildings.columns[VALUE_ORIGINS], strict=True):
        if name not in here and noted.get(DELIVERED, ["", None])[1] in sources:
            message = f"It is not in “{source}” any more; it stays in the project until it is removed."
            report.add(str(name), "not_in_delivery", message)


def _with_columns(city: CityModel, columns: dict[str, Any]) -> CityModel:
    buildings = Buildings({**city.buildings.columns, **columns})
    return CityModel(city.epsg, city.origin, buildings, city.surfaces, city.context, city.metadata)
