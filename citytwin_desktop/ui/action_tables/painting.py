"""Actions: colours, range and time."""

from citytwin_desktop.ui.action_spec import CITY, ActionSpec

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
    ActionSpec("time.back", "One hour back", "View", "painting.step", "", ",", CITY, "-1", group_before=True),
    ActionSpec("time.on", "One hour on", "View", "painting.step", "", ".", CITY, "1"),
    ActionSpec("time.day_back", "One day back", "View", "painting.step", "", "Shift+,", CITY, "-24"),
    ActionSpec("time.day_on", "One day on", "View", "painting.step", "", "Shift+.", CITY, "24"),
    ActionSpec("time.play", "Play the hours", "View", "painting.play", "play", "", CITY),
)
