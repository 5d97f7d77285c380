"""Actions: finding things and commands."""

from citytwin_desktop.ui.action_spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("finding.palette", "Find a command…", "Edit", "finding.open_palette", "console-line", "Ctrl+Shift+P"),
)
