"""One thing that the user can do, as data."""

from dataclasses import dataclass

MENUS = ("File", "Edit", "View", "Select", "Model", "Run", "Scenario", "Window", "Help")


@dataclass(frozen=True)
class ActionSpec:
    """One thing that the user can do.

    Parameters
    ----------
    id : str
        Stable name, also the object name of the QAction.
    text : str
        Label, a verb first.
    menu : str
        One of `MENUS`.
    run : str
        Method that does it, of the main window or of one of its controllers (``looking.go_home``).
    icon : str
        Name in the mdi6 family, empty for none.
    shortcut : str
        Portable key sequence, empty for none.
    needs : tuple of str
        Conditions that must all hold: ``document``, ``buildings``, ``selection``, ``undo``, ``redo``, ``stale``,
        ``writable``, ``running``, or one that a controller tells.
    argument : str
        Passed to the method when not empty.
    checkable : bool
    group_before : bool
        A separator stands above it in the menu.
    submenu : str
        Name of the menu within the menu that it stands in, empty for the menu itself.
    """

    id: str
    text: str
    menu: str
    run: str
    icon: str = ""
    shortcut: str = ""
    needs: tuple[str, ...] = ()
    argument: str = ""
    checkable: bool = False
    group_before: bool = False
    submenu: str = ""


CITY = ("document", "buildings")
"""Conditions of what needs a city."""

SELECTED = ("document", "selection")
"""Conditions of what works on the selection."""
