"""Actions: the engines."""

from citytwin_desktop.ui.action_spec import CITY, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("run.solar", "Run solar", "Run", "ask_run", "white-balance-sunny", "F5", (*CITY, "writable"), "solar"),
    ActionSpec(
        "run.collectors",
        "Run solar collectors",
        "Run",
        "ask_run",
        "solar-panel",
        "Shift+F5",
        (*CITY, "writable"),
        "collectors",
    ),
    ActionSpec(
        "run.energyplus",
        "Run EnergyPlus",
        "Run",
        "ask_run",
        "lightning-bolt-outline",
        "F6",
        (*CITY, "writable"),
        "energyplus",
    ),
    ActionSpec(
        "run.estimate",
        "Estimate (seconds)",
        "Run",
        "ask_run",
        "approximately-equal",
        "Shift+F6",
        (*CITY, "writable"),
        "estimate",
    ),
    ActionSpec(
        "run.stale",
        "Re-run stale results",
        "Run",
        "run_stale",
        "refresh",
        "F7",
        ("document", "stale", "writable"),
        group_before=True,
    ),
    ActionSpec("run.cancel", "Cancel the run", "Run", "cancel_run", "close-circle-outline", "Ctrl+.", ("running",)),
)
