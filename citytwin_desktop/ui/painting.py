"""From the session's variable to the colours of the scene and the legend."""

from typing import Any

import numpy as np

from citytwin_desktop.city.calendar import MONTH_NAMES, hour_label, month_of_hour
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.variables import ENGINES, VARIABLES


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

    def paint(self) -> None:
        """Colour the surfaces as the session says."""
        values = self.session.guarded(self.session.values)
        if values is None:
            self.scene.paint_model()
            self.legend.hide()
            return
        scale = self._scale(values)
        self.scene.paint_values(values.values, values.stale, scale)
        variable = VARIABLES[self.session.variable]
        hourly = self.session.period == "day" and bool(variable.hourly_name)
        title = "Solar irradiance" if hourly else variable.title
        stale = int((values.stale & np.isfinite(values.values)).sum())
        badge = "stale: hatched" if stale else ""
        unit, detail = self._unit(values, hourly), self._detail(hourly)
        self.legend.show_scale(scale, values.values, title, unit, detail, badge, self._missing(values))

    def _missing(self, values: Any) -> str:
        if np.isfinite(values.values).any():
            return ""
        document, engine = self.session.document, VARIABLES[self.session.variable].engine
        return document.missing_for(engine, document.active_scenario) or f"No result yet: run {ENGINES[engine]}"

    def forget_scale(self) -> None:
        """Fit the colour scale anew at the next paint."""
        self._kept = None

    def _scale(self, values: Any) -> ColourScale:
        session = self.session
        hourly = values.variable.endswith("irradiance")
        key = (values.variable, session.period, session.map_name, str(session.classes))
        if not VARIABLES[session.variable].follows(session.period):
            # Nothing is dragged: the scale fits what is seen, also after an edit, a run or another scenario.
            self._kept = None
        elif self._kept is not None and self._kept[0] == key:
            return self._kept[1]
        scale = ColourScale.fitted(values.values, session.map_name, session.classes)
        if hourly:
            # Up to the brightest hour that surfaces commonly see, whatever hour is shown first.
            scale = ColourScale(session.map_name, 0.0, 1000.0, session.classes)
        elif session.period == "month":
            scale = ColourScale(session.map_name, 0.0, max(scale.high, self._highest_month()), session.classes)
        if np.isfinite(values.values).any():
            self._kept = (key, scale)
        return scale

    def _highest_month(self) -> float:
        document = self.session.document
        name = VARIABLES[self.session.variable].name
        highest = 0.0
        for month in (0, 5, 6):
            values = document.surface_values(name, document.active_scenario, month=month).values
            finite = values[np.isfinite(values)]
            highest = max(highest, float(np.percentile(finite, 99.5)) if len(finite) else 0.0)
        return highest

    def _unit(self, values: Any, hourly: bool) -> str:
        if hourly or self.session.variable == "solar_irradiation":
            return values.unit
        return f"{values.unit} floor area"

    def _detail(self, hourly: bool) -> str:
        hour = self.session.document.hour
        if hourly:
            return hour_label(hour)
        return MONTH_NAMES[int(month_of_hour()[hour])] if self.session.period == "month" else "Year"
