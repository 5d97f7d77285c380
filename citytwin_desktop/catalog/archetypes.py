"""Archetypes: typical values of a building by country set, function and year built."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.systems import SystemChoice, default_system
from citytwin_desktop.catalog.tables import CatalogValue, catalog_value, class_year, table
from citytwin_desktop.errors import KnownError

SET_TITLES: dict[str, str] = {
    "GB": "United Kingdom",
    "NL": "Netherlands",
    "DE": "Germany",
    "FR": "France",
    "IT": "Italy",
    "CA": "Canada, climate zone 6 (Montréal, Ottawa; near enough for Toronto)",
    "US": "United States, climate zones 5 and 6 (Chicago, Boston, Minneapolis)",
}
"""Title of each set. The sets CA and US hold for the climate zones they name and for no others."""

# Classes of earlier versions that stored projects still name, with those that took their place.
_RETIRED = {
    ("GB", (0, 1918)): (0, 1899),
    ("GB", (1919, 1944)): (1930, 1949),
    ("GB", (1945, 1964)): (1950, 1966),
    ("GB", (1965, 1980)): (1967, 1975),
    ("GB", (1981, 1990)): (1983, 1990),
    ("GB", (1991, 2003)): (1996, 2002),
    ("GB", (2004, 2009)): (2003, 2006),
    ("GB", (2010, 9999)): (2012, 9999),
}
_ENVELOPE = ("envelope_archetypes.csv", "envelope_codes.csv")
_IDENTIFIER = re.compile(r"([A-Z]{2})-([a-z]+)-(\d{4}|before)-(\d{4}|today)")


@dataclass(frozen=True)
class Archetype:
    """Typical values, each with its source.

    Parameters
    ----------
    identifier : str
        For example ``NL-residential-1965-1974``.
    archetype_set, function : str
        Code of the set and of the function.
    title : str
        For people.
    values : mapping of str to CatalogValue
        By field of `citytwin_desktop.city.energy_spec.EnergySpec`.
    heating, hot_water, cooling : SystemChoice
        Energy systems that such a building has by default, and why.
    """

    identifier: str
    archetype_set: str
    function: str
    title: str
    values: Mapping[str, CatalogValue]
    heating: SystemChoice
    hot_water: SystemChoice
    cooling: SystemChoice


def archetype_sets() -> tuple[str, ...]:
    """Codes of the sets there are."""
    return tuple(SET_TITLES)


def year_classes(archetype_set: str) -> tuple[tuple[int, int], ...]:
    """First and last year of each class of a set, in order; 0 and 9999 stand for no limit.

    Raises
    ------
    KnownError
        When there is no such set.
    """
    if archetype_set not in SET_TITLES:
        msg = f"There is no archetype set “{archetype_set}”: choose one of {', '.join(archetype_sets())}."
        raise KnownError(msg)
    return _year_classes(archetype_set)


@cache
def _year_classes(archetype_set: str) -> tuple[tuple[int, int], ...]:
    rows = (row for name in _ENVELOPE for row in table(name) if row["set"] == archetype_set)
    return tuple(sorted({(int(row["year_from"]), int(row["year_to"])) for row in rows}))


def archetype_id(archetype_set: str, function: str, year_built: float) -> str:
    """Identifier of the archetype that fits.

    Raises
    ------
    KnownError
        When the set or the function is unknown.
    """
    if function not in FUNCTIONS:
        msg = f"There is no function “{function}”: choose one of {', '.join(FUNCTIONS)}."
        raise KnownError(msg)
    fitting = [span for span in year_classes(archetype_set) if span[0] <= int(year_built) <= span[1]]
    if not fitting:
        msg = f"The set {archetype_set} has no class for the year {year_built:g}: correct the year."
        raise KnownError(msg)
    return f"{archetype_set}-{function}-{_span_text(fitting[0])}"


@cache
def archetype(identifier: str) -> Archetype:
    """Look up an archetype by its identifier; one of an earlier version gives the one that took its place.

    Raises
    ------
    KnownError
        When there is no such archetype.
    """
    match = _IDENTIFIER.fullmatch(identifier)
    if match is None or match.group(1) not in archetype_sets() or match.group(2) not in FUNCTIONS:
        msg = f"There is no archetype “{identifier}”: run enrich again to assign one."
        raise KnownError(msg)
    chosen, function, first, last = match.groups()
    span = (0 if first == "before" else int(first), 9999 if last == "today" else int(last))
    span = _RETIRED.get((chosen, span), span)
    if span not in year_classes(chosen):
        msg = f"The set {chosen} has no years “{first}-{last}” (archetype “{identifier}”): run enrich again."
        raise KnownError(msg)
    now = f"{chosen}-{function}-{_span_text(span)}"
    heating = default_system(chosen, function, span, "heating")
    hot_water = default_system(chosen, function, span, "hot_water", heating.system.code)
    cooling = default_system(chosen, function, span, "cooling")
    title = f"{SET_TITLES[chosen]}: {FUNCTIONS[function].lower()}, {_years(span)}"
    return Archetype(now, chosen, function, title, _values(chosen, function, span), heating, hot_water, cooling)


def _span_text(span: tuple[int, int]) -> str:
    first, last = span
    return f"{first or 'before'}-{last if last < 9999 else 'today'}"


def _years(span: tuple[int, int]) -> str:
    first, last = span
    if first == 0:
        return f"before {last + 1}"
    return f"from {first}" if last == 9999 else f"{first}–{last}"


def _values(chosen: str, function: str, span: tuple[int, int]) -> dict[str, CatalogValue]:
    """Values by field; of several rows for one field the most specific wins."""
    uses = ("any", "dwelling", "residential" if function == "residential" else "non_residential")
    mine = [row for name in _ENVELOPE for row in table(name) if row["set"] == chosen and row["use"] in uses]
    envelope = [row for row in mine if (int(row["year_from"]), int(row["year_to"])) == span]
    year = class_year(*span)
    air = [
        row
        for row in table("air_and_mass.csv")
        if row["set"] == chosen and row["use"] in uses and int(row["year_from"]) <= year <= int(row["year_to"])
    ]
    usage = [row for row in table("usage.csv") if row["function"] == function and row["set"] in ("*", chosen)]
    usage.sort(key=lambda row: row["set"] != "*")
    return {row["field"]: _value(row, function) for row in (*envelope, *air, *usage)}


def _value(row: dict[str, str], function: str) -> CatalogValue:
    value = catalog_value(row)
    if row.get("use") != "dwelling" or function == "residential":
        return value
    note = "a value of dwellings, taken for this function too: assumption of CityTwin Desktop"
    return replace(value, source=f"{value.source}; {note}")
