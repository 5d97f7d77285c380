"""Where the defaults of solar conditions come from: reflectances of surfaces, ground and snow, crowns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from citytwin_desktop.catalog.tables import CatalogValue, catalog_value, table

_TABLE = "reflectances.csv"


@dataclass(frozen=True)
class Reflectance:
    """A default of the solar conditions with the range that was published for it.

    Parameters
    ----------
    default : CatalogValue
        The value with unit [-], source, year and licence; the source says where it is an assumption.
    low, high : float [-]
        Range of the published figures.
    """

    default: CatalogValue
    low: float
    high: float


@cache
def reflectances() -> Mapping[str, Reflectance]:
    """Defaults by field of `citytwin_desktop.city.solar_conditions.SolarConditions`, months left out."""
    rows = {
        row["field"]: Reflectance(catalog_value(row), float(row["low"]), float(row["high"])) for row in table(_TABLE)
    }
    return MappingProxyType(rows)
