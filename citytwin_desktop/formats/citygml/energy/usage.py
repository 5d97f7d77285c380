"""Use of a building by its usage zones: set-points, people, lights, appliances, air."""

from collections.abc import Callable

from citytwin_desktop.formats.citygml.energy.envelope import Found
from citytwin_desktop.formats.citygml.energy.index import EnergyIndex, label
from citytwin_desktop.formats.citygml.energy.schedules import mean_value, schedule_values, set_points_c
from citytwin_desktop.formats.citygml.energy.units import (
    AIR_CHANGE,
    AREA,
    POWER,
    POWER_DENSITY,
    VOLUME,
    finite,
    plain_unit,
    quantity,
)
from citytwin_desktop.formats.citygml.plain_tree import PlainNode

_AREA_TYPES = ("energyreferencearea", "netfloorarea", "grossfloorarea")
_VOLUME_TYPES = ("netvolume", "energyreferencevolume", "grossvolume")
_GAINS = {"ElectricalAppliances": "equipment_w_m2", "LightingFacilities": "lighting_w_m2"}


def floor_area_m2(zone: PlainNode, index: EnergyIndex) -> float | None:
    """Floor area of a zone: reference area, else net, else gross, else any."""
    areas = {
        node.text_at("type").lower(): quantity(node.child("value"), AREA) for node in index.targets(zone, "floorArea")
    }
    return _first(areas, _AREA_TYPES)


def volume_m3(zone: PlainNode, index: EnergyIndex) -> float | None:
    """Volume of a zone: net, else reference, else gross, else any."""
    volumes = {
        node.text_at("type").lower(): quantity(node.child("value"), VOLUME) for node in index.targets(zone, "volume")
    }
    for name in ("netVolume", "grossVolume"):
        if (found := quantity(zone.child(name), VOLUME)) is not None:
            volumes.setdefault(name.lower(), found)
    return _first(volumes, _VOLUME_TYPES)


def _first(values: dict[str, float | None], order: tuple[str, ...]) -> float | None:
    ordered = [values[name] for name in order if name in values] + list(values.values())
    return next((value for value in ordered if value is not None and value > 0.0), None)


def usage_values(
    zones: list[PlainNode],
    thermal: list[PlainNode],
    area_of_building_m2: float | None,
    index: EnergyIndex,
    note: Callable[[str, str], None],
) -> Found:
    """Columns that usage zones fill; of several zones the mean by floor area.

    Parameters
    ----------
    zones, thermal : list of PlainNode
        Usage zones and thermal zones of one building.
    area_of_building_m2 : float, optional
        For a single zone that states no floor area.
    index : EnergyIndex
    note : callable
        Told code and sentence of what cannot be used.
    """
    areas = [floor_area_m2(zone, index) or _area_of_thermal(zone, thermal, index) for zone in zones]
    if len(zones) == 1 and areas[0] is None:
        areas[0] = area_of_building_m2
    if len(zones) > 1 and None in areas:
        message = "Several usage zones do not all state their floor area: their values were not taken."
        note("energy_zones_without_area", message)
        return {}
    sums: dict[str, list[tuple[float, float, str]]] = {}
    for zone, area in zip(zones, areas, strict=True):
        found = _zone_values(zone, area, index, note) | _air(zone, thermal, area, index, note)
        for column, (value, text) in found.items():
            sums.setdefault(column, []).append((area or 1.0, value, text))
    return {
        column: (sum(weight * value for weight, value, _ in parts) / sum(weight for weight, _, _ in parts), parts[0][2])
        for column, parts in sums.items()
        if len(parts) == len(zones)
    }


def infiltration_values(thermal: list[PlainNode], index: EnergyIndex) -> Found:
    """Infiltration of thermal zones, the mean by volume where all state theirs."""
    rates = [(quantity(zone.child("infiltrationRate"), AIR_CHANGE), volume_m3(zone, index)) for zone in thermal]
    known = [(rate, volume) for rate, volume in rates if rate is not None]
    if not known or len(known) < len(rates):
        return {}
    weights = [volume for _, volume in known]
    shares = [1.0] * len(known) if None in weights else [volume or 0.0 for volume in weights]
    mean = sum(rate * share for (rate, _), share in zip(known, shares, strict=True)) / sum(shares)
    return {"infiltration_ach": (mean, f"Energy ADE thermal zone “{label(thermal[0])}”")}


def _zone_values(zone: PlainNode, area_m2: float | None, index: EnergyIndex, note: Callable[[str, str], None]) -> Found:
    text = f"Energy ADE usage zone “{label(zone)}”"
    found: Found = {}
    for heating, names in (
        (True, ("heatingSchedule", "heatingSchedules")),
        (False, ("coolingSchedule", "coolingSchedules")),
    ):
        for schedule in index.targets(zone, *names)[:1]:
            points = set_points_c(schedule, heating, index)
            if points is None:
                note("energy_schedule_not_read", f"Schedule “{label(schedule)}” has no temperatures that can be read.")
            elif heating:
                found["heating_setpoint_c"] = (points[0], text)
                found["heating_setback_c"] = (points[1], text)
            else:
                found["cooling_setpoint_c"] = (points[0], text)
    for name, column in _GAINS.items():
        powers = [
            _power_w_m2(facility, area_m2) for facility in index.targets(zone, "equippedWith") if facility.name == name
        ]
        known = [power for power in powers if power is not None]
        if known and len(known) == len(powers):
            found[column] = (sum(known), text)
        elif powers:
            note("energy_gain_not_read", f"{name} of usage zone “{label(zone)}” has no power that can be read.")
    people = [finite(node.text_at("numberOfOccupants")) for node in index.targets(zone, "occupiedBy")]
    if people and area_m2 and None not in people:
        found["people_per_m2"] = (sum(count or 0.0 for count in people) / area_m2, text)
    return found


def _power_w_m2(facility: PlainNode, area_m2: float | None) -> float | None:
    for holder in facility.all("heatDissipation"):
        for gain in holder.children:
            if (node := gain.child("totalValue")) is not None and node.unit:
                return _density(node, area_m2)
    node = facility.child("electricalPower")
    return _density(node, area_m2) if node is not None and node.unit else None


def _density(node: PlainNode, area_m2: float | None) -> float | None:
    if plain_unit(node.unit) in POWER_DENSITY:
        return quantity(node, POWER_DENSITY)
    power = quantity(node, POWER)
    return power / area_m2 if power is not None and area_m2 else None


def _air(
    zone: PlainNode,
    thermal: list[PlainNode],
    area_m2: float | None,
    index: EnergyIndex,
    note: Callable[[str, str], None],
) -> Found:
    """Ventilation by the mean air changes of a schedule, the zone's volume and its floor area."""
    schedules = index.targets(zone, "ventilationSchedule", "ventilationSchedules")
    volume = volume_m3(zone, index) or next((volume_m3(other, index) for other in _around(zone, thermal)), None)
    if not schedules or not volume or not area_m2:
        return {}
    values, unit = schedule_values(schedules[0], index)
    if not values or plain_unit(unit) not in AIR_CHANGE or not unit:
        return {}
    mean = mean_value(schedules[0], index)
    if mean is None:
        message = f"Schedule “{label(schedules[0])}” does not tell how long each of its air changes holds: not taken."
        note("energy_schedule_not_read", message)
        return {}
    kind = "" if min(values) == max(values) else "in the mean of its schedule "
    sizes = f"{volume:.5g} m³ for {area_m2:.5g} m²"
    text = f"Energy ADE usage zone “{label(zone)}”: {kind}{mean:.4g} air changes of {sizes}"
    return {"ventilation_l_s_m2": (mean * volume / 3.6 / area_m2, text)}


def _area_of_thermal(zone: PlainNode, thermal: list[PlainNode], index: EnergyIndex) -> float | None:
    return next((floor_area_m2(other, index) for other in _around(zone, thermal)), None)


def _around(zone: PlainNode, thermal: list[PlainNode]) -> list[PlainNode]:
    """Thermal zones that hold a usage zone and no other."""
    return [
        other
        for other in thermal
        if len(held := other.all("contains", "relates")) == 1
        and (held[0].href == zone.identifier != "" or zone in held[0].children)
    ]
