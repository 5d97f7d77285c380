"""What the actions of the window do: explaining numbers, and the history."""

from citytwin_desktop.ui.controller import Controller


class ExplainController(Controller):
    """Methods that the table of actions names."""
