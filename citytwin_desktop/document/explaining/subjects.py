"""Which rows a question is about, and how they are called."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import MONTH_NAMES, hour_label
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.wholes import standing_rows, with_parts
from citytwin_desktop.document.explanation import Question

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

IntArray = NDArray[np.int64]
MOST_NAMED = 12
"""Lines of buildings or surfaces that are shown one by one; the others stand together in one line."""


def rows_of(document: Document, question: Question) -> IntArray:
    """(k,) int64: rows with geometry that a question is about, parts of chosen buildings among them.

    Parameters
    ----------
    document : Document
    question : Question
        Without buildings it is about the building of its surface, or else the whole city.
    """
    city = document.city
    if question.surface is not None and not question.building_ids:
        return np.array([city.surfaces.building[question.surface]], np.int64)
    if not question.building_ids:
        return city.rows_with_geometry
    return standing_rows(city, city.buildings.rows(question.building_ids))


def surfaces_of_rows(document: Document, rows: IntArray) -> IntArray:
    """(k,) int64: surfaces that some rows own."""
    mine = np.zeros(len(document.city.buildings), bool)
    mine[rows] = True
    return np.flatnonzero(mine[document.city.surfaces.building])


def counted(count: int, one: str = "building", many: str = "") -> str:
    """“1 building” or “12 buildings”."""
    return f"{count:,} {one if count == 1 else many or one + 's'}".replace(",", "\u2009")


def members(question: Question, rows: Sized) -> str:
    """What a number is put together from: the parts of one building, or buildings."""
    return "part" if len(question.building_ids) == 1 and len(rows) > 1 else "building"


def subject_of(document: Document, question: Question) -> str:
    """What the number is of, for people."""
    city = document.city
    if question.cell is not None:
        return f"Cell {question.cell}"
    if question.surface is not None:
        kind = kind_title(int(city.surfaces.kind[question.surface]))
        owner = city.buildings.ids[city.surfaces.building[question.surface]]
        return f"{kind} {city.surfaces.source_id[question.surface]} of {owner}"
    if not question.building_ids:
        return f"Whole city, {counted(len(city.rows_with_geometry))}"
    if len(question.building_ids) > 1:
        return counted(len(question.building_ids))
    row = city.buildings.row(question.building_ids[0])
    name, parts = str(city.buildings.columns["name"][row]), len(with_parts(city.buildings, np.array([row]))) - 1
    told = f"{question.building_ids[0]} ({name})" if name else question.building_ids[0]
    return f"{told} with its {counted(parts, 'part')}" if parts else told


def kind_title(kind: int) -> str:
    """Kind of a surface for people: “Outer floor”."""
    return SurfaceKind(kind).label.replace("_", " ").capitalize()


def time_words(document: Document, question: Question) -> str:
    """When the number is of: a month, an hour, a span, or the year."""
    hours = document.year_hours
    if question.hours is not None:
        first, last = question.hours
        return f"{hour_label(first, hours)} to {hour_label(last % hours, hours)}"
    if question.month is not None:
        return MONTH_NAMES[question.month]
    return hour_label(question.hour, hours) if question.hour is not None else "year"
