"""Archetypes: typical values of a building by country set, function and year built."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.tables import CatalogValue, catalog_value, table
from citytwin_desktop.errors import KnownError

_IDENTIFIER = re.compile(r"([A-Z]{2})-([a-z]+)-(\d{4}|before)-(\d{4}|today)")


@dataclass(frozen=True)
class HeatingSystem:
    """A heat generator with its carrier and seasonal efficiencies (useful over final energy)."""

    name: str
    carrier: str
    heating_efficiency: float
    cooling_efficiency: float
    source: str


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
    systems : mapping of str to HeatingSystem
        Heating systems of the set; the first is the default.
    """

    identifier: str
    archetype_set: str
    function: str
    title: str
    values: Mapping[str, CatalogValue]
    systems: Mapping[str, HeatingSystem]


def archetype_sets() -> tuple[str, ...]:
    """Codes of the sets there are."""
    return tuple(dict.fromkeys(row["set"] for row in table("envelope_archetypes.csv")))


def year_classes(archetype_set: str) -> tuple[tuple[int, int], ...]:
    """First and last year of each class of a set.

    Raises
    ------
    KnownError
        When there is no such set.
    """
    rows = [row for row in table("envelope_archetypes.csv") if row["set"] == archetype_set]
    if not rows:
        msg = f"There is no archetype set “{archetype_set}”: choose one of {', '.join(archetype_sets())}."
        raise KnownError(msg)
    return tuple(dict.fromkeys((int(row["year_from"]), int(row["year_to"])) for row in rows))


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
    first, last = fitting[0]
    return f"{archetype_set}-{function}-{first or 'before'}-{last if last < 9999 else 'today'}"


@cache
def archetype(identifier: str) -> Archetype:
    """Look up an archetype by its identifier.

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
    if span not in year_classes(chosen):
        msg = f"The set {chosen} has no years “{first}-{last}” (archetype “{identifier}”): run enrich again."
        raise KnownError(msg)
    title = f"{chosen} {function} {first}–{last}"
    return Archetype(identifier, chosen, function, title, _values(chosen, function, span), _systems(chosen))


def _values(chosen: str, function: str, span: tuple[int, int]) -> dict[str, CatalogValue]:
    envelope = [
        row
        for row in table("envelope_archetypes.csv")
        if row["set"] == chosen and (int(row["year_from"]), int(row["year_to"])) == span
    ]
    usage = [row for row in table("usage.csv") if row["function"] == function]
    # The class "before" is judged by its last year, every other by its first.
    year = span[1] if span[0] == 0 else span[0]
    air = [row for row in table("airtightness.csv") if int(row["year_from"]) <= year <= int(row["year_to"])]
    return {row["field"]: catalog_value(row) for row in (*envelope, *usage, *air)}


def _systems(chosen: str) -> dict[str, HeatingSystem]:
    rows = (row for row in table("heating_systems.csv") if row["set"] == chosen)
    return {
        row["system"]: HeatingSystem(
            row["system"],
            row["carrier"],
            float(row["heating_efficiency"]),
            float(row["cooling_efficiency"]),
            f"{row['source']} ({row['source_year']}, {row['licence']})",
        )
        for row in rows
    }
