"""Actions as data: menus, toolbar and shortcuts are built from this one table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme

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
        Method of the main window that does it.
    icon : str
        Name in the mdi6 family, empty for none.
    shortcut : str
        Portable key sequence, empty for none.
    needs : tuple of str
        Conditions that must all hold: ``document``, ``buildings``, ``selection``, ``undo``, ``redo``, ``stale``,
        ``writable``, ``running``.
    argument : str
        Passed to the method when not empty.
    checkable : bool
    group_before : bool
        A separator stands above it in the menu.
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


_CITY = ("document", "buildings")
_SELECTED = ("document", "selection")

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("file.open_project", "Open project…", "File", "ask_open_project", "folder-open-outline", "Ctrl+O"),
    ActionSpec("file.demo", "Try the demo district", "File", "open_demo", "map-marker-star-outline"),
    ActionSpec(
        "file.open_city",
        "Import city…",
        "File",
        "ask_open_city",
        "city-variant-outline",
        "Ctrl+Shift+O",
        group_before=True,
    ),
    ActionSpec("file.terrain", "Import terrain…", "File", "ask_open_terrain", "terrain"),
    ActionSpec("file.join", "Join table…", "File", "ask_join", "table-plus", "", (*_CITY, "writable")),
    ActionSpec(
        "file.weather",
        "Choose weather file…",
        "File",
        "ask_weather",
        "weather-partly-cloudy",
        needs=("document", "writable"),
    ),
    ActionSpec(
        "file.export", "Export…", "File", "ask_export", "export-variant", "Ctrl+Shift+E", _CITY, group_before=True
    ),
    ActionSpec("file.copy", "Save a copy…", "File", "ask_copy", "content-save-outline", "Ctrl+Shift+S", ("document",)),
    ActionSpec("file.picture", "Save picture…", "File", "ask_picture", "camera-outline", "Ctrl+Shift+P", _CITY),
    ActionSpec(
        "file.close", "Close project", "File", "close_project", "close", "Ctrl+W", ("document",), group_before=True
    ),
    ActionSpec("file.quit", "Quit", "File", "close", "", "Ctrl+Q"),
    ActionSpec("edit.undo", "Undo", "Edit", "undo", "undo", "Ctrl+Z", ("undo",)),
    ActionSpec("edit.redo", "Redo", "Edit", "redo", "redo", "Ctrl+Shift+Z", ("redo",)),
    ActionSpec("edit.find", "Find building", "Edit", "focus_search", "magnify", "Ctrl+F", _CITY, group_before=True),
    ActionSpec("edit.copy_id", "Copy identifiers", "Edit", "copy_identifiers", "content-copy", "Ctrl+C", _SELECTED),
    ActionSpec("view.home", "Show whole city", "View", "go_home", "home-outline", "Home", _CITY),
    ActionSpec(
        "view.selection",
        "Zoom to selection",
        "View",
        "zoom_to_selection",
        "image-filter-center-focus",
        "Ctrl+G",
        _SELECTED,
    ),
    ActionSpec("view.south", "From the south", "View", "look_from", "", "Ctrl+8", _CITY, "south", group_before=True),
    ActionSpec("view.north", "From the north", "View", "look_from", "", "Ctrl+2", _CITY, "north"),
    ActionSpec("view.west", "From the west", "View", "look_from", "", "Ctrl+4", _CITY, "west"),
    ActionSpec("view.east", "From the east", "View", "look_from", "", "Ctrl+6", _CITY, "east"),
    ActionSpec("view.top", "From above", "View", "look_from", "", "Ctrl+5", _CITY, "top"),
    ActionSpec(
        "view.isolate",
        "Isolate selection",
        "View",
        "isolate_selection",
        "selection-ellipse",
        "I",
        _SELECTED,
        group_before=True,
    ),
    ActionSpec("view.hide", "Hide selection", "View", "hide_selection", "eye-off-outline", "H", _SELECTED),
    ActionSpec("view.show_all", "Show everything", "View", "show_everything", "eye-outline", "Shift+H", _CITY),
    ActionSpec(
        "view.edges", "Feature edges", "View", "toggle_edges", "", "E", _CITY, checkable=True, group_before=True
    ),
    ActionSpec("view.theme", "Light or dark theme", "View", "toggle_theme", "theme-light-dark", "Ctrl+Shift+L"),
    ActionSpec("select.all", "Select all", "Select", "select_all", "select-all", "Ctrl+A", _CITY),
    ActionSpec("select.none", "Select nothing", "Select", "select_none", "select-off", "Escape", _SELECTED),
    ActionSpec("select.invert", "Invert selection", "Select", "invert_selection", "select-inverse", "Ctrl+I", _CITY),
    ActionSpec(
        "select.stale",
        "Select stale buildings",
        "Select",
        "select_stale",
        "clock-alert-outline",
        "",
        ("document", "stale"),
    ),
    ActionSpec("model.enrich", "Assign archetypes…", "Model", "ask_enrich", "home-group", "", (*_CITY, "writable")),
    ActionSpec(
        "model.terrain",
        "Set buildings on the terrain",
        "Model",
        "drop_to_terrain",
        "arrow-down-bold-outline",
        "",
        (*_CITY, "writable"),
    ),
    ActionSpec(
        "model.remove",
        "Remove selected buildings",
        "Model",
        "remove_selected",
        "delete-outline",
        "Delete",
        (*_SELECTED, "writable"),
    ),
    ActionSpec("run.solar", "Run solar", "Run", "ask_run", "white-balance-sunny", "F5", (*_CITY, "writable"), "solar"),
    ActionSpec(
        "run.collectors",
        "Run solar collectors",
        "Run",
        "ask_run",
        "solar-panel",
        "Shift+F5",
        (*_CITY, "writable"),
        "collectors",
    ),
    ActionSpec(
        "run.energyplus",
        "Run EnergyPlus",
        "Run",
        "ask_run",
        "lightning-bolt-outline",
        "F6",
        (*_CITY, "writable"),
        "energyplus",
    ),
    ActionSpec(
        "run.estimate",
        "Estimate (seconds)",
        "Run",
        "ask_run",
        "approximately-equal",
        "Shift+F6",
        (*_CITY, "writable"),
        "estimate",
    ),
    ActionSpec(
        "run.stale",
        "Re-run stale results",
        "Run",
        "run_stale",
        "refresh",
        "F7",
        ("document", "stale", "writable"),
        group_before=True,
    ),
    ActionSpec("run.cancel", "Cancel the run", "Run", "cancel_run", "close-circle-outline", "Ctrl+.", ("running",)),
    ActionSpec(
        "scenario.add", "Add scenario…", "Scenario", "ask_scenario", "plus", "Ctrl+Shift+N", ("document", "writable")
    ),
    ActionSpec(
        "scenario.assign",
        "Assign package to selection…",
        "Scenario",
        "ask_package",
        "package-variant-closed",
        "",
        (*_SELECTED, "writable"),
    ),
    ActionSpec(
        "window.left", "Layers panel", "Window", "toggle_left", "dock-left", "Ctrl+1", ("document",), checkable=True
    ),
    ActionSpec(
        "window.inspector",
        "Inspector",
        "Window",
        "toggle_inspector",
        "dock-right",
        "Ctrl+Shift+1",
        ("document",),
        checkable=True,
    ),
    ActionSpec(
        "window.charts",
        "Charts",
        "Window",
        "toggle_panel",
        "chart-bar",
        "F2",
        ("document",),
        "charts",
        checkable=True,
        group_before=True,
    ),
    ActionSpec(
        "window.table", "Table", "Window", "toggle_panel", "table", "F3", ("document",), "table", checkable=True
    ),
    ActionSpec(
        "window.jobs", "Jobs", "Window", "toggle_panel", "progress-clock", "F4", ("document",), "jobs", checkable=True
    ),
    ActionSpec("help.keys", "Keyboard shortcuts", "Help", "show_keys", "keyboard-outline", "F1"),
    ActionSpec("help.about", "About CityTwin Desktop", "Help", "show_about", "information-outline"),
)

TOOLBAR: tuple[str, ...] = (
    "view.home",
    "file.open_project",
    "file.open_city",
    "",
    "edit.undo",
    "edit.redo",
    "",
    "view.selection",
    "view.isolate",
    "view.hide",
    "view.show_all",
    "",
)
"""Identifiers in order; an empty one is a separator."""


class ActionSet:
    """The QActions of one window, made from the table.

    Parameters
    ----------
    window : QObject
        Has a method for each spec's ``run``.
    specs : iterable of ActionSpec
    """

    def __init__(self, window: QObject, specs: Iterable[ActionSpec] = ACTIONS) -> None:
        self.specs = {spec.id: spec for spec in specs}
        self.actions = {spec.id: self._make(window, spec) for spec in self.specs.values()}

    def __getitem__(self, identifier: str) -> QAction:
        return self.actions[identifier]

    def set_theme(self, theme: Theme) -> None:
        """Draw all icons in the theme's colour."""
        for identifier, spec in self.specs.items():
            if spec.icon:
                self.actions[identifier].setIcon(icon(spec.icon, theme))

    def enable(self, conditions: frozenset[str]) -> None:
        """Enable what has all that it needs."""
        for identifier, spec in self.specs.items():
            self.actions[identifier].setEnabled(conditions.issuperset(spec.needs))

    def _make(self, window: QObject, spec: ActionSpec) -> QAction:
        action = QAction(window.tr(spec.text), window)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut, QKeySequence.SequenceFormat.PortableText))
            action.setToolTip(f"{spec.text.rstrip('…')}  ({action.shortcut().toString()})")
        method: Callable[..., object] = getattr(window, spec.run)
        action.triggered.connect((lambda *_: method(spec.argument)) if spec.argument else (lambda *_: method()))
        window.addAction(action)
        return action
