"""What the inspector shows of a selection: values, ranges and where they come from."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from citytwin_desktop.analysis.heat_pump import coefficient_of_performance
from citytwin_desktop.catalog.carriers import carrier_title
from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.inspector_rows import HEAT_SOURCES
from citytwin_desktop.ui.numbers import range_text

COP, COP_SOURCE_C = "heat_pump_cop", 7.0
"""A heat pump's coefficient of performance, with the source at the temperature that makers publish it for."""

SPEC_LIMIT = 2000
"""Specs of larger selections are not resolved for the panel; `SelectionValues.spec` says so."""


@dataclass(frozen=True)
class Shown:
    """A text, the kind of its origin (key of `MARKS`), and the sentence about it."""

    text: str
    kind: str = ""
    sentence: str = ""


class SelectionValues:
    """Values of the selected buildings, read once for one refresh of the panel.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self.city = document.city
        self.ids = [name for name in document.selection if name in self.city.buildings]
        self.rows = self.city.buildings.rows(self.ids)
        self.specs = self._specs()

    @property
    def too_many(self) -> bool:
        """Whether the selection is too large to resolve its specs."""
        return len(self.ids) > SPEC_LIMIT

    def column(self, name: str) -> Shown:
        """A column of the building table as text, or the spec's value where the building has none of its own."""
        if name in OVERRIDE_COLUMNS:
            return self._override(name)
        values = self.city.buildings.column(name)[self.rows]
        if COLUMNS[name].kind == "number":
            years = name == "year_built"
            text = _years(values) if years else range_text(values)
        else:
            text = mixed_text([str(value) for value in values])
        origins = self.city.buildings.columns.get(f"{name}_origin")
        kinds = {str(origin) for origin in origins[self.rows]} if origins is not None else set()
        kind = kinds.pop() if len(kinds) == 1 else ""
        sentences = {"assumed": "Assumed when archetypes were assigned", "edited": "Edited in this project"}
        return Shown(text, kind, sentences.get(kind, ""))

    def reflectance(self, name: str) -> Shown:
        """Solar reflectance of walls or roofs: the building's own, its whole's where it is a part, or the default."""
        own = self.city.buildings.column(name).astype(float)
        buildings = self.city.buildings
        above = [str(name) for name in buildings.column("parent_id")[self.rows]]
        parents = [buildings.row(up) if up in buildings else row for up, row in zip(above, self.rows, strict=True)]
        mine, whole = own[self.rows], own[parents]
        default = float(getattr(self.document.solar_conditions, name))
        used = np.where(np.isfinite(mine), mine, np.where(np.isfinite(whole), whole, default))
        edited, inherited = np.isfinite(mine), ~np.isfinite(mine) & np.isfinite(whole)
        if edited.all():
            return Shown(range_text(used), "edited", "Edited in this project; empty it to go back to the default")
        if inherited.all():
            return Shown(range_text(used), "edited", "Of the building that this is a part of")
        if not (edited | inherited).any():
            sentence = (
                f"Unknown: the district's default {number_text(default)}, see the inspector with nothing selected"
            )
            return Shown(range_text(used), "assumed", sentence)
        known = int((edited | inherited).sum())
        return Shown(range_text(used), "assumed", f"{known} known, the others have the default {number_text(default)}")

    def spec(self, name: str) -> Shown:
        """A field of the energy specs as text."""
        if not self.specs:
            if self.too_many:
                return Shown("–", "", f"Select at most {number_text(SPEC_LIMIT, 9)} buildings to see this")
            return Shown("–", "", "Assign archetypes first" if self.ids else "")
        values = [_spec_value(spec, name) for spec in self.specs]
        numbers = isinstance(values[0], int | float)
        text = range_text(values) if numbers else mixed_text([str(value) for value in values])
        sentences = {spec.origins.get("cop_coefficients" if name == COP else name, "") for spec in self.specs}
        sentence = sentences.pop() if len(sentences) == 1 else f"{len(sentences)} origins"
        return Shown(text, origin_kind(sentence), sentence)

    def measured(self, name: str) -> Shown:
        """Height, volume, or the area of ``ground``, ``wall`` or ``roof``, from the geometry."""
        if name == "height":
            text = self.height_text()
        elif name == "volume":
            text = number_text(self.volume_m3())
        else:
            text = number_text(self.area_m2(SurfaceKind[name.upper()]))
        return Shown(text, "", "From the geometry")

    def area_m2(self, kind: SurfaceKind) -> float:
        """Area of one kind of surface over the whole selection [m²]."""
        areas = self.city.surfaces.building_area_m2(kind, len(self.city.buildings))
        return float(areas[self.rows].sum())

    def volume_m3(self) -> float:
        """Volume of the selection [m³]."""
        return float(self.city.volumes_m3()[self.rows].sum())

    def height_text(self) -> str:
        """Height over the lowest point [m], from the geometry."""
        low, high = self.city.bounds_m
        return range_text(high[self.rows, 2] - low[self.rows, 2])

    def _override(self, name: str) -> Shown:
        own = self.city.buildings.column(name)[self.rows].astype(float)
        shown = self.spec(name)
        edited = int(np.isfinite(own).sum())
        if edited == len(own) and edited and "package" not in shown.kind:
            return Shown(range_text(own), "edited", shown.sentence or "Edited in this project")
        return shown

    def _specs(self) -> list[Any]:
        if self.too_many:
            return []
        scenario = self.document.active_scenario
        specs = []
        for name in self.ids:
            try:
                specs.append(self.document.energy_spec(name, scenario))
            except KnownError:
                # No archetype yet: the rows show a dash and the panel offers to assign one.
                return []
        return specs


def mixed_text(texts: list[str]) -> str:
    """One text, or ``3 values`` for a mixed selection; an en dash when nothing is known."""
    known = sorted(set(texts) - {""})
    if not known:
        return "–"
    return known[0] if len(known) == 1 and "" not in texts else f"{len(set(texts))} values"


def _spec_value(spec: Any, name: str) -> float | str:
    """Field of a specification as it is shown; nan where it means nothing for this building."""
    if name == COP:
        lift = np.array([spec.supply_temperature_c - COP_SOURCE_C])
        coefficients, factor = spec.cop_coefficients, spec.heating_efficiency
        return float(coefficient_of_performance(coefficients, lift, factor)[0]) if coefficients else math.nan
    value: float | str = getattr(spec, name)
    if name.endswith("_carrier"):
        return carrier_title(str(value)) if value else ""
    if name == "heat_source":
        return HEAT_SOURCES.get(str(value), str(value))
    return value.replace("_", " ") if isinstance(value, str) else value


def origin_kind(sentence: str) -> str:
    """Kind of origin that a sentence of an energy spec tells of."""
    first = sentence.partition(" ")[0]
    return first if first in ("package", "edited", "assumed", "archetype") else ""


def _years(values: Any) -> str:
    known = sorted({int(value) for value in values if math.isfinite(value)})
    if not known:
        return "–"
    return str(known[0]) if len(known) == 1 else f"{known[0]}–{known[-1]}"
