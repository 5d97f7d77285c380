"""Actions: box, lasso, query and kept selections."""

from citytwin_desktop.ui.action_spec import CITY, SELECTED, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("select.back", "Selection before", "Select", "selecting.go_back", "undo-variant", "Ctrl+Alt+Z",
               (*CITY, "selection_before")),
    ActionSpec("select.box", "Select by box", "Select", "selecting.use_box", "selection-drag", "B", CITY,
               checkable=True, group_before=True),
    ActionSpec("select.lasso", "Select by lasso", "Select", "selecting.use_lasso", "lasso", "Shift+B", CITY,
               checkable=True),
    ActionSpec("select.query", "Select by condition", "Select", "selecting.open_query", "filter-outline",
               "Ctrl+Shift+F", CITY),
    ActionSpec("select.similar", "Select similar…", "Select", "selecting.ask_similar", "select-group",
               "Ctrl+Shift+I", SELECTED, group_before=True),
    ActionSpec("select.grow", "Grow to neighbours that touch", "Select", "selecting.grow", "arrow-expand-all",
               "Ctrl+Shift+G", SELECTED),
    ActionSpec("select.grow_near", "Grow by 25 m", "Select", "selecting.grow", "", "", SELECTED, "near"),
    ActionSpec("select.failed", "Select failed buildings", "Select", "selecting.select_failed",
               "alert-circle-outline", "", CITY),
    ActionSpec("select.save", "Save selection…", "Select", "selecting.save", "bookmark-plus-outline", "Ctrl+Shift+B",
               (*SELECTED, "writable"), group_before=True),
)  # fmt: skip
