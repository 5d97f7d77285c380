"""Actions: colours, range and time."""

from citytwin_desktop.ui.action_spec import CITY, ActionSpec

_FREE = (*CITY, "free_hands")
"""A tool in hand takes numbers, with their points and commas."""

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "paint.clear_filter",
        "Show all values",
        "View",
        "painting.clear_filter",
        "filter-off-outline",
        "",
        ("document", "filtered"),
        group_before=True,
    ),
    ActionSpec(
        "paint.select_shown",
        "Select what the filter shows",
        "Select",
        "painting.select_shown",
        "filter-check-outline",
        "",
        ("document", "filtered"),
    ),
    ActionSpec("paint.lock_range", "Same range for all scenarios", "View", "painting.lock_range", "", "", CITY),
    ActionSpec("time.back", "One hour back", "View", "painting.step", "", ",", _FREE, "-1", submenu="Time"),
    ActionSpec("time.on", "One hour on", "View", "painting.step", "", ".", _FREE, "1", submenu="Time"),
    ActionSpec("time.day_back", "One day back", "View", "painting.step", "", "Shift+,", _FREE, "-24", submenu="Time"),
    ActionSpec("time.day_on", "One day on", "View", "painting.step", "", "Shift+.", _FREE, "24", submenu="Time"),
    ActionSpec("time.play", "Play the hours", "View", "painting.play", "play", "", CITY, submenu="Time"),
)
