"""The command that sets solar conditions: reflectances, snow and leaves of the whole district."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from citytwin_desktop.city.changes import SetSolarConditions
from citytwin_desktop.city.district import District
from citytwin_desktop.city.solar_conditions import SolarConditions, title_of
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.errors import KnownError


@register
@dataclass(frozen=True)
class SetSolarConditionsValues(Command):
    """Set some solar conditions; those that are not given stay. An empty list of months is none."""

    id: ClassVar[str] = "set_solar_conditions"
    summary: ClassVar[str] = "Set reflectances, snow months and leaf months of the district"

    ground_reflectance: float | None = None
    snow_reflectance: float | None = None
    snow_months: tuple[float, ...] | None = None
    leaf_on_months: tuple[float, ...] | None = None
    crown_transmittance_leaf_on: float | None = None
    crown_transmittance_leaf_off: float | None = None
    wall_reflectance: float | None = None
    roof_reflectance: float | None = None
    window_reflectance: float | None = None
    door_reflectance: float | None = None
    outer_ceiling_reflectance: float | None = None
    outer_floor_reflectance: float | None = None
    closure_reflectance: float | None = None

    def prepare(self, district: District) -> Preparation:
        """Check the values together with those that stay."""
        given: dict[str, Any] = {
            field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None
        }
        if not given:
            names = ", ".join(field.name for field in fields(self))
            msg = f"No solar condition is given: set at least one of {names}."
            raise KnownError(msg)
        before = district.solar_conditions
        after = SolarConditions.from_mapping({**before.as_mapping(), **given})
        title = title_of(next(iter(given))) if len(given) == 1 else f"{len(given)} solar conditions"
        return Preparation((SetSolarConditions(before, after),), f"Set {title}")
