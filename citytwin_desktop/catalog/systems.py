"""Energy systems: what turns demand for heat, hot water and cold into final energy, and which are typical."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from citytwin_desktop.catalog.tables import cited, class_year, table
from citytwin_desktop.errors import BugError, KnownError

_WITH_HEATING = "with_heating"
_WITHOUT_HEATING = "electric_storage"


@dataclass(frozen=True)
class System:
    """One energy system as a set of archetypes has it.

    Parameters
    ----------
    kind : str
        ``heating``, ``hot_water`` or ``cooling``.
    code, title : str
    carrier : str
        See `citytwin_desktop.catalog.carriers`.
    efficiency : float
        Useful heat or cold over final energy; of a heat pump the factor between its curve and what is met in use;
        0 for no cooling.
    heat_source : str
        ``air`` or ``ground`` for a heat pump, else empty.
    cop_coefficients : tuple of float
        a, b, c of COP = a + b dT + c dT², dT [K] from source to supply; empty for all but heat pumps.
    supply_temperature_c : float or None [°C]
        Of the heating water; None for hot water and cooling.
    source : str
        With year and licence.
    """

    kind: str
    code: str
    title: str
    carrier: str
    efficiency: float
    heat_source: str
    cop_coefficients: tuple[float, ...]
    supply_temperature_c: float | None
    source: str


@dataclass(frozen=True)
class SystemChoice:
    """The system that an archetype has by default, and why."""

    system: System
    reason: str


@cache
def systems(archetype_set: str, kind: str) -> Mapping[str, System]:
    """Systems of a kind by code, with the set's own efficiency where there is one.

    Raises
    ------
    KnownError
        When there is no such kind.
    """
    rows = [row for row in table("systems.csv") if row["kind"] == kind and row["set"] in ("*", archetype_set)]
    if not rows:
        msg = f"There is no kind of system “{kind}”: choose one of heating, hot_water, cooling."
        raise KnownError(msg)
    # The set's own rows come last and win.
    return MappingProxyType({row["code"]: _system(row) for row in sorted(rows, key=lambda row: row["set"] != "*")})


def system(archetype_set: str, kind: str, code: str) -> System:
    """Look up a system.

    Raises
    ------
    KnownError
        When the kind has none of this code.
    """
    known = systems(archetype_set, kind)
    if code not in known:
        msg = f"There is no {kind.replace('_', ' ')} system “{code}”: choose one of {', '.join(known)}."
        raise KnownError(msg)
    return known[code]


def hot_water_beside(archetype_set: str, heating_code: str) -> System:
    """Hot-water system that goes with a heating system: the same one, an electric storage beside electric heaters."""
    known = systems(archetype_set, "hot_water")
    return known.get(heating_code, known[_WITHOUT_HEATING])


def default_system(
    archetype_set: str, function: str, span: tuple[int, int], kind: str, heating_code: str = ""
) -> SystemChoice:
    """System of a kind that a class of buildings has by default.

    Parameters
    ----------
    archetype_set, function : str
    span : tuple of int
        First and last year of the class.
    kind : str
    heating_code : str
        For hot water: the heating system that is there.
    """
    year = class_year(*span)
    # The most specific row wins: of the set, then of the function.
    fitting = sorted(
        (
            row
            for row in table("system_defaults.csv")
            if row["kind"] == kind
            and row["set"] in ("*", archetype_set)
            and row["function"] in ("*", function)
            and int(row["year_from"]) <= year <= int(row["year_to"])
        ),
        key=lambda row: (row["set"] == "*", row["function"] == "*"),
    )
    if not fitting:
        msg = f"no default {kind} system for {function} of {archetype_set}, {span}"
        raise BugError(msg)
    code = fitting[0]["code"]
    chosen = (
        hot_water_beside(archetype_set, heating_code) if code == _WITH_HEATING else system(archetype_set, kind, code)
    )
    return SystemChoice(chosen, cited(fitting[0]))


def _system(row: dict[str, str]) -> System:
    coefficients = tuple(float(row[name]) for name in ("cop_a", "cop_b", "cop_c") if row[name])
    supply = row["supply_temperature_c"]
    return System(
        row["kind"],
        row["code"],
        row["title"],
        row["carrier"],
        float(row["efficiency"]),
        row["heat_source"],
        coefficients,
        float(supply) if supply else None,
        cited(row),
    )
