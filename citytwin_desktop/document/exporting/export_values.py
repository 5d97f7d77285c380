"""All that a writer may ask of a document in one scenario; worked out when it is asked for."""

from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop import __version__
from citytwin_desktop.analysis.neutral_colours import colour_text
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.energy_results import ESTIMATE
from citytwin_desktop.document.exporting.building_columns import (
    ENERGY_ENGINE,
    ENERGY_FRESH,
    FINAL_ENERGY_FRESH,
    RESULT_COLUMNS,
    Columns,
    building_columns,
)
from citytwin_desktop.document.exporting.painted import ShownVariable, shown_variable
from citytwin_desktop.document.exporting.surface_columns import fresh_marks, surface_columns
from citytwin_desktop.document.freshness import ENGINES
from citytwin_desktop.formats.meshes.painting import Painting, neutral_painting


class ExportValues:
    """Values, colours and notes of one scenario.

    Parameters
    ----------
    document : Document
    scenario_id : str
    variable : str, optional
        Variable to colour by.
    time : str, optional
        When; see `shown_variable`.

    Attributes
    ----------
    notes : dict
        Program, project, scenario, weather and the state of results, JSON.

    Raises
    ------
    KnownError
        When there is no such scenario, variable or time, or no result of the variable.
    """

    def __init__(
        self, document: Document, scenario_id: str, variable: str | None = None, time: str | None = None
    ) -> None:
        self._document = document
        self._scenario = document.scenario(scenario_id)
        self.shown: ShownVariable | None = (
            None if variable is None else shown_variable(document, variable, time, scenario_id)
        )
        self.notes = self._notes()

    @property
    def city(self) -> CityModel:
        """The city that the values belong to."""
        return self._document.city

    @cached_property
    def buildings(self) -> Columns:
        """Columns of the table of buildings; with a variable of buildings its values and colours as well."""
        columns = building_columns(self._document, self._scenario.id)
        if self.shown is not None and self.shown.of_buildings:
            columns |= self._shown_of_buildings(self.shown)
        return columns

    @cached_property
    def surfaces(self) -> dict[str, NDArray[Any]]:
        """Columns of results of every surface; with a variable its values and colours as well."""
        columns = surface_columns(self._document, self._scenario.id)
        if self.shown is not None:
            columns |= _shown_columns(self.shown, np.arange(len(self.city.surfaces)))
        return columns

    @cached_property
    def painting(self) -> Painting:
        """Colours of all surfaces: neutral, or by the variable."""
        return neutral_painting(self.city) if self.shown is None else self.shown.painting

    def stale_sentence(self) -> str:
        """What a user must know of the colours; empty when all are of fresh results."""
        if self.shown is None:
            return ""
        counts = self.painting.legend["surfaces"]
        stale = f" {counts['stale']} surfaces have a stale result and stand out in amber." if counts["stale"] else ""
        missing = f" {counts['no_result']} surfaces have no result and are grey." if counts["no_result"] else ""
        return stale + missing

    def measures(self) -> dict[str, dict[str, tuple[float, str]]]:
        """Results by building and name with their units, for formats that have no columns.

        A name ends in ``_stale`` when the result is of other inputs than today's, in ``_estimate`` for an estimate.
        """
        columns = self.buildings
        found: dict[str, dict[str, tuple[float, str]]] = {str(identifier): {} for identifier in columns["id"]}
        for name, about in RESULT_COLUMNS.items():
            of_energy = about.fresh in (ENERGY_FRESH, FINAL_ENERGY_FRESH)
            engines = columns[ENERGY_ENGINE] if of_energy else [None] * len(columns[name])
            rows = zip(columns["id"], columns[name], columns[about.fresh], engines, strict=True)
            for identifier, value, fresh, engine in rows:
                if value is not None:
                    marked = f"{name}{'_estimate' if engine == ESTIMATE else ''}{'' if fresh else '_stale'}"
                    found[str(identifier)][marked] = (float(value), about.unit)
        return {identifier: values for identifier, values in found.items() if values}

    def _shown_of_buildings(self, shown: ShownVariable) -> Columns:
        """One value of each building, that of its first surface."""
        owner = self.city.surfaces.building
        first = np.searchsorted(owner, self.city.rows_with_geometry)
        columns: Columns = {}
        for name, values in _shown_columns(shown, first).items():
            columns[name] = [None] * len(self.city.buildings)
            for row, value in zip(self.city.rows_with_geometry.tolist(), values.tolist(), strict=True):
                columns[name][row] = value
        return columns

    def _notes(self) -> dict[str, Any]:
        document = self._document
        weather = document.weather
        states = {engine: document.status(engine, self._scenario.id) for engine in ENGINES}
        return {
            "program": f"CityTwin Desktop {__version__}",
            "project": document.path.name,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "scenario": self._scenario.id,
            "scenario_name": self._scenario.name,
            "weather": weather.name if weather is not None else None,
            "crs": f"EPSG:{self.city.epsg}" if self.city.epsg else None,
            "results": {
                engine: {name: len(getattr(state, name)) for name in ("fresh", "stale", "missing", "failed")}
                for engine, state in states.items()
            },
            **({"legend": dict(self.shown.painting.legend)} if self.shown is not None else {}),
        }


def _shown_columns(shown: ShownVariable, surfaces: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Value, freshness and colour of some surfaces."""
    values = shown.values.values[surfaces]
    known = ~np.isnan(values)
    colours = shown.painting.colours[surfaces].tolist()
    marks: NDArray[np.object_] = np.full(len(surfaces), None, object)
    if shown.values.estimate is not None:
        marks[known] = shown.values.estimate[surfaces][known].tolist()
    texts: NDArray[np.object_] = np.full(len(surfaces), None, object)
    texts[:] = [colour_text((red, green, blue)) for red, green, blue in colours]
    return {
        "shown_value": np.where(known, values.astype(np.float64), np.nan),
        "shown_fresh": fresh_marks(known, shown.values.stale[surfaces]),
        "shown_estimate": marks,
        "fill": texts,
    }
