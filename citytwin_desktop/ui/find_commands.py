"""What the actions of the window do: finding things and commands."""

from citytwin_desktop.ui.controller import Controller


class FindController(Controller):
    """Methods that the table of actions names."""
