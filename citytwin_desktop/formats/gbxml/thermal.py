"""Area-weighted values of a building for the columns that overrule the archetype's."""

import math
from collections import defaultdict
from typing import Any

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.formats.gbxml.constructions import Constructions
from citytwin_desktop.formats.gbxml.document import Document, celsius, child, children, number, quantity, text
from citytwin_desktop.formats.gbxml.envelope import EnvelopeSurface
from citytwin_desktop.formats.gbxml.geometry import area_m2
from citytwin_desktop.formats.gbxml.lofts import loft_ceilings
from citytwin_desktop.formats.report import ImportReport

_POSITIONS = {
    "ExteriorWall": ("wall", "wall_u_value_w_m2k"),
    "SlabOnGrade": ("floor", "floor_u_value_w_m2k"),
    "UndergroundSlab": ("floor", "floor_u_value_w_m2k"),
    "RaisedFloor": ("floor", "floor_u_value_w_m2k"),
    "ExposedFloor": ("floor", "floor_u_value_w_m2k"),
}
_MOST_NAMES = 3

Values = dict[str, list[tuple[float, float, str]]]
"""For each column value, weight and where it comes from."""


def thermal_columns(
    building: str, surfaces: list[EnvelopeSurface], document: Document, report: ImportReport
) -> tuple[dict[str, float], dict[str, list[Any]]]:
    """Columns and their origins.

    Parameters
    ----------
    building : str
        Identifier.
    surfaces : list of EnvelopeSurface
        Of this building.
    document : Document
    report : ImportReport

    Returns
    -------
    tuple of dict of str to float, dict of str to list
        Values by column; value and text of its origin by column.
    """
    found: Values = defaultdict(list)
    constructions = Constructions(document)
    lofts = loft_ceilings(document, constructions)
    for surface in surfaces:
        _of_surface(surface, constructions, found)
    _of_roofs(surfaces, constructions, lofts, found)
    if any(surface.type == "Roof" and surface.space in lofts for surface in surfaces):
        message = "There is an unheated loft: its ceiling and the roof above it count together as the roof's U-value."
        report.add(building, "loft_ceiling_counted", message)
    _of_spaces(building, document, found)
    columns: dict[str, float] = {}
    origins: dict[str, list[Any]] = {}
    for column, values in found.items():
        known = [(value, weight, name) for value, weight, name in values if math.isfinite(value) and weight > 0.0]
        if not known:
            continue
        mean = sum(value * weight for value, weight, _ in known) / sum(weight for _, weight, _ in known)
        definition = COLUMNS[column]
        if not definition.low <= mean <= definition.high:
            message = f"{definition.title} of {mean:g} in the file is not plausible and was left out."
            report.add(building, "value_impossible", message)
            continue
        columns[column] = round(mean, 4)
        origins[column] = [columns[column], _origin(known)]
    return columns, origins


def _origin(known: list[tuple[float, float, str]]) -> str:
    names = list(dict.fromkeys(name for _, _, name in known if name))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    listed = ", ".join(f"“{name}”" for name in names[:_MOST_NAMES])
    return f"gbXML {listed}{more}" if names else "gbXML"


def _of_surface(surface: EnvelopeSurface, constructions: Constructions, found: Values) -> None:
    position, column = _POSITIONS.get(surface.type, ("", ""))
    if column and not (surface.type == "SlabOnGrade" and surface.kind is SurfaceKind.OUTER_CEILING):
        value, name = constructions.u_value_w_m2k(surface.construction, position)
        found[column].append((value, surface.area_m2, name))
    for opening in surface.openings:
        if opening.kind is SurfaceKind.WINDOW:
            area = area_m2(opening.ring)
            u_value, g_value, name = constructions.window(opening.window_type)
            found["window_u_value_w_m2k"].append((u_value, area, name))
            found["window_g_value"].append((g_value, area, name))


def _of_roofs(
    surfaces: list[EnvelopeSurface],
    constructions: Constructions,
    lofts: dict[str, tuple[float, float, str]],
    found: Values,
) -> None:
    """Roofs by the space below them; over a loft, ceiling and roof stand in series, per area of the roof.

    The resistance of the loft's air is left out (ISO 6946:2017, 6.10.2, gives at most 0.3 m2K/W).
    """
    for space in dict.fromkeys(surface.space for surface in surfaces if surface.type == "Roof"):
        roofs = [surface for surface in surfaces if surface.type == "Roof" and surface.space == space]
        values = [(*constructions.u_value_w_m2k(roof.construction, "roof"), roof.area_m2) for roof in roofs]
        loss, _, ceiling = lofts.get(space, (math.inf, 0.0, ""))
        area = sum(roof.area_m2 for roof in roofs)
        for value, name, own_area in values:
            if value > 0.0:
                both = 1.0 / (1.0 / value + area / loss)
                found["roof_u_value_w_m2k"].append((both, own_area, name))
                if ceiling:
                    found["roof_u_value_w_m2k"].append((both, 1e-9, ceiling))


def _of_spaces(building: str, document: Document, found: Values) -> None:
    """Gains, air changes and set-points, weighted by floor area."""
    zones = document.by_id("Zone")
    for item in document.every("Building"):
        if str(item.get("id") or "building") != building:
            continue
        for space in children(item, "Space"):
            area = number(text(space, "Area")) * document.square_metres
            if not area > 0.0:
                continue
            name = text(space, "Name") or str(space.get("id"))
            _gains(space, area, name, found)
            zone = zones.get(str(space.get("zoneIdRef")))
            if zone is not None and str(space.get("conditionType", "")) != "Unconditioned":
                _setpoints(zone, area, found)


def _gains(space: Any, area_m2: float, name: str, found: Values) -> None:
    found["lighting_w_m2"].append((quantity(child(space, "LightPowerPerArea")), area_m2, name))
    found["equipment_w_m2"].append((quantity(child(space, "EquipPowerPerArea")), area_m2, name))
    found["infiltration_ach"].append((number(text(space, "AirChangesPerHour")), area_m2, name))
    people = child(space, "PeopleNumber")
    if people is not None:
        unit = str(people.get("unit", "NumberOfPeople"))
        factor = {"NumberOfPeople": 1.0 / area_m2, "SquareMPerPerson": math.nan, "SquareFtPerPerson": math.nan}
        count = number(people.text)
        density = count * factor.get(unit, math.nan)
        if unit in ("SquareMPerPerson", "SquareFtPerPerson") and count > 0.0:
            density = 1.0 / (count * (0.3048**2 if unit == "SquareFtPerPerson" else 1.0))
        found["people_per_m2"].append((density, area_m2, name))


def _setpoints(zone: Any, area_m2: float, found: Values) -> None:
    """Set-points; exporters write 0 where they know none."""
    for tag, column in (("DesignHeatT", "heating_setpoint_c"), ("DesignCoolT", "cooling_setpoint_c")):
        item = child(zone, tag)
        if item is not None and number(item.text) != 0.0:
            found[column].append((celsius(item), area_m2, text(zone, "Name") or str(zone.get("id"))))
