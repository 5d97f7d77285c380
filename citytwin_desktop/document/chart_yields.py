"""Hours of what solar collectors of some buildings could give, for charts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.chart_series import ChartSeries, Floats, Gap, Gathering, months_of
from citytwin_desktop.document.collector_tables import surfaces_of
from citytwin_desktop.document.solar_potential import SolarPotential
from citytwin_desktop.document.variables import VARIABLES, Variable
from citytwin_desktop.project import result_store


def yield_lines(work: Gathering, names: tuple[str, ...], scenario_id: str) -> list[ChartSeries | Gap]:
    """Yields among some variables, summed over the buildings that the rows belong to.

    Of a stale result only the months are known.

    Parameters
    ----------
    work : Gathering
    names : tuple of str
        Of chart variables; those of other kinds are passed over.
    scenario_id : str
        Whose results tell the floor area.
    """
    known = [VARIABLES[name] for name in names if name in VARIABLES]
    wanted = [item for item in known if item.engine == "collectors" and item.unit == "kWh"]
    if not wanted:
        return []
    potential, asked = work.document.solar_potential(scenario_id), len(work.rows)
    if potential is None:
        return [Gap(item.name, "", asked, asked, "collectors") for item in wanted]
    owners = np.unique(work.document.city.buildings.parent_row()[work.rows])
    hours = _hours(work, potential, owners) if potential.fresh else {}
    area_m2 = _floor_area_m2(work, scenario_id)
    found: list[ChartSeries | Gap] = []
    for item in wanted:
        found += _line(work, potential, item, hours.get(item.name), owners, area_m2)
    return found


def _hours(work: Gathering, potential: SolarPotential, owners: NDArray[np.int64]) -> dict[str, Floats]:
    """(hours,) float64 [kWh] by name of the variable."""
    names = {"pv_yield": potential.photovoltaic, "solar_thermal_yield": potential.solar_thermal}
    if len(owners) == len(potential.rows()):
        return {name: found.city_hourly_kwh.astype(np.float64) for name, found in names.items()}
    sums = {name: np.zeros(len(found.city_hourly_kwh)) for name, found in names.items()}
    done = 0
    for batch in work.document.collectors.hourly(owners):
        work.progress(done, len(owners))
        done += len(batch.groups)
        sums["pv_yield"] += batch.photovoltaic.hourly_kwh.sum(axis=0, dtype=np.float64)
        sums["solar_thermal_yield"] += batch.solar_thermal.hourly_kwh.sum(axis=0, dtype=np.float64)
    return sums


def _line(
    work: Gathering,
    potential: SolarPotential,
    chosen: Variable,
    hours: Floats | None,
    owners: NDArray[np.int64],
    area_m2: float,
) -> list[ChartSeries | Gap]:
    found, asked = surfaces_of(potential, chosen), len(work.rows)
    owner = work.document.city.surfaces.building
    mine = np.isin(owner, work.rows) & found.known
    # Collectors lie on whole buildings: a part stands for all of its building, as in inspector and tables.
    whole = np.isin(potential.building, owners) & found.known
    count = len(np.unique(owner[mine]))
    if not count:
        return [Gap(chosen.name, "", asked, asked, "collectors")]
    months = found.monthly_kwh[whole].sum(axis=0, dtype=np.float64) if hours is None else months_of(hours, chosen.unit)
    line = ChartSeries(
        chosen.name, chosen.title, chosen.unit, "", hours, months, count, asked, 0 if potential.fresh else count,
        area_m2=area_m2, engine="collectors", version=potential.version, at=potential.at,
    )  # fmt: skip
    return [line, *([Gap(chosen.name, "", asked - count, asked, "collectors")] if count < asked else [])]


def _floor_area_m2(work: Gathering, scenario_id: str) -> float:
    """Floor area of the rows as simulated; nan unless it is known of all of them."""
    shown = work.document.energy.shown(scenario_id)
    with work.document.project.reading() as connection:
        areas = result_store.summaries(connection, "floor_area_m2")
    return float(sum(areas.get(shown[name].key, np.nan) if name in shown else np.nan for name in work.ids))
