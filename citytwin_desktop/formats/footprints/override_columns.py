"""Own values of buildings, such as U-values, from columns that have our names for them."""

from collections.abc import Collection
from functools import cache
from typing import Any

from citytwin_desktop.catalog.tables import table
from citytwin_desktop.city.buildings import (
    COLUMNS,
    OVERRIDE_COLUMNS,
    REFLECTANCE_COLUMNS,
    SYSTEM_COLUMNS,
    VALUE_ORIGINS,
)
from citytwin_desktop.formats.footprints.attribute_values import number_of, text_of
from citytwin_desktop.formats.report import ImportReport

_NUMBERS = (*OVERRIDE_COLUMNS, *REFLECTANCE_COLUMNS)
_ORIGIN = "in the source file"


def fill_overrides(source: str, rows: list[dict[str, Any]], names: Collection[str], report: ImportReport) -> None:
    """Take over own values; what is out of range, or no system of the catalogue, is left out and reported.

    Parameters
    ----------
    source : str
        File name.
    rows : list of dict
        With ``attributes``; gain the columns and their ``value_origins``.
    names : collection of str
        All attributes of the table.
    report : ImportReport
    """
    present = [name for name in (*_NUMBERS, *SYSTEM_COLUMNS) if name in names]
    taken: dict[str, int] = {}
    for name in present:
        for row in rows:
            given = row["attributes"].get(name)
            if not text_of(given):
                continue
            value = _system(name, given) if name in SYSTEM_COLUMNS else _number(name, given)
            if value is None:
                message = f"Its {COLUMNS[name].title.lower()} “{text_of(given)[:30]}” ({name}) was left out: edit it."
                report.add(row["id"], "value_without_sense", message)
                continue
            row[name] = value
            row[VALUE_ORIGINS] = {**row.get(VALUE_ORIGINS, {}), name: [value, _ORIGIN]}
            taken[name] = taken.get(name, 0) + 1
    if taken:
        said = ", ".join(f"{name} ({count})" for name, count in taken.items())
        report.add(source, "own_values_taken", f"Own values of buildings were taken from columns of our names: {said}.")


def _number(name: str, given: Any) -> float | None:
    value = number_of(given)
    return value if COLUMNS[name].low <= value <= COLUMNS[name].high else None


def _system(name: str, given: Any) -> str | None:
    code = text_of(given)
    return code if code in _codes(name.removesuffix("_system")) else None


@cache
def _codes(kind: str) -> frozenset[str]:
    """Codes of all systems of a kind, whatever the set of archetypes."""
    return frozenset(row["code"] for row in table("systems.csv") if row["kind"] == kind)
