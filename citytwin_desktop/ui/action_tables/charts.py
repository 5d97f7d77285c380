"""Actions: charts of the selection."""

from citytwin_desktop.ui.action_spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = ()
