"""Everything that an edit can change: the city, its scenarios, its weather, its solar conditions and collectors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from citytwin_desktop.city.collector_choices import CollectorChoices
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.scenario import BASELINE, Scenario
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.errors import KnownError


@dataclass(frozen=True, eq=False)
class District:
    """One state of a project's content; edits make a new one that shares what they leave alone.

    Parameters
    ----------
    city : CityModel
    scenarios : mapping of str to Scenario
        By identifier; the baseline is always there.
    weather_hash : str
        Content hash of the weather file, empty for none.
    solar_conditions : SolarConditions
        Reflectances, snow and leaves of the whole district.
    collector_choices : CollectorChoices
        Assumptions about solar collectors that were edited.
    named : mapping of str to mapping
        What the project keeps under names: by kind (``view``, ``selection``), then by name, JSON.
    """

    city: CityModel = field(default_factory=CityModel)
    scenarios: Mapping[str, Scenario] = field(default_factory=lambda: {BASELINE: Scenario(BASELINE, "Baseline")})
    weather_hash: str = ""
    solar_conditions: SolarConditions = field(default_factory=SolarConditions)
    collector_choices: CollectorChoices = field(default_factory=CollectorChoices)
    named: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    def scenario(self, identifier: str) -> Scenario:
        """Look up a scenario.

        Raises
        ------
        KnownError
            When there is no such scenario.
        """
        try:
            return self.scenarios[identifier]
        except KeyError:
            msg = f"There is no scenario “{identifier}”: choose one of {', '.join(self.scenarios)}."
            raise KnownError(msg) from None
