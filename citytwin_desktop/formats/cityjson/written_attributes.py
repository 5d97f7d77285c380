"""Attributes of a building as they go into a CityJSON file: those of the source, and what is known now."""

from typing import Any

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.formats.cityjson.attributes import known_columns

STANDARD_NAMES = {
    "name": "name",
    "function": "function",
    "year_built": "yearOfConstruction",
    "storeys": "storeysAboveGround",
}
"""CityJSON's names of building columns."""


def written_attributes(buildings: Buildings, row: int) -> dict[str, Any]:
    """Attributes of one row.

    A column that says the same as the source leaves the source's own words alone. A value that is not from the
    source (assumed, derived, edited) is followed by an attribute ``…_origin`` that says so.

    Parameters
    ----------
    buildings : Buildings
    row : int
    """
    columns = buildings.columns
    attributes = dict(columns["attributes"][row])
    source = known_columns(attributes)
    for column, standard in STANDARD_NAMES.items():
        value = columns[column][row]
        if isinstance(value, str):
            known = bool(value)
        else:
            known, value = value == value, value if value != value else round(float(value))
        if not known:
            attributes.pop(standard, None)
        elif source.get(column) != value:
            attributes[standard] = value
        origin = columns[f"{column}_origin"][row] if column != "name" else ""
        if origin not in (Origin.MISSING.value, Origin.SOURCE.value):
            attributes[f"{standard}_origin"] = str(origin)
    return attributes
