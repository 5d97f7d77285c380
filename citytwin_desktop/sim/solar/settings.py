"""What a user may choose about the solar engine."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.errors import KnownError

SOLAR_ENGINE_VERSION = "1.0"
"""Part of every result key; raised whenever the same inputs would give other numbers."""

PATCH_SUBDIVISION = {145: 1, 577: 2, 2305: 4}
"""Number of sky patches and the Reinhart subdivision that makes it."""

DEFAULT_REFLECTANCE: dict[SurfaceKind, float] = {
    SurfaceKind.WALL: 0.30,
    SurfaceKind.ROOF: 0.25,
    SurfaceKind.GROUND: 0.0,
    SurfaceKind.WINDOW: 0.15,
    SurfaceKind.DOOR: 0.30,
    SurfaceKind.OUTER_CEILING: 0.30,
    SurfaceKind.OUTER_FLOOR: 0.25,
    SurfaceKind.CLOSURE: 0.30,
}
"""Short-wave reflectance by kind [-]: assumptions of this program, not measurements; floors on soil are black."""


@dataclass(frozen=True)
class SolarSettings:
    """Resolution and reflectances of a solar run.

    Parameters
    ----------
    cell_size_m : float [m]
        Largest side of the cells that rays start from; every surface has at least one cell.
    rays : int
        Rays from each cell towards the sky and the surroundings.
    patches : int
        Sky patches: 145, 577 or 2305.
    reflections : int
        Bounces between surfaces, 0 to 10.
    declinations, hour_angles : int
        Sun grid; the hour angles are so many over 240 degrees, and go on at the same step where days are longer.
    reflectance : mapping of SurfaceKind to float
        By kind of surface [-].
    ground_reflectance : float
        Of the ground between and beyond the buildings [-].
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
    patches: int = 145
    reflections: int = 3
    declinations: int = 13
    hour_angles: int = 49
    reflectance: Mapping[SurfaceKind, float] = field(default_factory=lambda: dict(DEFAULT_REFLECTANCE))
    ground_reflectance: float = 0.2
    ground_cell_m: float = 10.0
    ground_margin_m: float = 50.0

    def __post_init__(self) -> None:
        _within("cell size", self.cell_size_m, 0.25, 100.0)
        _within("number of rays per cell", self.rays, 16, 65536)
        _within("number of reflections", self.reflections, 0, 10)
        _within("number of declinations", self.declinations, 3, 200)
        _within("number of hour angles", self.hour_angles, 9, 1000)
        _within("ground reflectance", self.ground_reflectance, 0.0, 0.95)
        _within("ground cell size", self.ground_cell_m, 1.0, 200.0)
        _within("ground margin", self.ground_margin_m, 0.0, 5000.0)
        if self.patches not in PATCH_SUBDIVISION:
            choices = ", ".join(str(count) for count in PATCH_SUBDIVISION)
            raise KnownError(f"Solar settings: {self.patches} sky patches are not available; choose one of {choices}.")
        missing = [kind.label for kind in SurfaceKind if kind not in self.reflectance]
        if missing:
            raise KnownError(
                f"Solar settings: the reflectance of {', '.join(missing)} is missing; give one for each kind."
            )
        for kind, value in self.reflectance.items():
            _within(f"reflectance of {SurfaceKind(kind).label}", value, 0.0, 0.95)

    def as_mapping(self) -> dict[str, Any]:
        """Plain numbers under plain names, for keys and records."""
        record = asdict(self)
        record["reflectance"] = {SurfaceKind(kind).label: float(value) for kind, value in self.reflectance.items()}
        return record


def _within(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise KnownError(f"Solar settings: the {what} is {value:g}; it must lie between {low:g} and {high:g}.")
