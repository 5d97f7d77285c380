"""The inner loop of the simple hourly method (ISO 13790:2008 Annex C): five resistances, one capacity."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Floats = NDArray[np.float32]
FloatArray = NDArray[np.float64]
Integers = NDArray[np.int64]

WARM_UP_HOURS = 24 * 30
_HOUR_S = 3600.0
_START_C = 20.0
_HMS_W_M2K, _HIS_W_M2K, _TOTAL_AREA_RATIO = 9.1, 3.45, 4.5
"""Mass to surface, surface to air, and area of all inner surfaces over floor area, ISO 13790:2008 7.2.2.2, 12.2.2."""
_PERSON_W, _PERSON_W_K, _PERSON_AT_C, _PERSON_LIMIT_W = 82.7, -4.6, 21.0, 120.0
"""Sensible heat of a person of 120 W and its fall with the air temperature, EnergyPlus Engineering Reference, People;
a line through its polynomial at 21 and 26 °C."""
_PEOPLE_TO_AIR, _LIGHT_TO_AIR, _EQUIPMENT_TO_AIR = 0.7, 0.3, 0.7
"""Convective shares, as in our EnergyPlus models."""
_LEAST_W_K, _LEAST_K = 1e-6, 1e-9
_KILO = 0.001


@compiled
def balance(
    h_air: float,
    h_is: float,
    h_ms: float,
    h_window: float,
    h_losing: float,
    capacity: float,
    mass_c: float,
    outside: float,
    to_air: float,
    q_surface: float,
    q_mass: float,
) -> tuple[float, float, float, float]:
    """One hour without heating or cooling, and what one watt into the air changes.

    The equations of Annex C, Crank-Nicolson in the mass, solved for the temperatures of mass, surface and air.

    Returns
    -------
    free, after : float [°C]
        Air during the hour, mass at its end.
    d_free, d_after : float [K/W]
    """
    of_air = 1.0 / (h_is + h_air)
    share = h_is * of_air
    h_1 = h_air * share
    h_2 = h_1 + h_window
    of_surface = 1.0 / (h_2 + h_ms)
    passed = h_ms * of_surface
    from_air = h_1 * outside + share * to_air
    losing = h_2 * passed + h_losing
    of_mass = 1.0 / (capacity + 0.5 * losing)
    after = (mass_c * (capacity - 0.5 * losing) + q_mass + passed * (q_surface + from_air)) * of_mass
    surface = (h_ms * 0.5 * (mass_c + after) + q_surface + from_air) * of_surface
    free = (h_is * surface + h_air * outside + to_air) * of_air
    d_after = passed * share * of_mass
    d_surface = (h_ms * 0.5 * d_after + share) * of_surface
    return free, after, (h_is * d_surface + 1.0) * of_air, d_after


@compiled
def room_gains(
    room_c: float, use: FloatArray, people: float, light_w: float, equipment_w: float
) -> tuple[float, float]:
    """Heat of people, light and appliances to the air, and by radiation [W]."""
    person = min(max(_PERSON_W + _PERSON_W_K * (room_c - _PERSON_AT_C), 0.0), _PERSON_LIMIT_W)
    q_people, q_light, q_equipment = person * people * use[0], light_w * use[1], equipment_w * use[2]
    to_air = _PEOPLE_TO_AIR * q_people + _LIGHT_TO_AIR * q_light + _EQUIPMENT_TO_AIR * q_equipment
    return to_air, q_people + q_light + q_equipment - to_air


@compiled
def simulate_year(
    v: FloatArray,
    use: FloatArray,
    outdoors: FloatArray,
    standard_air_j_m3k: float,
    ground_c: FloatArray,
    month: Integers,
    sun: tuple[Floats, Floats, Floats],
    found: tuple[Floats, Floats, Floats],
) -> None:
    """Simulate one building for a year, after the last month of it to warm up.

    Parameters
    ----------
    v : ndarray, (25,) float64
        See `citytwin_desktop.sim.estimate.five_r_one_c`.
    use : ndarray, (8760, 5) float64
    outdoors : ndarray, (4, 8760) float64
        Air temperature and heat capacity, how much colder the sky is, swing of the film.
    standard_air_j_m3k : float
    ground_c : ndarray, (12,) float64
    month : ndarray, (8760,) int64
    sun : three ndarrays, (8760,) float32 [W/m2]
        On windows, walls, roofs.
    found : three ndarrays, (8760,) float32
        Written: heating and cooling [kWh], temperature of the air [°C].
    """
    capacity, ventilation, recovery = v[1] / _HOUR_S, v[7] * standard_air_j_m3k, v[8]
    area = _TOTAL_AREA_RATIO * v[0]
    h_is, h_ms = _HIS_W_M2K * area * v[20], _HMS_W_M2K * v[2] * v[0] * v[19]
    to_mass = min(v[2] / _TOTAL_AREA_RATIO, 1.0)
    to_surface = max(1.0 - to_mass - v[3] / (_HMS_W_M2K * area), 0.0)
    opening, opening_c, hours = v[23], v[24], len(month)
    mass_c, room_c = _START_C, _START_C
    for step in range(-WARM_UP_HOURS, hours):
        hour = step if step >= 0 else hours + step
        outside, air_j_m3k, swing = outdoors[0, hour], outdoors[1, hour], outdoors[3, hour]
        h_window, h_opaque = max(v[3] - v[21] * swing, 0.0), max(v[4] - v[22] * swing, 0.0)
        # A conductance above that of the mass itself would turn the remaining one negative.
        h_em = h_opaque * h_ms / max(h_ms - h_opaque, 0.1 * h_ms)
        to_air, radiant = room_gains(room_c, use[hour], v[16], v[17], v[18])
        radiant += v[9] * sun[0][hour]
        outer_gain = v[10] * sun[1][hour] + v[11] * sun[2][hour] - v[12] * outdoors[2, hour]
        q_mass = to_mass * radiant + h_em * outside + v[5] * ground_c[month[hour]] + outer_gain
        q_surface = to_surface * radiant + h_window * outside
        target, fresh = v[13] if use[hour, 3] > 0.0 else v[14], ventilation * use[hour, 4]
        h_air, h_losing = max(v[6] * air_j_m3k + fresh, _LEAST_W_K), h_em + v[5]
        # Without need for heat no heat is recovered, as with the ideal system of our EnergyPlus models.
        room, after, d_room, d_after = balance(
            h_air, h_is, h_ms, h_window, h_losing, capacity, mass_c, outside, to_air, q_surface, q_mass
        )
        other, limit = h_air, target
        if room < target and recovery * fresh > 0.0:
            other = max(h_air - recovery * fresh, _LEAST_W_K)
        elif opening > 0.0 and room > opening_c and room > outside:
            other, limit = h_air + opening * air_j_m3k, opening_c
        if other != h_air:
            room_2, after_2, d_room, d_after = balance(
                other, h_is, h_ms, h_window, h_losing, capacity, mass_c, outside, to_air, q_surface, q_mass
            )
            # Part of the recovery may be enough to keep the set-point, part of the opening to keep cool.
            part = min(max((limit - room) / (room_2 - room), 0.0), 1.0) if room_2 != room else 1.0
            room, after = room + part * (room_2 - room), after + part * (after_2 - after)
        need = 0.0
        if room < target - _LEAST_K:
            need = (target - room) / d_room
        elif room > v[15]:
            need = (v[15] - room) / d_room
        mass_c, room_c = after + need * d_after, room + need * d_room
        if step >= 0:
            found[0][hour], found[1][hour] = _KILO * max(need, 0.0), _KILO * max(-need, 0.0)
            found[2][hour] = room_c


@compiled
def simulate_years(
    values: FloatArray,
    place: Integers,
    profiles: FloatArray,
    outdoors: FloatArray,
    standard_air_j_m3k: float,
    ground_c: FloatArray,
    month: Integers,
    window_w_m2: Floats,
    wall_w_m2: Floats,
    roof_w_m2: Floats,
    heating_kwh: Floats,
    cooling_kwh: Floats,
    inside_c: Floats,
) -> None:
    """Simulate n buildings, each by `simulate_year` with its own profiles, ground and sun."""
    for i in range(len(values)):
        sun = window_w_m2[i], wall_w_m2[i], roof_w_m2[i]
        found = heating_kwh[i], cooling_kwh[i], inside_c[i]
        simulate_year(values[i], profiles[place[i]], outdoors, standard_air_j_m3k, ground_c[i], month, sun, found)
