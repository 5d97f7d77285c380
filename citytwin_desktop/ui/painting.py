"""From the session's variable to the colours of the scenes and the legend."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.scene.appearance import SurfaceLook
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.readiness_scale import READINESS_COLOURS, ReadinessScale
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED, WORDS
from citytwin_desktop.ui.legend_classes import LegendClass
from citytwin_desktop.ui.legend_content import LegendContent
from citytwin_desktop.ui.paint_scale import ScaleKeeper
from citytwin_desktop.ui.paint_words import (
    difference_words,
    missing_words,
    side_words,
    span_label,
    time_words,
    unit_words,
)
from citytwin_desktop.ui.result_badge import STALE, Badge, badge_of
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.variables import VARIABLES

__all__ = ["Painter", "span_label"]


class Painter:
    """Keeps scenes and legend in step with what is to be painted.

    Parameters
    ----------
    session : Session
    scene : CityScene
        Shows the active scenario, or the difference.
    legend : Legend

    Attributes
    ----------
    other_scene : CityScene or None
        Shows the scenario that is compared, beside the first one.
    shown, shown_other : SurfaceValues, CellValues or None
        What is painted.
    waiting : bool
        What is to be painted is not known before the city was counted for the first time: seconds in a large one.
    told : list of callable
        Called when something else was painted.
    """

    def __init__(self, session: Session, scene: Any, legend: Any) -> None:
        self.session, self.scene, self.legend = session, scene, legend
        self.other_scene: Any = None
        self.scales = ScaleKeeper(session)
        self.shown: Any = None
        self.shown_other: Any = None
        self.scale: ColourScale | None = None
        self.told: list[Callable[[], None]] = []
        self._painted: Any = None
        self.waiting = False
        self._cells = False
        self._stale = False
        self._estimated: Badge | None = None

    def paint(self) -> None:
        """Colour surfaces or cells as the session says."""
        self._paint()
        for told in self.told:
            told()

    def _paint(self) -> None:
        self._painted, self._cells = self.session.request(), False
        self.shown = self.shown_other = self.scale = None
        if self.session.variable == CAN_BE_SIMULATED:
            self._paint_light()
            return
        self.waiting = self._painted is not None and self.session.standing.cold
        if self._painted is None or self.waiting or not self._read():
            for scene in self._scenes:
                scene.appearance.look = SurfaceLook()
                scene.paint_model()
            self.legend.hide()
            if self.waiting:
                self.legend.show_classes(f"{KNOWN[self._painted.name].title}: being read…", "", [])
            return
        for scene, values in zip(self._scenes, (self.shown, self.shown_other or self.shown), strict=False):
            scene.appearance.look = self.session.style.look
            self._paint_values(scene, values)
        self._show_legend()

    def paint_hour(self) -> bool:
        """Colour what another hour changes; False when it changes nothing, as for another hour of the same month."""
        if self.session.request() == self._painted:
            return False
        self.paint()
        return True

    def paint_filter(self) -> None:
        """Show which values keep their colour; nothing but the colours is written anew."""
        if self.shown is None:
            return
        for scene in self._scenes:
            scene.restyle(self.session.style.look)
        self.legend.show_filter(self.session.style.threshold)

    def shows_results_of(self, engine: str) -> bool:
        """Whether what is painted may be another picture when results of an engine arrive."""
        if self.session.request() is None:
            return False
        return KNOWN[self.session.request().name].engine != "solar" or engine == "solar"

    def rows_within(self, low: float, high: float) -> NDArray[np.int64]:
        """(k,) int64: rows of buildings with a painted value between two ends, both included; hidden ones left out."""
        if self.shown is None or self._cells:
            return np.zeros(0, np.int64)
        values, owner = self.shown.values, self.session.document.city.surfaces.building
        inside = np.zeros(len(self.session.document.city.buildings), bool)
        inside[owner[(values >= np.float32(low)) & (values <= np.float32(high))]] = True
        return np.flatnonzero(inside & ~self.scene.appearance.hidden)

    def show_badge(self) -> None:
        """Say which result is shown; cheap enough for every step of a run."""
        if self._painted is not None and self.session.document is not None and self.legend.isVisible():
            self.legend.show_badge(self._badge())

    def forget_scale(self) -> None:
        """Fit the colour scale anew at the next paint."""
        self.scales.forget()

    @property
    def _scenes(self) -> tuple[Any, ...]:
        return (self.scene,) if self.other_scene is None else (self.scene, self.other_scene)

    def _read(self) -> bool:
        """Find what is to be shown, and its scale; False where it cannot be read."""
        session, comparison = self.session, self.session.comparison
        cells = None if comparison.shows_difference else session.detail.values(self._painted)
        self._cells = cells is not None
        if cells is not None:
            self.shown = cells
        elif comparison.shows_difference:
            self.shown = session.guarded(session.painted.difference, *comparison.pair)
        else:
            self.shown = session.guarded(session.values)
            if comparison.side_by_side and self.shown is not None:
                self.shown_other = session.guarded(session.painted.of, comparison.other)
        if self.shown is None:
            return False
        self.scale = session.guarded(self.scales.scale, self.shown, self._painted.name)
        return self.scale is not None

    def _paint_values(self, scene: Any, values: Any) -> None:
        if self._cells:
            layout = self.session.document.solar_cells.layout
            scene.paint_cells(layout, values.values, self.scale, stale=values.stale)
        else:
            scene.paint_values(values.values, values.stale, self.scale)

    def _paint_light(self) -> None:
        """Colour buildings by whether they can be simulated; nothing of it is a result."""
        state, city = self.session.light.state(), self.session.document.city
        levels = np.full(len(city.buildings), np.nan, np.float32) if state is None else state.level.astype(np.float32)
        for scene in self._scenes:
            scene.appearance.look = SurfaceLook()
            scene.paint_values(levels[city.surfaces.building], None, ReadinessScale())
        rows = city.rows_with_geometry
        counts = np.bincount(state.level[rows], minlength=3).tolist() if state is not None else [0, 0, 0]
        classes = [LegendClass(*item) for item in zip(READINESS_COLOURS, WORDS, counts, strict=True)]
        self.legend.show_classes("Can be simulated", "" if state is not None else "Being checked…", classes)

    def _show_legend(self) -> None:
        session, shown = self.session, self.shown
        known = np.isfinite(shown.values)
        every = [item for item in (shown, self.shown_other) if item is not None]
        self._stale = any(bool(np.any(item.stale & np.isfinite(item.values))) for item in every)
        self._estimated = None if self._cells else self._estimate_badge(every)
        missing = "" if known.any() else missing_words(session)
        title, switch = KNOWN[self._painted.name].title, VARIABLES[session.variable].engine == "solar"
        difference = difference_words(session)
        unit = unit_words(session, shown) if not self._cells else str(shown.unit)
        self.legend.show_scale(
            LegendContent(
                self.scale,
                self.scales.units(shown),
                title=f"{title}: A − B" if difference else title,
                unit=f"{unit}, logarithmic" if self.scale is not None and self.scale.logarithmic else unit,
                detail=time_words(session),
                badge=Badge() if missing else self._badge(),
                missing=missing,
                has_cells=switch and not difference,
                noun="cells" if self._cells else "buildings" if self.scales.counts_buildings(shown) else "surfaces",
                note=difference or (side_words(session) if self.shown_other is not None else ""),
                other=None if self.shown_other is None else self.scales.units(self.shown_other),
            )
        )
        self.legend.show_filter(session.style.threshold)

    def _badge(self) -> Badge:
        if VARIABLES[self.session.variable].engine == "solar" and not self.session.comparison.shows_difference:
            return badge_of(self.session, self._stale, self.session.detail.shown)
        return self._estimated or (STALE if self._stale else Badge())

    def _estimate_badge(self, sides: list[Any]) -> Badge | None:
        """Which says that some values are estimates and how good they are; also of stale ones."""
        if all(side.estimate is None or not side.estimate.any() for side in sides):
            return None
        # Reads results: not again for each flip between two scenarios.
        badge = self.session.painted.estimate_badge(sides)
        if badge is None:
            return None
        return replace(badge, text=f"{badge.text}, stale", tip=f"{badge.tip} {STALE.tip}") if self._stale else badge

    def _detail(self) -> str:
        """The time that is painted."""
        return time_words(self.session)
