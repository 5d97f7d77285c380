"""Attributes of a CityJSON object that we know by their meaning."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citytwin_desktop.catalog.functions import function_from_text
from citytwin_desktop.city.kinds import Origin

# Standard CityJSON names first, then those of 3DBAG (docs.3dbag.nl) and swissBUILDINGS3D / Zürich.
_YEAR = ("yearOfConstruction", "oorspronkelijkbouwjaar", "oorspronkelijk_bouwjaar", "year_built", "GEBAEUDEBAUJAHR")
_STOREYS = ("storeysAboveGround", "b3_bouwlagen", "storeys")
_FUNCTION = ("function", "usage", "class", "gebruiksdoel")
_NAMES = {"year_built": _YEAR, "storeys": _STOREYS, "function": _FUNCTION}
_NAME = ("name", "Name", "gml_name")


def known_columns(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Building columns that the attributes fill: name, function, year built, storeys.

    Parameters
    ----------
    attributes : mapping
        As in the file.

    Returns
    -------
    dict
        Only columns whose attribute is there and plausible.
    """
    columns: dict[str, Any] = {}
    if name := _first(attributes, _NAME):
        columns["name"] = str(name)
    if np.isfinite(year := _number(_first(attributes, _YEAR), 1000, 2100)):
        columns["year_built"] = year
    if np.isfinite(storeys := _number(_first(attributes, _STOREYS), 1, 200)):
        columns["storeys"] = storeys
    if function := _function(attributes):
        columns["function"] = function
    return columns


def stated_origin(attributes: Mapping[str, Any], column: str) -> str:
    """Origin of a column that a file of ours notes beside its value, ``source`` for any other file."""
    noted = next(
        (attributes.get(f"{name}_origin") for name in _NAMES[column] if attributes.get(name) is not None), None
    )
    return str(noted) if noted in (Origin.ASSUMED, Origin.DERIVED, Origin.EDITED) else Origin.SOURCE.value


def _first(attributes: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((attributes[name] for name in names if attributes.get(name) not in (None, "", [])), None)


def _number(value: Any, low: float, high: float) -> float:
    """Give the value as a number in the plausible range, or nan; a date counts by its year."""
    try:
        number = float(str(value)[:4]) if isinstance(value, str) and "-" in value else float(value)
    except (TypeError, ValueError):
        return float("nan")
    return round(number) if low <= number <= high else float("nan")


def _function(attributes: Mapping[str, Any]) -> str:
    for name in _FUNCTION:
        value = attributes.get(name)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and (function := function_from_text(text)):
                return function
    return ""
