"""Actions: scenarios and packages."""

from citytwin_desktop.ui.action_spec import SELECTED, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
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
        (*SELECTED, "writable"),
    ),
)
