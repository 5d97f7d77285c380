"""Schedules of the Energy ADE: their values, and what set-point and set-back they stand for."""

from datetime import date

from citytwin_desktop.formats.citygml.energy.index import EnergyIndex
from citytwin_desktop.formats.citygml.energy.units import celsius, finite
from citytwin_desktop.formats.citygml.plain_tree import PlainNode

_MOST_VALUES = 1_000_000
_DAYS_OF_YEAR, _HOURS_OF_YEAR = 365.0, 8760.0
_DAYS_OF_WEEK = {
    "": 7.0, "typicalday": 7.0, "weekday": 5.0, "weekend": 2.0, "sundayandholiday": 1.0,
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1.0),
}  # fmt: skip
"""How many days of a week a day of the code list DayTypeValue of the Energy ADE stands for."""


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


def mean_value(schedule: PlainNode, index: EnergyIndex) -> float | None:
    """Mean over the year of a schedule, each value counting for the time that it holds.

    Days of the week count by how many of them there are, periods of the year by their length. Values of one series
    stand for equally long times.

    Parameters
    ----------
    schedule : PlainNode
        As `schedule_values` takes it.
    index : EnergyIndex

    Returns
    -------
    float or None
        None where it is not told for how long different values hold.
    """
    periods = [period for node in schedule.all("periodOfYear") for period in node.children]
    if periods:
        return _weighted([(_period_mean(period, index), _length_days(period)) for period in periods])
    usage, idle = finite(schedule.text_at("usageValue")), finite(schedule.text_at("idleValue"))
    if usage is not None and idle is not None:
        hours, days = finite(schedule.text_at("usageHoursPerDay")), finite(schedule.text_at("usageDaysPerYear"))
        share = None if hours is None or days is None else min(max(hours * days / _HOURS_OF_YEAR, 0.0), 1.0)
        return _weighted([(usage, share), (idle, None if share is None else 1.0 - share)])
    values, _ = schedule_values(schedule, index)
    return sum(values) / len(values) if values else None


def _period_mean(period: PlainNode, index: EnergyIndex) -> float | None:
    """Mean of a period of the year over its typical days."""
    days: list[tuple[float | None, float | None]] = []
    for node in period.all("dailySchedule"):
        day = index.target(node)
        kind = "" if day is None else day.text_at("dayType").lower()
        if day is None or kind == "designday":
            continue
        values, _ = schedule_values(day, index)
        days.append((sum(values) / len(values) if values else None, _DAYS_OF_WEEK.get(kind)))
    return _weighted(days)


def _weighted(parts: list[tuple[float | None, float | None]]) -> float | None:
    """Mean of values by weight; None where a value is missing, or a weight of values that differ."""
    values = [value for value, _ in parts if value is not None]
    weights = [weight for _, weight in parts if weight is not None]
    if not values or len(values) < len(parts):
        return None
    if min(values) == max(values):
        return values[0]
    if len(weights) < len(parts) or sum(weights) <= 0.0:
        return None
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)


def _length_days(period: PlainNode) -> float | None:
    """Length of a period [days], its last day included; None where it cannot be read."""
    found = {node.name: node.text for node in period.walk() if node.name in ("beginPosition", "endPosition")}
    try:
        first, last = (date.fromisoformat(found[name][:10]) for name in ("beginPosition", "endPosition"))
    except (KeyError, ValueError):
        return None
    days = float((last - first).days) + 1.0
    # From November to March, in the same year, goes on into the next.
    return days if days > 0.0 else days + _DAYS_OF_YEAR


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
