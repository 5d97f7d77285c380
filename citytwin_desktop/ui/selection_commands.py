"""What the actions of the window do: box, lasso, query and kept selections."""

from citytwin_desktop.ui.controller import Controller


class SelectionController(Controller):
    """Methods that the table of actions names."""
