"""What the report says of the columns that attributes filled."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints.attribute_values import text_of
from citytwin_desktop.formats.footprints.column_choice import known_function, unit_m
from citytwin_desktop.formats.footprints.feature_table import FeatureTable
from citytwin_desktop.formats.length_units import FOOT_M
from citytwin_desktop.formats.reference_names import named_system
from citytwin_desktop.formats.report import ImportReport

_TITLES = {
    "height_m": "height", "storeys": "storeys", "year_built": "year built", "function": "function", "name": "name",
    "id": "identifier", "ground_elevation_m": "elevation of the ground", "top_elevation_m": "elevation of the roof",
    "base_height_m": "height of the underside", "surface_type": "kind of surface",
}  # fmt: skip
_MOST_WORDS = 8
_SOUTHMOST, _NORTHMOST = -60.0, 84.0
"""Latitudes [deg] beyond which hardly anything is built; the northern is where UTM ends."""


def tell_columns(
    source: str,
    table: FeatureTable,
    picked: Mapping[str, str],
    columns: Mapping[str, Sequence[Any]],
    report: ImportReport,
) -> None:
    """Say which attribute filled which column, in which unit, and which words were not understood.

    Parameters
    ----------
    source : str
        File name.
    table : FeatureTable
    picked : mapping of str to str
        Attribute by column.
    columns : mapping of str to sequence
        Values by attribute.
    report : ImportReport
    """
    names = list(columns)
    feet = [name for column, name in picked.items() if column.endswith("_m") and unit_m(name, names) == FOOT_M]
    said = ", ".join(f"{_TITLES.get(column, column)} from “{name}”" for column, name in picked.items())
    message = f"Attributes of “{table.name}” were taken by their names: {said or 'none'}."
    report.add(source, "columns_by_name", message)
    for name in feet:
        report.add(source, "converted_from_feet", f"“{name}” counts in feet and was converted to metres.")
    height = picked.get("height_m")
    if height is not None and height not in feet and _counts_in_feet(table.reference):
        message = (
            f"“{height}” names no unit and was taken in metres, though the coordinates are in feet: check a height."
        )
        report.add(source, "height_unit_assumed", message)
    if function := picked.get("function"):
        words = Counter(text for value in columns[function] if (text := text_of(value)))
        unknown = [(word, count) for word, count in words.most_common() if not known_function(function, word)]
        if unknown:
            listed = ", ".join(f"“{word[:30]}” ({count})" for word, count in unknown[:_MOST_WORDS])
            message = f"Words of “{function}” that stand for no function we know, set it by hand: {listed}."
            report.add(source, "function_unknown", message)


def tell_place(source: str, table: FeatureTable, stated: str | None, report: ImportReport) -> None:
    """Doubt coordinates in degrees whose middle lies where hardly anything is built.

    Parameters
    ----------
    source : str
        File name.
    table : FeatureTable
    stated : str, optional
        Coordinate reference system that the user states.
    report : ImportReport
    """
    try:
        system = named_system(stated or table.reference)
    except KnownError:
        return
    if system is None or not system.crs.is_geographic or not len(table.polygons):
        return
    latitude = float(np.median(table.polygons.vertices[:, 1]))
    if -90.0 <= latitude < _SOUTHMOST or _NORTHMOST < latitude <= 90.0:
        message = (
            f"Its middle lies at latitude {latitude:.1f}°, where hardly anything is built: check whether longitude and "
            "latitude are swapped in the file."
        )
        report.add(source, "place_doubtful", message, severe=True)


def _counts_in_feet(reference: str) -> bool:
    try:
        found = named_system(reference)
    except KnownError:
        return False
    return found is not None and "foot" in found.crs.axis_info[0].unit_name.lower()
