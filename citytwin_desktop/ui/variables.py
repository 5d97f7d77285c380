"""What surfaces can be painted with: colour maps and how time applies; the rest the document knows."""

from dataclasses import dataclass

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.document.variables import VARIABLES as KNOWN

ENGINES = {"solar": "Solar", "energyplus": "EnergyPlus"}


@dataclass(frozen=True)
class Variable:
    """One entry of the variable list.

    Parameters
    ----------
    name : str
        The document's name of the variable over a year or a month.
    map_name : str
        Colour map that suits it.
    hourly_name : str
        The document's name of the variable at one hour, empty when it has none.
    """

    name: str
    map_name: str
    hourly_name: str = ""

    @property
    def title(self) -> str:
        """Name for people."""
        return KNOWN[self.name].title

    @property
    def engine(self) -> str:
        """Engine that makes it."""
        return KNOWN[self.name].engine

    def request(self, period: str, hour: int) -> tuple[str, int | None, int | None]:
        """Name, hour and month (0-11) to ask the document for."""
        if period == "day" and self.hourly_name:
            return self.hourly_name, hour, None
        if period == "month":
            return self.name, None, int(month_of_hour()[hour])
        return self.name, None, None

    def follows(self, period: str) -> bool:
        """Whether another hour may change the picture."""
        return period == "month" or (period == "day" and bool(self.hourly_name))


VARIABLES = {
    variable.name: variable
    for variable in (
        Variable("solar_irradiation", "inferno", "solar_irradiance"),
        Variable("heating_demand", "viridis"),
        Variable("cooling_demand", "viridis"),
        Variable("electricity_use", "cividis"),
    )
}
