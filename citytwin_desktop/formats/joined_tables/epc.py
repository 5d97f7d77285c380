"""Energy performance certificates of dwellings as the register of England and Wales exports them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.formats.joined_tables.table import JoinedTable, cell_date, cell_number, is_nothing

Values = dict[str, tuple[Any, str]]
"""Value of each building column with a few words on where it comes from."""

_NEEDED = ("PROPERTY_TYPE", "CONSTRUCTION_AGE_BAND", "WALLS_DESCRIPTION")
_KEYS = ("LMK_KEY", "CERTIFICATE_NUMBER", "RRN")
_DWELLINGS = ("house", "flat", "bungalow", "maisonette", "park home")
_TRANSMITTANCE = re.compile(r"average thermal transmittance\s*[:=]?\s*(\d+(?:[.,]\d+)?)\s*W/m", re.IGNORECASE)
_ENVELOPE = {
    "WALLS_DESCRIPTION": "wall_u_value_w_m2k",
    "ROOF_DESCRIPTION": "roof_u_value_w_m2k",
    "FLOOR_DESCRIPTION": "floor_u_value_w_m2k",
}
# Only what leaves no doubt: of a gas boiler the register does not say whether it condenses.
_HEATING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"ground source heat pump"), "ground_source_heat_pump"),
    (re.compile(r"air source heat pump"), "air_source_heat_pump"),
    (re.compile(r"community scheme|community heating"), "district_heat"),
    (re.compile(r"boiler[^,]*, (?:radiators, )?oil\b"), "oil_boiler"),
    (re.compile(r"boiler[^,]*, (?:radiators, )?(?:wood|biomass|bulk wood)[^,]*"), "biomass_boiler"),
    (
        re.compile(r"(?:electric storage heaters|room heaters?, electric|electric (?:underfloor|ceiling) heating)"),
        "electric_heaters",
    ),
)
_BAND = re.compile(r"(\d{4})\s*(?:-|to|–)\s*(\d{4})")
_BEFORE, _ONWARDS = re.compile(r"before\s+(\d{4})"), re.compile(r"(\d{4})\s+onwards")
LAYOUT = "EPC register of England and Wales"


class EpcLayout:
    """A table in this layout.

    Parameters
    ----------
    table : JoinedTable
    """

    def __init__(self, table: JoinedTable) -> None:
        self._table = table
        self._places = {_plain(name): place for place, name in reversed(list(enumerate(table.header)))}

    @classmethod
    def of(cls, table: JoinedTable) -> "EpcLayout | None":
        """Give the layout of a table, None for another."""
        layout = cls(table)
        known = all(name in layout._places for name in _NEEDED) and any(name in layout._places for name in _KEYS)
        return layout if known else None

    def name(self, row: Sequence[str]) -> str:
        """“EPC certificate 0000-0000-0000-0000-0001”."""
        number = next((self._cell(row, key) for key in _KEYS if self._cell(row, key)), "")
        return f"EPC certificate {number}".rstrip()

    def superseded(self) -> set[int]:
        """Rows of dwellings that have a later certificate in the table."""
        newest: dict[str, tuple[tuple[int, int, int], int]] = {}
        old: set[int] = set()
        for place, row in enumerate(self._table.rows):
            address = "|".join(
                self._cell(row, name).lower() for name in ("ADDRESS1", "ADDRESS2", "ADDRESS3", "POSTCODE")
            )
            key = self._cell(row, "UPRN") or self._cell(row, "BUILDING_REFERENCE_NUMBER") or address.strip("|")
            if not key:
                continue
            lodged = max(cell_date(self._cell(row, name)) for name in ("LODGEMENT_DATE", "LODGEMENT_DATETIME"))
            before = newest.get(key)
            if before is None or lodged > before[0]:
                old |= {before[1]} if before else set()
                newest[key] = (lodged, place)
            else:
                old.add(place)
        return old

    def values(self, row: Sequence[str]) -> Values:
        """Building columns that a certificate fills, each with where its value comes from."""
        name = self.name(row)
        found: Values = {}
        if self._cell(row, "PROPERTY_TYPE").lower() in _DWELLINGS:
            found["function"] = ("residential", f"{name}: {self._cell(row, 'PROPERTY_TYPE')}")
        band = self._cell(row, "CONSTRUCTION_AGE_BAND")
        if (year := age_band_year(band)) is not None:
            found["year_built"] = (year[0], f"{name}: {year[1]} “{band}”")
        if self._cell(row, "PROPERTY_TYPE").lower() in ("flat", "maisonette"):
            storeys = cell_number(self._cell(row, "FLAT_STOREY_COUNT"))
            if storeys is not None and 1 <= storeys <= 100 and storeys == round(storeys):
                found["storeys"] = (storeys, f"{name}: storeys of the building of the flat")
        for source, column in _ENVELOPE.items():
            if match := _TRANSMITTANCE.search(self._cell(row, source)):
                value = float(match.group(1).replace(",", "."))
                if COLUMNS[column].low <= value <= COLUMNS[column].high:
                    found[column] = (value, f"{name}: average thermal transmittance")
        described = self._cell(row, "MAINHEAT_DESCRIPTION")
        if code := heating_code(described):
            found["heating_system"] = (code, f"{name}: {described}")
        return found

    def _cell(self, row: Sequence[str], name: str) -> str:
        place = self._places.get(name)
        cell = "" if place is None else row[place]
        return "" if is_nothing(cell) else cell


def raw_cells(header: Sequence[str], row: Sequence[str]) -> Mapping[str, str]:
    """All cells of a row that hold something, by column."""
    return {name: cell for name, cell in zip(header, row, strict=True) if cell}


def age_band_year(band: str) -> tuple[float, str] | None:
    """Year that stands for an age band of the register, and how it does; None where there is none.

    The middle of a band with two ends, the first year of an open one, the last before “before 1900”: each lies in
    the class that RdSAP gives the band. A plain year is taken as it is.
    """
    text = band.strip().lower()
    if match := _BAND.search(text):
        first, last = (int(year) for year in match.groups())
        return (float((first + last) // 2), "middle of the age band") if 1000 <= first <= last <= 2100 else None
    if match := _BEFORE.search(text):
        return float(int(match.group(1)) - 1), "last year of the age band"
    if match := _ONWARDS.search(text):
        return float(match.group(1)), "first year of the age band"
    year = cell_number(text)
    return (year, "year") if year is not None and 1000 <= year <= 2100 and year == round(year) else None


def heating_code(description: str) -> str:
    """Code of the heating system where a description names just one that the catalogue has; else empty."""
    text = description.strip().lower()
    found = {code for pattern, code in _HEATING if pattern.search(text)}
    # “…, mains gas” beside it is a second system, whose share nobody knows.
    several = len(re.findall(r"boiler|heat pump|heaters?\b|community|warm air", text)) > 1
    return found.pop() if len(found) == 1 and not several else ""


def _plain(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
