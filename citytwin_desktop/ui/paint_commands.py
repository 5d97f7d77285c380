"""What the actions of the window do: colours, range and time."""

from typing import Any, ClassVar

from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.paint_style import DATA, LOCKED


class PaintController(Controller):
    """Methods that the table of actions names."""

    CONDITIONS: ClassVar[frozenset[str]] = frozenset({"filtered", "free_hands"})

    def conditions(self) -> frozenset[str]:
        """Whether a filter takes values out, and whether no tool wants the keys of numbers."""
        facts = {"filtered": self.session.style.threshold is not None, "free_hands": self._free_hands}
        return frozenset(name for name, true in facts.items() if true)

    @property
    def _free_hands(self) -> bool:
        return self.workspace is None or self.workspace.view.tool is None

    def workspace_made(self, workspace: Any) -> None:
        """Follow the filter and let the second view open the menu too."""
        self.session.filter_changed.connect(self._enable)
        self.session.view_changed.connect(self._enable)
        workspace.second.changed.connect(self._second_changed)
        workspace.view.tool_changed.connect(lambda _: self._enable())

    def clear_filter(self) -> None:
        """Give all values their colour back."""
        self.session.set_style(threshold=None)

    def select_shown(self) -> None:
        """Select the buildings whose values keep their colour."""
        if self.session.style.threshold is not None:
            self.workspace.legend.picked.emit(*self.session.style.threshold)

    def lock_range(self) -> None:
        """One range for all scenarios, or one that fits what is seen."""
        locked = self.session.style.range_mode == LOCKED
        self.session.set_style(range_mode=DATA if locked else LOCKED)

    def step(self, hours: str) -> None:
        """Go some hours on, or back."""
        self.workspace.time_bar.step(int(hours))

    def play(self) -> None:
        """Play the hours, or stay."""
        self.workspace.time_bar.toggle_play()

    def _enable(self) -> None:
        for name in ("paint.clear_filter", "paint.select_shown"):
            self.window.actions_[name].setEnabled(self.session.style.threshold is not None)
        for name in ("time.back", "time.on", "time.day_back", "time.day_on"):
            self.window.actions_[name].setEnabled(self._free_hands and self.document is not None)

    def _second_changed(self) -> None:
        if (view := self.workspace.second.view) is not None:
            view.menu_wanted.connect(self.window.open_context_menu)
