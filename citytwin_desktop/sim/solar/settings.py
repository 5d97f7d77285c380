"""What a user may choose about the solar engine."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from citytwin_desktop.errors import KnownError

SOLAR_ENGINE_VERSION = "2.0"
"""Part of every result key; raised whenever the same inputs would give other numbers."""

PATCH_SUBDIVISION = {145: 1, 577: 2, 2305: 4}
"""Number of sky patches and the Reinhart subdivision that makes it."""

_DAYS = 365


@dataclass(frozen=True)
class SolarSettings:
    """Resolution of a solar run.

    Parameters
    ----------
    cell_size_m : float [m]
        Largest side of the cells that rays start from; every surface has at least one cell.
    rays : int
        Rays from a cell towards the sky and the surroundings.
    rays_per_surface : int
        Surfaces of many cells send fewer rays from each, down to a quarter, but not fewer than so many in all.
    element_m : float [m]
        Largest side of the pieces of surfaces that shine evenly.
    patches : int
        Sky patches: 145, 577 or 2305.
    reflections : int
        Bounces between surfaces, 0 to 10.
    sun_days : int
        Days of the year for whose hours the sun is followed; between them hours are interpolated. 365: every day has
        its own suns.
    base_days : int
        Those of them that are traced for every cell; on the others only what differs between the days around.
    reflected_days : int
        Those of the base days for which reflected sunlight is solved.
    ground_cell_m : float [m]
        Side of the square ground cells.
    ground_margin_m : float [m]
        How far the modelled ground reaches beyond the buildings; further out it lies unshaded.

    Raises
    ------
    KnownError
        When a value is out of its range.
    """

    cell_size_m: float = 4.0
    rays: int = 128
    rays_per_surface: int = 1024
    element_m: float = 10.0
    patches: int = 145
    reflections: int = 3
    sun_days: int = _DAYS
    base_days: int = 34
    reflected_days: int = 12
    ground_cell_m: float = 10.0
    ground_margin_m: float = 50.0

    def __post_init__(self) -> None:
        _within("cell size", self.cell_size_m, 0.25, 100.0)
        _within("number of rays per cell", self.rays, 16, 65536)
        _within("number of rays per surface", self.rays_per_surface, 16, 10_000_000)
        _within("element size", self.element_m, 1.0, 1000.0)
        _within("number of reflections", self.reflections, 0, 10)
        _within("number of days", self.sun_days, 8, _DAYS)
        _within("number of base days", self.base_days, 4, self.sun_days)
        _within("number of days with reflected sun", self.reflected_days, 4, self.base_days)
        _within("ground cell size", self.ground_cell_m, 1.0, 200.0)
        _within("ground margin", self.ground_margin_m, 0.0, 5000.0)
        if self.patches not in PATCH_SUBDIVISION:
            choices = ", ".join(str(count) for count in PATCH_SUBDIVISION)
            raise KnownError(f"Solar settings: {self.patches} sky patches are not available; choose one of {choices}.")

    def first_map(self) -> Self:
        """Settings of the first map, of 48 days, that is shown while all hours of the year are traced."""
        return replace(
            self,
            sun_days=min(self.sun_days, 48),
            base_days=min(self.base_days, 14),
            reflected_days=min(self.reflected_days, 8),
        )

    def as_mapping(self) -> dict[str, Any]:
        """Plain numbers under plain names, for keys and records."""
        return asdict(self)


def _within(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise KnownError(f"Solar settings: the {what} is {value:g}; it must lie between {low:g} and {high:g}.")
