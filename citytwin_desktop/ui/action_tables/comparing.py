"""Actions: two scenarios held against each other."""

from citytwin_desktop.ui.action_spec import ActionSpec

_TWO = ("document", "scenarios")

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "compare.swap", "Flip A/B", "Scenario", "comparing.flip", "swap-horizontal", "F8", _TWO, group_before=True
    ),
    ActionSpec(
        "compare.side",
        "Compare side by side",
        "Scenario",
        "comparing.toggle",
        "view-split-vertical",
        "Shift+F8",
        _TWO,
        "side",
        checkable=True,
    ),
    ActionSpec(
        "compare.one", "Compare in one view", "Scenario", "comparing.toggle", "", "", _TWO, "flip", checkable=True
    ),
    ActionSpec(
        "compare.difference",
        "Paint the difference A − B",
        "Scenario",
        "comparing.toggle",
        "plus-minus-variant",
        "Ctrl+F8",
        _TWO,
        "difference",
        checkable=True,
    ),
    ActionSpec("compare.stop", "Stop comparing", "Scenario", "comparing.stop", "close", "", ("document", "comparing")),
)
