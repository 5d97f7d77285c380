"""Numbers to colours: colour-blind-safe maps, ranges and classes."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.neutral_colours import ColourArray
from citytwin_desktop.errors import KnownError

SEQUENTIAL_MAPS = ("viridis", "cividis", "inferno")
DIVERGING_MAP = "difference"
FLOW_MAP = "losses and gains"
"""The colours of the diverging map over the range that is there: white at zero, as deep for a loss as for a gain."""
_LEAST = 1e-300
_LEAST_LOGARITHMIC = 1e-30
"""Low end of a logarithmic scale: values are divided by it in single precision."""
_MANY = 200
"""Values from which on the very ends are left out of a fitted range."""

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
    reverse : bool
        The map's last colour at the low end.
    breaks : tuple of float
        Inner ends of unequal classes, rising; a value upon one belongs to the class above. ``classes`` is one more
        than there are.
    logarithmic : bool
        Colours by the logarithm of a value; ``low`` is above zero, and whatever is not takes its colour.
    """

    map_name: str
    low: float
    high: float
    classes: int = 0
    reverse: bool = False
    breaks: tuple[float, ...] = ()
    logarithmic: bool = False

    @classmethod
    def fitted(cls, values: NDArray[np.floating], map_name: str = "viridis", classes: int = 0) -> "ColourScale":
        """A scale over the finite values: symmetric about zero for the diverging map, with zero in it for flows.

        The very ends are clipped at the 0.5th and 99.5th percentile when there are many values, so that one
        odd surface does not flatten the picture; a difference at the 98th percentile of its size.
        """
        return cls(map_name, *fitted_range(values, map_name), classes)

    def share(self, value: float) -> float:
        """Place of a value between the ends, 0 at the low one and 1 at the high one."""
        if self.logarithmic:
            return float(np.log(max(value, _LEAST) / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)

    def value_at(self, share: float) -> float:
        """The reverse of `share`."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def edges(self) -> tuple[float, ...]:
        """Ends of all classes from low to high, one more than there are classes; empty without classes."""
        if self.breaks:
            return (self.low, *self.breaks, self.high)
        if self.logarithmic and self.classes:
            return tuple(np.geomspace(self.low, self.high, self.classes + 1).tolist())
        return tuple(np.linspace(self.low, self.high, self.classes + 1).tolist()) if self.classes else ()

    def class_bounds(self, number: int) -> tuple[float, float]:
        """Values of one class, the first and the last one open to all that lies beyond."""
        edges = self.edges()
        low = -np.inf if number == 0 else edges[number]
        high = np.inf if number == len(edges) - 2 else edges[number + 1]
        return float(low), float(high)

    def class_colours(self) -> ColourArray:
        """(classes, 3) uint8: one colour for each class."""
        if not self.breaks:
            middle = (np.arange(self.classes) + 0.5) / max(self.classes, 1) * 256
            return np.asarray(self.table()[middle.astype(int)])
        if self.map_name not in (DIVERGING_MAP, FLOW_MAP):
            return self._mapped(np.arange(self.classes) / max(self.classes - 1, 1) * 255.0)
        # By value and not by rank: a loss must never look like a gain, and zero is white.
        edges = np.array(self.edges())
        middle = np.where((edges[:-1] <= 0.0) & (edges[1:] > 0.0), 0.0, (edges[:-1] + edges[1:]) / 2.0)
        return self._mapped((middle - self.low) / (self.high - self.low) * 255.0)

    def table(self) -> ColourArray:
        """(256, 3) uint8: colours evenly from the low end to the high end, stepped when there are classes."""
        place = np.arange(256)
        if self.breaks:
            value = [self.value_at((step + 0.5) / 256) for step in range(256)]
            return np.asarray(self.class_colours()[np.searchsorted(self.breaks, value, side="right")])
        if self.classes:
            step = np.minimum(place * self.classes // 256, self.classes - 1)
            place = np.round(step / max(self.classes - 1, 1) * 255).astype(int)
        return self._mapped(place)

    def lookup(self) -> ColourArray:
        """(256, 3) uint8: colours by what `places` gives; the table, but for unequal classes one colour each."""
        if not self.breaks:
            return self.table()
        return np.asarray(self.class_colours()[np.minimum(np.arange(256), self.classes - 1)])

    def colours(self, values: NDArray[np.floating]) -> ColourArray:
        """(n, 3) uint8: colour of each value; undefined where the value is nan."""
        return np.asarray(self.lookup()[np.minimum(self.places(np.asarray(values, np.float32)), 255)])

    def places(self, values: NDArray[np.float32]) -> NDArray[np.int16]:
        """(n,) int16: place of each value's colour in `lookup`; 256 where the value is nan."""
        if self.breaks:
            place = np.searchsorted(np.array(self.breaks, np.float32), values, side="right").astype(np.int16)
            place[np.isnan(values)] = 256
            return place
        if self.logarithmic:
            share = np.log(np.maximum(values, np.float32(self.low)) / np.float32(self.low))
            share *= np.float32(256.0 / np.log(self.high / self.low))
        else:
            share = (values - np.float32(self.low)) * np.float32(256.0 / (self.high - self.low))
        np.clip(share, 0.0, 255.0, out=share)
        undefined = np.isnan(share)
        if undefined.any():
            share[undefined] = 256.0
        return np.asarray(share, np.float32).astype(np.int16)

    def _mapped(self, place: NDArray[Any]) -> ColourArray:
        """(n, 3) uint8: colours at places of 0 to 255 along the range."""
        if self.map_name == FLOW_MAP:
            value = self.low + place / 255 * (self.high - self.low)
            place = 127.5 * (1.0 + value / max(abs(self.low), abs(self.high)))
        place = np.round(place).clip(0, 255).astype(int)
        return np.asarray(colour_table(self.map_name)[255 - place if self.reverse else place])


def logarithmic_scale(scale: ColourScale, values: NDArray[np.floating]) -> ColourScale:
    """The scale by logarithms, from the least of some values where it starts at zero; as it is where it cannot be.

    Parameters
    ----------
    scale : ColourScale
    values : ndarray, (n,)
        What it is for; those that are not finite do not count.
    """
    finite = values[np.isfinite(values)]
    if not len(finite) or finite.min() <= 0.0 or scale.map_name in (DIVERGING_MAP, FLOW_MAP):
        return scale
    least = float(np.percentile(finite, 0.5 if len(finite) > _MANY else 0))
    low = max(scale.low if scale.low > 0.0 else least, _LEAST_LOGARITHMIC)
    return replace(scale, low=low, logarithmic=True) if low < scale.high * (1.0 - 1e-6) else scale


def logarithmic_ticks(low: float, high: float) -> list[float]:
    """Round values between two ends above zero, powers of ten before their doubles and halves."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    every = [factor * 10.0**power for factor in (1, 2, 5) for power in powers]
    return [value for value in every if low < value < high]


def fitted_range(values: NDArray[np.floating], map_name: str = "viridis") -> tuple[float, float]:
    """Ends that suit some values, see `ColourScale.fitted`."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return (-1.0, 1.0) if map_name == DIVERGING_MAP else (0.0, 1.0)
    many = len(finite) > _MANY
    if map_name == DIVERGING_MAP:
        high = float(np.percentile(np.abs(finite), 98 if many else 100))
        # More than half of a city may not differ at all while some of it does.
        high = high or float(np.abs(finite).max()) or 1.0
        return -high, high
    low, high = (float(x) for x in np.percentile(finite, [0.5, 99.5] if many else [0, 100]))
    if map_name == FLOW_MAP:
        low, high = min(low, 0.0), max(high, 0.0)
    elif 0.0 < low < 0.25 * high:
        low = 0.0
    return low, high if high - low >= 1e-9 else low + max(abs(low), 1.0)
