"""What the inspector shows of a selection: values, ranges and where they come from."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from citytwin_desktop.analysis.heat_pump import coefficient_of_performance
from citytwin_desktop.catalog.carriers import carrier_title
from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS
from citytwin_desktop.city.kinds import Origin, SurfaceKind
from citytwin_desktop.city.measured import measured_quantity
from citytwin_desktop.city.wholes import with_parts
from citytwin_desktop.document.explaining.column_values import COP, COP_SOURCE_C
from citytwin_desktop.document.explaining.inputs import origin_kind
from citytwin_desktop.document.explaining.origins import column_origin, origin_sentence, origins_sentence
from citytwin_desktop.document.explaining.subjects import counted
from citytwin_desktop.document.specifications import packages_of
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.inspector_rows import HEAT_SOURCES
from citytwin_desktop.ui.numbers import range_text

SPEC_LIMIT = 2000
"""More different specifications are not put together for the panel; `SelectionValues.spec` says so."""


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

    Attributes
    ----------
    ids : list of str
    rows : ndarray, (k,) int64
    specs : list of EnergySpec
        Different ones among the selection; empty where one has no archetype yet.
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self.city = document.city
        self.ids, self.rows = _standing(self.city.buildings, document.selection)
        self.too_many = False
        self.specs = self._specs()

    def column(self, name: str) -> Shown:
        """A column of the building table as text, or the spec's value where the building has none of its own."""
        if name in OVERRIDE_COLUMNS:
            return self._override(name)
        values = self.city.buildings.column(name)[self.rows]
        if COLUMNS[name].kind == "number":
            text = _years(values) if name == "year_built" else _range(values)
        elif name == "id" and len(values) > 1:
            text = f"{number_text(len(values), 9)} values"
        else:
            text = mixed_text(values.tolist())
        return Shown(text, *self._origin(name))

    def _origin(self, name: str) -> tuple[str, str]:
        """Kind and sentence of a column's origin; of many buildings only the kinds are told apart."""
        if len(self.rows) == 1:
            return column_origin(self.document, int(self.rows[0]), name) if name in _TOLD else ("", "")
        origins = self.city.buildings.columns.get(f"{name}_origin")
        if origins is None:
            return "", ""
        kinds = set(origins[self.rows].tolist())
        kind = next(iter(kinds)) if len(kinds) == 1 else Origin.SOURCE
        return ("" if kind == Origin.SOURCE else kind), origins_sentence(kinds)

    def reflectance(self, name: str) -> Shown:
        """Solar reflectance of walls or roofs: the building's own, its whole's where it is a part, or the default."""
        own, buildings = self.city.buildings.column(name).astype(float), self.city.buildings
        mine = whole = own[self.rows]
        if (parts := buildings.column("parent_id")[self.rows].astype(bool)).any():
            whole = mine.copy()
            whole[parts] = own[buildings.parent_row()[self.rows[parts]]]
        default = float(getattr(self.document.solar_conditions, name))
        used = np.where(np.isfinite(mine), mine, np.where(np.isfinite(whole), whole, default))
        edited, inherited = np.isfinite(mine), ~np.isfinite(mine) & np.isfinite(whole)
        if edited.all():
            edit = origin_sentence(Origin.EDITED)
            return Shown(_range(used), "edited", f"{edit}; empty it to go back to the default")
        if inherited.all():
            return Shown(_range(used), "edited", "Of the building that this is a part of")
        if not (edited | inherited).any():
            sentence = (
                f"Unknown: the district's default {number_text(default)}, see the inspector with nothing selected"
            )
            return Shown(_range(used), "assumed", sentence)
        known = int((edited | inherited).sum())
        return Shown(_range(used), "assumed", f"{known} known, the others have the default {number_text(default)}")

    def spec(self, name: str) -> Shown:
        """A field of the energy specs as text."""
        if not self.specs:
            if self.too_many:
                return Shown("–", "", f"More than {number_text(SPEC_LIMIT, 9)} different buildings: select fewer")
            return Shown("–", "", "Assign archetypes first" if self.ids else "")
        values = [_spec_value(spec, name) for spec in self.specs]
        numbers = isinstance(values[0], int | float)
        text = range_text(values) if numbers else mixed_text([str(value) for value in values])
        sentences = {spec.origins.get("cop_coefficients" if name == COP else name, "") for spec in self.specs}
        kinds = {origin_kind(sentence) for sentence in sentences}
        kind = kinds.pop() if len(kinds) == 1 else ""
        return Shown(text, kind, sentences.pop() if len(sentences) == 1 else f"{len(sentences)} origins")

    def measured(self, name: str) -> Shown:
        """Height, volume, or the area of ``ground``, ``wall`` or ``roof``, from the geometry."""
        if name == "height":
            text = self.height_text()
        elif name == "volume":
            text = number_text(self.volume_m3())
        else:
            text = number_text(self.area_m2(SurfaceKind[name.upper()]))
        parts = len(with_parts(self.city.buildings, self.rows)) - len(self.rows)
        told = f", {counted(parts, 'part')} among it" if parts else ""
        return Shown(text, "", f"From the geometry{told}")

    def area_m2(self, kind: SurfaceKind) -> float:
        """Area of one kind of surface over the whole selection [m²]."""
        surfaces = self._part.surfaces
        return float(surfaces.polygons.areas_m2[surfaces.kind == kind].sum())

    def volume_m3(self) -> float:
        """Volume of the selection [m³]."""
        return float(self._part.volumes_m3().sum())

    def height_text(self) -> str:
        """Height over the lowest point [m], from the geometry; of a building with its parts."""
        return _range(measured_quantity(self.city, "measured_height_m")[self.rows])

    @cached_property
    def _part(self) -> Any:
        """The selection with its parts as a city of its own: nothing is measured on all the others."""
        return self.city.at_rows(with_parts(self.city.buildings, self.rows))

    def packages(self) -> set[str]:
        """Identifiers of the packages that the selection has in the active scenario, an empty one for none."""
        scenario = self.document.scenario(self.document.active_scenario)
        return set(packages_of(self.city.buildings, scenario, self.rows)) or {""}

    def _override(self, name: str) -> Shown:
        own = self.city.buildings.column(name)[self.rows]
        shown = self.spec(name)
        if len(own) and np.isfinite(own).all():
            if self.too_many:
                return Shown(_range(own), "", "Own values of the buildings")
            if not self.specs:
                return Shown(_range(own), "edited", origin_sentence(Origin.EDITED))
        return shown

    def _specs(self) -> list[Any]:
        """Different specifications of the selection: buildings that are alike share one."""
        document = self.document
        every = document.keys.specs(document.project.district, document.active_scenario)
        found = list(map(every.get, self.ids))
        distinct = dict(zip(map(id, found), found, strict=True))
        lacking = distinct.pop(id(None), self) is None
        missing = [name for name, spec in zip(self.ids, found, strict=True) if spec is None] if lacking else []
        try:
            # Buildings without surfaces of their own may have an archetype too.
            apart = [document.energy_spec(name, document.active_scenario) for name in missing]
        except KnownError:
            # No archetype yet: the rows show a dash and the panel offers to assign one.
            return []
        distinct |= {id(spec): spec for spec in apart}
        self.too_many = len(distinct) > SPEC_LIMIT
        return [] if self.too_many else list(distinct.values())


def _standing(buildings: Any, selection: tuple[str, ...]) -> tuple[list[str], Any]:
    """Selected buildings that are there, and their rows; remembered, for edits leave both as they are."""
    if _last and _last[0] is selection and _last[1] is buildings.ids:
        return list(_last[2]), _last[3]
    ids = list(selection)
    try:
        rows = buildings.rows(ids)
    except KnownError:
        ids = [name for name in ids if name in buildings]
        rows = buildings.rows(ids)
    _last[:] = [selection, buildings.ids, ids, rows]
    return list(ids), rows


_last: list[Any] = []
_TOLD = ("name", "function", "year_built", "storeys", "archetype_id")


def mixed_text(texts: list[str]) -> str:
    """One text, or ``3 values`` for a mixed selection; an en dash when nothing is known."""
    every = set(texts)
    if len(every) > 1:
        return f"{number_text(len(every), 9)} values"
    return next(iter(every), "") or "–"


def _range(values: Any) -> str:
    """One number, or the ends of a range; an en dash when nothing is known."""
    known = values[np.isfinite(values)]
    return range_text([float(known.min()), float(known.max())]) if len(known) else "–"


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


def _years(values: Any) -> str:
    known = values[np.isfinite(values)]
    if not len(known):
        return "–"
    first, last = int(known.min()), int(known.max())
    return str(first) if first == last else f"{first}–{last}"
