"""Actions: scenarios and packages."""

from citytwin_desktop.ui.action_spec import CITY, SELECTED, ActionSpec

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
    ActionSpec(
        "scenario.assign_query",
        "Assign package to…",
        "Scenario",
        "comparing.ask_assign",
        "package-variant-closed-plus",
        "",
        (*CITY, "writable"),
    ),
    ActionSpec(
        "scenario.duplicate",
        "Duplicate scenario",
        "Scenario",
        "comparing.duplicate",
        "content-duplicate",
        "",
        ("document", "writable"),
    ),
)
