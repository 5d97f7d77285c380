"""The command that gives every building an archetype and says what it had to assume."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype, archetype_id, year_classes
from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.city.buildings import COLUMNS, Buildings
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.roof_planes import main_body_heights_m, storey_count
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted, set_cells
from citytwin_desktop.errors import KnownError

_COLUMNS = (
    "function",
    "function_origin",
    "year_built",
    "year_built_origin",
    "storeys",
    "storeys_origin",
    "archetype_id",
)
_LOWEST_BUILDING_M = 1.0
_REPLACEABLE = (Origin.MISSING.value, Origin.ASSUMED.value)


@register
@dataclass(frozen=True)
class Enrich(Command):
    """Assign archetypes by function and year; what is missing is assumed only where told to, and noted."""

    id: ClassVar[str] = "enrich"
    summary: ClassVar[str] = "Give buildings an archetype by function and year"

    archetype_set: str
    assume_function: str | None = None
    assume_year: float | None = None

    def prepare(self, district: District) -> Preparation:
        """Work out the cells to fill and the list of what was missing."""
        self._check()
        city, buildings = district.city, district.city.buildings
        if not len(buildings):
            raise KnownError("The project has no buildings: import a city first.")
        rows = city.rows_with_geometry
        parents = buildings.parent_row()
        heights = _Heights(district)
        values: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        remarks: list[dict[str, Any]] = []
        for row in rows:
            found, reasons = self._values(buildings, int(row), int(parents[row]), heights)
            for name in _COLUMNS:
                values[name].append(found[name])
            remarks.extend(_remarks(str(buildings.ids[row]), found, reasons))
        ids = tuple(str(identifier) for identifier in buildings.ids[rows])
        changes = tuple(set_cells(district, name, ids, values[name]) for name in _COLUMNS)
        codes = Counter(remark["code"] for remark in remarks)
        assigned = sum(bool(name) for name in values["archetype_id"])
        summary = {"buildings": len(ids), "archetypes_assigned": assigned, "counts": dict(codes), "items": remarks}
        return Preparation(changes, f"Archetypes {self.archetype_set} for {counted(assigned)}", report=summary)

    def _check(self) -> None:
        year_classes(self.archetype_set)
        if self.assume_function is not None and self.assume_function not in FUNCTIONS:
            msg = f"There is no function “{self.assume_function}”: choose one of {', '.join(FUNCTIONS)}."
            raise KnownError(msg)
        span = COLUMNS["year_built"]
        if self.assume_year is not None and not span.low <= self.assume_year <= span.high:
            msg = f"The assumed year {self.assume_year:g} is not plausible: give one from {span.low} to {span.high}."
            raise KnownError(msg)
        if self.assume_year is not None and self.assume_year != round(self.assume_year):
            msg = f"The assumed year {self.assume_year} is no whole number: give a year such as 1935."
            raise KnownError(msg)

    def _values(
        self, buildings: Buildings, row: int, parent: int, heights: "_Heights"
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Cells of one row, and for each that the source lacks the reason for what stands there."""
        reasons: dict[str, str] = {}
        function, function_origin = _known(buildings, "function", row, parent)
        year, year_origin = _known(buildings, "year_built", row, parent)
        if function is None:
            function, function_origin = self.assume_function, _assumed(self.assume_function)
            reasons["function"] = self._reason(function is not None)
        if year is None:
            year = None if self.assume_year is None else float(self.assume_year)
            year_origin, reasons["year_built"] = _assumed(year), self._reason(year is not None)
        identifier = archetype_id(self.archetype_set, function, year) if function and year is not None else ""
        count, count_origin = _known(buildings, "storeys", row, parent, inherit=False)
        if not heights.known(row):
            reasons["height_m"] = "the geometry has none either, correct it before a simulation"
        if count is None and not identifier:
            reasons["storeys"] = "it will follow from the height once there is an archetype"
        elif count is None:
            storey = archetype(identifier).values["storey_height_m"]
            count, count_origin, reasons["storeys"] = heights.storeys(row, storey.value, str(function))
        cells = (function, function_origin, year, year_origin, count, count_origin, identifier)
        return dict(zip(_COLUMNS, cells, strict=True)), reasons

    def _reason(self, assumed: bool) -> str:
        if assumed:
            return "as this command was told"
        return "state an assumption or edit it, for without it there is no archetype and no energy result"


class _Heights:
    """Heights of the bodies, and the storeys that follow from them where nothing better is known."""

    def __init__(self, district: District) -> None:
        low, high = district.city.bounds_m
        self._span_m = high[:, 2] - low[:, 2]
        self._height_m = main_body_heights_m(district.city)

    def known(self, row: int) -> bool:
        """Whether the geometry of a row has a height."""
        return bool(self._span_m[row] >= _LOWEST_BUILDING_M)

    def storeys(self, row: int, storey_height_m: float, function: str) -> tuple[float, str, str]:
        """Whole storeys, at least one, at most what an edit allows; their origin; and why so many."""
        if not self.known(row):
            return 1.0, Origin.ASSUMED.value, "the geometry has no height to derive it from"
        height_m = float(self._height_m[row])
        count = float(storey_count(float("nan"), height_m, storey_height_m))
        usual = f"{storey_height_m:g} m, the usual storey of {FUNCTIONS[function].lower()} buildings"
        return count, Origin.DERIVED.value, f"{height_m:.1f} m (mean height of the main body) in storeys of {usual}"


def _assumed(value: Any) -> str:
    return "" if value is None else Origin.ASSUMED.value


def _known(buildings: Buildings, name: str, row: int, parent: int, *, inherit: bool = True) -> tuple[Any, str]:
    """Value and origin that the source or an edit gave, the part's own first; (None, "") for none."""
    for place in dict.fromkeys((row, parent) if inherit else (row,)):
        value, origin = buildings.columns[name][place], str(buildings.columns[f"{name}_origin"][place])
        known = bool(value) if isinstance(value, str) else not np.isnan(value)
        if known and origin not in (*_REPLACEABLE, Origin.DERIVED.value):
            return (value if isinstance(value, str) else float(value)), origin
    return None, ""


def _remarks(identifier: str, found: dict[str, Any], reasons: dict[str, str]) -> list[dict[str, Any]]:
    """What was missing of one building, what was assumed, and why."""
    remarks = []
    for name, reason in reasons.items():
        origin, value = found.get(f"{name}_origin", ""), found.get(name)
        title = COLUMNS[name].title
        text = f"{value:g}" if isinstance(value, float) else value
        if origin == Origin.ASSUMED.value:
            message = f"{title} is not in the source and was assumed to be {text}: {reason}."
        elif origin == Origin.DERIVED.value:
            message = f"{title} is not in the source and was derived from the height: {text}, {reason}."
        else:
            message = f"{title} is not in the source: {reason}."
        code = f"{name}_{origin or 'missing'}"
        remarks.append({"building": identifier, "code": code, "value": value, "message": message})
    return remarks
