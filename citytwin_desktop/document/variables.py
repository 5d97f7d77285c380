"""The variables that results are asked for by name."""

from dataclasses import dataclass

from citytwin_desktop.errors import KnownError

ENERGY, PEAK, HOURS, FLOW = "energy", "peak", "hours", "flow"
"""Kinds of what an energy engine gives: kWh that can be summed, the greatest hour, counted hours, heat of surfaces."""
FINAL_ENERGY = "final_energy"
"""The variable whose lines are of one carrier each, and that counts own photovoltaics."""
ENGINES = {"solar": "Solar", "collectors": "Solar collectors", "energyplus": "EnergyPlus", "estimate": "Estimate"}
"""Titles of engines for people."""


@dataclass(frozen=True)
class Variable:
    """A named result.

    Parameters
    ----------
    name : str
        As in the command line.
    title : str
        For people.
    unit : str
        Of the value itself; energy of buildings is painted per floor area and year.
    engine : str
        Engine that computes it.
    series : tuple of str
        Stored series that it is the sum of; of counted hours the stored number.
    derived : bool
        Whether it follows from stored demand and today's systems.
    kind : str
        ``energy``, ``peak``, ``hours`` or ``flow``.
    of_demand : bool
        Whether it needs the buildings' demand of electricity too.
    """

    name: str
    title: str
    unit: str
    engine: str
    series: tuple[str, ...] = ()
    of_demand: bool = False
    derived: bool = False
    kind: str = ENERGY

    @property
    def year_unit(self) -> str:
        """Unit of a year's value of one building: energy is told per floor area, shares have none."""
        return self.surface_unit(year=True).replace("–", "")

    def surface_unit(self, *, year: bool) -> str:
        """Unit of a painted value: sums over a year are told per year, those of a month or a span are not."""
        unit = f"{self.unit}/m²" if self.kind == ENERGY and self.engine == "energyplus" else self.unit
        return f"{unit}a" if year and unit == "kWh/m²" else unit


VARIABLES: dict[str, Variable] = {
    item.name: item
    for item in (
        Variable("solar_irradiation", "Solar irradiation", "kWh/m²", "solar"),
        Variable("solar_irradiance", "Solar irradiance", "W/m²", "solar"),
        Variable("solar_irradiance_beam", "Solar irradiance, beam", "W/m²", "solar"),
        Variable("solar_irradiance_diffuse", "Solar irradiance, diffuse from the sky", "W/m²", "solar"),
        Variable("solar_irradiance_reflected", "Solar irradiance, reflected", "W/m²", "solar"),
        Variable("direct_sunlight", "Direct sunlight on a day", "h", "solar"),
        Variable("sky_view_factor", "Sky view factor", "–", "solar"),
        Variable("pv_capacity", "Photovoltaic peak power", "kWp", "collectors"),
        Variable("pv_yield", "Photovoltaic yield", "kWh", "collectors"),
        Variable("pv_self_consumption", "Photovoltaic self-consumption share", "–", "collectors", of_demand=True),
        Variable("pv_autarky", "Photovoltaic autarky share", "–", "collectors", of_demand=True),
        Variable("solar_thermal_yield", "Solar thermal yield", "kWh", "collectors"),
        Variable("heating_demand", "Heating demand", "kWh", "energyplus", ("heating_demand",)),
        Variable("cooling_demand", "Cooling demand", "kWh", "energyplus", ("cooling_demand",)),
        Variable("hot_water_demand", "Hot water demand", "kWh", "energyplus", derived=True),
        Variable("electricity_use", "Electricity use", "kWh", "energyplus", derived=True),
        Variable(FINAL_ENERGY, "Final energy", "kWh", "energyplus", derived=True),
        Variable("peak_heating", "Peak heating load", "kW", "energyplus", ("heating_demand",), kind=PEAK),
        Variable("peak_cooling", "Peak cooling load", "kW", "energyplus", ("cooling_demand",), kind=PEAK),
        Variable(
            "overheating_hours", "Overheating, adaptive limit", "h", "energyplus", ("overheating_adaptive",), kind=HOURS
        ),
        Variable(
            "overheating_hours_fixed", "Overheating above 26 °C", "h", "energyplus", ("overheating_fixed",), kind=HOURS
        ),
        Variable(
            "overheating_hours_night", "Above 26 °C at night", "h", "energyplus", ("overheating_night",), kind=HOURS
        ),
        Variable("unmet_hours", "Hours with set-point missed", "h", "energyplus", ("unmet",), kind=HOURS),
        Variable("heat_transmission", "Heat lost through the surface", "kWh/m²", "energyplus", kind=FLOW),
        Variable("transmitted_solar", "Sun let in by windows", "kWh/m²", "energyplus", kind=FLOW),
    )
}


HOURLY_SOLAR = frozenset(name for name in VARIABLES if name.startswith("solar_irradiance"))
"""Solar variables of a single hour."""


def variable(name: str) -> Variable:
    """Look up a variable.

    Raises
    ------
    KnownError
        When this version computes no such variable.
    """
    try:
        return VARIABLES[name]
    except KeyError:
        msg = f"There is no variable “{name}” in this version: choose one of {', '.join(VARIABLES)}."
        raise KnownError(msg) from None
