"""Checks that a finished run cannot be nonsense: a silent error must not become a result."""

from collections.abc import Mapping

import numpy as np

from citytwin_desktop.catalog.usage_profiles import usage_profiles
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.building_use import METABOLIC_RATE_W
from citytwin_desktop.sim.energyplus.inputs import ThermalModel
from citytwin_desktop.sim.energyplus.read import RunOutputs, Series

_WEEKDAYS, _WEEKEND_DAYS = 261, 104  # the year begins on a Monday
_MOST_W_M2 = 3000.0
_MOST_KWH_M2A = 5000.0
_GAINS_TOLERANCE = 0.01
_LEAST_KWH = -0.001
_BALANCE_TOLERANCE = 0.05


def check_series(model: ThermalModel, series: Mapping[str, Series]) -> None:
    """Refuse a year that is not finite, is negative, is beyond any building, or lost some of its gains.

    The energy for light and appliances is known beforehand from floor area, power and profile: EnergyPlus
    must have used as much, otherwise it understood another building than was meant.

    Raises
    ------
    KnownError
        With a sentence that names what is wrong, to be completed with the building by the caller.
    """
    area = model.floor_area_m2
    for name, values in series.items():
        title = name.removesuffix("_kwh")
        if not np.all(np.isfinite(values)) or values.min() < _LEAST_KWH:
            raise KnownError(f"the hourly {title} is negative or not a number")
        peak, total = float(values.max()) * 1000.0 / area, float(values.sum(dtype=np.float64)) / area
        if peak > _MOST_W_M2 + _gain_w_m2(model) or total > _MOST_KWH_M2A + 8.76 * _gain_w_m2(model):
            raise KnownError(f"the {title} reaches {peak:.0f} W/m² and {total:.0f} kWh/m²a, which no building needs")
    usage = usage_profiles(model.spec.function)
    powers = {"lighting": model.spec.lighting_w_m2, "equipment": model.spec.equipment_w_m2}
    for title, power in powers.items():
        weekday, weekend = sum(getattr(usage.weekday, title)), sum(getattr(usage.weekend, title))
        wanted = power * area * (_WEEKDAYS * weekday + _WEEKEND_DAYS * weekend) / 1000.0
        found = float(series[f"{title}_kwh"].sum(dtype=np.float64))
        if abs(found - wanted) > _GAINS_TOLERANCE * wanted + 1e-6:
            raise KnownError(
                f"{title} used {found:.0f} kWh in the year instead of the {wanted:.0f} kWh that were put in"
            )


def check_balance(outputs: RunOutputs) -> None:
    """Refuse a year in which more heat went into the rooms than came out, or less.

    Over a year that begins and ends alike nothing stays stored, so heat through surfaces and windows, with
    outdoor air, from people, light and appliances, and from heating and cooling must sum to nought.

    Raises
    ------
    KnownError
        When the sum is more than 5 % of all that came in.
    """
    through = [
        float(values.sum()) for flows in (outputs.conduction_kwh, outputs.window_net_kwh) for values in flows.values()
    ]
    light, equipment = (
        float(outputs.hourly_kwh[f"{name}_kwh"].sum(dtype=np.float64)) for name in ("lighting", "equipment")
    )
    parts = [*through, outputs.outdoor_air_kwh, outputs.system_air_kwh, outputs.people_kwh, light, equipment]
    came_in, left_over = sum(part for part in parts if part > 0), sum(parts)
    if abs(left_over) > _BALANCE_TOLERANCE * came_in + 1.0:
        lost = f"{left_over:.0f} kWh of {came_in:.0f} kWh are unaccounted for"
        raise KnownError(f"the energy balance of the year does not close: {lost}")


def _gain_w_m2(model: ThermalModel) -> float:
    return model.spec.lighting_w_m2 + model.spec.equipment_w_m2 + METABOLIC_RATE_W * model.spec.people_per_m2
