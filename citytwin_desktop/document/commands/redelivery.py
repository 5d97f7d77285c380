"""What a delivery does to the city that is there: new buildings come, known ones are brought up to date."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import (
    COLUMNS,
    OVERRIDE_COLUMNS,
    REFLECTANCE_COLUMNS,
    SYSTEM_COLUMNS,
    VALUE_ORIGINS,
    Buildings,
)
from citytwin_desktop.city.geometry_mark import GEOMETRY, geometry_marks
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.formats.report import ImportReport

_OWN_VALUES = (*OVERRIDE_COLUMNS, *SYSTEM_COLUMNS, *REFLECTANCE_COLUMNS)
_WITH_ORIGIN = ("function", "year_built", "storeys")
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


def compare(city: CityModel, addition: CityModel, source: str, report: ImportReport) -> Delivery:
    """Sort the buildings of a delivery into new ones and those that are there already.

    A building is the same when its identifier is, and its outline lies where that of the other lies; one that
    merely shares an identifier is called after its file. Edits of the user stay: own values, function, year and
    storeys that were edited, and edited geometry. Where the delivery says otherwise, that is listed as a conflict.

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
        return Delivery(addition, city.at_rows(np.zeros(0, np.int64)), addition.at_rows(np.zeros(0, np.int64)))
    rows = np.flatnonzero(there)
    own = city.buildings.rows([str(name) for name in addition.buildings.ids[rows]])
    same = _lie_together(city, own, addition, rows)
    renamed = _renamed(addition, rows[~same], city, source, report)
    rows, own = rows[same], own[same]
    order = np.argsort(own)
    rows, own = rows[order], own[order]
    fresh = np.setdiff1d(np.arange(len(renamed.buildings)), rows)
    old, new = city.at_rows(own), _at_rows_in_order(renamed, rows)
    new = _with_edits_kept(old, new, report)
    changed = _changed(old, new)
    _tell_missing(city, old, report, source)
    return Delivery(
        renamed.at_rows(fresh),
        old.at_rows(np.flatnonzero(changed)),
        new.at_rows(np.flatnonzero(changed)),
        int((~changed).sum()),
    )


def marked(city: CityModel, source: str) -> CityModel:
    """Note with every building the geometry that it came with, so that an edit of it is known later."""
    marks = geometry_marks(city)
    column = np.empty(len(city.buildings), object)
    column[:] = [
        {**noted, GEOMETRY: [mark, source]}
        for noted, mark in zip(city.buildings.columns[VALUE_ORIGINS], marks.tolist(), strict=True)
    ]
    return _with_columns(city, {VALUE_ORIGINS: column})


def _lie_together(
    city: CityModel, own: NDArray[np.int64], addition: CityModel, rows: NDArray[np.int64]
) -> NDArray[np.bool_]:
    (low, high), (new_low, new_high) = city.bounds_m, addition.bounds_m
    apart = (new_low[rows, :2] > high[own, :2] + _NEAR_M) | (new_high[rows, :2] < low[own, :2] - _NEAR_M)
    # A row without surfaces of its own has no place; its identifier decides.
    return np.asarray(~apart.any(axis=1))


def _renamed(
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
    return _with_columns(addition, {"id": ids, "parent_id": parents})


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
    before = old.buildings.columns
    columns["fid"] = before["fid"].copy()
    for row in range(len(old.buildings)):
        _keep_edited_values(row, before, columns, report)
        _keep_archetype(row, before, columns, report)
    merged = CityModel(buildings=Buildings(columns), surfaces=new.surfaces)
    return _with_edited_geometry(old, merged, report)


def _keep_edited_values(row: int, before: dict[str, Any], columns: dict[str, Any], report: ImportReport) -> None:
    name, noted = str(before["id"][row]), before[VALUE_ORIGINS][row]
    for column in _OWN_VALUES:
        value = before[column][row]
        if value == value and value != "" and noted.get(column, [None])[0] != value:
            _keep(name, column, value, columns, row, report)
    for column in _WITH_ORIGIN:
        origin, value = before[f"{column}_origin"][row], before[column][row]
        gives_none = columns[f"{column}_origin"][row] == ""
        if origin == Origin.EDITED or (origin in (Origin.ASSUMED, Origin.DERIVED) and gives_none):
            if origin == Origin.EDITED:
                _keep(name, column, value, columns, row, report)
            columns[column][row], columns[f"{column}_origin"][row] = value, origin


def _keep(name: str, column: str, value: Any, columns: dict[str, Any], row: int, report: ImportReport) -> None:
    delivered = columns[column][row]
    if delivered == delivered and delivered not in ("", value):
        message = f"{COLUMNS[column].title} was edited to {value} and stays; the delivery says {delivered}."
        report.add(name, "conflict_kept_edit", message)
    columns[column][row] = value


def _keep_archetype(row: int, before: dict[str, Any], columns: dict[str, Any], report: ImportReport) -> None:
    """Keep the archetype unless function or year, which it was chosen by, are others now."""
    identifier = before["archetype_id"][row]
    if not identifier:
        return
    same_function = columns["function"][row] == before["function"][row]
    old_year, new_year = before["year_built"][row], columns["year_built"][row]
    if same_function and (old_year == new_year or (old_year != old_year and new_year != new_year)):
        columns["archetype_id"][row] = identifier
    else:
        message = "Its function or year built changed with the delivery: assign archetypes again."
        report.add(str(before["id"][row]), "archetype_cleared", message, "repaired")


def _with_edited_geometry(old: CityModel, new: CityModel, report: ImportReport) -> CityModel:
    """Keep surfaces that were edited since they came."""
    marks = geometry_marks(old)
    noted = [row.get(GEOMETRY, [None])[0] for row in old.buildings.columns[VALUE_ORIGINS]]
    edited = np.array([mark is not None and mark != own for mark, own in zip(noted, marks.tolist(), strict=True)], bool)
    if not edited.any():
        return new
    for row in np.flatnonzero(edited):
        message = "Its geometry was edited and stays as it is; that of the delivery was left out."
        report.add(str(old.buildings.ids[row]), "conflict_kept_geometry", message)
        kept = new.buildings.columns[VALUE_ORIGINS][row]
        new.buildings.columns[VALUE_ORIGINS][row] = {**kept, GEOMETRY: [noted[row], "before the edit"]}
        for column in ("height_m", "lod"):
            new.buildings.columns[column][row] = old.buildings.columns[column][row]
    theirs = new.surfaces.take(np.flatnonzero(~edited[new.surfaces.building]))
    ours = old.surfaces.take(np.flatnonzero(edited[old.surfaces.building]))
    joined = Surfaces.concatenate([theirs, ours])
    return CityModel(
        buildings=new.buildings, surfaces=joined.take(np.argsort(joined.building, kind="stable").astype(np.int64))
    )


def _changed(old: CityModel, new: CityModel) -> NDArray[np.bool_]:
    """Rows that differ in any column or in their surfaces."""
    changed = geometry_marks(old) != geometry_marks(new)
    for name, definition in COLUMNS.items():
        one, other = old.buildings.columns[name], new.buildings.columns[name]
        if definition.kind == "number":
            changed |= ~((one == other) | (np.isnan(one) & np.isnan(other)))
        elif name == VALUE_ORIGINS:
            pairs = zip(one, other, strict=True)
            changed |= np.array([_values(a) != _values(b) for a, b in pairs], bool)
        else:
            changed |= np.array([a != b for a, b in zip(one, other, strict=True)], bool)
    return np.asarray(changed)


def _values(noted: dict[str, Any]) -> dict[str, Any]:
    """Noted values; what file a geometry came from is no change of the building."""
    return {name: list(item) if name != GEOMETRY else item[0] for name, item in noted.items()}


def _tell_missing(city: CityModel, known: CityModel, report: ImportReport, source: str) -> None:
    """List buildings in the midst of the delivery that it does not hold any more."""
    low, high = known.bounds_m
    if not np.isfinite(low).any():
        return
    west_south, east_north = np.nanmin(low[:, :2], axis=0), np.nanmax(high[:, :2], axis=0)
    own_low, own_high = city.bounds_m
    with np.errstate(invalid="ignore"):
        inside = ((own_low[:, :2] >= west_south) & (own_high[:, :2] <= east_north)).all(axis=1)
    here = set(known.buildings.ids)
    for row in np.flatnonzero(inside):
        name = str(city.buildings.ids[row])
        if name not in here:
            message = f"It is not in “{source}” any more; it stays in the project until it is removed."
            report.add(name, "not_in_delivery", message)


def _with_columns(city: CityModel, columns: dict[str, Any]) -> CityModel:
    buildings = Buildings({**city.buildings.columns, **columns})
    return CityModel(city.epsg, city.origin, buildings, city.surfaces, city.context, city.metadata)
