"""Actions: box, lasso, query and kept selections."""

from citytwin_desktop.ui.action_spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = ()
