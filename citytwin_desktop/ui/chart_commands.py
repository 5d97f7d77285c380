"""What the actions of the window do: charts of the selection."""

from citytwin_desktop.ui.controller import Controller


class ChartController(Controller):
    """Methods that the table of actions names."""
