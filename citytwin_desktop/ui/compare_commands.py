"""What the actions of the window do: two scenarios held against each other."""

from typing import Any, ClassVar

from citytwin_desktop.document import events
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.assign_dialog import AssignDialog
from citytwin_desktop.ui.compare_chip import GAP, ViewChip
from citytwin_desktop.ui.compare_delta import delta_of, delta_tip, stale_sides
from citytwin_desktop.ui.compare_state import DIFFERENCE, FLIP, SIDE
from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.theme import Theme


class CompareController(Controller):
    """Methods that the table of actions names; keeps bar, chips and second view in step with the session."""

    CONDITIONS: ClassVar[frozenset[str]] = frozenset({"scenarios", "comparing"})

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.chips: list[ViewChip] = []
        self.look: Any = None

    def conditions(self) -> frozenset[str]:
        """Whether there is anything to compare with, and whether it is compared."""
        found = {"scenarios"} if len(self.document.scenarios) > 1 else set()
        return frozenset(found | ({"comparing"} if self.session.comparison.active else set()))

    def workspace_made(self, workspace: Any) -> None:
        """Connect bar and box."""
        bar, box, session = workspace.compare_bar, self.window.bars.compare_box, self.session
        bar.mode_chosen.connect(session.comparison.set_mode)
        bar.swap_wanted.connect(session.comparison.swap)
        bar.close_wanted.connect(lambda: session.comparison.choose(""))
        box.activated.connect(lambda _: session.comparison.choose(box.currentData() or ""))
        workspace.second.changed.connect(self._second_changed)
        workspace.scenarios.assign_wanted.connect(self.ask_assign)
        workspace.painter.told.append(self._tell_numbers)
        workspace.overlays_placed.connect(self._place_chips)
        session.view_changed.connect(self.follow)

    def document_opened(self) -> None:
        """List the scenarios to compare with."""
        self.follow()

    def document_closed(self) -> None:
        """Nothing is compared."""
        self.follow()

    def document_event(self, event: Any) -> None:
        """Follow scenarios that come, go or get another name."""
        if isinstance(event, events.ScenariosChanged):
            self.follow()

    def toggle(self, mode: str) -> None:
        """Compare in one way, or stop it."""
        comparison = self.session.comparison
        if comparison.active and comparison.mode == mode:
            comparison.choose("")
        else:
            comparison.set_mode(mode)

    def flip(self) -> None:
        """Show B in place of A and the other way round; with nothing compared yet, take the likely one."""
        comparison = self.session.comparison
        if comparison.active:
            comparison.swap()
        elif likely := comparison.likely:
            comparison.mode = FLIP
            comparison.other = likely
            comparison.swap()

    def ask_assign(self) -> None:
        """Ask for a package and for the buildings that get it."""
        AssignDialog(self.window, self.session).open()

    def duplicate(self) -> None:
        """Make a scenario with the packages of the active one."""
        self.workspace.left.bring_up(self.workspace.scenarios)
        self.workspace.scenarios.copy_of(self.document.active_scenario)

    def stop(self) -> None:
        """Look at one scenario again."""
        self.session.comparison.choose("")

    def follow(self) -> None:
        """Bring box, bar, chips and second view up to date."""
        if self.workspace is None:
            return
        comparison, document, workspace = self.session.comparison, self.document, self.workspace
        self._fill_box()
        active = document is not None and comparison.active
        coming = (active and comparison.mode == SIDE) != (workspace.second.view is not None)
        # A view that is on the screen draws at every change of size: not while bar and second view come and go.
        focused = coming and workspace.view.hasFocus()
        workspace.views.setVisible(not coming)
        workspace.compare_bar.setVisible(active)
        workspace.second.follow_comparison()
        workspace.views.show()
        if focused:
            workspace.view.setFocus()
        for mode, name in ((SIDE, "compare.side"), (FLIP, "compare.one"), (DIFFERENCE, "compare.difference")):
            self.window.actions_[name].setChecked(active and comparison.mode == mode)
        self.window.actions_["compare.stop"].setEnabled(active)
        if not active:
            self._hide_chips()
            return
        names = [document.scenario(item).name for item in comparison.pair]
        workspace.compare_bar.show_pair(*names, comparison.mode)

    def _fill_box(self) -> None:
        box, document = self.window.bars.compare_box, self.document
        box.clear()
        box.addItem(self.tr("Compare with…") if not self.session.compared else self.tr("Nothing"), "")
        for scenario in document.scenarios if document is not None else ():
            if scenario.id != document.active_scenario:
                box.addItem(self.tr("vs {}").format(scenario.name), scenario.id)
        box.setCurrentIndex(max(box.findData(self.session.compared), 0))
        box.setEnabled(box.count() > 1)

    def _tell_numbers(self) -> None:
        """After painting: what the difference comes to, in the bar and on the chips."""
        comparison, workspace = self.session.comparison, self.workspace
        if self.document is None or not comparison.active:
            return
        try:
            delta = delta_of(self.session, *comparison.pair)
            stale = ", ".join(stale_sides(self.session)) if delta is not None else ""
        except KnownError:
            delta, stale = None, ""
        tip = delta_tip(self.session, delta) if delta is not None else ""
        workspace.compare_bar.show_delta(delta.words if delta is not None else "", tip, stale)
        self._show_chips(delta.sides if delta is not None else ("", ""))

    def _show_chips(self, numbers: tuple[str, ...]) -> None:
        views = self.workspace.views_shown
        if not self.session.comparison.side_by_side or len(views) < 2:
            self._hide_chips()
            return
        if len(self.chips) < 2:
            self.chips = [ViewChip(view, letter) for view, letter in zip(views, "AB", strict=True)]
        for chip, view, scenario, number in zip(self.chips, views, self.session.comparison.pair, numbers, strict=True):
            room = view.width() - 2 * GAP - self.workspace.cube_room(view)
            chip.show_scenario(self.document.scenario(scenario).name, number, room)
        self.window.looking.stand_chips_below(self.chips[0].geometry().bottom() + GAP)

    def _place_chips(self) -> None:
        """Another size of the views leaves the chips other room."""
        views = self.workspace.views_shown
        if len(views) < 2 or any(chip.isHidden() for chip in self.chips):
            return
        for chip, view in zip(self.chips, views, strict=False):
            chip.fit_width(view.width() - 2 * GAP - self.workspace.cube_room(view))

    def _hide_chips(self) -> None:
        for chip in self.chips:
            chip.hide()
        self.window.looking.stand_chips_below(GAP)

    def _second_changed(self) -> None:
        for chip in self.chips:
            chip.setParent(None)
            chip.deleteLater()
        self.chips = []
        if self.look is not None:
            self.look.end()
            self.look = None
        if (view := self.workspace.second.view) is not None:
            from citytwin_desktop.ui.compare_look import SecondLook

            self.look = SecondLook(self.window, self.workspace.view, view)

    def set_theme(self, theme: Theme) -> None:
        """Icons of the bar, colours of the second view."""
        if self.workspace is not None:
            self.workspace.compare_bar.set_theme(theme)
        if self.look is not None:
            self.look.set_theme(theme)
