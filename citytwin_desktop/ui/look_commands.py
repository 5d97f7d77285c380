"""What the actions of the window do: navigation, pictures and named views."""

from citytwin_desktop.ui.controller import Controller


class LookController(Controller):
    """Methods that the table of actions names."""
