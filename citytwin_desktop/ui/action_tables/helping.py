"""Actions: help."""

from citytwin_desktop.ui.action_spec import CITY, ActionSpec

CITY_WRITABLE = (*CITY, "writable")

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("help.first", "First result", "Help", "starting.show_first_result", "flag-outline", "", CITY_WRITABLE),
    ActionSpec("help.keys", "Keyboard shortcuts", "Help", "show_keys", "keyboard-outline", "F1"),
    ActionSpec("help.about", "About CityTwin Desktop", "Help", "show_about", "information-outline"),
)
