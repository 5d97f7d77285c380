"""“Explain this number”: the formula of a value with its numbers, its inputs with origins, and the run behind it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from citytwin_desktop.catalog.carriers import carrier_title
from citytwin_desktop.errors import BugError, KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

Value = float | str | None
GEOMETRY = ("height", "volume", "ground", "wall", "roof", "floor")
"""Columns that are measured on the geometry, as the inspector calls them."""
_TOLD_AS = {
    "measured_height_m": "height", "volume_m3": "volume", "footprint_area_m2": "ground", "wall_area_m2": "wall",
    "roof_area_m2": "roof", "floor_area_m2": "floor", "package_id": "package",
}  # fmt: skip
"""What tables, charts and conditions call them."""


@dataclass(frozen=True)
class Question:
    """Which number is asked about.

    Parameters
    ----------
    variable : str
        Of `citytwin_desktop.document.variables`, empty for a value of the building table.
    scenario_id : str
    building_ids : tuple of str
        Buildings that it is of; none for the whole city.
    surface : int, optional
        Surface of the city: the value as it is painted there.
    cell : int, optional
        Cell of the solar map.
    hour : int, optional
        Hour of the year.
    month : int, optional
        0 to 11.
    hours : tuple of int, optional
        First hour of a span, and the one after its last.
    column : str
        Column of the building table, field of the energy specification, or one of `GEOMETRY`; together with
        ``final_energy`` the carrier.
    """

    variable: str = ""
    scenario_id: str = "baseline"
    building_ids: tuple[str, ...] = ()
    surface: int | None = None
    cell: int | None = None
    hour: int | None = None
    month: int | None = None
    hours: tuple[int, int] | None = None
    column: str = ""


@dataclass(frozen=True)
class Term:
    """One line of the arithmetic.

    Parameters
    ----------
    name : str
    value : float
    unit : str
    operation : str
        ``+``, ``−``, ``×`` or ``÷``: how it is put to the lines above; empty for what is only told beside.
    note : str
    parts : tuple of Term
        Arithmetic that gives the value itself.
    building : str
        Building that the line is of, to go to.
    """

    name: str
    value: float
    unit: str = ""
    operation: str = "+"
    note: str = ""
    parts: tuple[Term, ...] = ()
    building: str = ""


@dataclass(frozen=True)
class Input:
    """Something that the value depends on.

    Parameters
    ----------
    name : str
    value : float, str or None
        None where it is unknown.
    unit : str
    origin : str
        Sentence on where it comes from.
    kind : str
        ``archetype``, ``edited``, ``package``, ``assumed``, ``estimate``, ``derived``; empty for what is measured or
        from a source.
    column : str
        Column in which it can be edited, empty for none.
    """

    name: str
    value: Value
    unit: str = ""
    origin: str = ""
    kind: str = ""
    column: str = ""


@dataclass(frozen=True)
class RunFacts:
    """Who computed it, and how.

    Parameters
    ----------
    engine, version : str
    at : str
        UTC time, ISO 8601.
    cpu_s : float [s]
    key : str
        Beginning of the hash of all inputs.
    weather : str
        Name of the weather file at that time, empty when it was not noted.
    settings : tuple of (str, str)
    warnings : tuple of str
    error : str
        Expected error of an estimate, in words.
    results : int
        How many results these facts stand for; they are those of the first.
    """

    engine: str
    version: str
    at: str
    cpu_s: float
    key: str
    weather: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    results: int = 1


@dataclass(frozen=True)
class Explanation:
    """All that is known about one number; what is unknown is said, never invented.

    Parameters
    ----------
    question : Question
    title : str
        What it is.
    subject : str
        What it is of.
    value : float, str or None
        None when there is no such value.
    unit : str
    words : str
        The formula in a sentence.
    formula : str
        The formula in symbols, empty where there is none.
    terms : tuple of Term
        Its numbers; with ``combine`` they give the value.
    combine : str
        ``till``: line by line from nought; ``max``: the greatest line; empty where the lines only tell.
    beside : tuple of Term
        The same value in other units or per something.
    inputs : tuple of Input
    run : RunFacts, optional
    state : str
        ``fresh``, ``stale``, ``mixed`` or empty for what needs no run.
    freshness : str
        Sentence on that.
    changes : tuple of str
        What changed since, as far as the history tells.
    remarks : tuple of str
    sources : tuple of str
    """

    question: Question
    title: str
    subject: str
    value: Value
    unit: str = ""
    words: str = ""
    formula: str = ""
    terms: tuple[Term, ...] = ()
    combine: str = "till"
    beside: tuple[Term, ...] = ()
    inputs: tuple[Input, ...] = ()
    run: RunFacts | None = None
    state: str = ""
    freshness: str = ""
    changes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=())

    def recomputed(self) -> float:
        """The value that the shown lines give; nan where they only tell."""
        if not self.combine or not self.terms:
            return math.nan
        if self.combine == "max":
            return max(term.value for term in self.terms)
        return till(self.terms)


def till(terms: Iterable[Term]) -> float:
    """What lines of arithmetic give, one after the other from nought."""
    total = 0.0
    for term in terms:
        match term.operation:
            case "+":
                total += term.value
            case "−":
                total -= term.value
            case "×":
                total *= term.value
            case "÷":
                total = total / term.value if term.value else math.nan
            case "":
                continue
            case other:
                msg = f"there is no operation {other!r}"
                raise BugError(msg)
    return total


def explain(document: Document, question: Question) -> Explanation:
    """Explain one number of a document.

    Parameters
    ----------
    document : Document
    question : Question

    Raises
    ------
    KnownError
        When there is no such variable, column, building, surface or time.
    """
    from citytwin_desktop.document.explaining.collector_terms import explain_collectors
    from citytwin_desktop.document.explaining.column_values import explain_column
    from citytwin_desktop.document.explaining.energy_terms import explain_energy
    from citytwin_desktop.document.explaining.flow_terms import explain_flow
    from citytwin_desktop.document.explaining.geometry_terms import explain_geometry
    from citytwin_desktop.document.explaining.solar_terms import explain_solar
    from citytwin_desktop.document.variables import FLOW, variable

    _check(document, question)
    question = replace(question, column=_column_meant(document, question))
    if not question.variable:
        return (explain_geometry if question.column in GEOMETRY else explain_column)(document, question)
    chosen = variable(question.variable)
    if chosen.engine == "solar":
        return explain_solar(document, question, chosen)
    if chosen.engine == "collectors":
        return explain_collectors(document, question, chosen)
    return (explain_flow if chosen.kind == FLOW else explain_energy)(document, question, chosen)


def _column_meant(document: Document, question: Question) -> str:
    """Column by the name that is explained; a height that nobody noted is shown, and told, as measured."""
    if question.column == "height_m" and question.building_ids:
        buildings = document.city.buildings
        noted = buildings.columns["height_m"][buildings.rows(question.building_ids)]
        return "height" if all(map(math.isnan, noted.tolist())) else "height_m"
    return _TOLD_AS.get(question.column, question.column)


def _check(document: Document, question: Question) -> None:
    document.scenario(question.scenario_id)
    document.city.buildings.rows(question.building_ids)
    count, hours = len(document.city.surfaces), document.year_hours
    if not question.variable and not question.column:
        raise KnownError("Nothing to explain: name a variable or a column.")
    if question.variable and question.column:
        carrier_title(question.column)  # refuses what is none: it would be nought of every building
    if question.surface is not None and not 0 <= question.surface < count:
        msg = f"There is no surface {question.surface}: the city has {count}, counted from 0."
        raise KnownError(msg)
    if question.month is not None and not 0 <= question.month < 12:
        msg = f"There is no month {question.month + 1}: give 1 to 12."
        raise KnownError(msg)
    first, last = question.hours or (question.hour or 0, (question.hour or 0) + 1)
    if not 0 <= first < last <= hours:
        msg = f"Hours {first} to {last} are not in the year of {hours} hours: count them from 0."
        raise KnownError(msg)
