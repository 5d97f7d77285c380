"""One part of what the window can do: its actions, and how it follows what happens."""

from typing import Any, ClassVar

from PySide6.QtCore import QObject

from citytwin_desktop.ui.theme import Theme


class Controller(QObject):
    """Made with the window; the actions of one table name its methods.

    Parameters
    ----------
    window : MainWindow
    """

    CONDITIONS: ClassVar[frozenset[str]] = frozenset()
    """Every name that `conditions` may tell."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.window, self.session = window, window.session

    @property
    def workspace(self) -> Any:
        """The working page, `None` until a first project is opened."""
        return self.window.workspace

    @property
    def document(self) -> Any:
        """The open document, or `None`."""
        return self.session.document

    def workspace_made(self, workspace: Any) -> None:
        """Connect to the parts of the working page, once."""

    def document_opened(self) -> None:
        """Another document is shown."""

    def document_closed(self) -> None:
        """No document is open any more."""

    def document_event(self, event: Any) -> None:
        """Follow one of the document's events; see `citytwin_desktop.document.events`."""

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons of what this part shows."""

    def conditions(self) -> frozenset[str]:
        """Names of conditions that hold now, for actions that need them; asked while a document is open."""
        return frozenset()
