"""What surfaces can be painted with: colour maps and how time applies; the rest the document knows."""

from dataclasses import dataclass

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, month_of_hour
from citytwin_desktop.document.variables import ENERGY, ENGINES, FLOW, HOURS, PEAK
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.scene.colour_maps import FLOW_MAP

DAY, SPAN, MONTH, YEAR = "day", "span", "month", "year"
"""What of the time is painted: the hour (or its day), a span of hours, a month, the year."""

HOURS_OF_A_DAY = 24


_PAINTED_PER = {FLOW: "of the surface", PEAK: "per building", HOURS: "a year per building", ENERGY: "floor area"}


@dataclass(frozen=True)
class Request:
    """What to ask the document for.

    Parameters
    ----------
    name : str
        Of the document's variable.
    hour : int, optional
    month : int, optional
        0 to 11.
    hours : tuple of int, optional
        First hour of a span, and the one after its last.
    """

    name: str
    hour: int | None = None
    month: int | None = None
    hours: tuple[int, int] | None = None


@dataclass(frozen=True)
class Variable:
    """One entry of the variable list.

    Parameters
    ----------
    name : str
        The document's name of the variable.
    map_name : str
        Colour map that suits it.
    periods : tuple of str
        What of the time can be painted; the first one stands in for what cannot.
    hourly_name : str
        The document's name of the variable at one hour, empty when it has none.
    limits : tuple of float, optional
        Ends of the colour scale while hours are dragged.
    whole_day : bool
        Whether the day of the hour is meant.
    list_title : str
        For lists, where the document's title is too long for them.
    """

    name: str
    map_name: str
    periods: tuple[str, ...] = (MONTH, YEAR)
    hourly_name: str = ""
    limits: tuple[float, float] | None = None
    whole_day: bool = False
    list_title: str = ""

    @property
    def title(self) -> str:
        """Name for people."""
        return KNOWN[self.name].title

    @property
    def short_title(self) -> str:
        """Name that a closed list has room for."""
        return self.list_title or self.title

    @property
    def painted_per(self) -> str:
        """What one painted value belongs to, to be said behind its unit."""
        return _PAINTED_PER[KNOWN[self.name].kind]

    @property
    def unit(self) -> str:
        """Unit of its values; empty for a plain number."""
        return KNOWN[self.name].unit.replace("–", "")

    @property
    def engine(self) -> str:
        """Engine that makes it."""
        return KNOWN[self.name].engine

    @property
    def group(self) -> str:
        """Heading that it stands under in lists."""
        return ENGINES[self.engine]

    @property
    def has_time(self) -> bool:
        """Whether its values change with time at all."""
        return len(self.periods) > 1 or self.periods[0] != YEAR

    def period(self, wished: str) -> str:
        """The wished period, or the one that stands in for it."""
        return wished if wished in self.periods else self.periods[0]

    def request(
        self, period: str, hour: int, span: tuple[int, int] = (0, 0), year_hours: int = COMMON_YEAR_HOURS
    ) -> Request:
        """What to ask the document for, at an hour and a span of hours of a year of so many hours."""
        if period == DAY and self.hourly_name:
            # A day is asked for by its first hour, so that all hours of it are one request.
            return Request(self.hourly_name, hour // HOURS_OF_A_DAY * HOURS_OF_A_DAY if self.whole_day else hour)
        if period == MONTH:
            return Request(self.name, month=int(month_of_hour(year_hours)[hour]))
        if period == SPAN:
            return Request(self.name, hours=span)
        return Request(self.name)

    def follows(self, period: str) -> bool:
        """Whether another hour may change the picture."""
        return (period == MONTH and MONTH in self.periods) or (period == DAY and bool(self.hourly_name))


_INFERNO = "inferno"
VARIABLES = {
    variable.name: variable
    for variable in (
        Variable("solar_irradiation", _INFERNO, (YEAR, MONTH, DAY, SPAN), "solar_irradiance", (0.0, 1000.0)),
        Variable("solar_irradiance", _INFERNO, (DAY,), "solar_irradiance", (0.0, 1000.0)),
        Variable(
            "solar_irradiance_beam",
            _INFERNO,
            (DAY,),
            "solar_irradiance_beam",
            (0.0, 1000.0),
            list_title="Irradiance, beam",
        ),
        Variable(
            "solar_irradiance_diffuse",
            _INFERNO,
            (DAY,),
            "solar_irradiance_diffuse",
            (0.0, 500.0),
            list_title="Irradiance, diffuse",
        ),
        Variable(
            "solar_irradiance_reflected",
            _INFERNO,
            (DAY,),
            "solar_irradiance_reflected",
            (0.0, 250.0),
            list_title="Irradiance, reflected",
        ),
        Variable("direct_sunlight", "cividis", (DAY,), "direct_sunlight", whole_day=True),
        Variable("sky_view_factor", "viridis", (YEAR,), limits=(0.0, 1.0)),
        Variable("pv_yield", "viridis"),
        Variable("pv_capacity", "viridis", (YEAR,)),
        Variable("pv_self_consumption", "cividis", (YEAR,), limits=(0.0, 1.0), list_title="PV self-consumption"),
        Variable("pv_autarky", "cividis", (YEAR,), limits=(0.0, 1.0), list_title="PV autarky"),
        Variable("solar_thermal_yield", "viridis"),
        Variable("heating_demand", "viridis"),
        Variable("cooling_demand", "viridis"),
        Variable("hot_water_demand", "viridis"),
        Variable("electricity_use", "cividis"),
        Variable("final_energy", "cividis"),
        Variable("peak_heating", "viridis", (YEAR,)),
        Variable("peak_cooling", "viridis", (YEAR,)),
        Variable("overheating_hours", "inferno", (YEAR,), list_title="Overheating, adaptive"),
        Variable("overheating_hours_fixed", "inferno", (YEAR,)),
        Variable("overheating_hours_night", "inferno", (YEAR,)),
        Variable("unmet_hours", "inferno", (YEAR,), list_title="Set-point missed"),
        Variable("heat_transmission", FLOW_MAP, list_title="Heat loss of surfaces"),
        Variable("transmitted_solar", "inferno", list_title="Sun through windows"),
    )
}
