"""A run before it starts, as every engine plans it: which subjects, under which keys, how its jobs are made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from citytwin_desktop.city.diagnosis.readiness import BLOCKED, readiness
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document.freshness import CITY_ENGINES, WHOLE_CITY
from citytwin_desktop.sim.jobs.job import Job

Prepared = tuple[list[Job], dict[str, str]]


@dataclass(frozen=True, eq=False)
class RunPlan:
    """A run before it starts.

    Parameters
    ----------
    engine, title : str
    shown_scenario : str
        Scenario that results are shown in.
    keys : mapping of str to str
        Key by subject that will run.
    requested, total, skipped_fresh : int
    prepare : callable
        Makes the jobs and names the buildings that cannot run; pure, may run on another thread.
    about : mapping
        What is stored with every result.
    refused : mapping of str to str
        Buildings that cannot run, known from the start.
    """

    engine: str
    title: str
    shown_scenario: str
    keys: Mapping[str, str]
    requested: int
    total: int
    skipped_fresh: int
    prepare: Callable[[], Prepared]
    about: Mapping[str, Any]
    refused: Mapping[str, str] = field(default_factory=dict)

    def subjects(self, job: Job) -> tuple[str, ...]:
        """Subjects that a job's result belongs to in the store."""
        return (WHOLE_CITY,) if self.engine in CITY_ENGINES else job.building_ids


def rows_to_simulate(city: CityModel, building_ids: Iterable[str] | None) -> list[int]:
    """Rows with geometry of the chosen buildings, their parts included; all when none are chosen.

    Raises
    ------
    KnownError
        When there is no such building.
    """
    rows = city.rows_with_geometry
    if building_ids is None:
        return [int(row) for row in rows]
    chosen = set(city.buildings.rows(tuple(building_ids)).tolist())
    parents = city.buildings.parent_row()
    return [int(row) for row in rows if int(row) in chosen or int(parents[row]) in chosen]


def blocked_by_geometry(city: CityModel, rows: Mapping[str, int]) -> dict[str, str]:
    """Buildings of which the doctor knows that an engine would refuse them or give nonsense, with the reason.

    Parameters
    ----------
    city : CityModel
    rows : mapping of str to int
        Rows by building.
    """
    light = readiness(city)
    blocked = {name: light.reasons(row) for name, row in rows.items() if light.level[row] == BLOCKED}
    return {name: f"Building “{name}” cannot be simulated: {why[0]}" for name, why in blocked.items() if why}


def no_archetype(name: str) -> str:
    """Why a building without an archetype cannot run."""
    return f"Building “{name}” has no archetype: run enrich, or edit its function and year."
