"""Solar values explained: beam, sky and reflected light of a surface or cell; means over a building by kind."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import hour_label, month_of_hour
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.explaining.run_facts import facts_of, since_run
from citytwin_desktop.document.explaining.solar_inputs import solar_inputs
from citytwin_desktop.document.explaining.subjects import (
    IntArray,
    counted,
    kind_title,
    rows_of,
    subject_of,
    surfaces_of_rows,
    time_words,
)
from citytwin_desktop.document.explanation import Explanation, Question, Term
from citytwin_desktop.document.solar_values import SMALLEST_AREA_M2, SolarShown, SolarTime
from citytwin_desktop.document.variables import HOURLY_SOLAR, VARIABLES, Variable
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.sim.solar.hours import HourSynthesis

_WH_PER_KWH, _DAY_HOURS = 1000.0, 24
_PARTS = ("Beam: straight from the sun", "Diffuse: straight from the sky", "Reflected by ground and other surfaces")
_WORDS = {
    "solar_irradiation": "Sunlight that arrives on a square metre: beam, sky and reflected light, hour by hour, summed",
    "solar_irradiance": "Sunlight that arrives on a square metre in the hour: beam, sky and reflected light",
    "solar_irradiance_beam": "Direct normal irradiance of the weather, times the cosine of its angle to the surface, "
    "times the share of the surface that the sun reaches",
    "solar_irradiance_diffuse": "Radiance of each patch of the sky (Perez model) times how much of it the surface sees",
    "solar_irradiance_reflected": "Light of sun and sky that comes by way of the ground or of other surfaces",
    "direct_sunlight": "Hours of the day in which the sun stands above the horizon and reaches the surface, as the "
    "mean over it; clouds are not counted",
    "sky_view_factor": "Share of the light of an evenly bright sky that the surface would get, against a level plane "
    "in the open",
}
_FORMULAS = {
    "solar_irradiation": "H = Σ_h (E_beam + E_sky + E_reflected)",
    "solar_irradiance": "E = E_beam + E_sky + E_reflected",
    "solar_irradiance_beam": "E_beam = DNI · cos θ · s",
    "solar_irradiance_diffuse": "E_sky = Σ_patches L_p · d_p",
    "solar_irradiance_reflected": "E_r = Σ_patches L_p · r_p + DNI · r_sun",
    "direct_sunlight": "t = Σ_h up_h · s_h",
}
_SOURCES = (
    "Sky: Perez et al. 1993, all-weather model for sky luminance distribution, doi:10.1016/0038-092X(93)90017-I",
    "Shadows and reflections: rays against all buildings, terrain and trees; see the settings",
)


def explain_solar(document: Document, question: Question, chosen: Variable) -> Explanation:
    """Explain a solar variable of a cell, a surface, some buildings or the city.

    Raises
    ------
    KnownError
        When there is no such time or cell.
    """
    if chosen.name in HOURLY_SOLAR or chosen.name == "direct_sunlight":
        hour = document.hour if question.hour is None else question.hour
        question = replace(question, hour=hour, month=None, hours=None)
    elif chosen.name == "sky_view_factor":
        question = replace(question, hour=None, month=None, hours=None)
    elif question.hour is not None:
        question = replace(question, hours=(question.hour, question.hour + 1), hour=None)
    made = Explanation(
        question, _title(document, question, chosen), subject_of(document, question), None, _unit(chosen, question),
        _WORDS[chosen.name], _FORMULAS.get(chosen.name, ""), sources=_SOURCES,
    )  # fmt: skip
    if question.cell is not None:
        return _of_cell(document, made, chosen)
    shown = document.solar.shown()
    if not shown.key:
        return replace(made, freshness="No result: run solar", inputs=solar_inputs(document, question))
    made = _with_run(document, made, shown)
    values = document.surface_values(
        chosen.name, question.scenario_id, question.hour, question.month, question.hours
    ).values
    if question.surface is not None:
        return _of_surface(document, made, chosen, shown, float(values[question.surface]))
    return _of_rows(document, made, values)


def _title(document: Document, question: Question, chosen: Variable) -> str:
    if chosen.name == "direct_sunlight":
        return f"{chosen.title}, {hour_label(question.hour or 0, document.year_hours)[:-6]}"
    when = time_words(document, question)
    return chosen.title if when == "year" else f"{chosen.title}, {when}"


def _unit(chosen: Variable, question: Question) -> str:
    return chosen.surface_unit(year=question.month is None and question.hours is None).replace("–", "")


def _with_run(document: Document, made: Explanation, shown: SolarShown) -> Explanation:
    with document.project.reading() as connection:
        found = result_store.about(connection, shown.key)
    remarks = (
        [] if shown.exact else ["The first map: hours are interpolated between some days; run solar for exact hours."]
    )
    changes: tuple[str, ...] = ()
    if not shown.fresh:
        changes = since_run(document, found, (), BASELINE, solar=True)
    return replace(
        made, run=facts_of(found) if found else None, state="fresh" if shown.fresh else "stale", changes=changes,
        freshness="Fresh: of today's inputs" if shown.fresh else "Stale: inputs have changed since; run solar again",
        inputs=solar_inputs(document, made.question), remarks=tuple(remarks),
    )  # fmt: skip


def _of_surface(
    document: Document, made: Explanation, chosen: Variable, shown: SolarShown, value: float
) -> Explanation:
    surface = made.question.surface
    receiver = int(document.solar.receivers(shown)[surface]) if surface is not None else -1
    if not math.isfinite(value) or receiver < 0 or document.weather is None:
        return replace(made, remarks=(*made.remarks, "No value here: the surface was not in the run, or has no area."))
    synthesis = document.solar.synthesis(shown.operators)
    terms, combine = _arithmetic(synthesis, made.question, chosen, receiver)
    return replace(made, value=value, terms=terms, combine=combine)


def _of_cell(document: Document, made: Explanation, chosen: Variable) -> Explanation:
    question, cells = made.question, document.solar_cells
    if cells.layout is None:
        raise KnownError("There is no map of cells: make one first.")
    found = cells.values(chosen.name, SolarTime(question.hour or 0, question.month, question.hours))
    if found is None or question.cell is None:
        raise KnownError("No weather file: choose one.")
    if not 0 <= question.cell < len(found.values):
        msg = f"There is no cell {question.cell}: the map has {len(found.values)}, counted from 0."
        raise KnownError(msg)
    value = float(found.values[question.cell])
    terms, combine = _arithmetic(cells.synthesis, question, chosen, question.cell)
    return replace(
        made, value=value, state="stale" if found.stale else "fresh", inputs=solar_inputs(document, question),
        freshness="Stale: the city has changed since the map was made" if found.stale else "Fresh: of today's inputs",
        remarks=(f"From a map of cells of {cells.cell_size_m:g} m, made for this session and not stored.",),
        terms=terms, combine=combine,
    )  # fmt: skip


def _arithmetic(
    synthesis: HourSynthesis, question: Question, chosen: Variable, receiver: int
) -> tuple[tuple[Term, ...], str]:
    """Lines of the value of one receiver, and how they go together."""
    if chosen.name == "solar_irradiance_beam":
        return _beam(synthesis, question.hour or 0, receiver), "till"
    if chosen.name == "direct_sunlight":
        return _sunlit(synthesis, (question.hour or 0) // _DAY_HOURS, receiver), "till"
    if chosen.name in ("solar_irradiance_diffuse", "solar_irradiance_reflected"):
        view = float(synthesis.operators.sky_view_factor[receiver])
        hour = question.hour or 0
        weather = synthesis.weather
        told = (
            Term("Sky view factor", view, "", ""),
            Term(
                "Diffuse irradiance on a level plane, weather",
                float(weather.diffuse_horizontal_wh_m2[hour]),
                "W/m²",
                "",
            ),
            Term(
                "Global irradiance on a level plane, weather", float(weather.global_horizontal_wh_m2[hour]), "W/m²", ""
            ),
        )
        return told, ""
    if chosen.name == "sky_view_factor":
        return (), ""
    return _parts(synthesis, question, receiver), "till"


def _parts(synthesis: HourSynthesis, question: Question, receiver: int) -> tuple[Term, ...]:
    """Beam, sky and reflected light of one receiver, worked out anew from the operators."""
    if question.hour is not None:
        hours, divisor, unit = np.array([question.hour]), 1.0, "W/m²"
    else:
        year = question.month is None and question.hours is None
        hours, divisor = _hours(synthesis, question), _WH_PER_KWH
        unit = VARIABLES["solar_irradiation"].surface_unit(year=year)
    found = synthesis.parts_of(np.array([receiver]), hours)
    return tuple(
        Term(name, float(part.sum(dtype=np.float64)) / divisor, unit) for name, part in zip(_PARTS, found, strict=True)
    )


def _hours(synthesis: HourSynthesis, question: Question) -> NDArray[np.int64]:
    """Hours with light that a question is about."""
    bright = synthesis.year.radiance.any(axis=1) | (synthesis.year.beam_w_m2 > 0.0)
    if question.hours is not None:
        bright[: question.hours[0]] = bright[question.hours[1] :] = False
    elif question.month is not None:
        bright &= month_of_hour(len(bright)) == question.month
    return np.flatnonzero(bright)


def _beam(synthesis: HourSynthesis, hour: int, receiver: int) -> tuple[Term, ...]:
    sun = synthesis.year.path.direction[hour]
    cosine = max(float(synthesis.operators.normals[receiver] @ sun), 0.0)
    height = math.degrees(math.asin(min(max(float(sun[2]), -1.0), 1.0)))
    return (
        Term(
            "Direct normal irradiance",
            float(synthesis.year.beam_w_m2[hour]),
            "W/m²",
            note=f"sun {height:.1f}° above the horizon",
        ),
        Term("Cosine of its angle to the surface", cosine, "", "×"),
        Term("Share of the surface that the sun reaches", float(synthesis.sunlit_share(hour)[receiver]), "", "×"),
    )


def _sunlit(synthesis: HourSynthesis, day: int, receiver: int) -> tuple[Term, ...]:
    up, count = synthesis.year.path.daylit_share, synthesis.weather.hours
    terms = []
    for hour in range(_DAY_HOURS * day, _DAY_HOURS * day + _DAY_HOURS):
        share = float(up[hour]) * float(synthesis.sunlit_share(hour)[receiver]) if up[hour] > 0.0 else 0.0
        if share > 0.0:
            terms.append(Term(f"From {hour_label(hour, count)[-5:]}", share, "h"))
    return tuple(terms)


def _of_rows(document: Document, made: Explanation, values: NDArray[np.float32]) -> Explanation:
    """Mean over the area of the surfaces of some buildings, by kind of surface."""
    rows, city = rows_of(document, made.question), document.city
    surfaces = surfaces_of_rows(document, rows)
    area = city.surfaces.polygons.areas_m2
    # Grounds and party walls see no light at all: a mean that counts them would say nothing.
    known = surfaces[np.isfinite(values[surfaces]) & (area[surfaces] >= SMALLEST_AREA_M2)]
    lit = known[_lit(document)[known]]
    known = lit if len(lit) else known
    if not len(known):
        return replace(made, remarks=(*made.remarks, "No surface with a value."))
    terms = [
        _kind_term(values, area, city.surfaces.kind, known, int(kind), made.unit)
        for kind in np.unique(city.surfaces.kind[known])
    ]
    total = float(area[known].sum())
    mean = float((values[known].astype(np.float64) * area[known]).sum() / total)
    remarks = [
        f"Mean over {counted(len(known), 'surface')} that light can reach, by area.",
        "Choose one surface to see its beam, sky and reflected light.",
    ]
    return replace(
        made, value=mean, terms=(*terms, Term("Area of all of them", total, "m²", "÷")),
        formula="H = Σ_surfaces H_s · A_s ÷ Σ A_s", remarks=(*made.remarks, *remarks),
        beside=(Term("Over the whole area", mean * total, made.unit.replace("/m²a", "/a").replace("/m²", ""), ""),)
        if "/m²" in made.unit else (),
    )  # fmt: skip


def _kind_term(
    values: NDArray[np.float32],
    area: NDArray[np.float64],
    kinds: NDArray[np.uint8],
    known: IntArray,
    kind: int,
    unit: str,
) -> Term:
    mine = known[kinds[known] == kind]
    size = float(area[mine].sum())
    whole = float((values[mine].astype(np.float64) * area[mine]).sum())
    parts = (Term("Mean over their area", whole / size, unit), Term("Area", size, "m²", "×"))
    return Term(
        f"{kind_title(kind)}, {counted(len(mine), 'surface')}",
        whole,
        unit.replace("/m²a", "/a").replace("/m²", "") or "m²",
        parts=parts,
    )


def _lit(document: Document) -> NDArray[np.bool_]:
    """(n_surfaces,) bool: surfaces that see sky or anything that shines, as the tables of results count them."""
    shown = document.solar.shown()
    receiver = document.solar.receivers(shown)
    seasons = document.solar.synthesis(shown.operators).operators.seasons
    scale = np.sum([season.sky_direct.scale + season.sky_reflected.scale for season in seasons], axis=0)
    return np.asarray((receiver >= 0) & (scale[receiver] > 0.0))
