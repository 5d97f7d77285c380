"""Actions: where the view looks from and what it shows."""

from citytwin_desktop.ui.action_spec import CITY, SELECTED, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("view.home", "Show whole city", "View", "go_home", "home-outline", "Home", CITY),
    ActionSpec(
        "view.selection",
        "Zoom to selection",
        "View",
        "zoom_to_selection",
        "image-filter-center-focus",
        "Ctrl+G",
        SELECTED,
    ),
    ActionSpec("view.south", "From the south", "View", "look_from", "", "Ctrl+8", CITY, "south", submenu="Look from"),
    ActionSpec("view.north", "From the north", "View", "look_from", "", "Ctrl+2", CITY, "north", submenu="Look from"),
    ActionSpec("view.west", "From the west", "View", "look_from", "", "Ctrl+4", CITY, "west", submenu="Look from"),
    ActionSpec("view.east", "From the east", "View", "look_from", "", "Ctrl+6", CITY, "east", submenu="Look from"),
    ActionSpec("view.top", "From above", "View", "look_from", "", "Ctrl+5", CITY, "top", submenu="Look from"),
    ActionSpec(
        "view.isolate",
        "Isolate selection",
        "View",
        "isolate_selection",
        "selection-ellipse",
        "I",
        SELECTED,
        group_before=True,
    ),
    ActionSpec("view.hide", "Hide selection", "View", "hide_selection", "eye-off-outline", "H", SELECTED),
    ActionSpec("view.show_all", "Show everything", "View", "show_everything", "eye-outline", "Shift+H", CITY),
    ActionSpec("view.edges", "Feature edges", "View", "toggle_edges", "", "E", CITY, checkable=True, group_before=True),
    ActionSpec("view.theme", "Light or dark theme", "View", "toggle_theme", "theme-light-dark", "Ctrl+Shift+L"),
)
