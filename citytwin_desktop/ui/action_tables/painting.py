"""Actions: colours, range and time."""

from citytwin_desktop.ui.action_spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = ()
