"""Actions: panels."""

from citytwin_desktop.ui.action_spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
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
)
