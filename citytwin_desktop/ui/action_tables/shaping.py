"""Actions: drawing and shaping buildings."""

from citytwin_desktop.ui.action_spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = ()
