"""Hours of energies of buildings, summed for charts: demand as simulated and what today's systems make of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from citytwin_desktop.analysis.final_energy import FinalEnergy
from citytwin_desktop.catalog.carriers import carrier_title
from citytwin_desktop.document.chart_series import (
    BY_CARRIER,
    ChartSeries,
    Floats,
    Gap,
    Gathering,
    energy_variables,
    months_of,
)
from citytwin_desktop.document.energy_results import ShownEnergy, derived_hours
from citytwin_desktop.document.variables import FINAL_ENERGY, VARIABLES
from citytwin_desktop.project import result_store


@dataclass(eq=False)
class _Sum:
    """What was added up of one variable, or of one carrier of it."""

    hours: Floats
    first: str
    stale: int = 0
    estimates: int = 0


def energy_lines(work: Gathering, names: tuple[str, ...], scenario_id: str) -> list[ChartSeries | Gap]:
    """Sums over buildings of the energies among some names, and where results are missing.

    Parameters
    ----------
    work : Gathering
    names : tuple of str
        Of chart variables; those of other kinds are passed over.
    scenario_id : str
    """
    wanted = [name for name in names if next(energy_variables((name,)), None) is not None]
    return _Sums(work, wanted, scenario_id).lines() if wanted else []


class _Sums:
    """Adds up buildings one after the other; each is read once, however many variables are wanted of it."""

    def __init__(self, work: Gathering, wanted: list[str], scenario_id: str) -> None:
        self._work, self._wanted, self._scenario = work, wanted, scenario_id
        self._reader = work.document.energy
        self._sums: dict[tuple[str, str], _Sum] = {}
        self._counts, self._areas_m2 = dict.fromkeys(wanted, 0), dict.fromkeys(wanted, 0.0)

    def lines(self) -> list[ChartSeries | Gap]:
        """Read everything."""
        document, ids = self._work.document, self._work.ids
        shown = self._reader.shown(self._scenario)
        mine = {name: shown[name] for name in ids if name in shown}
        final = {FINAL_ENERGY, BY_CARRIER} & set(self._wanted)
        lacking = set(self._reader.lacking_generation(mine, self._scenario)) if final else set()
        with document.project.reading() as connection:
            areas = result_store.summaries(connection, "floor_area_m2")
        for done, name in enumerate(ids):
            self._work.progress(done, len(ids))
            if name in mine:
                self._take(name, mine[name], areas.get(mine[name].key, float("nan")), name in lacking)
        found: list[ChartSeries | Gap] = [self._line(*place) for place in self._sums]
        return found + self._gaps(len(ids))

    def _take(self, name: str, shown: ShownEnergy, area_m2: float, lacks_own: bool) -> None:
        derived = any(VARIABLES.get(item, VARIABLES[FINAL_ENERGY]).derived for item in self._wanted)
        final = self._reader.final(shown, name, self._scenario) if derived else None
        for wanted in self._wanted:
            stale = not shown.fresh or (lacks_own and wanted in (FINAL_ENERGY, BY_CARRIER))
            parts = self._parts(wanted, shown, final, name)
            if parts:
                self._counts[wanted] += 1
                self._areas_m2[wanted] += area_m2
            for carrier, hours in parts.items():
                if (wanted, carrier) not in self._sums:
                    self._sums[wanted, carrier] = _Sum(np.zeros(len(hours)), shown.key)
                item = self._sums[wanted, carrier]
                item.hours += hours
                item.stale, item.estimates = item.stale + stale, item.estimates + shown.estimate

    def _parts(self, wanted: str, shown: ShownEnergy, final: FinalEnergy | None, name: str) -> dict[str, Floats]:
        """Hours by carrier, or under no name; empty without a result."""
        if wanted == BY_CARRIER:
            return dict(final.delivered_by_carrier()) if final is not None else {}
        chosen = VARIABLES[wanted]
        if chosen.derived:
            return {} if final is None else {"": derived_hours(chosen, final)}
        hours = self._reader.hours(chosen, shown, name, self._scenario)
        return {} if hours is None else {"": hours.astype(np.float64)}

    def _line(self, wanted: str, carrier: str) -> ChartSeries:
        item, known = self._sums[wanted, carrier], VARIABLES[FINAL_ENERGY if wanted == BY_CARRIER else wanted]
        with self._work.document.project.reading() as connection:
            about = result_store.about(connection, item.first)
        engine, version, at = (about.engine, about.engine_version, about.at) if about else ("", "", "")
        title = f"{known.title}, {carrier_title(carrier).lower()}" if carrier else known.title
        # A carrier that only some buildings use is zero in the others, which have a result all the same.
        count, area_m2 = self._counts[wanted], self._areas_m2[wanted]
        return ChartSeries(
            wanted, title, known.unit, self._scenario, item.hours, months_of(item.hours, known.unit), count,
            len(self._work.rows), item.stale, item.estimates, area_m2, engine, version, at, carrier,
        )  # fmt: skip

    def _gaps(self, asked: int) -> list[ChartSeries | Gap]:
        missing = {name: asked - found for name, found in self._counts.items()}
        return [Gap(name, self._scenario, count, asked, "energyplus") for name, count in missing.items() if count]
