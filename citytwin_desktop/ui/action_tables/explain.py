"""Actions: explaining numbers and the history."""

from citytwin_desktop.ui.action_spec import CITY, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "explain.here", "Explain this number", "Help", "explaining.explain_here", "help-circle-outline", "Ctrl+E", CITY,
        group_before=True,
    ),
    ActionSpec(
        "explain.history", "History of edits", "Window", "explaining.show_history", "history", "Ctrl+H", ("document",)
    ),
)  # fmt: skip
