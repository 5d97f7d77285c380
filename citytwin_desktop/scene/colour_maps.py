"""Numbers to colours, as the scene asks for them; files written with results use the same maps."""

from citytwin_desktop.analysis.colour_scales import (
    DIVERGING_MAP,
    FLOW_MAP,
    SEQUENTIAL_MAPS,
    ColourScale,
    colour_table,
    logarithmic_ticks,
)

__all__ = ["DIVERGING_MAP", "FLOW_MAP", "SEQUENTIAL_MAPS", "ColourScale", "colour_table", "logarithmic_ticks"]
