"""All cases through the queue, held against the ranges of the standard."""

from collections.abc import Callable, Sequence
from typing import Any

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.energyplus.bestest.cases import CASES, Case
from citytwin_desktop.sim.energyplus.bestest.engine import ENGINE, CaseInputs
from citytwin_desktop.sim.energyplus.bestest.ranges import RANGES_MWH, is_standard_weather, within
from citytwin_desktop.sim.energyplus.inputs import ENGINE_VERSION
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.job import Job, JobCancelled, JobDone, JobFailed
from citytwin_desktop.sim.jobs.queue import JobQueue

STANDARD = "ASHRAE Standard 140-2020"
QUANTITIES = ("heating", "cooling")


def validate_bestest(
    weather: Weather,
    *,
    cases: Sequence[Case] = CASES,
    workers: int = 2,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Run the cases of the standard as the program runs buildings.

    Parameters
    ----------
    weather : Weather
        The ranges hold for that of the standard only; with any other the cases run and nothing counts as passed.
    cases : sequence of Case
    workers : int
        Processes, and so runs at a time.
    say : callable
        Takes a line for every case that is done.

    Returns
    -------
    dict
        The JSON document of ``citytwin validate bestest``; annual loads in MWh, rounded to kilowatt-hours.

    Raises
    ------
    KnownError
        When a case has no result; the others are stopped.
    """
    found = _annual_mwh(weather, cases, workers, say)
    applies = is_standard_weather(weather)
    rows = [_row(case.number, name, found[case.number][name], applies) for case in cases for name in QUANTITIES]
    return {
        "check": "bestest",
        "standard": STANDARD,
        "engine": f"EnergyPlus version {ENGINE_VERSION}",
        "weather": weather.name,
        "ranges_apply": applies,
        "passed": sum(row["pass"] for row in rows),
        "of": len(rows),
        "cases": rows,
    }


def verdict(document: dict[str, Any]) -> str:
    """What is wrong, as one sentence; empty when every value is within its range."""
    if not document["ranges_apply"]:
        return (
            f"The ranges of {STANDARD} hold for its own weather file 725650TYCST.epw only, and {document['weather']} "
            "is another: the cases ran, but nothing is validated; give that file."
        )
    missed = [f"{row['case']} {row['quantity']}" for row in document["cases"] if not row["pass"]]
    if missed:
        return (
            f"{len(missed)} of {document['of']} values lie outside the ranges of {STANDARD} ({', '.join(missed)}): "
            "do not trust this installation, and report it."
        )
    return ""


def _row(case: int, quantity: str, value_mwh: float, applies: bool) -> dict[str, Any]:
    low, high = RANGES_MWH[case, quantity]
    return {
        "case": case,
        "quantity": quantity,
        "value_mwh": round(value_mwh, 3),
        "low": low,
        "high": high,
        "pass": applies and within(case, quantity, value_mwh),
    }


def _annual_mwh(
    weather: Weather, cases: Sequence[Case], workers: int, say: Callable[[str], None]
) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    jobs = (Job(str(case.number), ENGINE, f"Case {case.number}", (), CaseInputs(case, weather)) for case in cases)
    with JobQueue(local_executor(workers)) as queue:
        queue.submit_all(jobs)
        for event in queue.run():
            if isinstance(event, JobFailed):
                raise KnownError(event.message)
            if isinstance(event, JobCancelled):
                raise CancelledError("The validation was cancelled: run it again.")
            if isinstance(event, JobDone):
                loads = found[int(event.key)] = event.outputs
                parts = ", ".join(f"{name} {loads[name]:.3f} MWh" for name in QUANTITIES)
                say(f"Case {event.key} ({len(found)} of {len(cases)}): {parts}")
    return found
