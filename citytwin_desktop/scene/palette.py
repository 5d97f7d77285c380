"""Colours of the 3D scene for the dark and the light theme."""

from dataclasses import dataclass, field

import numpy as np

from citytwin_desktop.analysis.neutral_colours import (
    LIGHT_CONTEXT,
    LIGHT_NO_RESULT,
    LIGHT_STALE,
    WARM_MODEL,
    Colour,
    ColourArray,
    colour,
)
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind

__all__ = ["DARK", "LIGHT", "PALETTES", "WARM_MODEL", "Colour", "ColourArray", "ScenePalette", "colour"]


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
    no_result=LIGHT_NO_RESULT,
    stale=LIGHT_STALE,
    selection=colour("#009FE3"),
    edge=colour("#000000"),
    data_edge=colour("#000000"),
    context=dict(LIGHT_CONTEXT),
)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT)}
