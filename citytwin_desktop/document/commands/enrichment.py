"""The command that gives every building an archetype and says what it had to assume."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype, archetype_id, year_classes
from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.city.buildings import COLUMNS, Buildings
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import Origin, SurfaceKind
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
        storeys = _StoreyCounts(district)
        values: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        remarks: list[dict[str, Any]] = []
        for row in rows:
            found = self._values(buildings, int(row), int(parents[row]), storeys)
            for name in _COLUMNS:
                values[name].append(found[name])
            remarks.extend(_remarks(str(buildings.ids[row]), found))
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

    def _values(self, buildings: Buildings, row: int, parent: int, storeys: "_StoreyCounts") -> dict[str, Any]:
        function, function_origin = _known(buildings, "function", row, parent)
        year, year_origin = _known(buildings, "year_built", row, parent)
        if function is None and self.assume_function is not None:
            function, function_origin = self.assume_function, Origin.ASSUMED.value
        if year is None and self.assume_year is not None:
            year, year_origin = float(self.assume_year), Origin.ASSUMED.value
        identifier = archetype_id(self.archetype_set, function, year) if function and year is not None else ""
        count, count_origin = _known(buildings, "storeys", row, parent, inherit=False)
        if count is None and identifier:
            height_m = archetype(identifier).values["storey_height_m"].value
            count, count_origin = storeys.count(row, height_m), Origin.DERIVED.value
        cells = (function, function_origin, year, year_origin, count, count_origin, identifier)
        return dict(zip(_COLUMNS, cells, strict=True))


class _StoreyCounts:
    """Storeys from the mean height over the footprint, where nothing better is known."""

    def __init__(self, district: District) -> None:
        city = district.city
        ground = city.surfaces.building_area_m2(SurfaceKind.GROUND, len(city.buildings))
        low, high = city.bounds_m
        span = high[:, 2] - low[:, 2]
        mean = np.divide(city.volumes_m3(), ground, out=span.copy(), where=ground > 1.0)
        # A body with a face missing has no volume worth the name: then the full height counts.
        self._height_m = np.where((mean > 0.3 * span) & (mean <= span), mean, span)

    def count(self, row: int, storey_height_m: float) -> float:
        """Whole storeys, at least one, at most what an edit allows."""
        height = self._height_m[row]
        count = max(1, round(height / storey_height_m)) if np.isfinite(height) else 1
        return float(min(count, COLUMNS["storeys"].high))


def _known(buildings: Buildings, name: str, row: int, parent: int, *, inherit: bool = True) -> tuple[Any, str]:
    """Value and origin that the source or an edit gave, the part's own first; (None, "") for none."""
    for place in dict.fromkeys((row, parent) if inherit else (row,)):
        value, origin = buildings.columns[name][place], str(buildings.columns[f"{name}_origin"][place])
        known = bool(value) if isinstance(value, str) else not np.isnan(value)
        if known and origin not in (*_REPLACEABLE, Origin.DERIVED.value):
            return (value if isinstance(value, str) else float(value)), origin
    return None, ""


def _remarks(identifier: str, found: dict[str, Any]) -> list[dict[str, Any]]:
    """What was missing of one building, what was assumed, and why."""
    remarks = []
    for name in ("function", "year_built", "storeys"):
        origin, title = found[f"{name}_origin"], COLUMNS[name].title
        if origin == Origin.ASSUMED.value:
            message = f"{title} is not in the source and was assumed to be {found[name]}."
        elif origin == Origin.DERIVED.value:
            message = f"{title} is not in the source and was derived from the height: {found[name]:g}."
        elif found[name] is None:
            message = f"{title} is not in the source: state an assumption or edit it."
        else:
            continue
        code = f"{name}_{origin or 'missing'}"
        remarks.append({"building": identifier, "code": code, "value": found[name], "message": message})
    return remarks
