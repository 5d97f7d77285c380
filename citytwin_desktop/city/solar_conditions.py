"""What a city's solar surroundings are like: reflectances, snow, leaves; part of every project."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.errors import KnownError

LARGEST_REFLECTANCE = 0.95
"""Upper end of every reflectance [-]: fresh snow (Oke 1987, table 1.1); more would never settle in reflections."""

MONTH_FIELDS = ("snow_months", "leaf_on_months")
_TRANSMITTANCES = ("crown_transmittance_leaf_on", "crown_transmittance_leaf_off")


@dataclass(frozen=True)
class SolarConditions:
    """Short-wave properties of ground, crowns and building surfaces; frozen and hashable.

    Sources of the defaults of reflectances, with year and licence, are in the catalogue
    (`citytwin_desktop.catalog.reflectances`). All values are means over the solar spectrum and for diffuse light.

    Parameters
    ----------
    ground_reflectance : float [-]
        Of open ground without snow. 0.20: EnergyPlus Input Output Reference, Site:GroundReflectance.
    snow_reflectance : float [-]
        Of ground under snow. 0.60: assumption for snow that has aged in a town, inside the range of Oke (1987),
        *Boundary Layer Climates*, table 1.1: 0.40 (old) to 0.95 (fresh).
    snow_months : tuple of int
        Months (1 to 12) with snow on the ground. None by default: a weather file does not tell reliably.
    leaf_on_months : tuple of int
        Months (1 to 12) in which crowns are in leaf. April to October: assumption for deciduous trees of the
        temperate northern hemisphere; elsewhere it is for the user to say.
    crown_transmittance_leaf_on, crown_transmittance_leaf_off : float [-]
        Share of direct sunlight that passes a crown. 0.033 and 0.46: middle of the ranges 1.3-5.3 % and
        40.2-51.9 % that Konarska et al. (2014) measured on single urban trees, doi:10.1007/s00704-013-1000-3.
    wall_reflectance, roof_reflectance, window_reflectance, door_reflectance : float [-]
        Of a building's surfaces of that kind, unless the building has a value of its own.
    outer_ceiling_reflectance, outer_floor_reflectance, closure_reflectance : float [-]
        Likewise. Ground surfaces have no field: floors on soil see no light and count as black.

    Raises
    ------
    KnownError
        When a value is out of its range, naming the field.
    """

    ground_reflectance: float = 0.20
    snow_reflectance: float = 0.60
    snow_months: tuple[int, ...] = ()
    leaf_on_months: tuple[int, ...] = (4, 5, 6, 7, 8, 9, 10)
    crown_transmittance_leaf_on: float = 0.033
    crown_transmittance_leaf_off: float = 0.46
    wall_reflectance: float = 0.30
    roof_reflectance: float = 0.25
    window_reflectance: float = 0.15
    door_reflectance: float = 0.30
    outer_ceiling_reflectance: float = 0.30
    outer_floor_reflectance: float = 0.25
    closure_reflectance: float = 0.30

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            given = getattr(self, name)
            if name in MONTH_FIELDS:
                value: Any = _months(name, given)
            else:
                value = _share(name, given, 1.0 if name in _TRANSMITTANCES else LARGEST_REFLECTANCE)
            # One canonical form, so that equal conditions are equal, hash alike and give the same result keys.
            object.__setattr__(self, name, value)
        if self.crown_transmittance_leaf_on > self.crown_transmittance_leaf_off:
            on, off = self.crown_transmittance_leaf_on, self.crown_transmittance_leaf_off
            msg = f"Crowns in leaf pass more light ({on:g}) than bare ones ({off:g}): set both the right way round."
            raise KnownError(msg)

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Conditions from plain values by field name; fields that are not there have their defaults.

        Raises
        ------
        KnownError
            When a name is unknown or a value out of its range.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            msg = f"There is no solar condition “{unknown[0]}”: choose one of {', '.join(sorted(known))}."
            raise KnownError(msg)
        return cls(**values)

    def as_mapping(self) -> dict[str, Any]:
        """Plain numbers and lists by field name, for JSON and for result keys."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def kind_reflectance(self, kind: SurfaceKind) -> float:
        """Reflectance of surfaces of a kind whose building has no value of its own [-]."""
        return 0.0 if kind is SurfaceKind.GROUND else float(getattr(self, f"{kind.label}_reflectance"))

    @property
    def monthly_ground_reflectance(self) -> NDArray[np.float64]:
        """(12,) float64 [-]: of open ground, January first."""
        return self._by_month(self.snow_months, self.snow_reflectance, self.ground_reflectance)

    @property
    def monthly_crown_transmittance(self) -> NDArray[np.float64]:
        """(12,) float64 [-]: share of direct sunlight that passes a crown, January first."""
        return self._by_month(self.leaf_on_months, self.crown_transmittance_leaf_on, self.crown_transmittance_leaf_off)

    @staticmethod
    def _by_month(months: tuple[int, ...], inside: float, outside: float) -> NDArray[np.float64]:
        values = np.full(12, outside)
        values[[month - 1 for month in months]] = inside
        return values


def title_of(name: str) -> str:
    """Name of a field for people: ``snow_months`` is “snow months”."""
    return name.replace("_", " ")


def _share(name: str, value: Any, high: float) -> float:
    number = _number(name, value)
    if not 0.0 <= number <= high:
        msg = f"The {title_of(name)} is {number:g}: give a number from 0 to {high:g}."
        raise KnownError(msg)
    # Without + 0.0 a minus zero would be equal to zero but give another result key.
    return number + 0.0


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        msg = f"The {title_of(name)} is {str(value)[:40]!r}: give a number."
        raise KnownError(msg)
    return float(value)


def _months(name: str, values: Any) -> tuple[int, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        msg = f"The {title_of(name)} are {str(values)[:40]!r}: give a list of numbers from 1 to 12."
        raise KnownError(msg)
    numbers = {_number(name, value) for value in values}
    if wrong := [number for number in numbers if not (1.0 <= number <= 12.0 and number == int(number))]:
        msg = f"The {title_of(name)} hold {wrong[0]:g}: give whole numbers from 1 (January) to 12."
        raise KnownError(msg)
    return tuple(sorted(int(number) for number in numbers))
