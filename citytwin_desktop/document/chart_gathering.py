"""Gathering of the series of a chart from the results of some buildings; made for a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.wholes import standing_rows
from citytwin_desktop.document.chart_delivered import delivered_lines
from citytwin_desktop.document.chart_energy import energy_lines
from citytwin_desktop.document.chart_series import (
    DELIVERED,
    MOST_BUILDINGS,
    ChartData,
    ChartRequest,
    ChartSeries,
    Gap,
    Gathering,
    Progress,
    nobody_listens,
)
from citytwin_desktop.document.chart_sun import sun_lines
from citytwin_desktop.document.chart_yields import yield_lines

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def chart_rows(document: Document, building_ids: tuple[str, ...]) -> NDArray[np.int64]:
    """Rows with geometry that are chosen, or whose building is; all when none is.

    Parameters
    ----------
    document : Document
    building_ids : tuple of str
    """
    city = document.city
    if not building_ids:
        return np.asarray(city.rows_with_geometry, np.int64)
    return standing_rows(city, city.buildings.rows(building_ids))


def gather(document: Document, request: ChartRequest, progress: Progress = nobody_listens) -> ChartData:
    """Read and sum the series of a request.

    Parameters
    ----------
    document : Document
        On this thread alone, see `SideDocument`.
    request : ChartRequest
    progress : callable
        Called for every building with the number done and the number of all; raises `CancelledError` to stop.

    Raises
    ------
    KnownError
        When a stored result is damaged.
    """
    every = chart_rows(document, request.building_ids)
    work = Gathering(document, every[:MOST_BUILDINGS], progress)
    found: list[ChartSeries | Gap] = []
    for scenario in request.scenarios:
        found += energy_lines(work, request.variables, scenario)
        found += yield_lines(work, request.variables, scenario) if scenario == request.scenarios[0] else []
    found += sun_lines(work, request.variables)
    found += delivered_lines(work) if DELIVERED in request.variables else []
    series = tuple(sorted((item for item in found if isinstance(item, ChartSeries)), key=_order(request)))
    gaps = tuple(item for item in found if isinstance(item, Gap))
    names = {item.id: item.name for item in document.scenarios}
    return ChartData(request, series, gaps, len(every), len(work.rows), names)


def _order(request: ChartRequest) -> Callable[[ChartSeries], tuple[int, int, str]]:
    """As the variables were chosen, the scenarios of each beside each other."""
    place = {name: number for number, name in enumerate(request.variables)}
    scenarios = {name: number for number, name in enumerate(request.scenarios)}
    return lambda item: (place.get(item.variable, len(place)), scenarios.get(item.scenario, 0), item.carrier)
