"""Attributes and thermal values of an IFC building."""

from typing import Any

import numpy as np

from citytwin_desktop.catalog.functions import function_from_text
from citytwin_desktop.city.buildings import COLUMNS, VALUE_ORIGINS
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.formats.ifc_bodies import StoreyOutline
from citytwin_desktop.formats.ifc_elements import elements_of
from citytwin_desktop.formats.report import ImportReport

_U_VALUE = {
    "IfcWall": "wall_u_value_w_m2k",
    "IfcCurtainWall": "wall_u_value_w_m2k",
    "IfcRoof": "roof_u_value_w_m2k",
    "IfcSlab": "floor_u_value_w_m2k",
    "IfcWindow": "window_u_value_w_m2k",
}


def building_row(
    model: Any, building: Any, outlines: list[StoreyOutline], polygons: Polygons, *, only: bool, report: ImportReport
) -> dict[str, Any]:
    """Row of a building: its names, year, function, storeys, U-values and share of windows.

    Parameters
    ----------
    model, building : ifcopenshell objects
    outlines : list of StoreyOutline
    polygons : Polygons
        Of its body.
    only : bool
        Whether it is the model's only building, so that all elements are its own.
    report : ImportReport
    """
    from ifcopenshell.util.element import get_psets

    identifier = str(building.GlobalId)
    psets = get_psets(building)
    common = psets.get("Pset_BuildingCommon", {})
    flat = {
        f"{group}.{name}": value for group, values in psets.items() for name, value in values.items() if name != "id"
    }
    row: dict[str, Any] = {
        "id": identifier,
        "parent_id": "",
        "lod": "1",
        "attributes": {name: value for name, value in flat.items() if isinstance(value, str | int | float | bool)},
    }
    if name := building.Name or building.LongName:
        row["name"] = str(name)
    words = [common.get("OccupancyType"), building.ObjectType, building.LongName, building.Name]
    if function := next((found for word in words if word and (found := function_from_text(str(word)))), ""):
        row["function"] = function
    year = str(common.get("YearOfConstruction") or "")[:4]
    if year.isdigit() and 1000 <= int(year) <= 2100:
        row["year_built"] = float(year)
    stated = common.get("NumberOfStoreys")
    row["storeys"] = float(stated) if isinstance(stated, int) and 1 <= stated <= 200 else float(len(outlines))
    columns, origins = _thermal(model, building, polygons, only=only)
    row.update(columns)
    if origins:
        row[VALUE_ORIGINS] = origins
    message = "Its storeys were raised as simple bodies: sloping roofs are flat at their mean height, recesses closed."
    report.add(identifier, "body_simplified", message, "repaired")
    return row


def _thermal(
    model: Any, building: Any, polygons: Polygons, *, only: bool
) -> tuple[dict[str, float], dict[str, list[Any]]]:
    """U-values that property sets state, and the share of windows in the walls."""
    from ifcopenshell.util.element import get_psets
    from ifcopenshell.util.unit import calculate_unit_scale

    found: dict[str, list[tuple[float, float]]] = {}
    scale = calculate_unit_scale(model)
    window_m2 = 0.0
    for kind, column in _U_VALUE.items():
        for item in elements_of(model, building, kind, only=only):
            values = get_psets(item)
            common = next((group for name, group in values.items() if name.endswith("Common")), {})
            area = 1.0
            if kind == "IfcWindow":
                area = float(item.OverallWidth or 0.0) * float(item.OverallHeight or 0.0) * scale**2
                window_m2 += area
            if common.get("IsExternal") is False:
                continue
            value = common.get("ThermalTransmittance")
            if isinstance(value, float | int) and area > 0.0:
                found.setdefault(column, []).append((float(value), area))
    columns: dict[str, float] = {}
    origins: dict[str, list[Any]] = {}
    for column, pairs in found.items():
        mean = sum(value * weight for value, weight in pairs) / sum(weight for _, weight in pairs)
        if COLUMNS[column].low <= mean <= COLUMNS[column].high:
            columns[column] = round(mean, 4)
            origins[column] = [columns[column], "IFC ThermalTransmittance, mean of its elements"]
    wall_m2 = float(polygons.areas_m2[np.abs(polygons.normals[:, 2]) < 0.5].sum())
    if 0.0 < window_m2 < 0.95 * wall_m2:
        columns["window_share"] = round(window_m2 / wall_m2, 4)
        origins["window_share"] = [columns["window_share"], f"IFC: {window_m2:.1f} m² of windows in its walls"]
    return columns, origins
