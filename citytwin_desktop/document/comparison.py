"""Two scenarios held against each other."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from citytwin_desktop.document.building_values import energy_totals
from citytwin_desktop.document.differences import shares_of
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.document.variables import ENERGY
from citytwin_desktop.document.variables import variable as look_up
from citytwin_desktop.errors import KnownError

Pair = tuple[float, bool]


def share_of(value: float, reference: float) -> float | None:
    """Share of a reference by which a value differs from it, as `shares_of`; None where there is none.

    Parameters
    ----------
    value, reference : float
    """
    share = float(shares_of(np.array([value]), np.array([reference]))[0])
    return share if math.isfinite(share) else None


def compare_scenarios(document: Document, variable: str, first: str, second: str) -> dict[str, Any]:
    """Totals of a variable over the buildings that have results in both scenarios.

    Of a building in parts, those parts count that have results in both.

    Parameters
    ----------
    document : Document
    variable : str
    first, second : str
        Identifiers of scenarios; the difference is first minus second, and its share is of the second.

    Raises
    ------
    KnownError
        When no building has results in both.
    """
    chosen = look_up(variable)
    for scenario in (first, second):
        document.scenario(scenario)
    sums = chosen.engine == "energyplus" and chosen.kind == ENERGY
    sides = _of_sums(document, variable, first, second) if sums else _of_lines(document, variable, first, second)
    common = sorted(set(sides[0]) & set(sides[1]))
    if not common:
        msg = f"No building has results of {variable} in both “{first}” and “{second}”: run simulate for both."
        raise KnownError(msg)
    totals = [sum(side[name][0] for name in common) for side in sides]
    rows = [{"id": name, "first": sides[0][name][0], "second": sides[1][name][0]} for name in common]
    return {
        "variable": variable,
        "unit": chosen.unit.replace("²", "2"),
        "buildings": len(common),
        "first": {"id": first, "total": totals[0], "fresh": all(sides[0][name][1] for name in common)},
        "second": {"id": second, "total": totals[1], "fresh": all(sides[1][name][1] for name in common)},
        "difference": totals[0] - totals[1],
        "relative": share_of(totals[0], totals[1]),
        "reference": second,
        "rows": rows,
    }


def _of_sums(document: Document, variable: str, first: str, second: str) -> list[dict[str, Pair]]:
    """Energy by building, from the parts that both scenarios know."""
    chosen, buildings = look_up(variable), document.city.buildings
    sides = [energy_totals(document, chosen, scenario) for scenario in (first, second)]
    rows = np.flatnonzero(np.isfinite(sides[0].kwh) & np.isfinite(sides[1].kwh))
    owners, group = np.unique(buildings.parent_row()[rows], return_inverse=True)
    names = [str(name) for name in buildings.ids[owners]]
    found = []
    for side in sides:
        kwh = np.bincount(group, side.kwh[rows], len(owners)).tolist()
        fresh = (np.bincount(group, side.stale[rows], len(owners)) == 0).tolist()
        found.append(dict(zip(names, zip(kwh, fresh, strict=True), strict=True)))
    return found


def _of_lines(document: Document, variable: str, first: str, second: str) -> list[dict[str, Pair]]:
    """What tables say of each building."""
    tables = [result_table(document, variable, scenario, "building", "year") for scenario in (first, second)]
    return [dict(_pairs(table)) for table in tables]


def _pairs(table: Any) -> Iterator[tuple[str, Pair]]:
    for row in table.rows:
        yield row.id, (float(row.values[0]), row.fresh)
