"""Two scenarios held against each other."""

from typing import Any

from citytwin_desktop.document.document import Document
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.errors import KnownError


def compare_scenarios(document: Document, variable: str, first: str, second: str) -> dict[str, Any]:
    """Totals of a variable over the buildings that have results in both scenarios.

    Parameters
    ----------
    document : Document
    variable : str
    first, second : str
        Identifiers of scenarios; the difference is first minus second.

    Raises
    ------
    KnownError
        When no building has results in both.
    """
    for scenario in (first, second):
        document.scenario(scenario)
    tables = [result_table(document, variable, scenario, "building", "year") for scenario in (first, second)]
    values = [{row.id: (float(row.values[0]), row.fresh) for row in table.rows} for table in tables]
    common = sorted(set(values[0]) & set(values[1]))
    if not common:
        msg = f"No building has results of {variable} in both “{first}” and “{second}”: run simulate for both."
        raise KnownError(msg)
    totals = [sum(side[name][0] for name in common) for side in values]
    rows = [{"id": name, "first": values[0][name][0], "second": values[1][name][0]} for name in common]
    return {
        "variable": variable,
        "unit": tables[0].unit,
        "buildings": len(common),
        "first": {"id": first, "total": totals[0], "fresh": all(values[0][name][1] for name in common)},
        "second": {"id": second, "total": totals[1], "fresh": all(values[1][name][1] for name in common)},
        "difference": totals[0] - totals[1],
        "relative": (totals[0] - totals[1]) / totals[1] if totals[1] else 0.0,
        "rows": rows,
    }
