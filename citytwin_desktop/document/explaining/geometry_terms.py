"""Height, volume and areas explained by the surfaces they are measured on."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.measured import OWN_GROUND, measured_quantity
from citytwin_desktop.city.numbers import number_text, range_text
from citytwin_desktop.document.delivered_values import source_of
from citytwin_desktop.document.explaining.inputs import column_inputs
from citytwin_desktop.document.explaining.subjects import (
    MOST_NAMED,
    IntArray,
    counted,
    kind_title,
    rows_of,
    subject_of,
    surfaces_of_rows,
)
from citytwin_desktop.document.explanation import Explanation, Question, Term

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

_TITLES = {
    "height": ("Height", "m"),
    "volume": ("Volume", "m³"),
    "ground": ("Ground area", "m²"),
    "wall": ("Wall area", "m²"),
    "roof": ("Roof area", "m²"),
    "floor": ("Floor area", "m²"),
}
_WORDS = {
    "height": "Highest corner less lowest corner of the building's surfaces",
    "volume": "Volume enclosed by the surfaces: each one's area in plan times its mean height over the lowest "
    "corner, up or down as it faces (divergence theorem); upright walls add nothing",
    "floor": "Ground area times storeys above ground, as tables and conditions count it",
}

_FORMULAS = {"height": "h = z_max − z_min", "volume": "V = Σ_s A_s,plan · z̄_s", "floor": "A = A_ground · n"}


def explain_geometry(document: Document, question: Question) -> Explanation:
    """Explain what is measured on the geometry.

    Parameters
    ----------
    document : Document
    question : Question
        Its column is one of `citytwin_desktop.document.explanation.GEOMETRY`.
    """
    rows = rows_of(document, question)
    title, unit = _TITLES[question.column]
    made = {"height": _height, "volume": _volume, "floor": _floor}.get(question.column, _area)(document, question, rows)
    name = question.column if question.column in _WORDS else ""
    words = _WORDS[name] if name else f"Sum of the areas of the {question.column} surfaces, openings taken off as drawn"
    formula = _FORMULAS.get(question.column, "A = Σ_s A_s")
    sources = sorted({source_of(document.city.buildings, int(row)) for row in rows[:MOST_NAMED]} - {""})
    told = tuple(f"Geometry from {item}" for item in sources) or ("Which file the geometry is from was not noted",)
    return replace(
        made, title=title, unit=unit, words=words, formula=formula, sources=told,
        inputs=column_inputs(document, rows, ("lod", "storeys") if question.column == "floor" else ("lod",)),
    )  # fmt: skip


def _empty(document: Document, question: Question) -> Explanation:
    return Explanation(question, "", subject_of(document, question), None)


def _height(document: Document, question: Question, rows: IntArray) -> Explanation:
    low, high = (bound[rows, 2] for bound in document.city.bounds_m)
    made, base = _empty(document, question), document.city.origin[2]
    if not len(rows):
        return replace(made, remarks=("No surfaces of its own.",))
    if len(rows) > 1 and len(question.building_ids) != 1:
        heights = high - low
        text = range_text(heights.tolist())
        order = np.argsort(-heights)[:MOST_NAMED]
        ids = document.city.buildings.ids
        terms = tuple(
            Term(str(ids[rows[place]]), float(heights[place]), "m", building=str(ids[rows[place]])) for place in order
        )
        return replace(made, value=text, terms=terms, combine="", remarks=(f"The highest of {counted(len(rows))}.",))
    top, bottom = float(high.max()), float(low.min())
    terms = (
        Term("Highest corner", top + base, "m", note="height of the source's reference system"),
        Term("Lowest corner", bottom + base, "m", "−"),
    )
    return replace(made, value=top - bottom, terms=terms)


def _area(document: Document, question: Question, rows: IntArray) -> Explanation:
    surfaces = document.city.surfaces
    mine = surfaces_of_rows(document, rows)
    mine = mine[surfaces.kind[mine] == SurfaceKind[question.column.upper()]]
    area = surfaces.polygons.areas_m2[mine]
    order = np.argsort(-area, kind="stable")
    named, rest = order[:MOST_NAMED], order[MOST_NAMED:]
    terms = [Term(str(surfaces.source_id[mine[place]]), float(area[place]), "m²") for place in named]
    if len(rest):
        terms.append(Term(counted(len(rest), "smaller one"), float(area[rest].sum()), "m²"))
    told = f"{counted(len(mine), 'surface')} counted of {counted(len(rows))}."
    return replace(_empty(document, question), value=math.fsum(area), terms=tuple(terms), remarks=(told,))


def _floor(document: Document, question: Question, rows: IntArray) -> Explanation:
    ground = measured_quantity(document.city, OWN_GROUND)[rows]
    storeys = document.city.buildings.columns["storeys"][rows]
    known = np.isfinite(ground * storeys)
    made, unknown = _empty(document, question), int((~known).sum())
    if not known.any():
        return replace(made, remarks=("The storeys are unknown.",))
    area = (ground * storeys)[known]
    terms: tuple[Term, ...] = (
        Term("Ground area", float(ground[0]), "m²"), Term("Storeys above ground", float(storeys[0]), "", "×")
    )  # fmt: skip
    if len(rows) > 1:
        terms = _by_building(document, rows[known], area, "m²")
    told = (f"Of {counted(unknown)} the storeys are unknown.",) if unknown else ()
    return replace(made, value=math.fsum(area), terms=terms, remarks=told)


def _volume(document: Document, question: Question, rows: IntArray) -> Explanation:
    volumes = document.city.volumes_m3()[rows]
    made = replace(_empty(document, question), value=math.fsum(volumes))
    if len(rows) != 1:
        return replace(made, terms=_by_building(document, rows, volumes, "m³"))
    return replace(made, terms=_columns_under(document, int(rows[0])))


def _by_building(document: Document, rows: IntArray, values: NDArray[np.float64], unit: str) -> tuple[Term, ...]:
    """The greatest ones by themselves, all others together."""
    names, order = document.city.buildings.ids[rows], np.argsort(-values)
    named, rest = order[:MOST_NAMED], order[MOST_NAMED:]
    terms = [Term(str(names[place]), float(values[place]), unit, building=str(names[place])) for place in named]
    if len(rest):
        terms.append(Term(counted(len(rest), "other"), math.fsum(values[rest]), unit))
    return tuple(terms)


def _columns_under(document: Document, row: int) -> tuple[Term, ...]:
    """Volume of one building by kind of surface: of what stands under those that face up, less those that face down."""
    surfaces, (low, high) = document.city.surfaces, document.city.bounds_m
    mine = np.arange(surfaces.of_building(row).start, surfaces.of_building(row).stop)
    plan = surfaces.polygons.area_vectors_m2[mine, 2]
    moment = np.array([_moment(document, int(place), float(low[row, 2])) for place in mine])
    total = float(moment.sum()) - min(float(plan.sum()), 0.0) * float(high[row, 2] - low[row, 2])
    sign = 1.0 if total >= 0 else -1.0
    terms = []
    for kind in np.unique(surfaces.kind[mine]):
        chosen = surfaces.kind[mine] == kind
        value = sign * float(moment[chosen].sum())
        if abs(value) > 1e-6:
            name = f"{kind_title(int(kind))}, {counted(int(chosen.sum()), 'surface')}"
            note = f"{number_text(abs(float(plan[chosen].sum())))} m² in plan"
            terms.append(Term(name, abs(value), "m³", "+" if value >= 0 else "−", note))
    if plan.sum() < -1e-6:
        missing = sign * -float(plan.sum()) * float(high[row, 2] - low[row, 2])
        terms.append(
            Term("Missing roof, taken to lie at the highest corner", abs(missing), "m³", "+" if missing >= 0 else "−")
        )
    return tuple(terms)


def _moment(document: Document, surface: int, base_m: float) -> float:
    """Volume between one surface and the level of a base, positive where it faces up [m3]."""
    polygon = document.city.surfaces.polygons.stretch(surface, surface + 1)
    vertices: NDArray[np.float64] = polygon.vertices
    following = polygon.following_vertex
    first = vertices[0]
    here, there = vertices - first, vertices[following] - first
    area = (here[:, 0] * there[:, 1] - there[:, 0] * here[:, 1]) / 2.0
    # Fan triangles from the first corner: its height nought, those of the other two over it.
    height = (here[:, 2] + there[:, 2]) / 3.0 + (first[2] - base_m)
    return float((area * height).sum())
