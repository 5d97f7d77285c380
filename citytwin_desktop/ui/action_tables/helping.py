"""Actions: help."""

from citytwin_desktop.ui.action_spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("help.keys", "Keyboard shortcuts", "Help", "show_keys", "keyboard-outline", "F1"),
    ActionSpec("help.about", "About CityTwin Desktop", "Help", "show_about", "information-outline"),
)
