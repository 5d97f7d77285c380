"""Actions: undo, redo, copy."""

from citytwin_desktop.ui.action_spec import CITY, SELECTED, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("edit.undo", "Undo", "Edit", "undo", "undo", "Ctrl+Z", ("undo",)),
    ActionSpec("edit.redo", "Redo", "Edit", "redo", "redo", "Ctrl+Shift+Z", ("redo",)),
    ActionSpec("edit.find", "Find building", "Edit", "focus_search", "magnify", "Ctrl+F", CITY, group_before=True),
    ActionSpec("edit.copy_id", "Copy identifiers", "Edit", "copy_identifiers", "content-copy", "Ctrl+C", SELECTED),
)
