"""Which columns of a table, or attributes of a building, hold its address."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from citytwin_desktop.analysis.table_matching.addresses import Address, parsed_address
from citytwin_desktop.formats.joined_tables.table import JoinedTable, is_nothing

# English, German, French, Italian, Dutch; xAL as CityJSON and CityGML name its parts; OSM; Swiss GWR; French BAN.
_NAMES: dict[str, tuple[str, ...]] = {
    "street": (
        "street", "streetname", "road", "thoroughfarename", "strasse", "strassenname", "strname",
        "strassenbezeichnung", "straat", "straatnaam", "openbareruimtenaam", "rue", "nomvoie", "voie", "via",
        "indirizzostrada", "thoroughfare",
    ),
    "number": (
        "housenumber", "houseno", "number", "streetnumber", "hausnummer", "hausnr", "hnr", "huisnummer", "numero",
        "deinr", "thoroughfarenumber", "civicnumber", "civico", "buildingnumber",
    ),
    "letter": ("huisletter", "houseletter", "hausnummernzusatz", "hausnummerzusatz", "suffixe", "rep"),
    "postcode": (
        "postcode", "postalcode", "postalcodenumber", "zip", "zipcode", "plz", "dplz4", "postleitzahl", "codepostal",
        "cp", "cap", "codepostalban",
    ),
    "town": (
        "town", "posttown", "city", "ort", "ortsname", "gemeinde", "ggdename", "dplzname", "commune", "nomcommune",
        "localityname", "locality", "plaats", "woonplaats", "comune", "place", "village",
    ),
}  # fmt: skip
_LINE = re.compile(
    r"(?:full|postal|building|site|property)?(?:address|adresse|adres|indirizzo)(?:line|full|complete)?\d*|libelleadresse|full"
)
_PLACES = {name: part for part, names in _NAMES.items() for name in names}


def table_addresses(table: JoinedTable, chosen: Sequence[str] = ()) -> list[Address]:
    """Address of each row.

    Parameters
    ----------
    table : JoinedTable
    chosen : sequence of str
        Columns that hold it, in the order of an address; told from their names when empty.

    Raises
    ------
    KnownError
        When a chosen column does not exist.
    """
    names = [table.header[table.place(name)] for name in chosen] or list(table.header)
    places = [(name, table.place(name)) for name in names if chosen or _part(name)]
    return [_address({name: row[place] for name, place in places}, bool(chosen)) for row in table.rows]


def address_columns(table: JoinedTable) -> tuple[str, ...]:
    """Columns of a table that look like parts of an address."""
    return tuple(name for name in table.header if _part(name))


def building_addresses(attributes: Mapping[str, Any]) -> list[Address]:
    """Addresses that the attributes of a building give, none when they give none."""
    found: list[Address] = []
    nested = [value for name, value in attributes.items() if _part(name) == "line" and isinstance(value, list | dict)]
    for value in nested:
        items = value if isinstance(value, list) else [value]
        found.extend(
            _address({str(key): str(cell) for key, cell in item.items()}, chosen=False)
            for item in items
            if isinstance(item, dict)
        )
    flat = {name: str(value) for name, value in attributes.items() if isinstance(value, str | int) and _part(name)}
    found.append(_address(flat, chosen=False))
    return [address for address in found if address.known]


def _part(name: str) -> str:
    """Part of an address that a column holds, empty for none."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("addr:").removeprefix("contact:"))
    if plain in _PLACES:
        return _PLACES[plain]
    return "line" if _LINE.fullmatch(plain) else ""


def _address(cells: Mapping[str, str], chosen: bool) -> Address:
    parts: dict[str, list[tuple[str, str]]] = {}
    for name, cell in cells.items():
        if cell.strip() and not is_nothing(cell):
            part = _part(name) or ("line" if chosen else "")
            parts.setdefault(part, []).append((name, cell))
    # ADDRESS2 may stand before ADDRESS1 in the table; a user's own order stays.
    lines = parts.get("line", []) if chosen else sorted(parts.get("line", []), key=lambda item: _digits(item[0]))
    street = parts.get("street", [])
    first = {part: parts[part][0][1] for part in ("number", "letter", "postcode", "town") if part in parts}
    number = f"{first.get('number', '')} {first.get('letter', '')}".strip() if street else ""
    return parsed_address(
        [cell for _, cell in street[:1] or lines], number, first.get("postcode", ""), first.get("town", "")
    )


def _digits(name: str) -> int:
    match = re.search(r"\d+", name)
    return int(match.group()[:3]) if match else 0
