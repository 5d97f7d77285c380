"""Conditions that find buildings, in the window and in the command line; the language is in `querying`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.querying.evaluating import evaluate
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.document.querying.syntax import parse

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def matching_rows(reader: FieldReader, expression: str) -> NDArray[np.int64]:
    """(k,) int64: rows that fulfil a condition, ascending.

    Comparisons of columns with numbers, quoted texts or each other, ``between``, ``in``, ``contains``, ``like``,
    ``startswith``, ``endswith``, ``is known`` and ``is unknown``, joined by ``and``, ``or``, ``not`` and brackets.
    Unknown values fulfil no comparison, nor the opposite of one. Texts are compared regardless of case, identifiers
    letter by letter. Results are those of the active scenario, energy per floor area [kWh/m²a].

    Parameters
    ----------
    reader : FieldReader
    expression : str

    Raises
    ------
    QueryError
        A `KnownError` that tells where the condition cannot be understood.
    """
    return np.flatnonzero(evaluate(parse(expression), reader).yes)


def matching_ids_of(document: Document, expression: str, scenario_id: str) -> list[str]:
    """Identifiers of a document's buildings that fulfil a condition, on results of a scenario too.

    Raises
    ------
    KnownError
        When it cannot be understood, or there is no such scenario.
    """
    document.scenario(scenario_id)
    reader = FieldReader(document, scenario_id=scenario_id)
    return list(document.city.buildings.ids[matching_rows(reader, expression)].tolist())
