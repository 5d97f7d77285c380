"""What the parts of the workspace do when the document or the user does something."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer

from citytwin_desktop.document import events
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED
from citytwin_desktop.ui.long_lived import hand_back_memory
from citytwin_desktop.ui.panel_turns import PanelTurns
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.variables import DAY, SPAN, VARIABLES, YEAR
from citytwin_desktop.ui.workspace import Workspace

LEAST_DISTANCE_M, PLACE_REACH_M = 40.0, 15.0
"""Nearest view of a building, and half of what is framed about a point: a house and its neighbours."""


class WorkspaceLinks(QObject):
    """Listens to session and view; repaints once however many events come together."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.session, self.workspace = session, workspace
        self._repaint = QTimer(self, singleShot=True, interval=0)
        self._repaint.timeout.connect(self.repaint)
        # The picture first: panels are read when its frame is on the screen.
        self._panels = PanelTurns(
            workspace,
            {
                "inspector": self._on_document(workspace.inspector.refresh),
                "problems": self._on_document(workspace.problems.refresh),
                "table": self._on_document(workspace.table.refresh),
                "table selection": self._on_document(workspace.table.follow_selection),
                "charts": self._on_document(workspace.charts.refresh),
            },
        )
        session.event.connect(self.follow)
        session.closed.connect(workspace.time_bar.stop)
        session.closed.connect(self._panels.forget)
        session.view_changed.connect(self._view_changed)
        session.detail.changed.connect(self._detail_changed)
        session.values_read.connect(self._values_read)
        session.runs_changed.connect(workspace.painter.show_badge)
        view, parts = workspace.view, workspace
        self._connect_view(view)
        parts.second.changed.connect(self._second_changed)
        parts.legend.filtered.connect(lambda threshold: session.set_style(threshold=threshold))
        parts.legend.picked.connect(self._pick_values)
        parts.legend.explain_wanted.connect(self._explain_painted)
        session.filter_changed.connect(self._filter_changed)
        parts.time_bar.hour_chosen.connect(self.choose_hour)
        parts.time_bar.period_chosen.connect(session.set_period)
        parts.time_bar.span_chosen.connect(session.set_span)
        parts.layers.context_toggled.connect(self._toggle_context)
        parts.layers.edges_toggled.connect(self._toggle_edges)
        parts.problems.building_wanted.connect(self.go_to)
        parts.problems.place_wanted.connect(self.go_to_place)
        session.light.changed.connect(self._light_known)
        session.standing.changed.connect(self._standing_known)

    def load(self) -> None:
        """Show another document from the start."""
        parts = self.workspace
        parts.view.scene.context_hidden.clear()
        parts.view.scene.set_city(self.session.document.city)
        hand_back_memory()  # before the first frame, when memory is at its most
        parts.view.look_home()
        parts.layers.refresh()
        parts.layers.follow_view()
        parts.scenarios.refresh()
        parts.table.reload()
        parts.time_bar.set_year(self.session.year_hours)
        parts.time_bar.set_hour(self.session.document.hour)
        self._show_time()
        self.set_sun()
        self.follow_emptiness()
        self.repaint()
        self.refresh_panels()

    def _on_document(self, call: Callable[[], None]) -> Callable[[], None]:
        return lambda: call() if self.session.document is not None else None

    def follow(self, event: Any) -> None:
        """Bring the parts that an event concerns up to date."""
        if isinstance(event, events.NamedChanged | events.HistoryChanged):
            return  # the lists of them follow by themselves; what is drawn was told of before, if anything
        parts, document = self.workspace, self.session.document
        if isinstance(event, events.CityChanged | events.GeometryChanged):
            self._follow_city(event.ids)
        elif isinstance(event, events.SelectionChanged):
            self._show_selection()
            return
        elif isinstance(event, events.TimeChanged):
            parts.time_bar.set_hour(event.hour)
            self.set_sun()
            painted = VARIABLES.get(self.session.variable)
            if painted is not None and painted.follows(self.session.period):
                # At once, so that ruler, legend and city reach the screen in one flush of the window.
                parts.moving()
                parts.painter.paint_hour()
            parts.render()
            return
        elif isinstance(event, events.ResultsArrived):
            self._follow_results(event.engine)
            return
        elif isinstance(event, events.ScenariosChanged):
            parts.scenarios.refresh()
        elif isinstance(event, events.WeatherChanged):
            parts.time_bar.set_year(self.session.year_hours)
            self._show_time()
            self.set_sun()
        elif isinstance(event, events.BuildingsChanged):
            parts.view.scene.set_city(document.city)
            parts.second.follow_city(None)
        parts.painter.forget_scale()
        self._repaint.start()
        self.refresh_panels()

    def _follow_results(self, engine: str) -> None:
        """Paint what has arrived; a picture that shows nothing of it stays, for a frame is what costs most."""
        parts = self.workspace
        if parts.painter.shows_results_of(engine) and not self.session.painted.follows_aside:
            self._values_read()
        self.refresh_panels()

    def _values_read(self) -> None:
        self.workspace.painter.forget_scale()
        self._repaint.start()

    def _follow_city(self, ids: tuple[str, ...] | None) -> None:
        """Draw the city as it is now; only what changed, where it is known."""
        parts, document = self.workspace, self.session.document
        scene = parts.view.scene
        empty_before = not len(scene.city.surfaces)
        if ids is not None and not empty_before:
            scene.follow_edit(document.city, ids)
        else:
            kept = scene.view_state()
            scene.set_city(document.city)
            scene.restore_view(kept)
        parts.second.follow_city(ids)
        self._show_selection()
        parts.layers.refresh(scene.context_hidden)
        parts.table.reload()
        self.follow_emptiness()
        if empty_before:
            parts.view.look_home()

    def follow_emptiness(self) -> None:
        """Invite to import while there is no building."""
        document = self.session.document
        self.workspace.empty.follow(len(document.city.surfaces), document.read_only)

    def repaint(self) -> None:
        """Colour the surfaces and draw one frame."""
        if self.session.document is not None:
            self.workspace.painter.paint()
            # Without smoothing first, which takes a third of the time; the smooth frame follows by itself.
            self.workspace.moving()
            self.workspace.render()

    def refresh_panels(self) -> None:
        """Read the document again in every panel, after the next frame."""
        self._panels.ask("inspector", "problems", "table", "charts")

    def set_sun(self) -> None:
        """Light the scene from the sun of the chosen hour, where a weather file tells the place."""
        document = self.session.document
        if document is None or document.weather is None:
            return
        from citytwin_desktop.ui.sunlight import sun_direction

        for view in self.workspace.views_shown:
            view.scene.lighting.set_sun(*sun_direction(document.weather, document.hour))

    def go_to(self, building_id: str) -> None:
        """Select a building and fly there."""
        self.session.document.select([building_id])
        view = self.workspace.view
        row = self.session.document.city.buildings.row(building_id)
        camera = view.scene.framed_camera(view.scene.camera, [row], view.aspect)
        # A sliver would fill the picture and nobody would know where it is.
        view.fly_to(camera.zoomed(max(LEAST_DISTANCE_M / camera.distance_m, 1.0)))

    def go_to_place(self, point: tuple[float, float, float]) -> None:
        """Fly to a point in the project's coordinates, where there may be no building."""
        document, view = self.session.document, self.workspace.view
        document.select([])
        middle = np.subtract(point, document.city.origin)
        around = np.array([middle - PLACE_REACH_M, middle + PLACE_REACH_M])
        view.fly_to(view.scene.camera.framing(around, view.aspect))

    def _standing_known(self) -> None:
        if self.workspace.painter.waiting and not self.session.standing.cold:
            self._repaint.start()

    def _light_known(self) -> None:
        if self.session.variable == CAN_BE_SIMULATED:
            self._repaint.start()
        self.refresh_panels()

    def _view_changed(self) -> None:
        parts = self.workspace
        self._show_time()
        parts.layers.follow_view()
        parts.painter.forget_scale()
        self._repaint.start()

    def _show_time(self) -> None:
        session, bar = self.session, self.workspace.time_bar
        bar.offer(VARIABLES.get(session.variable))
        bar.set_span(session.span)
        bar.set_period(session.period)

    def _detail_changed(self) -> None:
        self.workspace.painter.forget_scale()
        self._repaint.start()

    def _show_selection(self) -> None:
        document, parts = self.session.document, self.workspace
        rows = document.city.buildings.rows(document.selection)
        for view in parts.views_shown:
            view.scene.select(rows)
        parts.moving()
        parts.render()
        self._panels.ask("inspector", "table selection", "charts")

    def _clicked(self, row: int, toggling: bool) -> None:
        document = self.session.document
        if document is None:
            return
        if row < 0:
            if not toggling:
                document.select([])
            return
        name, chosen = str(document.city.buildings.ids[row]), list(document.selection)
        if not toggling:
            chosen = [] if chosen == [name] else [name]
        elif name in chosen:
            chosen.remove(name)
        else:
            chosen.append(name)
        document.select(chosen)

    def _hovered(self, row: int) -> None:
        document = self.session.document
        name = "" if row < 0 or document is None else str(document.city.buildings.ids[row])
        self.workspace.view.setToolTip("")
        for view in self.workspace.views_shown:
            view.setStatusTip(name)
            if self.workspace.second.view is not None:
                # The same building on the other side too.
                view.scene.hover(None if row < 0 else row)
                view.update()

    def choose_hour(self, hour: int) -> None:
        """Go to an hour; a painted year gives way to the hour, or to the month where there are no hours."""
        document = self.session.document
        if document is None:
            return
        if self.session.variable in VARIABLES and self.session.period in (YEAR, SPAN):
            self.session.set_period(DAY)
        document.set_hour(hour)

    def _toggle_context(self, name: str, shown: bool) -> None:
        self.workspace.view.scene.show_context(name, shown)
        self.workspace.second.mirror()
        self.workspace.view.render()

    def _toggle_edges(self, shown: bool) -> None:
        self.workspace.view.scene.show_edges(shown)
        self.workspace.second.mirror()
        self.workspace.view.render()

    def _connect_view(self, view: Any) -> None:
        view.clicked.connect(self._clicked)
        view.hovered.connect(self._hovered)

    def _second_changed(self) -> None:
        if (view := self.workspace.second.view) is not None:
            self._connect_view(view)
            self.set_sun()

    def _filter_changed(self) -> None:
        """At once, as the handle is dragged: nothing but colours is written."""
        self.workspace.moving()
        self.workspace.painter.paint_filter()
        self.workspace.render()

    def _pick_values(self, low: float, high: float) -> None:
        document = self.session.document
        rows = self.workspace.painter.rows_within(low, high)
        document.select([str(name) for name in document.city.buildings.ids[rows]])

    def _explain_painted(self) -> None:
        """Ask where the painted value of the selection, or of the city, comes from."""
        from citytwin_desktop.document.explanation import Question

        document, request = self.session.document, self.session.request()
        if request is None:
            return
        time = {name: getattr(request, name) for name in ("hour", "month", "hours")}
        scenario = document.active_scenario
        question = Question(request.name, scenario_id=scenario, building_ids=document.selection, **time)
        self.session.explain_wanted.emit(question)
