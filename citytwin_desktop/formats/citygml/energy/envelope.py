"""Envelope of a building by its thermal boundaries: area-weighted U-values and share of windows."""

from collections.abc import Callable
from dataclasses import dataclass, field

from citytwin_desktop.formats.citygml.energy.constructions import base_of, is_glazed, solar_transmittance, u_value_w_m2k
from citytwin_desktop.formats.citygml.energy.index import EnergyIndex, label
from citytwin_desktop.formats.citygml.energy.units import ANGLE, AREA, quantity
from citytwin_desktop.formats.citygml.plain_tree import PlainNode

Found = dict[str, tuple[float, str]]
"""Value and the text of its origin by column."""

_POSITIONS = {
    "outerwall": "wall",
    "exteriorwall": "wall",
    "roof": "roof",
    "flatroof": "roof",
    "pitchedroof": "roof",
    "groundslab": "ground",
    "basementfloor": "ground",
    "outerfloor": "floor",
}
_SECOND_POSITIONS = {"atticfloor": "roof", "basementceiling": "floor"}
"""Boundaries to unheated rooms, which count where there is none to the outside or the ground."""

_COLUMNS = {"wall": "wall_u_value_w_m2k", "roof": "roof_u_value_w_m2k", "ground": "floor_u_value_w_m2k",
            "floor": "floor_u_value_w_m2k", "window": "window_u_value_w_m2k"}  # fmt: skip


@dataclass(slots=True)
class _Sum:
    """Area-weighted sum of one quantity."""

    area_m2: float = 0.0
    product: float = 0.0
    names: dict[str, None] = field(default_factory=dict)

    def add(self, area_m2: float, value: float, name: str) -> None:
        self.area_m2 += area_m2
        self.product += area_m2 * value
        self.names[name] = None

    def text(self) -> str:
        shown = ", ".join(f"“{name}”" for name in list(self.names)[:3])
        more = " and others" if len(self.names) > 3 else ""
        return f"Energy ADE construction {shown}{more}"


def envelope_values(zones: list[PlainNode], index: EnergyIndex, note: Callable[[str, str], None]) -> Found:
    """Columns that the thermal boundaries of zones fill.

    Parameters
    ----------
    zones : list of PlainNode
        Thermal zones of one building.
    index : EnergyIndex
    note : callable
        Told code and sentence of what cannot be used.
    """
    boundaries = [node for zone in zones for node in index.targets(zone, "boundedBy", "boundedBySurface")]
    boundaries = [node for node in boundaries if node.name.startswith("ThermalBoundary")]
    first = any(_kind(boundary) in _POSITIONS for boundary in boundaries)
    sums: dict[str, _Sum] = {}
    solar = _Sum()
    wall_m2 = glass_m2 = 0.0
    for boundary in boundaries:
        position = _position(boundary, first)
        area = quantity(boundary.child("area"), AREA)
        openings = index.targets(boundary, "contains", "composedOf", "consistsOf")
        opening_m2, glazed_m2 = _add_openings(openings, index, sums, solar, note)
        if not position:
            continue
        if area is None or area <= 0.0:
            note("energy_boundary_without_area", "A thermal boundary has no area, so its U-value was not counted.")
            continue
        if position == "wall":
            wall_m2 += area
            glass_m2 += glazed_m2
        _add(boundary, position, max(area - opening_m2, 0.0), index, sums, note)
    found = {
        _COLUMNS[key]: (total.product / total.area_m2, total.text()) for key, total in sums.items() if total.area_m2
    }
    if "ground" in sums and "floor" in sums:
        ground = sums["ground"]
        found["floor_u_value_w_m2k"] = (ground.product / ground.area_m2, ground.text())
    if solar.area_m2:
        found["window_g_value"] = (solar.product / solar.area_m2, solar.text())
    if wall_m2 and 0.0 < glass_m2 < wall_m2:
        found["window_share"] = (glass_m2 / wall_m2, "Energy ADE thermal openings over outer walls")
    return found


def _add(
    element: PlainNode,
    position: str,
    area_m2: float,
    index: EnergyIndex,
    sums: dict[str, _Sum],
    note: Callable[[str, str], None],
) -> PlainNode | None:
    """Count the U-value of one boundary or opening."""
    prop = element.child("construction")
    construction = base_of(index.target(prop), index)
    if construction is None:
        if prop is not None:
            note("energy_construction_missing", f"Construction “{prop.href[:60]}” is not in the file: not counted.")
        return None
    u_value = u_value_w_m2k(construction, "wall" if position == "window" else position, index)
    if u_value is None:
        message = f"Construction “{label(construction)}” has no U-value, and its layers do not give one: not counted."
        note("energy_construction_incomplete", message)
    elif area_m2 > 0.0:
        sums.setdefault(position, _Sum()).add(area_m2, u_value, label(construction))
    return construction


def _add_openings(
    openings: list[PlainNode], index: EnergyIndex, sums: dict[str, _Sum], solar: _Sum, note: Callable[[str, str], None]
) -> tuple[float, float]:
    """Count windows; gives the area of all openings and that of the glazed ones [m2]."""
    total = glazed = 0.0
    for opening in openings:
        area = quantity(opening.child("area"), AREA)
        if area is None or area <= 0.0:
            continue
        total += area
        construction = base_of(index.target(opening.child("construction")), index)
        if construction is None or not is_glazed(construction):
            continue
        glazed += area
        _add(opening, "window", area, index, sums, note)
        g_value = solar_transmittance(construction)
        if g_value is not None:
            solar.add(area, g_value, label(construction))
    return total, glazed


def _kind(boundary: PlainNode) -> str:
    return boundary.text_at("thermalBoundaryType").lower()


def _position(boundary: PlainNode, outside_given: bool) -> str:
    """Where a boundary lies, empty for one between heated rooms."""
    kind = _kind(boundary)
    if kind:
        return _POSITIONS.get(kind) or ("" if outside_given else _SECOND_POSITIONS.get(kind, ""))
    tilt = quantity(boundary.child("inclination"), ANGLE)
    if tilt is None:
        return ""
    return "roof" if tilt < 60.0 else "wall" if tilt <= 120.0 else "ground"
