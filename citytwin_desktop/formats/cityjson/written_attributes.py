"""Attributes of a building as they go into a CityJSON file: those of the source, and what is known now."""

from typing import Any

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.known_attributes import known_columns

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


def place_address(item: dict[str, Any]) -> None:
    """Move addresses from the attributes of an object to where CityJSON has them; changed in place."""
    address = item["attributes"].get("address")
    if isinstance(address, list) and address and all(isinstance(part, dict) for part in address):
        item["address"] = item["attributes"].pop("address")


def edited_attributes(
    given: dict[str, Any], current: CityModel, as_imported: CityModel, rows: tuple[int, int]
) -> dict[str, Any] | None:
    """Attributes of an object of the source with what was edited since its import; None where nothing was.

    Parameters
    ----------
    given : dict
        As they stand in the source.
    current, as_imported : CityModel
    rows : tuple of int
        Of the building in each.
    """
    now, then = current.buildings.columns, as_imported.buildings.columns
    edited = dict(given)
    _merge(edited, now["attributes"][rows[0]], then["attributes"][rows[1]])
    for column, standard in STANDARD_NAMES.items():
        value, before = now[column][rows[0]], then[column][rows[1]]
        origin, origin_before = (
            str(columns[f"{column}_origin"][row]) if column != "name" else ""
            for columns, row in zip((now, then), rows, strict=True)
        )
        same = value == before or (value != value and before != before)
        if same and origin == origin_before:
            continue
        edited.pop(f"{standard}_origin", None)
        if value in ("", None) or value != value:
            edited.pop(standard, None)
            continue
        edited[standard] = value if isinstance(value, str) else round(float(value))
        if origin not in (Origin.MISSING.value, Origin.SOURCE.value):
            edited[f"{standard}_origin"] = origin
    return edited if edited != given else None


def _merge(edited: dict[str, Any], now: dict[str, Any], then: dict[str, Any]) -> None:
    """Bring over what was changed, added or taken away between two sets of attributes."""
    for name in then.keys() - now.keys():
        edited.pop(name, None)
    edited |= {name: value for name, value in now.items() if name not in then or then[name] != value}
