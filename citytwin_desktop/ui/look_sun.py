"""Sky and shadows of the hour that is shown."""

from typing import Any


class SunAndShadows:
    """Follows the sun of the document's hour.

    Parameters
    ----------
    window : MainWindow
    workspace : Workspace
    """

    def __init__(self, window: Any, workspace: Any) -> None:
        self.window, self.view = window, workspace.view
        self.shadows_on = False

    def set_theme(self) -> None:
        """Other colours."""

    def follow(self) -> None:
        """Another hour, or another place."""

    def toggle(self) -> None:
        """Cast shadows, or none."""
