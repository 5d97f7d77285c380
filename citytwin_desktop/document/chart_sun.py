"""Hours of irradiance on the surfaces of some buildings, for charts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.building_values import lit_surfaces
from citytwin_desktop.document.chart_series import ChartSeries, Floats, Gap, Gathering, months_of
from citytwin_desktop.document.solar_values import SolarShown
from citytwin_desktop.document.variables import HOURLY_SOLAR, VARIABLES
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.sim.solar.hours import HourSynthesis

SURFACES_AT_ONCE = 256
MOST_SURFACES = 20_000
"""Hours of more surfaces would take minutes; the rest is left out and it is said."""


def sun_lines(work: Gathering, names: tuple[str, ...]) -> list[ChartSeries | Gap]:
    """Irradiance among some variables, a mean over the area of the buildings' surfaces that can get light.

    Parameters
    ----------
    work : Gathering
    names : tuple of str
        Of chart variables; those of other kinds are passed over.
    """
    wanted = [name for name in names if name in HOURLY_SOLAR]
    if not wanted:
        return []
    document, asked = work.document, len(work.rows)
    shown = document.solar.shown()
    if not shown.key:
        return [Gap(name, "", asked, asked, "solar") for name in wanted]
    try:
        synthesis = document.solar.synthesis(shown.operators)
    except KnownError as error:
        # Weather of another place, for one: the rest of the chart is drawn all the same.
        return [Gap(name, "", asked, asked, "solar", str(error)) for name in wanted]
    surfaces, receivers = _lit_surfaces(work, shown)
    if not len(surfaces):
        return [Gap(name, "", asked, asked, "solar") for name in wanted]
    taken = slice(0, MOST_SURFACES)
    values = _mean_hours(work, synthesis, surfaces[taken], receivers[taken])
    count = len(np.unique(document.city.surfaces.building[surfaces[taken]]))
    gaps: list[ChartSeries | Gap] = []
    if len(surfaces) > MOST_SURFACES:
        words = f"Irradiance is of the first {MOST_SURFACES:,} of {len(surfaces):,} surfaces.".replace(",", "\u2009")
        gaps = [Gap(wanted[0], "", asked - count, asked, "", words)]
    elif count < asked:
        gaps = [Gap(wanted[0], "", asked - count, asked, "solar")]
    return [*(_line(work, name, shown, values, count) for name in wanted), *gaps]


def _lit_surfaces(work: Gathering, shown: SolarShown) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Surfaces of the rows that can get light, as tables count them for a building with its parts; their receivers."""
    city = work.document.city
    owner = city.surfaces.building
    group = city.buildings.parent_row()[owner]
    lit = lit_surfaces(work.document, np.isin(owner, work.rows), group, len(city.buildings))
    surfaces = np.flatnonzero(lit)
    return surfaces, work.document.solar.receivers(shown)[surfaces]


def _mean_hours(
    work: Gathering, synthesis: HourSynthesis, surfaces: NDArray[np.int64], receivers: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """Beam, diffuse and reflected, (hours,) float64 [W/m2] each: means over the area of the surfaces."""
    area = work.document.city.surfaces.polygons.areas_m2[surfaces]
    bright = np.flatnonzero(synthesis.year.radiance.any(axis=1) | (synthesis.year.beam_w_m2 > 0.0))
    sums = np.zeros((3, len(bright)))
    for first in range(0, len(surfaces), SURFACES_AT_ONCE):
        work.progress(first, len(surfaces))
        part = slice(first, first + SURFACES_AT_ONCE)
        for place, values in enumerate(synthesis.parts_of(receivers[part], bright)):
            sums[place] += area[part] @ values
    hours = np.zeros((3, synthesis.weather.hours))
    hours[:, bright] = sums / area.sum()
    return hours[0], hours[1], hours[2]


def _line(
    work: Gathering, name: str, shown: SolarShown, parts: tuple[Floats, Floats, Floats], count: int
) -> ChartSeries:
    which = {"beam": 0, "diffuse": 1, "reflected": 2}.get(name.rpartition("_")[2])
    hours = parts[0] + parts[1] + parts[2] if which is None else parts[which]
    known = VARIABLES[name]
    with work.document.project.reading() as connection:
        about = result_store.about(connection, shown.key)
    engine, version, at = (about.engine, about.engine_version, about.at) if about else ("", "", "")
    stale = 0 if shown.fresh else count
    title, asked = f"{known.title} on surfaces", len(work.rows)
    return ChartSeries(
        name, title, known.unit, "", hours, months_of(hours, known.unit), count, asked, stale,
        0 if shown.exact else count, engine=engine, version=version, at=at, adds_up=False,
    )  # fmt: skip
