"""Starting an engine on a document: what will run is worked out here or, in a large city, on the run's thread."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.document.run_plan import plan_run, title_of
from citytwin_desktop.document.runs import Run
from citytwin_desktop.document.side_document import SideDocument
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.jobs.executors import LOCAL, available_cores, executor_at
from citytwin_desktop.sim.jobs.queue import JobQueue

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

PICTURE_FIRST_S = 0.1


def start_run(
    document: Document,
    engine: str,
    scenario_id: str,
    building_ids: Iterable[str] | None = None,
    workers: int | None = None,
    executor: str = LOCAL,
    *,
    aside: bool = False,
) -> Run:
    """Start an engine on a document.

    Parameters
    ----------
    document : Document
    engine : str
        ``solar``, ``energyplus``, ``estimate`` or ``collectors``.
    scenario_id : str
    building_ids : iterable of str, optional
        Buildings to simulate; all by default. Solar and collectors always take the whole city.
    workers : int, optional
        Cores to use, as processes or, for solar, as threads of one; all by default. On a cluster, most jobs
        in flight.
    executor : str
        ``local``, or ``dask://HOST:PORT`` of a cluster that we trust.
    aside : bool
        Whether to work out what will run on the run's thread, which takes seconds in a large city; its total is 0
        until then, and unknown buildings end the run instead of keeping it from starting.

    Raises
    ------
    KnownError
        When an input is missing, or the cluster cannot be used; nothing has begun then.
    """
    if (sentence := document.missing_for(engine, scenario_id)) is not None:
        raise KnownError(sentence + ".")
    cores = workers or available_cores()

    def queue() -> JobQueue:
        return JobQueue(executor_at(executor, workers))

    title = title_of(document, engine, scenario_id)
    if aside:
        side = SideDocument(document)
        ids = None if building_ids is None else tuple(building_ids)
        return Run(document, engine, title, lambda: _planned_aside(side, engine, scenario_id, ids, cores), queue)
    plan = plan_run(document, engine, scenario_id, building_ids, cores)
    if executor != LOCAL and plan.total:
        # A cluster that does not answer is told at once.
        made = queue()
        return Run(document, engine, title, lambda: plan, lambda: made, plan)
    return Run(document, engine, title, lambda: plan, queue, plan)


def _planned_aside(
    side: SideDocument, engine: str, scenario_id: str, building_ids: tuple[str, ...] | None, cores: int
) -> RunPlan:
    # The picture first: whoever shows that it has begun draws a frame, and two threads share Python's one lock.
    time.sleep(PICTURE_FIRST_S)
    try:
        return plan_run(side, engine, scenario_id, building_ids, cores)
    finally:
        side.rest()
