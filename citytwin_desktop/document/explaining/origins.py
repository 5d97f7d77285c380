"""Where values of the building table come from, and what stands there once an edit is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype
from citytwin_desktop.city.buildings import (
    COLUMNS,
    OVERRIDE_COLUMNS,
    REFLECTANCE_COLUMNS,
    SYSTEM_COLUMNS,
)
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.document.delivered_values import Default, delivered, source_default, source_sentence
from citytwin_desktop.document.specifications import standing_origins

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

_SENTENCES = {
    Origin.SOURCE.value: "From the source",
    Origin.ASSUMED.value: "Assumed when archetypes were assigned",
    Origin.EDITED.value: "Edited in this project",
    Origin.DERIVED.value: "Derived from the height of the geometry when archetypes were assigned",
    Origin.ARCHETYPE.value: "Of the archetype",
    Origin.PACKAGE.value: "Set by the package of the scenario",
    Origin.MISSING.value: "Not in the source",
}


def origin_sentence(kind: str) -> str:
    """What a kind of origin means, of no value in particular: the one table of these sentences.

    Parameters
    ----------
    kind : str
        Of `citytwin_desktop.city.kinds.Origin`; others are told as they are.
    """
    return _SENTENCES.get(kind, kind.capitalize())


def origins_sentence(kinds: Iterable[str]) -> str:
    """The same of several kinds together: “Assumed when …, from the source”."""
    told = [origin_sentence(kind) for kind in sorted(set(kinds))]
    return ", ".join([*told[:1], *(text[:1].lower() + text[1:] for text in told[1:])])


def column_origin(document: Document, row: int, column: str) -> tuple[str, str]:
    """Kind of origin, as the inspector marks it, and the sentence, of a column that is no part of the specification.

    Parameters
    ----------
    document : Document
    row : int
    column : str
    """
    buildings = document.city.buildings
    noted = standing_origins(buildings, row).get(column)
    if f"{column}_origin" not in COLUMNS:
        return _of_plain(document, row, column, noted)
    origin = str(buildings.columns[f"{column}_origin"][row])
    if origin == Origin.SOURCE:
        return "", noted or source_sentence(buildings, row, column)
    kind = origin if origin in (Origin.ASSUMED, Origin.EDITED, Origin.DERIVED, Origin.ARCHETYPE) else ""
    return kind, origin_sentence(origin)


def _of_plain(document: Document, row: int, column: str, noted: str | None) -> tuple[str, str]:
    value = known(document.city.buildings.columns[column][row])
    if noted:
        return "", noted
    if column in REFLECTANCE_COLUMNS and value is None:
        return "assumed", "Default of the district"
    if column == "archetype_id" and value is not None:
        return "archetype", "Chosen by function and year built; an edit can choose another"
    given = delivered(document.city.buildings, row)
    if value is not None and column in given and given[column] != value:
        return "edited", origin_sentence(Origin.EDITED)
    if column in (*REFLECTANCE_COLUMNS, *OVERRIDE_COLUMNS, *SYSTEM_COLUMNS) and value is not None:
        return (
            ("", source_sentence(document.city.buildings, row, column))
            if column in given
            else ("edited", origin_sentence(Origin.EDITED))
        )
    if column == "name" and value is not None and column not in given and given:
        return "edited", origin_sentence(Origin.EDITED)
    there = source_sentence(document.city.buildings, row, column)
    return "", there if value is not None else origin_sentence(Origin.MISSING)


def default_of(document: Document, row: int, column: str) -> Default:
    """What a cell holds once its edit is taken back, and where that comes from.

    Parameters
    ----------
    document : Document
    row : int
    column : str
    """
    buildings = document.city.buildings
    if (found := source_default(buildings, row, column)) is not None:
        return found
    if column in REFLECTANCE_COLUMNS:
        return Default(float(getattr(document.solar_conditions, column)), "Default of the district")
    identifier = str(buildings.columns["archetype_id"][row])
    if identifier and column in (*OVERRIDE_COLUMNS, *SYSTEM_COLUMNS):
        return _of_archetype(identifier, column)
    if column in ("function", "year_built"):
        return Default(None, "The source has none: it becomes unknown, and the archetype with it")
    if column == "storeys":
        return Default(None, "The source has none: they follow from the height again")
    return Default(None, "The source has none")


def _of_archetype(identifier: str, column: str) -> Default:
    chosen = archetype(identifier)
    if column in chosen.values:
        item = chosen.values[column]
        return Default(item.value, f"archetype {identifier}: {item.source} ({item.source_year}, {item.licence})")
    if column in SYSTEM_COLUMNS:
        choice = chosen.heating if column.startswith("heating") else chosen.cooling
        return Default(choice.system.code, f"archetype {identifier}: {choice.reason}")
    return Default(0.0, f"archetype {identifier} has none of it")


def known(value: Any) -> Any:
    """A cell's value, None where it is unknown."""
    return None if value == "" or (isinstance(value, float) and np.isnan(value)) else value
