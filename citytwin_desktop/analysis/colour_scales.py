"""Numbers to colours: colour-blind-safe maps, ranges and classes."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.neutral_colours import ColourArray
from citytwin_desktop.errors import KnownError

SEQUENTIAL_MAPS = ("viridis", "cividis", "inferno")
DIVERGING_MAP = "difference"
FLOW_MAP = "losses and gains"
"""The colours of the diverging map over the range that is there: white at zero, as deep for a loss as for a gain."""

# Red to blue through white at zero, five of ColorBrewer's RdBu anchors (Harrower and Brewer 2003,
# doi:10.1179/000870403235002042), told apart with every common colour deficiency.
_DIVERGING_ANCHORS = np.array([[33, 102, 172], [146, 197, 222], [255, 255, 255], [244, 165, 130], [178, 24, 43]], float)


@cache
def colour_table(name: str) -> ColourArray:
    """The 256 colours of a map.

    Parameters
    ----------
    name : str
        One of `SEQUENTIAL_MAPS` (van der Walt and Smith; Nuñez et al. 2018,
        doi:10.1371/journal.pone.0199239), `DIVERGING_MAP` or `FLOW_MAP`.

    Returns
    -------
    ndarray, (256, 3) uint8

    Raises
    ------
    KnownError
        When there is no such map.
    """
    position = np.linspace(0.0, 1.0, 256)
    if name in (DIVERGING_MAP, FLOW_MAP):
        anchors = np.linspace(0.0, 1.0, len(_DIVERGING_ANCHORS))
        channels = [np.interp(position, anchors, _DIVERGING_ANCHORS[:, channel]) for channel in range(3)]
        return np.stack(channels, axis=1).round().astype(np.uint8)
    if name not in SEQUENTIAL_MAPS:
        msg = (
            f"There is no colour map “{name}”: choose one of {', '.join((*SEQUENTIAL_MAPS, DIVERGING_MAP, FLOW_MAP))}."
        )
        raise KnownError(msg)
    from matplotlib import colormaps

    return np.asarray(colormaps[name](position)[:, :3] * 255).round().astype(np.uint8)


@dataclass(frozen=True)
class ColourScale:
    """A colour map spread over a range of values.

    Parameters
    ----------
    map_name : str
    low, high : float
        Values at the two ends; anything outside takes the end's colour.
    classes : int
        0 for a continuous map, otherwise the number of equal steps.
    """

    map_name: str
    low: float
    high: float
    classes: int = 0

    @classmethod
    def fitted(cls, values: NDArray[np.floating], map_name: str = "viridis", classes: int = 0) -> "ColourScale":
        """A scale over the finite values: symmetric about zero for the diverging map, with zero in it for flows.

        The very ends are clipped at the 0.5th and 99.5th percentile when there are many values, so that one
        odd surface does not flatten the picture.
        """
        finite = values[np.isfinite(values)]
        if not len(finite):
            return cls(map_name, 0.0, 1.0, classes)
        low, high = (float(x) for x in np.percentile(finite, [0.5, 99.5] if len(finite) > 200 else [0, 100]))
        if map_name == DIVERGING_MAP:
            high = max(abs(low), abs(high))
            low = -high
        elif map_name == FLOW_MAP:
            low, high = min(low, 0.0), max(high, 0.0)
        elif 0.0 < low < 0.25 * high:
            low = 0.0
        if high - low < 1e-9:
            high = low + max(abs(low), 1.0)
        return cls(map_name, low, high, classes)

    def table(self) -> ColourArray:
        """(256, 3) uint8: colours from the low end to the high end, stepped when there are classes."""
        table, place = colour_table(self.map_name), np.arange(256)
        if self.classes:
            step = np.minimum(place * self.classes // 256, self.classes - 1)
            place = np.round(step / max(self.classes - 1, 1) * 255).astype(int)
        if self.map_name == FLOW_MAP:
            value = self.low + place / 255 * (self.high - self.low)
            place = np.round(127.5 * (1.0 + value / max(abs(self.low), abs(self.high)))).clip(0, 255).astype(int)
        return np.asarray(table[place])

    def colours(self, values: NDArray[np.floating]) -> ColourArray:
        """(n, 3) uint8: colour of each value; undefined where the value is nan."""
        share = (np.nan_to_num(values, nan=self.low) - self.low) / (self.high - self.low)
        return np.asarray(self.table()[np.clip(share * 256, 0, 255).astype(np.uint8)])

    def places(self, values: NDArray[np.float32]) -> NDArray[np.int16]:
        """(n,) int16: place of each value's colour in `table`; 256 where the value is nan.

        For hundreds of thousands of values, several times quicker than `colours`.
        """
        share = (values - np.float32(self.low)) * np.float32(256.0 / (self.high - self.low))
        np.clip(share, 0.0, 255.0, out=share)
        undefined = np.isnan(share)
        if undefined.any():
            share[undefined] = 256.0
        return np.asarray(share, np.float32).astype(np.int16)
