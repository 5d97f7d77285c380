"""What the actions of the window do: navigation, pictures and named views."""

from typing import Any, ClassVar

import numpy as np
from PySide6.QtWidgets import QFileDialog

from citytwin_desktop.document import events
from citytwin_desktop.scene.navigation import PRESETS
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.look_navigation import LookNavigation
from citytwin_desktop.ui.look_pictures import LookPictures
from citytwin_desktop.ui.theme import Theme

NUMBERED = frozenset(f"view_{number}" for number in range(1, 10))


class LookController(LookNavigation, LookPictures, Controller):
    """Methods that the table of actions names; what they need is made with the working page."""

    CONDITIONS: ClassVar[frozenset[str]] = frozenset({"camera_back", "camera_forward"}) | NUMBERED

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.made = False

    def workspace_made(self, workspace: Any) -> None:
        """Put overlays over the view and sections into the layers panel."""
        # Late: they bring VTK with them, which takes seconds to import.
        from citytwin_desktop.ui.look_backdrop import Backdrops
        from citytwin_desktop.ui.look_parts import LookParts
        from citytwin_desktop.ui.look_views import NamedViews

        self.view = workspace.view
        self.parts = LookParts(self.window, workspace)
        self.backdrops, self.views = Backdrops(self.window, workspace), NamedViews(self.window, workspace)
        self.start_navigation(workspace)
        self.view.surface_clicked.connect(self._surface_clicked)
        self.view.tool_changed.connect(lambda _: self._follow_tool())
        self.parts.card.explain_wanted.connect(self._explain)
        self.parts.card.closed.connect(lambda: self.parts.show_surface(-1))
        self.parts.cutting.panel.closed.connect(self._show_checks)
        self.view.escaped.connect(self._show_checks)
        self.session.run_finished.connect(self.run_finished)
        workspace.painter.told.append(self._other_values)
        self.made = True

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        if self.made:
            self.parts.set_theme(theme)
            self.backdrops.set_theme(theme)
            self.views.section.set_theme(theme)

    def document_opened(self) -> None:
        """Another city: nothing of the one before stays."""
        self.places.clear()
        self.parts.forget()
        self.backdrops.load()
        self._views_changed()
        self._show_checks()

    def document_closed(self) -> None:
        """No city any more."""
        if self.made:
            self.parts.forget()
            self.backdrops.clear()

    def document_event(self, event: Any) -> None:
        """Follow what changes under the overlays."""
        if not self.made or self.document is None:
            return
        if isinstance(event, events.NamedChanged):
            self._views_changed()
        elif isinstance(event, events.CityChanged | events.GeometryChanged):
            self.parts.city_changed()
        elif isinstance(event, events.BuildingsChanged | events.SelectionChanged | events.ResultsArrived):
            self.parts.labels.replace()
        elif isinstance(event, events.TimeChanged | events.WeatherChanged):
            self.parts.sun.follow()

    def conditions(self) -> frozenset[str]:
        """Ways of the camera, and views that digits go to."""
        if not self.made:
            return frozenset()
        ways = {name for name, step in (("camera_back", -1), ("camera_forward", 1)) if self.places.can_go(step)}
        return frozenset(ways | {f"view_{number}" for number in range(1, min(len(self.views.names), 9) + 1)})

    def stand_chips_below(self, top_px: int) -> None:
        """Leave room over the chips in the view's corner."""
        self.parts.corner.stand_below(top_px)

    def toggle_section(self) -> None:
        """Cut the city open, or close it."""
        cutting = self.parts.cutting
        cutting.close() if cutting.opened else cutting.open()
        self._show_checks()

    def toggle_surfaces(self) -> None:
        """Pick single surfaces, or buildings."""
        wanted = not self.view.picks_surfaces
        for view in self.workspace.views_shown:
            view.picks_surfaces = wanted
            view.scene.hover(None)
        self.parts.show_surface(-1)
        self._show_checks()

    def toggle_shadows(self) -> None:
        """Cast shadows, or none."""
        self.parts.sun.toggle()
        self._show_checks()

    def show_labels(self, source: str) -> None:
        """Label buildings by a column, or by what is painted."""
        self.parts.labels.show_source(source)

    def ask_backdrop(self) -> None:
        """Choose a map or an aerial photograph."""
        from pathlib import Path

        from citytwin_desktop.ui.look_backdrop import FILTER

        title = self.tr("Add background")
        path = QFileDialog.getOpenFileName(self.window, title, "", FILTER)[0]
        if path:
            self.backdrops.add(Path(path))

    def ask_save_view(self) -> None:
        """Keep what is seen under a name."""
        self.views.ask_save()

    def go_to_view(self, number: str) -> None:
        """Go to one of the first nine views."""
        self.views.go_to_number(int(number))

    def _views_changed(self) -> None:
        self.views.refresh()
        self.parts.menus.show_views(self.views.names)

    def _other_values(self) -> None:
        if self.document is None:
            return
        self.parts.labels.replace()
        if 0 <= self.parts.card.surface < len(self.view.scene.city.surfaces):
            self._surface_clicked(self.parts.card.surface)

    def _surface_clicked(self, surface: int) -> None:
        self.parts.show_surface(surface, self._values_of(surface) if surface >= 0 else [])

    def _values_of(self, surface: int) -> list[tuple[str, str]]:
        """What is painted on a surface in every view, in words; nothing where nothing is."""
        found, legend, views = [], self.workspace.legend, self.workspace.views_shown
        for view, letter in zip(views, "AB", strict=False):
            values = view.scene.appearance.values
            if values is None or self.session.request() is None or not np.isfinite(values[surface]):
                continue
            title = legend.title or self.tr("Value")
            words = f"{number_text(float(values[surface]))}\u2009{legend.unit}"
            found.append((f"{letter}: {title}" if len(views) > 1 else title, words))
        return found

    def _explain(self, surface: int) -> None:
        from citytwin_desktop.document.explanation import Question

        asked = self.session.request()
        if asked is None or surface < 0:
            return
        city = self.document.city
        owner = str(city.buildings.ids[city.surfaces.building[surface]])
        times = {"hour": asked.hour, "month": asked.month, "hours": asked.hours}
        question = Question(asked.name, self.document.active_scenario, (owner,), surface, **times)
        self.session.explain_wanted.emit(question)

    def _follow_tool(self) -> None:
        self._show_checks()

    def _show_checks(self) -> None:
        """Ticks of the actions, as things are."""
        from citytwin_desktop.ui.view_tools.walk_tool import WalkTool

        ticks = {
            "look.parallel": self.view.scene.camera.parallel,
            "look.walk": isinstance(self.view.tool, WalkTool),
            "look.section": self.parts.cutting.opened,
            "look.surfaces": self.view.picks_surfaces,
            "look.shadows": self.parts.sun.shadows_on,
            "look.invert_zoom": self.view.motion.inverted,
            "look.reduce_motion": self.view.reduce_motion,
        }
        ticks |= {f"look.preset_{name}": name == self.view.motion.preset.name for name in PRESETS}
        for name, ticked in ticks.items():
            self.window.actions_[name].setChecked(ticked)
