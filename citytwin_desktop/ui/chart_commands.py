"""What the actions of the window do: charts of the selection."""

from typing import Any, ClassVar

from citytwin_desktop.ui.controller import Controller


class ChartController(Controller):
    """Methods that the table of actions names."""

    CONDITIONS: ClassVar[frozenset[str]] = frozenset()

    def workspace_made(self, workspace: Any) -> None:
        """Connect the panel with what it wants from the window."""
        workspace.charts.hour_chosen.connect(self.window.links.choose_hour)
        workspace.charts.run_wanted.connect(self.window.ask_run)

    def show(self, kind: str) -> None:
        """Bring the panel up with one kind of chart."""
        self.workspace.show_panel("charts")
        self.workspace.charts.show_kind(kind)

    def ask_save(self, kind: str) -> None:
        """Ask for the file that the chart is written to."""
        self.workspace.show_panel("charts")
        self.workspace.charts.ask_save(kind)
