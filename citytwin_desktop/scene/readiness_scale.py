"""Colours of whether buildings can be simulated: three classes, told apart with every colour deficiency."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.palette import ColourArray, colour

READINESS_COLOURS = (colour("#4F7499"), colour("#EBC552"), colour("#A3254B"))
"""Ready, with doubts, cannot: slate blue, yellow, crimson, after the scheme “high-contrast” of Paul Tol (2021, Colour
Schemes, SRON/EPS/TN/09-002). Not the window's green, amber and red, of which the first and the last look alike to
many; far enough from the cyan of the selection too."""


@dataclass(frozen=True)
class ReadinessScale(ColourScale):
    """Levels 0, 1 and 2 to their colours, in the shape of any other scale."""

    map_name: str = "readiness"
    low: float = -0.5
    high: float = 2.5
    classes: int = 3

    def table(self) -> ColourArray:
        """(256, 3) uint8: the three colours, each over a third of the range."""
        return np.asarray(np.array(READINESS_COLOURS, np.uint8)[np.minimum(np.arange(256) * 3 // 256, 2)])

    def colours(self, values: NDArray[np.floating]) -> ColourArray:
        """(n, 3) uint8: colour of each level; undefined where it is nan."""
        level = np.nan_to_num(values, nan=0.0).clip(0, 2).astype(np.int64)
        return np.asarray(np.array(READINESS_COLOURS, np.uint8)[level])
