"""Actions: charts of the selection."""

from citytwin_desktop.ui.action_spec import ActionSpec
from citytwin_desktop.ui.charts.kinds import KINDS

_SAVED = (("png", "picture"), ("svg", "drawing"), ("csv", "table"))

ACTIONS: tuple[ActionSpec, ...] = (
    *(
        ActionSpec(
            f"charts.{kind.name}",
            f"Chart: {kind.title.lower()}",
            "Window",
            "charting.show",
            kind.icon,
            needs=("document",),
            argument=kind.name,
            submenu="Chart",
        )
        for kind in KINDS
    ),
    *(
        ActionSpec(
            f"charts.save_{kind}",
            f"Save chart as {words}…",
            "File",
            "charting.ask_save",
            "tray-arrow-down" if kind == "png" else "",
            needs=("document",),
            argument=kind,
            submenu="Save chart",
        )
        for kind, words in _SAVED
    ),
)
"""One for each kind of chart, and one for each kind of file."""
