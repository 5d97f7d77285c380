"""What the actions of the window do: drawing and shaping buildings."""

from citytwin_desktop.ui.controller import Controller


class ShapeController(Controller):
    """Methods that the table of actions names."""
