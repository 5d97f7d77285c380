"""Magnitudes of axes and read-outs: one unit for all that is drawn against an axis."""

from collections.abc import Iterable

import numpy as np

from citytwin_desktop.scene.numbers import MINUS, THIN_SPACE, number_text
from citytwin_desktop.ui.numbers import energy_unit

_SMALL = 0.1
_LARGE_KG = 10_000.0


def axis_unit(arrays: Iterable[np.ndarray], unit: str) -> tuple[float, str]:
    """Divisor and unit that suit all values of an axis, by the largest."""
    largest = max((float(np.nanmax(np.abs(item))) for item in arrays if np.isfinite(item).any()), default=0.0)
    if unit == "kWh":
        return energy_unit([largest])
    if unit == "kWh/m²" and 0.0 < largest < _SMALL:
        return 1e-3, "Wh/m²"
    if unit == "kgCO2e" and largest >= _LARGE_KG:
        return 1e3, "t CO₂e"
    return 1.0, unit.replace("CO2e", " CO₂e")


def per_hour(unit: str) -> str:
    """Unit of an amount in each hour."""
    return f"{unit}h" if "/" in unit else f"{unit}/h"


def tick_text(value: float, spacing: float) -> str:
    """A number beside an axis, with the decimals that its ticks need."""
    places = max(int(np.ceil(-np.log10(spacing) - 1e-9)), 0) if spacing > 0 else 0
    text = f"{abs(value):,.{min(places, 6)}f}".replace(",", THIN_SPACE)
    return (MINUS if value < -0.5 * 10.0**-places else "") + text


def value_text(value: float, unit: str) -> str:
    """Number, thin space, unit; an en dash for what is unknown."""
    return f"{number_text(value)}{THIN_SPACE}{unit}".rstrip()
