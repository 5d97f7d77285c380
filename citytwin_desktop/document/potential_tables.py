"""The solar potential as a table: one line for each building or surface, with everything that is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from citytwin_desktop.document.collector_keys import DEMAND_WORDS
from citytwin_desktop.document.result_rows import grouping
from citytwin_desktop.document.solar_potential import SolarPotential
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

BY = ("building", "surface")

_BUILDING_HEADER = (
    "id", "pv_area_m2", "pv_capacity_kwp", "pv_yield_kwh", "pv_specific_yield_kwh_kwp", "electricity_demand_kwh",
    "pv_self_consumption_share", "pv_autarky_share", "solar_thermal_area_m2", "solar_thermal_yield_kwh",
    "fresh", "shares_fresh",
)  # fmt: skip
_SURFACE_HEADER = (
    "id", "building", "place", "pv_area_m2", "pv_capacity_kwp", "pv_yield_kwh", "pv_why_none",
    "solar_thermal_area_m2", "solar_thermal_yield_kwh", "solar_thermal_why_none", "fresh",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class PotentialTable:
    """Potential of all buildings or surfaces.

    Parameters
    ----------
    scenario, by : str
    fresh : bool
        Whether areas and yields are of today's inputs.
    at : str
        When they were computed (UTC).
    assumptions, origins : dict
        Values by name, and where each comes from; of the project as it is now when ``fresh``.
    header : tuple of str
    rows : tuple of list
    """

    scenario: str
    by: str
    fresh: bool
    at: str
    assumptions: dict[str, Any]
    origins: dict[str, str]
    header: tuple[str, ...]
    rows: tuple[list[Any], ...]

    def to_json(self) -> dict[str, Any]:
        """Table as plain values."""
        head = {name: getattr(self, name) for name in ("scenario", "by", "fresh", "at", "assumptions", "origins")}
        rows = [dict(zip(self.header, row, strict=True)) for row in self.rows]
        return {**head, "electricity_demand": DEMAND_WORDS, "rows": rows}


def potential_table(document: Document, scenario_id: str, by: str) -> PotentialTable:
    """Table of the solar potential.

    Parameters
    ----------
    document : Document
    scenario_id : str
        Whose demand of electricity the generation is held against.
    by : str
        ``building`` or ``surface``.

    Raises
    ------
    KnownError
        When there is no result or no such grouping.
    """
    if by not in BY:
        msg = f"There is no grouping “{by}”: choose one of {', '.join(BY)}."
        raise KnownError(msg)
    potential = document.solar_potential(scenario_id)
    if potential is None:
        raise KnownError("There is no solar potential: run simulate --engine collectors first.")
    of_surfaces = by == "surface"
    rows = _surface_rows(document, potential) if of_surfaces else _building_rows(potential)
    about = potential.about
    return PotentialTable(
        scenario_id, by, potential.fresh, potential.at, dict(about["settings"]), dict(about["origins"]),
        _SURFACE_HEADER if of_surfaces else _BUILDING_HEADER, tuple(rows),
    )  # fmt: skip


def _building_rows(potential: SolarPotential) -> Iterator[list[Any]]:
    for item in potential.buildings():
        yield [
            item.building_id, item.photovoltaic_area_m2, item.photovoltaic_kwp, item.photovoltaic_kwh,
            item.specific_yield_kwh_kwp, item.demand_kwh, item.self_consumption_share, item.autarky_share,
            item.solar_thermal_m2, item.solar_thermal_kwh, item.fresh, item.match_fresh,
        ]  # fmt: skip


def _surface_rows(document: Document, potential: SolarPotential) -> Iterator[list[Any]]:
    power, heat = potential.photovoltaic, potential.solar_thermal
    for number, identifier, building in grouping(document, "surface").names:
        yield [
            identifier, building, power.place(number),
            float(power.area_m2[number]), float(power.size[number]), float(power.annual_kwh[number]),
            power.why_none(number), float(heat.area_m2[number]), float(heat.annual_kwh[number]),
            heat.why_none(number), potential.fresh,
        ]  # fmt: skip
