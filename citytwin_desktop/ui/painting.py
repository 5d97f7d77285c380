"""From the session's variable to the colours of the scene and the legend."""

from dataclasses import replace
from typing import Any

import numpy as np

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, MONTH_NAMES, hour_label, month_of_hour
from citytwin_desktop.document.variables import ENERGY, HOURLY_SOLAR, PEAK
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.scene.colour_maps import FLOW_MAP, ColourScale
from citytwin_desktop.scene.readiness_scale import READINESS_COLOURS, ReadinessScale
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED, WORDS
from citytwin_desktop.ui.estimate_words import estimate_badge
from citytwin_desktop.ui.legend_classes import LegendClass
from citytwin_desktop.ui.result_badge import STALE, Badge, badge_of
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.variables import DAY, ENGINES, MONTH, SPAN, VARIABLES


class Painter:
    """Keeps scene and legend in step with what is to be painted.

    The scale of hourly values stays the same while the hours are dragged, so that colours can be compared.

    Parameters
    ----------
    session : Session
    scene : CityScene
    legend : Legend
    """

    def __init__(self, session: Session, scene: Any, legend: Any) -> None:
        self.session, self.scene, self.legend = session, scene, legend
        self._kept: tuple[tuple[str, ...], ColourScale] | None = None
        self._painted: Any = None
        self._stale = False
        self._estimated: Badge | None = None

    def paint(self) -> None:
        """Colour surfaces or cells as the session says."""
        self._painted, cells = self.session.request(), None
        if self.session.variable == CAN_BE_SIMULATED:
            self._paint_light()
            return
        if self._painted is not None:
            cells = self.session.detail.values(self._painted)
        values = cells or self.session.guarded(self.session.values)
        if values is None:
            self.scene.paint_model()
            self.legend.hide()
            return
        scale = self._scale(values)
        if cells is not None:
            self._stale, self._estimated = bool(cells.stale), None
            self.scene.paint_cells(self.session.document.solar_cells.layout, cells.values, scale, stale=cells.stale)
        else:
            self._stale = bool((values.stale & np.isfinite(values.values)).any())
            self._estimated = self._estimate_badge(values)
            self.scene.paint_values(values.values, values.stale, scale)
        self._show_legend(values, scale)

    def _paint_light(self) -> None:
        """Colour buildings by whether they can be simulated; nothing of it is a result."""
        state, city = self.session.light.state(), self.session.document.city
        levels = np.full(len(city.buildings), np.nan, np.float32) if state is None else state.level.astype(np.float32)
        self.scene.paint_values(levels[city.surfaces.building], None, ReadinessScale())
        rows = city.rows_with_geometry
        counts = np.bincount(state.level[rows], minlength=3).tolist() if state is not None else [0, 0, 0]
        classes = [LegendClass(*item) for item in zip(READINESS_COLOURS, WORDS, counts, strict=True)]
        self.legend.show_classes("Can be simulated", "" if state is not None else "Being checked…", classes)

    def paint_hour(self) -> bool:
        """Colour what another hour changes; False when it changes nothing, as for another hour of the same month."""
        if self.session.request() == self._painted:
            return False
        self.paint()
        return True

    def show_badge(self) -> None:
        """Say which result is shown; cheap enough for every step of a run."""
        if self._painted is not None and self.session.document is not None and self.legend.isVisible():
            self.legend.show_badge(self._badge())

    def forget_scale(self) -> None:
        """Fit the colour scale anew at the next paint."""
        self._kept = None

    def _show_legend(self, values: Any, scale: ColourScale) -> None:
        variable = VARIABLES[self.session.variable]
        title = KNOWN[values.variable].title
        missing = self._missing(values)
        badge = Badge() if missing else self._badge()
        unit, detail = self._unit(values), self._detail()
        switch = variable.engine == "solar"
        self.legend.show_scale(scale, values.values, title, unit, detail, badge, missing, switch)

    def _badge(self) -> Badge:
        if VARIABLES[self.session.variable].engine == "solar":
            return badge_of(self.session, self._stale, self.session.detail.shown)
        return self._estimated or (STALE if self._stale else Badge())

    def _estimate_badge(self, values: Any) -> Badge | None:
        """Which says that some values are estimates and how good they are; also of stale ones."""
        if values.estimate is None:
            return None
        city = self.session.document.city
        rows = np.unique(city.surfaces.building[values.estimate & np.isfinite(values.values)])
        if not len(rows):
            return None
        badge = estimate_badge(
            self.session.document,
            [str(city.buildings.ids[row]) for row in rows],
            of_heating=values.variable == "heating_demand",
        )
        return replace(badge, text=f"{badge.text}, stale", tip=f"{badge.tip} {STALE.tip}") if self._stale else badge

    def _missing(self, values: Any) -> str:
        if np.isfinite(values.values).any():
            return ""
        document, engine = self.session.document, VARIABLES[self.session.variable].engine
        missing = document.missing_for(engine, document.active_scenario)
        return missing or self._which_run(engine)

    def _which_run(self, engine: str) -> str:
        estimated = engine == "energyplus" and KNOWN[self.session.variable].kind in (ENERGY, PEAK)
        quick = ", or estimate it" if estimated else ""
        return f"No result yet: run {ENGINES[engine]}{quick}"

    def _scale(self, values: Any) -> ColourScale:
        session, variable = self.session, VARIABLES[self.session.variable]
        if variable.limits is not None and (values.variable in HOURLY_SOLAR or not variable.has_time):
            # Up to what surfaces commonly see, whatever hour is shown first.
            return ColourScale(session.map_name, *variable.limits, session.classes)
        key = (values.variable, session.period, session.map_name, str(session.classes), str(session.detail.shown))
        if not variable.follows(session.period) or variable.whole_day:
            # Nothing is dragged, or each day has its own longest: the scale fits what is seen.
            self._kept = None
        elif self._kept is not None and self._kept[0] == key:
            return self._kept[1]
        scale = ColourScale.fitted(values.values, session.map_name, session.classes)
        if variable.whole_day:
            finite = values.values[np.isfinite(values.values)]
            scale = ColourScale(session.map_name, 0.0, max(float(finite.max(initial=0.0)), 1.0), session.classes)
        elif session.period == MONTH:
            low, high = self._months_range()
            low = min(low, scale.low) if session.map_name == FLOW_MAP else 0.0
            scale = ColourScale(session.map_name, low, max(scale.high, high), session.classes)
        if np.isfinite(values.values).any():
            self._kept = (key, scale)
        return scale

    def _months_range(self) -> tuple[float, float]:
        """Ends that hold every month, found from the months that commonly have the extremes; zero lies between."""
        document = self.session.document
        name = VARIABLES[self.session.variable].name
        low, high = 0.0, 0.0
        for month in (0, 5, 6):
            values = document.surface_values(name, document.active_scenario, month=month).values
            finite = values[np.isfinite(values)]
            if len(finite):
                ends = np.percentile(finite, [0.5, 99.5])
                low, high = min(low, float(ends[0])), max(high, float(ends[1]))
        return low, high

    def _unit(self, values: Any) -> str:
        if values.variable == "sky_view_factor":
            return "share of the sky"
        if KNOWN[values.variable].of_demand:
            return "share of the year's energy"
        variable = VARIABLES[self.session.variable]
        return f"{values.unit} {variable.painted_per}" if variable.engine == "energyplus" else str(values.unit)

    def _detail(self) -> str:
        """The time that is painted."""
        session, hour = self.session, self.session.document.hour
        variable, period, year = VARIABLES[session.variable], session.period, session.year_hours
        if not variable.has_time:
            return ""
        if period == DAY and variable.hourly_name:
            label = hour_label(hour, year)
            return label.rpartition(" ")[0] if variable.whole_day else label
        if period == SPAN:
            return span_label(*session.span, year)
        return MONTH_NAMES[int(month_of_hour(year)[hour])] if period == MONTH else "Year"


def span_label(first: int, last: int, year_hours: int = COMMON_YEAR_HOURS) -> str:
    """A span of hours, short: days alone where whole days are meant, else both ends with their hours."""
    start, end = hour_label(first, year_hours), hour_label(last - 1, year_hours)
    days = start.rpartition(" ")[0], end.rpartition(" ")[0]
    if first % 24 == 0 and last % 24 == 0:
        return days[0] if days[0] == days[1] else f"{days[0]} – {days[1]}"
    closing = f"{(last - 1) % 24 + 1:02d}:00"
    return f"{start}–{closing}" if days[0] == days[1] else f"{start} – {days[1]} {closing}"
