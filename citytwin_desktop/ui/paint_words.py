"""What the legend says beside the numbers: unit, time, whose difference, and what is missing."""

import unicodedata
from typing import Any

import numpy as np

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, MONTH_NAMES, hour_label, month_of_hour
from citytwin_desktop.document.building_values import belongs_to_surfaces, has_totals
from citytwin_desktop.document.differences import depends_on_scenario
from citytwin_desktop.document.variables import ENERGY, ENGINES, PEAK
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.ui.variables import DAY, MONTH, SPAN, VARIABLES

_LEFTWARDS = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "PDF"})


def unit_words(session: Any, values: Any) -> str:
    """Unit of what is painted, and what one value belongs to."""
    known, style = KNOWN[values.variable], session.style
    if values.variable == "sky_view_factor":
        return "share of the sky"
    if known.of_demand:
        return "share of the year's energy"
    unit = str(values.unit)
    if style.total and has_totals(known):
        return f"{unit} per building"
    if style.by_building and belongs_to_surfaces(known):
        return f"{unit}, mean of the building"
    variable = VARIABLES[session.variable]
    return f"{unit} {variable.painted_per}" if variable.engine == "energyplus" else unit


def time_words(session: Any) -> str:
    """The time that is painted."""
    hour, variable, period = session.document.hour, VARIABLES[session.variable], session.period
    year = session.year_hours
    if not variable.has_time:
        return ""
    if period == DAY and variable.hourly_name:
        label = hour_label(hour, year)
        return label.rpartition(" ")[0] if variable.whole_day else label
    if period == SPAN:
        return span_label(*session.span, year)
    return MONTH_NAMES[int(month_of_hour(year)[hour])] if period == MONTH else "Year"


def difference_words(session: Any) -> str:
    """Which scenario is taken from which; empty where no difference is painted."""
    if not session.comparison.shows_difference:
        return ""
    if not depends_on_scenario(session.request().name):
        return "The sun is the same in all scenarios"
    first, second = (session.document.scenario(item).name for item in session.comparison.pair)
    return minus_words(first, second)


def minus_words(first: str, second: str) -> str:
    """``A − B`` for two names, the first one to the left whatever script the names are in."""
    if not any(unicodedata.bidirectional(letter) in _LEFTWARDS for letter in first + second):
        return f"{first} − {second}"
    # A mark makes the line go to the right, and each name is a passage of its own: else B − A would be seen.
    return f"\u200e\u2068{first}\u2069\u200e − \u200e\u2068{second}\u2069"


def side_words(session: Any) -> str:
    """How the legend tells two scenarios apart that stand side by side; empty where there is one."""
    return "Bars: A, outline: B" if session.comparison.side_by_side else ""


def missing_words(session: Any) -> str:
    """Why there is nothing to be seen, and what to do about it."""
    document, engine = session.document, VARIABLES[session.variable].engine
    if session.comparison.shows_difference:
        names = [item for item in session.comparison.pair if not _known(session, item)]
        if names and len(names) < 2:
            return f"No result of {document.scenario(names[0]).name} yet"
    missing = document.missing_for(engine, document.active_scenario)
    if missing:
        return str(missing)
    estimated = engine == "energyplus" and KNOWN[session.variable].kind in (ENERGY, PEAK)
    quick = ", or estimate it" if estimated else ""
    return f"No result yet: run {ENGINES[engine]}{quick}"


def span_label(first: int, last: int, year_hours: int = COMMON_YEAR_HOURS) -> str:
    """A span of hours, short: days alone where whole days are meant, else both ends with their hours."""
    start, end = hour_label(first, year_hours), hour_label(last - 1, year_hours)
    days = start.rpartition(" ")[0], end.rpartition(" ")[0]
    if first % 24 == 0 and last % 24 == 0:
        return days[0] if days[0] == days[1] else f"{days[0]} – {days[1]}"
    closing = f"{(last - 1) % 24 + 1:02d}:00"
    return f"{start}–{closing}" if days[0] == days[1] else f"{start} – {days[1]} {closing}"


def _known(session: Any, scenario_id: str) -> bool:
    found = session.painted.of(scenario_id)
    return found is not None and bool(np.isfinite(found.values).any())
