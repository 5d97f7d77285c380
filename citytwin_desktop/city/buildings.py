"""The table of buildings and building parts: named columns, one row for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import BugError, KnownError

Column = NDArray[Any]


@dataclass(frozen=True)
class ColumnDefinition:
    """What one column of the building table holds.

    Parameters
    ----------
    name : str
        Name with its unit as suffix; the same in memory, in the file and in the command line.
    kind : str
        ``"text"`` (object array of str, empty = unknown), ``"number"`` (float64, nan = unknown) or
        ``"json"`` (object array of dict).
    title : str
        Label for people, without the unit.
    unit : str
        Unit for people, empty for none.
    low, high : float
        Range of plausible values; an edit outside it is refused.
    """

    name: str
    kind: str
    title: str
    unit: str = ""
    low: float = -np.inf
    high: float = np.inf


COLUMNS: dict[str, ColumnDefinition] = {
    column.name: column
    for column in (
        ColumnDefinition("fid", "number", "Row number in the project file"),
        ColumnDefinition("id", "text", "Identifier"),
        ColumnDefinition("parent_id", "text", "Part of"),
        ColumnDefinition("name", "text", "Name"),
        ColumnDefinition("lod", "text", "Level of detail"),
        ColumnDefinition("function", "text", "Function"),
        ColumnDefinition("function_origin", "text", "Origin of the function"),
        ColumnDefinition("year_built", "number", "Year built", low=1000, high=2100),
        ColumnDefinition("year_built_origin", "text", "Origin of the year built"),
        ColumnDefinition("storeys", "number", "Storeys above ground", low=1, high=200),
        ColumnDefinition("storeys_origin", "text", "Origin of the storeys"),
        ColumnDefinition("height_m", "number", "Height", "m"),
        ColumnDefinition("archetype_id", "text", "Archetype"),
        ColumnDefinition("wall_u_value_w_m2k", "number", "Wall U-value", "W/m²K", low=0.05, high=6),
        ColumnDefinition("roof_u_value_w_m2k", "number", "Roof U-value", "W/m²K", low=0.05, high=7),
        ColumnDefinition("floor_u_value_w_m2k", "number", "Ground floor U-value", "W/m²K", low=0.05, high=6),
        ColumnDefinition("window_u_value_w_m2k", "number", "Window U-value", "W/m²K", low=0.3, high=7),
        ColumnDefinition("window_g_value", "number", "Window g-value", low=0.05, high=0.95),
        ColumnDefinition("window_share", "number", "Window share of walls", low=0, high=0.95),
        ColumnDefinition("infiltration_ach", "number", "Infiltration", "1/h", low=0, high=10),
        ColumnDefinition("heating_setpoint_c", "number", "Heating set-point", "°C", low=5, high=30),
        ColumnDefinition("heat_capacity_kj_m2k", "number", "Heat capacity", "kJ/m²K", low=20, high=600),
        ColumnDefinition("ventilation_l_s_m2", "number", "Ventilation", "l/s m²", low=0, high=20),
        ColumnDefinition("heat_recovery_efficiency", "number", "Heat recovery of ventilation", low=0, high=0.98),
        ColumnDefinition("window_opening_ach", "number", "Window opening when warm", "1/h", low=0, high=20),
        ColumnDefinition("heating_setback_c", "number", "Heating set-back", "°C", low=0, high=30),
        ColumnDefinition("people_per_m2", "number", "People", "1/m²", low=0, high=5),
        ColumnDefinition("lighting_w_m2", "number", "Lighting", "W/m²", low=0, high=200),
        ColumnDefinition("equipment_w_m2", "number", "Equipment", "W/m²", low=0, high=2000),
        ColumnDefinition("hot_water_kwh_m2a", "number", "Hot water", "kWh/m²a", low=0, high=500),
        ColumnDefinition("photovoltaic_share", "number", "Photovoltaics installed", low=0, high=1),
        ColumnDefinition("heating_system", "text", "Heating system"),
        ColumnDefinition("cooling_system", "text", "Cooling system"),
        ColumnDefinition("cooling_setpoint_c", "number", "Cooling set-point", "°C", low=15, high=40),
        ColumnDefinition("wall_reflectance", "number", "Wall solar reflectance", low=0, high=0.95),
        ColumnDefinition("roof_reflectance", "number", "Roof solar reflectance", low=0, high=0.95),
        ColumnDefinition("attributes", "json", "Attributes of the source"),
        ColumnDefinition("value_origins", "json", "Origins of values"),
    )
}
"""Every column. The envelope and use columns hold the building's own overrides: nan = default."""

OVERRIDE_COLUMNS: tuple[str, ...] = (
    "wall_u_value_w_m2k",
    "roof_u_value_w_m2k",
    "floor_u_value_w_m2k",
    "window_u_value_w_m2k",
    "window_g_value",
    "window_share",
    "infiltration_ach",
    "heating_setpoint_c",
    "cooling_setpoint_c",
    "heat_capacity_kj_m2k",
    "ventilation_l_s_m2",
    "heat_recovery_efficiency",
    "window_opening_ach",
    "heating_setback_c",
    "people_per_m2",
    "lighting_w_m2",
    "equipment_w_m2",
    "hot_water_kwh_m2a",
    "photovoltaic_share",
)
"""Columns that overrule a field of the same name of the energy specification."""

WITH_ORIGIN: tuple[str, ...] = ("function", "year_built", "storeys")
"""Columns with a column for the kind of origin beside them, named like ``storeys_origin``."""

SYSTEM_COLUMNS: tuple[str, ...] = ("heating_system", "cooling_system")
"""Columns that choose a system of the catalogue by its code in place of the archetype's."""

VALUE_ORIGINS = "value_origins"
"""Column that says of own values where they came from when nobody edited them: ``{column: [value, sentence]}``.
It holds as long as the column still has that value."""

REFLECTANCE_COLUMNS: tuple[str, ...] = ("wall_reflectance", "roof_reflectance")
"""Columns that overrule the project's solar conditions; no part of the energy specification."""


def blank_column(definition: ColumnDefinition, count: int) -> Column:
    """A column of unknown values."""
    if definition.kind == "number":
        return np.full(count, np.nan)
    column = np.empty(count, object)
    column[:] = [{} for _ in range(count)] if definition.kind == "json" else ""
    return column


class Buildings:
    """Columns of equal length; rows stand in the order of ``fid``, the order of import.

    Parameters
    ----------
    columns : mapping of str to ndarray, (n_buildings,)
        Missing columns are filled with unknowns; ``id`` must be there and unique.
    """

    _asked: tuple[Any, NDArray[np.int64]] = ((), np.zeros(0, np.int64))
    """The identifiers that were last asked about, and their rows."""
    _parents: NDArray[np.int64] | None = None
    """What `parent_row` gave; shared by tables that differ in other columns only."""

    def __init__(self, columns: Mapping[str, Column] | None = None) -> None:
        given = dict(columns or {})
        unknown = set(given) - set(COLUMNS)
        if unknown:
            msg = f"unknown building columns {sorted(unknown)}"
            raise BugError(msg)
        count = len(given["id"]) if "id" in given else 0
        self.columns: dict[str, Column] = {}
        for name, definition in COLUMNS.items():
            column = given.get(name)
            self.columns[name] = blank_column(definition, count) if column is None else column
        self._index: dict[Any, int] | None = None
        _ = self._row_of

    @property
    def _row_of(self) -> dict[Any, int]:
        if self._index is None:
            self._index = {identifier: row for row, identifier in enumerate(self.columns["id"].tolist())}
            if len(self._index) != len(self.columns["id"]):
                raise BugError("building identifiers are not unique")
        return self._index

    @classmethod
    def _of(cls, columns: dict[str, Column], index: dict[Any, int] | None = None) -> "Buildings":
        """Columns that are whole already; what knows each row's place is made when it is first needed."""
        made = cls.__new__(cls)
        made.columns, made._index = columns, index  # noqa: SLF001 - its own kind
        return made

    @classmethod
    def concatenate(cls, parts: Sequence["Buildings"]) -> "Buildings":
        """All rows of several tables, in order."""
        if not parts:
            return cls()
        return cls._of({name: np.concatenate([part.columns[name] for part in parts]) for name in COLUMNS})

    def with_columns(self, changed: Mapping[str, Column]) -> "Buildings":
        """The same rows with other values in some columns; what knows each row's place is shared.

        Parameters
        ----------
        changed : mapping of str to ndarray, (n_buildings,)
            Any column but ``id``.
        """
        if "id" in changed or not set(changed) <= set(COLUMNS):
            return Buildings({**self.columns, **changed})
        made = self._of({**self.columns, **changed}, self._row_of)
        if "parent_id" not in changed:
            made._parents = self._parents  # noqa: SLF001 - its own kind
        return made

    def __len__(self) -> int:
        return len(self.columns["id"])

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._row_of

    @property
    def ids(self) -> Column:
        """(n_buildings,) object of str: stable identifiers."""
        return self.columns["id"]

    def column(self, name: str) -> Column:
        """One column by name."""
        return self.columns[name]

    def row(self, identifier: str) -> int:
        """Row of a building.

        Raises
        ------
        KnownError
            When there is no such building.
        """
        try:
            return self._row_of[identifier]
        except KeyError:
            msg = f"There is no building “{identifier}” in this project: check the identifier."
            raise KnownError(msg) from None

    def rows(self, identifiers: Sequence[str]) -> NDArray[np.int64]:
        """(k,) int64: rows of several buildings; KnownError when one of them is not there."""
        # A selection of 100,000 is one tuple that every part of the window asks about.
        if identifiers is self._asked[0]:
            return self._asked[1].copy()
        try:
            found = np.fromiter(map(self._row_of.__getitem__, identifiers), np.int64, len(identifiers))
        except KeyError:
            found = np.array([self.row(identifier) for identifier in identifiers], np.int64)
        if isinstance(identifiers, tuple):
            self._asked = identifiers, found.copy()
        return found

    def take(self, rows: NDArray[np.int64]) -> "Buildings":
        """The chosen rows as a copy."""
        return self._of({name: column[rows] for name, column in self.columns.items()})

    def parent_row(self) -> NDArray[np.int64]:
        """(n_buildings,) int64: row of the building that a part belongs to, its own row otherwise."""
        if self._parents is None:
            own = np.arange(len(self))
            parents = self.columns["parent_id"].tolist()
            parts = [row for row, parent in enumerate(parents) if parent]
            own[parts] = [self._row_of.get(parents[row], row) for row in parts]
            own.flags.writeable = False
            self._parents = own
        return self._parents
