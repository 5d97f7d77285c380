"""Schedules of the Energy ADE: their values, and what set-point and set-back they stand for."""

from citytwin_desktop.formats.citygml.energy.index import EnergyIndex
from citytwin_desktop.formats.citygml.energy.units import celsius, finite
from citytwin_desktop.formats.citygml.plain_tree import PlainNode

_MOST_VALUES = 1_000_000


def schedule_values(schedule: PlainNode, index: EnergyIndex) -> tuple[list[float], str]:
    """All values that a schedule takes, and their unit; none where it is of a kind that is not known.

    Parameters
    ----------
    schedule : PlainNode
        ConstantValueSchedule, DualValueSchedule, DailyPatternSchedule or TimeSeriesSchedule.
    index : EnergyIndex
    """
    values: list[float] = []
    unit = ""
    for node in schedule.walk():
        if node.name in ("averageValue", "usageValue", "idleValue"):
            unit = node.unit or unit
            if (value := finite(node.text)) is not None:
                values.append(value)
        elif node.name == "values":
            numbers = series_numbers(node)
            unit = node.unit or unit
            values.extend(numbers or [])
        elif node.name in ("schedule", "timeDependingValues") and node.href:
            target = index.target(node)
            if target is not None and (inner := target.child("values")) is not None:
                unit = inner.unit or unit
                values.extend(series_numbers(inner) or [])
    return values, unit


def series_numbers(node: PlainNode) -> list[float] | None:
    """Numbers of a list, None where one is none or infinite, or they are too many."""
    parts = node.text.replace(",", " ").split() if "." in node.text or "," not in node.text else node.text.split()
    if len(parts) > _MOST_VALUES:
        return None
    numbers = [finite(part) for part in parts]
    return None if None in numbers else numbers  # type: ignore[return-value]


def set_points_c(schedule: PlainNode, heating: bool, index: EnergyIndex) -> tuple[float, float] | None:
    """Set-point and set-back [°C] that a schedule of temperatures stands for.

    The highest temperature of a heating schedule is its set-point and the lowest its set-back; for cooling the
    other way round.

    Parameters
    ----------
    schedule : PlainNode
    heating : bool
    index : EnergyIndex
    """
    values, unit = schedule_values(schedule, index)
    degrees = [celsius(value, unit) for value in (min(values, default=0.0), max(values, default=0.0))]
    if not values or degrees[0] is None or degrees[1] is None:
        return None
    return (degrees[1], degrees[0]) if heating else (degrees[0], degrees[1])
