"""Actions: which buildings are selected."""

from citytwin_desktop.ui.action_spec import CITY, SELECTED, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("select.all", "Select all", "Select", "select_all", "select-all", "Ctrl+A", CITY),
    ActionSpec("select.none", "Select nothing", "Select", "select_none", "select-off", "Escape", SELECTED),
    ActionSpec("select.invert", "Invert selection", "Select", "invert_selection", "select-inverse", "Ctrl+I", CITY),
    ActionSpec(
        "select.stale",
        "Select stale buildings",
        "Select",
        "select_stale",
        "clock-alert-outline",
        "",
        ("document", "stale"),
    ),
)
