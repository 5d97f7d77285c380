"""Attributes of buildings that we know by their meaning, in the words of public city models of many countries."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from citytwin_desktop.catalog.functions import function_from_text
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.formats.length_units import unit_m

NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "gml_name", "building_name", "bldg_name", "gebaeudename", "nom", "naam", "名称"),
    "function": (
        # CityJSON and CityGML; the Netherlands; Switzerland; Germany (ALKIS); France (BD TOPO); Japan; USA; Italy.
        "function", "usage", "class", "gebruiksdoel", "gebruiksdoelen", "b3_gebruiksdoel", "nutzung",
        "gebaeudefunktion", "gebaeudenutzung", "funktion", "gkat", "gklas", "objektart", "gwr_egid_gkat", "usage_1",
        "usage1", "nature", "building_use", "building_type", "bldg_use", "use_type", "land_use", "destinazione_uso",
        "uso",
    ),
    "year_built": (
        "yearofconstruction", "dateofconstruction", "year_built", "yearbuilt", "year_of_construction",
        "construction_year", "oorspronkelijkbouwjaar", "oorspronkelijk_bouwjaar", "bouwjaar", "baujahr",
        "gebaeudebaujahr", "gbauj", "baujahr_1", "date_of_construction", "date_d_apparition", "annee_construction",
        "anno_costruzione", "year_construction", "yearcons",
    ),
    "storeys": (
        "storeysaboveground", "b3_bouwlagen", "storeys", "stories", "numberofstoreys", "number_of_storeys",
        "number_of_stories", "num_floors", "numfloors", "floors_ag", "anzahl_geschosse", "anzahldergeschosse",
        "geschosse", "anzahldeoberirdischengeschosse", "anzahlderoberirdischengeschosse", "aog", "gastw",
        "nombre_d_etages", "nb_etages", "bouwlagen", "aantal_bouwlagen", "numero_piani",
    ),
    "measured_height_m": (
        "measuredheight", "measured_height", "height", "height_m", "bldg_height", "building_height", "relativeheight",
        "height_ag", "hauteur", "hoehe", "gebaeudehoehe", "hohe", "altezza", "hoogte",
    ),
    "ground_elevation_m": (
        "b3_h_maaiveld", "h_maaiveld", "ground_height", "ground_elevation", "groundelevation", "gelaendehoehe",
        "terrainheight", "hoehegrund", "hoehe_grund", "altitude_minimale_sol", "z_min_sol",
    ),
}  # fmt: skip
"""Names of attributes for a building column, best first: lower case, without a namespace."""

PLAUSIBLE = {
    "year_built": (1000.0, 2100.0),
    "storeys": (1.0, 200.0),
    "measured_height_m": (1.0, 1000.0),
    "ground_elevation_m": (-450.0, 9000.0),
}
"""Lowest and highest value that a number of a column may have; others count as not given."""

_PLACES = {name: (column, place) for column, names in NAMES.items() for place, name in enumerate(names)}
_WHOLE = ("year_built", "storeys")
_DATE = re.compile(r"(\d{4})-\d{2}(?:-\d{2})?")
_STANDARD = {
    "function": ("function", "usage", "class"),
    "year_built": ("yearOfConstruction", "year_built"),
    "storeys": ("storeysAboveGround", "storeys"),
}


def known_columns(attributes: Mapping[str, Any], chosen: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Building columns that attributes fill.

    Parameters
    ----------
    attributes : mapping
        As in the source.
    chosen : mapping of str to str, optional
        Attribute that fills a column, overruling our guess (`ImportOptions.columns`); an empty name takes none.

    Returns
    -------
    dict
        ``name``, ``function``, ``year_built``, ``storeys``, ``measured_height_m`` [m] and ``ground_elevation_m`` [m];
        only columns whose attribute is there and plausible. A second name is asked where the first says nothing.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for attribute, value in attributes.items():
        if (known := _meaning(attribute)) is not None and value is not None and value != "":
            found.setdefault(known[0], []).append((known[1], attribute))
    for column, attribute in (chosen or {}).items():
        column = "measured_height_m" if column == "height_m" else column
        if column in NAMES:
            found[column] = [(0, attribute)] if attribute in attributes else []
    columns: dict[str, Any] = {}
    for column, candidates in found.items():
        for _, attribute in sorted(candidates) if len(candidates) > 1 else candidates:
            value = attributes[attribute]
            if column.endswith("_m") and not isinstance(value, dict) and (unit := attributes.get(f"{attribute}_uom")):
                value = {"value": value, "uom": unit}
            value = _value(column, value)
            if value is not None:
                columns[column] = value
                break
    return columns


def guessed_columns(attributes: Iterable[str]) -> dict[str, str]:
    """Attribute that would fill each building column, for a preview (`SourceScan.columns`).

    Parameters
    ----------
    attributes : iterable of str
        Names that occur in the source.
    """
    best: dict[str, tuple[int, str]] = {}
    for attribute in attributes:
        if known := _meaning(attribute):
            column, place = known
            best[column] = min(best.get(column, (place, attribute)), (place, attribute))
    return {
        ("height_m" if column == "measured_height_m" else column): best[column][1] for column in NAMES if column in best
    }


def stated_origin(attributes: Mapping[str, Any], column: str) -> str:
    """Origin of a column that a file of ours notes beside its value, ``source`` for any other file."""
    for name in _STANDARD[column]:
        if attributes.get(name) is not None:
            noted = attributes.get(f"{name}_origin")
            return str(noted) if noted in (Origin.ASSUMED, Origin.DERIVED, Origin.EDITED) else Origin.SOURCE.value
    return Origin.SOURCE.value


@lru_cache(maxsize=4096)
def _meaning(attribute: str) -> tuple[str, int] | None:
    """Column and rank of an attribute's name, whatever its case or namespace."""
    return _PLACES.get(attribute.rsplit(":", 1)[-1].strip().lower().replace(" ", "_"))


def _value(column: str, value: Any) -> Any:
    """Give the value as the column holds it, None where it says nothing."""
    if column == "name":
        return str(value) if isinstance(value, str | int | float) else None
    if column == "function":
        return _function(value)
    return number_of(value, *PLAUSIBLE[column], whole=column in _WHOLE)


def number_of(value: Any, low: float, high: float, *, whole: bool = False) -> float | None:
    """Read a number in a plausible range out of a value, None where there is none; a date counts by its year.

    Parameters
    ----------
    value : object
        A number, a text such as ``12,5``, or a quantity such as ``{"value": 40, "uom": "ft"}``, which comes back
        in metres; one in a unit that is no length says nothing.
    low, high : float
    whole : bool
        Round to a whole number.
    """
    factor: float | None = 1.0
    if isinstance(value, dict):
        factor, value = unit_m(str(value.get("uom") or "")), value.get("value")
    if factor is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        if isinstance(value, str):
            date = _DATE.match(value.strip())
            number = float(date.group(1)) if date else float(value.strip().replace(",", "."))
        else:
            number = float(value)
    except (ValueError, OverflowError):
        return None
    number *= factor
    if not low <= number <= high:
        return None
    return float(round(number)) if whole else number


def _function(value: Any) -> str | None:
    for text in value if isinstance(value, list) else (value,):
        if isinstance(text, str) and (function := _function_of_text(text)):
            return function
    return None


@lru_cache(maxsize=4096)
def _function_of_text(text: str) -> str:
    return function_from_text(text)
