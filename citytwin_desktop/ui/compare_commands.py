"""What the actions of the window do: two scenarios held against each other."""

from citytwin_desktop.ui.controller import Controller


class CompareController(Controller):
    """Methods that the table of actions names."""
