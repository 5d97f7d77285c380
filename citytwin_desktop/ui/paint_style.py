"""How a variable is painted, as the user chose it; remembered for each variable and period."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from citytwin_desktop.analysis.class_breaks import EQUAL, METHODS
from citytwin_desktop.scene.appearance import SurfaceLook
from citytwin_desktop.scene.colour_maps import FLOW_MAP, SEQUENTIAL_MAPS

DATA, CUSTOM, LOCKED = "data", "custom", "locked"
"""The range fits what is seen, is typed, or fits all scenarios together."""
RANGES = (DATA, CUSTOM, LOCKED)
GREY, GHOST = "grey", "ghost"
CLASSES = (0, 5, 6, 7, 8, 9)
LEAST_OPACITY = 0.05
"""Less would look as if it were not there."""
PAINTABLE = 1e30
"""Size of a number beyond which the colours, reckoned in single precision, could not tell it from infinity."""

_CHOICES: dict[str, tuple[Any, ...]] = {
    "map_name": (*SEQUENTIAL_MAPS, FLOW_MAP), "classes": CLASSES, "method": METHODS, "range_mode": RANGES,
    "outside": (GREY, GHOST),
}  # fmt: skip


_SWITCHES, _OPACITIES = ("reverse", "by_building", "total", "logarithmic"), ("opacity", "opacity_without")


@dataclass(frozen=True)
class PaintStyle:
    """One way of painting.

    Parameters
    ----------
    map_name : str
    reverse : bool
        The map's last colour at the low end.
    classes : int
        0 for a continuous map.
    method : str
        How classes are cut, see `analysis.class_breaks`.
    logarithmic : bool
        Colours by the logarithm of values, where all of them are above zero.
    range_mode : str
        ``data``, ``custom`` or ``locked``.
    low, high : float, optional
        Ends of the custom range, in the painted unit.
    threshold : tuple of float, optional
        Lowest and highest value that keep their colour.
    outside : str
        ``grey`` or ``ghost``: what becomes of the others.
    by_building, total : bool
        One value for each building; its total rather than its mean.
    opacity, opacity_without : float
        Of surfaces with a value and of those without.
    """

    map_name: str = "viridis"
    reverse: bool = False
    classes: int = 0
    method: str = EQUAL
    logarithmic: bool = False
    range_mode: str = DATA
    low: float | None = None
    high: float | None = None
    threshold: tuple[float, float] | None = None
    outside: str = GREY
    by_building: bool = False
    total: bool = False
    opacity: float = 1.0
    opacity_without: float = 1.0

    @property
    def look(self) -> SurfaceLook:
        """What the scene needs to know beside the colours."""
        return SurfaceLook(self.threshold, self.outside == GHOST, self.opacity, self.opacity_without)

    def with_look_of(self, other: "PaintStyle") -> "PaintStyle":
        """This style with what the scene alone needs to know of another one: its colours stay as they are."""
        look = {name: getattr(other, name) for name in ("threshold", "outside", *_OPACITIES)}
        return replace(self, **look)

    @property
    def typed_range(self) -> tuple[float, float] | None:
        """The custom range where it is chosen and makes sense."""
        if self.range_mode != CUSTOM or self.low is None or self.high is None:
            return None
        return (self.low, self.high) if can_be_painted(self.low, self.high) else None

    def for_other_values(self, map_name: str) -> "PaintStyle":
        """The same manner for values of another kind: their range and filter mean nothing to them."""
        mode = LOCKED if self.range_mode == LOCKED else DATA
        return replace(
            self, map_name=map_name, reverse=False, range_mode=mode, low=None, high=None, threshold=None, total=False,
            logarithmic=False,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the view that is kept with a project."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Any) -> "PaintStyle":
        """The reverse of `to_dict`; what does not fit is left at its default."""
        if not isinstance(stored, Mapping):
            return cls()
        found = {name: stored[name] for name, offered in _CHOICES.items() if stored.get(name) in offered}
        found |= {name: bool(stored[name]) for name in _SWITCHES if name in stored}
        found |= {name: float(stored[name]) for name in _OPACITIES if _is_opacity(stored.get(name))}
        for name, ends in (("range", (stored.get("low"), stored.get("high"))), ("filter", stored.get("threshold"))):
            pair = _pair(ends)
            if pair is not None:
                found |= {"low": pair[0], "high": pair[1]} if name == "range" else {"threshold": pair}
        return cls(**found)


def can_be_painted(low: float, high: float) -> bool:
    """Whether colours can be spread between two ends."""
    return high - low >= 1.0 / PAINTABLE and max(abs(low), abs(high)) <= PAINTABLE


def _is_opacity(stored: Any) -> bool:
    return isinstance(stored, (int, float)) and LEAST_OPACITY <= stored <= 1.0


def _pair(stored: Any) -> tuple[float, float] | None:
    """Two rising finite numbers, if they are."""
    try:
        low, high = (float(end) for end in stored)
    except (TypeError, ValueError):
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None


class StyleMemory:
    """The style of what is painted now, and those of what was painted before.

    Parameters
    ----------
    default_map : callable
        Colour map that suits a variable, by its name.
    """

    def __init__(self, default_map: Any) -> None:
        self.current = PaintStyle()
        self._default_map = default_map
        self._kept: dict[tuple[str, str], PaintStyle] = {}

    def change(self, before: tuple[str, str], after: tuple[str, str]) -> None:
        """Another variable or period, given as pairs of both, is painted."""
        if before == after:
            return
        self._kept[before] = self.current
        if after in self._kept:
            self.current = self._kept[after]
        elif after[0] == before[0]:
            self.current = replace(self.current.for_other_values(self.current.map_name), reverse=self.current.reverse)
        else:
            self.current = self.current.for_other_values(self._default_map(after[0]) or self.current.map_name)

    def forget(self) -> None:
        """Another project."""
        self.current = PaintStyle()
        self._kept.clear()
