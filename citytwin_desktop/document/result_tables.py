"""Results as tables: by building, surface or city; by hour, month or year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from citytwin_desktop.document.collector_tables import collector_rows
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.energy_tables import energy_rows
from citytwin_desktop.document.result_rows import ResultRow
from citytwin_desktop.document.solar_tables import solar_rows
from citytwin_desktop.document.variables import FINAL_ENERGY, variable
from citytwin_desktop.errors import KnownError

BY = ("building", "surface", "city")
RESOLUTIONS = ("hour", "month", "year")


@dataclass(frozen=True, eq=False)
class ResultTable:
    """A variable at one resolution; `to_json` is what ``citytwin results`` prints."""

    variable: str
    unit: str
    scenario: str
    by: str
    resolution: str
    rows: tuple[ResultRow, ...]
    exact: bool = True

    @property
    def by_carrier(self) -> bool:
        """Whether each line is of one carrier."""
        return self.variable == FINAL_ENERGY

    def flat(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows with one column for each value."""
        count = len(self.rows[0].values) if self.rows else 0
        names = [f"{self.variable} {self.unit}"] if count == 1 else [f"{self.resolution} {k + 1}" for k in range(count)]
        about = ["carrier"] if self.by_carrier else []
        rows = [
            [row.id, row.building, row.fresh, row.estimate, *[row.carrier for _ in about], *row.values.tolist()]
            for row in self.rows
        ]
        return ["id", "building", "fresh", "estimate", *about, *names], rows

    def to_json(self) -> dict[str, Any]:
        """Table as plain values."""
        head = {name: getattr(self, name) for name in ("variable", "unit", "scenario", "by", "resolution")}
        left_out = set() if self.by_carrier else {"carrier"}
        rows = [
            {
                **{name: value for name, value in vars(row).items() if name not in left_out},
                "values": row.values.tolist(),
            }
            for row in self.rows
        ]
        return {**head, "exact": self.exact, "rows": rows}


def result_table(document: Document, name: str, scenario_id: str, by: str, resolution: str) -> ResultTable:
    """Table of a variable.

    Parameters
    ----------
    document : Document
    name : str
        Of the variable.
    scenario_id : str
    by : str
        ``building``, ``surface`` (solar and collectors) or ``city``. Solar values of buildings and of the city are
        means over the area of their surfaces that look at sky or ground; energy is the sum.
    resolution : str
        ``hour``, ``month`` or ``year``.

    Raises
    ------
    KnownError
        When there is no such variable, no result, or more than 20 million numbers.
    """
    chosen, scenario = variable(name), document.scenario(scenario_id)
    for value, options, what in ((by, BY, "grouping"), (resolution, RESOLUTIONS, "resolution")):
        if value not in options:
            msg = f"There is no {what} “{value}”: choose one of {', '.join(options)}."
            raise KnownError(msg)
    if chosen.engine == "solar":
        rows = tuple(solar_rows(document, chosen, by, resolution))
    elif chosen.engine == "collectors":
        rows = tuple(collector_rows(document, chosen, scenario.id, by, resolution))
    else:
        rows = tuple(energy_rows(document, chosen, scenario.id, by, resolution))
    if not rows:
        where = f"of {name} in scenario “{scenario.name}”"
        before = "energyplus and then --engine " if chosen.of_demand else ""
        msg = f"There are no results {where}: run simulate --engine {before}{chosen.engine} first."
        raise KnownError(msg)
    unit = chosen.unit.replace("²", "2")
    exact = chosen.engine != "solar" or document.solar.shown().exact
    return ResultTable(name, unit, scenario.id, by, resolution, rows, exact)
