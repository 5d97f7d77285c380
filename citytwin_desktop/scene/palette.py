"""Colours of the 3D scene for the dark and the light theme."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind

Colour = tuple[int, int, int]
ColourArray = NDArray[np.uint8]


def colour(text: str) -> Colour:
    """Red, green, blue 0-255 from ``#RRGGBB``."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


WARM_MODEL = {
    SurfaceKind.WALL: colour("#CFC9C0"),
    SurfaceKind.ROOF: colour("#E0DBD3"),
    SurfaceKind.GROUND: colour("#9A958D"),
    SurfaceKind.WINDOW: colour("#7F95A8"),
    SurfaceKind.DOOR: colour("#8D7B68"),
    SurfaceKind.OUTER_CEILING: colour("#B8B2A9"),
    SurfaceKind.OUTER_FLOOR: colour("#D6D1C8"),
    SurfaceKind.CLOSURE: colour("#BDB8B0"),
}


@dataclass(frozen=True)
class ScenePalette:
    """Every colour that the scene itself chooses; data colours come from colour maps.

    Parameters
    ----------
    sky_top, sky_horizon, ground : Colour
        From the zenith through the horizon down; the ground dissolves into the horizon.
    shadow : Colour
        Soft darkening of the ground beside buildings.
    no_result, stale, selection : Colour
        Neutral grey, amber and cyan.
    edge, data_edge : Colour
        Feature edges of the neutral model, and of painted surfaces: dark ones must not merge on a dark ground.
    model : mapping of SurfaceKind to Colour
    context : mapping of ContextKind to Colour
    """

    name: str
    sky_top: Colour
    sky_horizon: Colour
    ground: Colour
    shadow: Colour
    no_result: Colour
    stale: Colour
    selection: Colour
    edge: Colour
    data_edge: Colour
    model: dict[SurfaceKind, Colour] = field(default_factory=lambda: dict(WARM_MODEL))
    context: dict[ContextKind, Colour] = field(default_factory=dict)

    def model_colours(self) -> ColourArray:
        """(n_kinds, 3) uint8: neutral colour by surface kind."""
        return np.array([self.model[kind] for kind in SurfaceKind], np.uint8)


DARK = ScenePalette(
    name="dark",
    sky_top=colour("#12161C"),
    sky_horizon=colour("#3A434F"),
    ground=colour("#262C34"),
    shadow=colour("#05070A"),
    no_result=colour("#8A8F96"),
    stale=colour("#E3A84B"),
    selection=colour("#35C6FF"),
    edge=colour("#000000"),
    data_edge=colour("#6C7684"),
    context={
        ContextKind.TERRAIN: colour("#30353C"),
        ContextKind.ROAD: colour("#3A414B"),
        ContextKind.WATER: colour("#2B3F52"),
        ContextKind.GREEN: colour("#333F38"),
        ContextKind.TREE: colour("#4A5F50"),
    },
)

LIGHT = ScenePalette(
    name="light",
    sky_top=colour("#B9CDE2"),
    sky_horizon=colour("#EEF2F6"),
    ground=colour("#DCE0E4"),
    shadow=colour("#3C4650"),
    no_result=colour("#B4B8BD"),
    stale=colour("#C98A1E"),
    selection=colour("#009FE3"),
    edge=colour("#000000"),
    data_edge=colour("#000000"),
    context={
        ContextKind.TERRAIN: colour("#D5D6D2"),
        ContextKind.ROAD: colour("#C6CAD0"),
        ContextKind.WATER: colour("#B4CCDF"),
        ContextKind.GREEN: colour("#C6D4C3"),
        ContextKind.TREE: colour("#93AE93"),
    },
)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT)}
