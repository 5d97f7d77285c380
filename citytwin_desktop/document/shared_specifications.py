"""Energy specifications of many rows: houses that are alike in all that counts share one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS, SYSTEM_COLUMNS, VALUE_ORIGINS, Column
from citytwin_desktop.city.district import District
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.scenario import Scenario
from citytwin_desktop.document.specifications import packages_of, specification, standing_origins

SPECIFICATION_COLUMNS = ("archetype_id", *OVERRIDE_COLUMNS, *SYSTEM_COLUMNS, VALUE_ORIGINS, "parent_id")
"""Columns of the building table that `specification` reads."""


def shared_specifications(district: District, scenario: Scenario, rows: IntArray) -> list[EnergySpec | None]:
    """Specification of each of some rows, None for one without an archetype.

    Parameters
    ----------
    district : District
    scenario : Scenario
    rows : ndarray, (k,) int64
    """
    if not len(rows):
        return []
    _, first, group = np.unique(alike(district, scenario, rows), return_index=True, return_inverse=True)
    specs = [specification(district, row, scenario) for row in rows[first].tolist()]
    return [specs[number] for number in group.tolist()]


def alike(district: District, scenario: Scenario, rows: IntArray, *, notes: bool = True) -> IntArray:
    """(k,) int64: the same number for rows whose specifications are the same.

    Parameters
    ----------
    district : District
    scenario : Scenario
    rows : ndarray, (k,) int64
    notes : bool
        Whether notes on where own values come from count too; whoever shows none of them need not wait for them.
    """
    columns = district.city.buildings.columns
    found = np.zeros(len(rows), np.int64)
    for name in ("archetype_id", *OVERRIDE_COLUMNS, *SYSTEM_COLUMNS):
        found = _split(found, _numbered(columns[name][rows], COLUMNS[name].kind))
    if scenario.assignments:
        found = _split(found, _by_content(packages_of(district.city.buildings, scenario, rows)))
    if not notes:
        return found
    noted = [place for place, origins in enumerate(columns[VALUE_ORIGINS][rows].tolist()) if origins]
    if noted:
        origins: list[Any] = [()] * len(rows)
        for place in noted:
            origins[place] = tuple(sorted(standing_origins(district.city.buildings, int(rows[place])).items()))
        found = _split(found, _by_content(origins))
    return found


def _split(found: IntArray, by: IntArray | None) -> IntArray:
    """Groups divided by another numbering; numbered anew, so that no product grows too large."""
    if by is None:
        return found
    mixed = found * (int(by.max()) + 1) + by
    return np.asarray(np.unique(mixed, return_inverse=True)[1], np.int64)


def _numbered(values: Column, kind: str) -> IntArray | None:
    """Numbers of equal values, None when all are equal."""
    if kind != "number":
        return _by_content(values.tolist())
    # By their bits: keys are of digits, and -0.0 has other ones than 0.0.
    bits = np.where(np.isnan(values), np.nan, values).view(np.int64)
    if (bits == bits[0]).all():
        return None
    return np.unique(bits, return_inverse=True)[1].astype(np.int64)


def _by_content(values: list[Any]) -> IntArray | None:
    kinds = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if len(kinds) == 1:
        return None
    return np.array([kinds[value] for value in values], np.int64)


def changed_rows(before: District, after: District, columns: tuple[str, ...]) -> NDArray[np.bool_]:
    """(n_buildings,) bool: rows with other values in some columns; both districts have the same rows.

    Parameters
    ----------
    before, after : District
    columns : tuple of str
    """
    old, new = before.city.buildings.columns, after.city.buildings.columns
    found = np.zeros(len(after.city.buildings), bool)
    for name in columns:
        one, other = old[name], new[name]
        if one is other:
            continue
        if COLUMNS[name].kind == "number":
            one, other = one.view(np.int64), other.view(np.int64)
        found |= one != other
    return found
