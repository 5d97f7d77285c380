"""Colours of a document's surfaces by a variable, with the legend that says what they mean."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from citytwin_desktop.analysis.colour_scales import FLOW_MAP, ColourScale
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.exporting.moments import Moment, moment_of
from citytwin_desktop.document.values import SurfaceValues
from citytwin_desktop.document.variables import FLOW, Variable
from citytwin_desktop.document.variables import variable as look_up
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.meshes.painting import Painting, value_painting

_MAPS = {"direct_sunlight": "cividis", "sky_view_factor": "viridis", "heat_transmission": FLOW_MAP}


@dataclass(frozen=True, eq=False)
class ShownVariable:
    """A variable at a time, on every surface.

    Parameters
    ----------
    variable : Variable
    moment : Moment
    values : SurfaceValues
    painting : Painting
    """

    variable: Variable
    moment: Moment
    values: SurfaceValues
    painting: Painting

    @property
    def of_buildings(self) -> bool:
        """Whether all surfaces of a building have one value."""
        return self.variable.of_demand or (self.variable.engine == "energyplus" and self.variable.kind != FLOW)


def shown_variable(document: Document, name: str, time: str | None, scenario_id: str) -> ShownVariable:
    """Read a variable and choose its colours.

    Parameters
    ----------
    document : Document
    name : str
        Of the variable.
    time : str, optional
        As `parse_time` takes it; the year by default, or the hour that views show.
    scenario_id : str

    Raises
    ------
    KnownError
        When there is no such variable or time, or no result.
    """
    chosen, scenario = look_up(name), document.scenario(scenario_id)
    moment = moment_of(name, time, document.hour, document.year_hours)
    found = document.surface_values(name, scenario.id, moment.hour, moment.month, moment.hours)
    if np.isnan(found.values).all():
        msg = f"There are no results of {name}: run simulate --engine {chosen.engine} first."
        raise KnownError(msg)
    legend: dict[str, Any] = {
        "variable": name,
        "title": chosen.title,
        "unit": found.unit,
        "time": moment.words(document.year_hours) or "year",
        "scenario": scenario.id,
        "engine": chosen.engine,
        "estimates": 0 if found.estimate is None else int((found.estimate & ~np.isnan(found.values)).sum()),
    }
    fresh = found.values[~found.stale & ~np.isnan(found.values)]
    scale = ColourScale.fitted(fresh if len(fresh) else found.values, map_name(chosen))
    return ShownVariable(chosen, moment, found, value_painting(found.values, found.stale, scale, legend))


def map_name(chosen: Variable) -> str:
    """Colour map of a variable."""
    return _MAPS.get(chosen.name, "inferno" if chosen.engine == "solar" else "viridis")
