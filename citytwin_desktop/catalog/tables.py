"""Reading of the catalogue's CSV tables into values that carry their source."""

import csv
from dataclasses import dataclass
from functools import cache

from citytwin_desktop.catalog.resources import resource_path


@dataclass(frozen=True)
class CatalogValue:
    """A number of the catalogue and where it comes from.

    Parameters
    ----------
    value : float
    unit : str
    source : str
        Document, and table or code in it.
    source_year : int
    licence : str
    """

    value: float
    unit: str
    source: str
    source_year: int
    licence: str


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of one table as texts by column."""
    with resource_path("catalog", name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def catalog_value(row: dict[str, str]) -> CatalogValue:
    """Value of a row of a tidy table."""
    source = f"{row['source']}, {row['source_code']}" if row.get("source_code") else row["source"]
    return CatalogValue(float(row["value"]), row["unit"], source, int(row["source_year"]), row["licence"])


def cited(row: dict[str, str]) -> str:
    """Source of a row with year and licence, for people."""
    return f"{row['source']} ({row['source_year']}, {row['licence']})"


def class_year(first: int, last: int) -> int:
    """Year that stands for a class of years: its first, but the last of the class that has no beginning."""
    return last if first == 0 else first
