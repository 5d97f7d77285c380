"""What the actions of the window do: colours, range and time."""

from citytwin_desktop.ui.controller import Controller


class PaintController(Controller):
    """Methods that the table of actions names."""
