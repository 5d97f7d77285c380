"""The working page: layers, 3D view with its overlays, inspector, time bar and bottom panels."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.ui.building_table import BuildingTable
from citytwin_desktop.ui.charts_panel import ChartsPanel
from citytwin_desktop.ui.city_view import CityView
from citytwin_desktop.ui.compare_bar import CompareBar
from citytwin_desktop.ui.compare_view import SecondView
from citytwin_desktop.ui.empty_city import EmptyCity
from citytwin_desktop.ui.inspector import Inspector
from citytwin_desktop.ui.jobs_panel import JobsPanel
from citytwin_desktop.ui.layers_panel import LayersPanel
from citytwin_desktop.ui.left_tabs import LeftTabs
from citytwin_desktop.ui.legend import Legend
from citytwin_desktop.ui.painting import Painter
from citytwin_desktop.ui.probe import Probe
from citytwin_desktop.ui.problems_panel import ProblemsPanel
from citytwin_desktop.ui.scale_bar import ScaleBar
from citytwin_desktop.ui.scenarios_panel import ScenariosPanel
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.time_bar import TimeBar
from citytwin_desktop.ui.view_cube import ViewCube

GAP = 12
PANELS = (("charts", "Charts"), ("table", "Table"), ("jobs", "Jobs"))


class Workspace(QWidget):
    """Lays the parts out; what they do when something happens is in `WorkspaceLinks`.

    Signals
    -------
    panel_changed(str, bool)
        A bottom panel came up or went.
    overlays_placed
        The views have another size, and what lies over them another place.
    """

    panel_changed = Signal(str, bool)
    overlays_placed = Signal()

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self.session = session
        self.view = CityView(self, theme.name)
        self.legend, self.cube, self.scale_bar = (
            Legend(self.view, session.detail),
            ViewCube(self.view),
            ScaleBar(self.view),
        )
        self.views, self.compare_bar = QSplitter(Qt.Orientation.Horizontal, objectName="views"), CompareBar()
        self.empty, self.probe = EmptyCity(self.view), Probe(self.view, session)
        self.painter = Painter(session, self.view.scene, self.legend)
        self.painter.told.append(lambda: self.layers.settings.show_painted(self.painter))
        self.layers, self.scenarios, self.problems = (
            LayersPanel(session),
            ScenariosPanel(session),
            ProblemsPanel(session),
        )
        self.inspector, self.time_bar = Inspector(session), TimeBar()
        self.charts, self.table, self.jobs = ChartsPanel(session), BuildingTable(session), JobsPanel(session)
        self.left = LeftTabs()
        self.left.add(self.layers, self.tr("Layers"), "layers-outline")
        self.left.add(self.scenarios, self.tr("Scenarios"), "source-branch")
        self.left.add(self.problems, self.tr("Problems"), "alert-circle-outline")
        self.left.setMinimumWidth(276)
        self.inspector.setMinimumWidth(312)
        self.panels = QStackedWidget()
        self.second = SecondView(session, self)
        self.panel_buttons: dict[str, QToolButton] = {}
        self._lay_out()
        self.view.installEventFilter(self)
        self.legend.installEventFilter(self)
        self.view.installEventFilter(self.time_bar)
        self.time_bar.player.frames_drawn = lambda: self.frames_drawn
        session.standing.picture_first.workspace = self
        self.view.camera_changed.connect(self._follow_camera)
        self.cube.view_chosen.connect(self.look_from)
        self.legend.resized.connect(self._place_overlays)
        self.view.tool_changed.connect(self.empty.give_way)
        self.second.changed.connect(self._second_changed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons of every part."""
        self.theme = theme
        self.left.set_theme(theme)
        for part in (self.cube, self.scale_bar, self.problems):
            part.theme = theme
            part.update()
        for part in (self.legend, self.probe, self.layers, self.inspector, self.time_bar, self.charts, self.table):
            part.set_theme(theme)
        for part in (self.compare_bar, self.scenarios):
            part.set_theme(theme)
        if self.view.scene.palette.name != theme.name:
            for view in self.views_shown:
                view.scene.set_theme(theme.name)
            self.painter.paint()
        self.render()

    @property
    def views_shown(self) -> tuple[CityView, ...]:
        """The view, and the one of the compared scenario beside it when there is one."""
        return (self.view,) if self.second.view is None else (self.view, self.second.view)

    @property
    def frames_drawn(self) -> int:
        """Frames that every view has drawn."""
        return min(view.frames_drawn for view in self.views_shown)

    def render(self) -> None:
        """Ask every view for one frame."""
        for view in self.views_shown:
            view.render()

    def moving(self) -> None:
        """Draw without smoothing while frames follow each other, in every view."""
        for view in self.views_shown:
            view.moving()

    def cube_room(self, view: CityView) -> int:
        """Width [px] that the cube takes of the upper edge of a view."""
        return self.cube.width() + GAP if self.cube.parentWidget() is view else 0

    def view_state(self) -> dict[str, Any]:
        """Camera and hidden things, for the next time this project is open."""
        return {"scene": self.view.scene.view_state(), "at_home": self.view.at_home}

    def restore_view(self, state: dict[str, Any]) -> None:
        """The reverse of `view_state`."""
        self.view.scene.restore_view(state.get("scene", {}))
        self.layers.refresh(self.view.scene.context_hidden)
        if state.get("at_home", True):
            self.view.look_home()
        else:
            self.view.look(self.view.scene.camera)

    def look_from(self, name: str) -> None:
        """Fly to one of the standard views, the whole city in sight."""
        from citytwin_desktop.scene.camera import STANDARD_VIEWS

        scene = self.view.scene
        turned = scene.camera.seen_from(*STANDARD_VIEWS[name])
        self.view.fly_to(scene.framed_camera(turned, scene.city.rows_with_geometry, self.view.aspect))

    def toggle_panel(self, name: str) -> None:
        """Bring a bottom panel up, or put it away when it is up."""
        widget = {"charts": self.charts, "table": self.table, "jobs": self.jobs}[name]
        shown = self.panels.isVisible() and self.panels.currentWidget() is widget
        self.panels.setCurrentWidget(widget)
        self.panels.setVisible(not shown)
        for key, button in self.panel_buttons.items():
            button.setChecked(key == name and not shown)
            self.panel_changed.emit(key, key == name and not shown)

    def show_panel(self, name: str) -> None:
        """Bring a bottom panel up."""
        if not self.panel_buttons[name].isChecked():
            self.toggle_panel(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the overlays in their corners."""
        if watched is self.legend and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._place_overlays()
        elif watched in self.views_shown and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place_overlays()
            if watched is self.view:
                self.view.keep_home()
        return False

    def _follow_camera(self) -> None:
        camera = self.view.scene.camera
        self.cube.set_camera(camera)
        self.scale_bar.set_camera(camera, self.view.height())

    def _place_overlays(self) -> None:
        self.legend.fit_width(self.view.width() - 2 * GAP)
        self.legend.move(GAP, self.view.height() - self.legend.height() - GAP)
        last = self.views_shown[-1]
        width, height = last.width(), last.height()
        self.cube.move(width - self.cube.width() - GAP, GAP)
        self.empty.place()
        self._place_scale_bar(width - self.scale_bar.width() - GAP, height - self.scale_bar.height() - GAP)
        self.overlays_placed.emit()

    def _place_scale_bar(self, left: int, top: int) -> None:
        """In the lower right corner; where the legend takes that, above the legend, or nowhere."""
        legend, bar = self.legend, self.scale_bar
        crowded = bar.parentWidget() is self.view and not legend.isHidden() and left < legend.geometry().right() + GAP
        top = legend.y() - bar.height() - GAP if crowded else top
        bar.move(left, top)
        bar.setVisible(not crowded or top > self.cube.geometry().bottom())

    def _second_changed(self) -> None:
        """Put the second view beside the first one; cube and scale bar stand in the last one."""
        if (view := self.second.view) is not None:
            self.views.addWidget(view)
            view.installEventFilter(self)
            view.installEventFilter(self.time_bar)
            view.show()
            self.views.setSizes([self.views.width() // 2] * 2)
        for part in (self.cube, self.scale_bar):
            part.setParent(self.views_shown[-1])
            part.show()
            part.raise_()
        self._place_overlays()

    def _lay_out(self) -> None:
        self.columns = QSplitter(Qt.Orientation.Horizontal, objectName="columns")
        self.views.setHandleWidth(1)
        self.views.setChildrenCollapsible(False)
        self.views.addWidget(self.view)
        middle = QWidget()
        stack = QVBoxLayout(middle)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self.compare_bar)
        stack.addWidget(self.views, 1)
        for part in (self.left, middle, self.inspector):
            self.columns.addWidget(part)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes([276, 760, 330])
        self.columns.setHandleWidth(1)
        self.columns.setChildrenCollapsible(False)
        self.rows = QSplitter(Qt.Orientation.Vertical, objectName="rows")
        self.rows.setHandleWidth(1)
        self.rows.setChildrenCollapsible(False)
        self.rows.addWidget(self.columns)
        self.rows.addWidget(self._bottom())
        self.rows.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(self.rows)

    def _bottom(self) -> QWidget:
        for widget in (self.charts, self.table, self.jobs):
            self.panels.addWidget(widget)
        self.panels.setMinimumHeight(180)
        self.panels.hide()
        line = QWidget(objectName="panel")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(2)
        row.addWidget(self.time_bar, 1)
        rule = QFrame(frameShape=QFrame.Shape.NoFrame, objectName="rule")
        rule.setFixedSize(QSize(1, 22))
        rule.setStyleSheet("min-height: 22px; max-height: 22px;")
        row.addWidget(rule)
        row.addSpacing(6)
        for name, title in PANELS:
            button = QToolButton(text=self.tr(title), checkable=True)
            button.setObjectName("panelTab")
            button.setProperty("panel", name)
            button.clicked.connect(lambda _, key=name: self.toggle_panel(key))
            self.panel_buttons[name] = button
            row.addWidget(button)
        bottom = QWidget()
        column = QVBoxLayout(bottom)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        rule = QFrame(objectName="rule")
        column.addWidget(rule)
        column.addWidget(self.panels, 1)
        return bottom
