"""Numbers with units for panels: one magnitude for a whole column."""

import math
from collections.abc import Iterable

from citytwin_desktop.city.numbers import THIN_SPACE, number_text, range_text

__all__ = ["counted", "energy_unit", "parse_number", "range_text", "with_unit"]

_ENERGY_STEPS = ((1e6, "GWh"), (1e3, "MWh"), (1.0, "kWh"))


def energy_unit(values_kwh: Iterable[float]) -> tuple[float, str]:
    """Divisor and unit that suit a column of energies [kWh], by its largest value."""
    largest = max((abs(value) for value in values_kwh if math.isfinite(value)), default=0.0)
    return next(((step, unit) for step, unit in _ENERGY_STEPS if largest >= step * 10), _ENERGY_STEPS[-1])


def with_unit(value: float, unit: str) -> str:
    """Number, thin space, unit."""
    return f"{number_text(value)}{THIN_SPACE}{unit}" if unit else number_text(value)


def parse_number(text: str) -> float | None:
    """The number that a user typed, decimal comma and thin spaces allowed; `None` when it is none."""
    cleaned = text.replace(THIN_SPACE, "").replace(" ", "").replace(",", ".").replace("\u2212", "-")
    try:
        value = float(cleaned)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def counted(count: int) -> str:
    """``1 building`` or ``12 buildings``."""
    return f"{number_text(count, 9)} building{'' if count == 1 else 's'}"
