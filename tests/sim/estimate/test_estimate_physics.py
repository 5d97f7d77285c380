"""The simple hourly method against independent solutions of the same network, and against what must happen."""

from dataclasses import replace

import numpy as np
import pytest
from estimate_samples import EMPTY, box, chicago, dark, spec, steady_climate

from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.estimate.buildings import EstimateBuildings, estimate_buildings
from citytwin_desktop.sim.estimate.climate import climate_of, use_of
from citytwin_desktop.sim.estimate.films import local_wind_m_s, met_u_value, outer_film_m2k_w
from citytwin_desktop.sim.estimate.five_r_one_c import MASS_AREA, SURFACE_FILM, Multipliers, hourly_needs
from citytwin_desktop.sim.estimate.shapes import building_shapes
from citytwin_desktop.sim.estimate.solar_gains import SolarGains, unshaded_gains


def conductances(b: EstimateBuildings, air_j_m3k: float) -> dict[str, float]:
    """The network of ISO 13790 Annex C, worked out here once more."""
    floor = float(b.floor_area_m2[0])
    h_ms = 9.1 * 2.5 * MASS_AREA * floor
    opaque = float(b.wall_w_k[0] + b.roof_w_k[0])
    return {
        "is": 3.45 * 4.5 * floor * SURFACE_FILM,
        "ms": h_ms,
        "window": float(b.window_w_k[0]),
        "em": 1.0 / (1.0 / opaque - 1.0 / h_ms),
        "ground": float(b.ground_w_k[0]),
        "air": float(b.infiltration_m3_s[0]) * air_j_m3k,
    }


def test_steady_need_is_that_of_the_network() -> None:
    climate = steady_climate(-5.0)
    b = estimate_buildings([box(spec=replace(EMPTY, ventilation_l_s_m2=0.0))], climate)
    needs = hourly_needs(b, climate, dark())
    h = conductances(b, 1200.0)
    # Unknown: temperatures of surface and mass, and the heat into the air, which is at 20 °C.
    matrix = np.array(
        [
            [h["is"] + h["ms"] + h["window"], -h["ms"], 0.0],
            [-h["ms"], h["ms"] + h["em"] + h["ground"], 0.0],
            [-h["is"], 0.0, -1.0],
        ]
    )
    right = np.array([h["is"] * 20.0 - h["window"] * 5.0, -h["em"] * 5.0 + h["ground"] * 10.0, 0.0])
    right[2] = -h["is"] * 20.0 - h["air"] * 25.0
    heat_w = np.linalg.solve(matrix, right)[2]
    assert needs.heating_kwh[0, -1] * 1000.0 == pytest.approx(heat_w, rel=1e-4)
    np.testing.assert_allclose(needs.air_c[0, -24:], 20.0, atol=1e-4)


def test_unheated_building_cools_with_its_time_constant() -> None:
    climate = steady_climate(0.0)
    cold = spec(heating_setpoint_c=-50.0, heating_setback_c=-50.0, cooling_efficiency=0.0, people_per_m2=0.0)
    cold = replace(cold, lighting_w_m2=0.0, equipment_w_m2=0.0, ventilation_l_s_m2=0.0, infiltration_ach=0.0)
    model = replace(box(spec=cold), ground_temperatures_c=(0.0,) * 12)
    b = estimate_buildings([model], climate)
    h = conductances(b, 1200.0)
    air = hourly_needs(b, climate, dark()).air_c[0].astype(float)
    through = 1.0 / (1.0 / h["ms"] + 1.0 / h["window"])
    tau_h = float(b.heat_capacity_j_k[0]) / (through + h["em"] + h["ground"]) / 3600.0
    # After a month of warm-up something is left of the 20 °C that it started from.
    assert air[0] > 0.0
    assert np.log(air[0] / air[10]) == pytest.approx(10.0 / tau_h, rel=0.01)


def test_hours_follow_the_algorithm_of_the_standard() -> None:
    climate = climate_of(chicago())
    b = estimate_buildings([box()], climate)
    gains = unshaded_gains(chicago(), building_shapes([box()]))
    ours = hourly_needs(b, climate, gains)
    theirs = standard_algorithm(b, climate, gains)
    for mine, other in zip((ours.heating_kwh[0], ours.cooling_kwh[0]), theirs, strict=True):
        assert mine.sum() == pytest.approx(other.sum(), rel=1e-3)
        assert np.abs(mine - other).max() < 0.01 * other.max()


def standard_algorithm(b: EstimateBuildings, climate, gains: SolarGains) -> tuple[np.ndarray, np.ndarray]:
    """ISO 13790:2008 C.3 and C.4 step by step, with the trial of 10 W/m2 and the interpolation."""
    floor, h_is = float(b.floor_area_m2[0]), 3.45 * 4.5 * float(b.floor_area_m2[0]) * SURFACE_FILM
    h_ms = 9.1 * 2.5 * MASS_AREA * floor
    a_m, a_t = 2.5 * MASS_AREA * floor, 4.5 * floor
    capacity = float(b.heat_capacity_j_k[0]) / 3600.0
    _, profiles = use_of(b.functions)
    heating, cooling = np.zeros(8760), np.zeros(8760)
    mass = air = 20.0
    ground = 10.0 * float(b.ground_w_k[0])
    for step in range(-720, 8760):
        t = step % 8760
        use, outside, swing = profiles[0, t], climate.air_c[t], climate.film_swing[t]
        h_w = float(b.window_w_k[0] - b.film_swing_window_w_k[0] * swing)
        h_op = float(b.wall_w_k[0] + b.roof_w_k[0] - b.film_swing_opaque_w_k[0] * swing)
        h_em = 1.0 / (1.0 / h_op - 1.0 / h_ms)
        h_ve = float(b.infiltration_m3_s[0]) * climate.air_j_m3k[t]
        h_ve += float(b.ventilation_m3_s[0]) * climate.standard_air_j_m3k * use[4]
        person = 82.7 - 4.6 * (air - 21.0)
        people, light = person * float(b.people[0]) * use[0], float(b.lighting_w[0]) * use[1]
        equipment = float(b.equipment_w[0]) * use[2]
        q_ia = 0.7 * people + 0.3 * light + 0.7 * equipment
        radiant = people + light + equipment - q_ia + float(b.aperture_m2[0]) * gains.window_w_m2[0, t]
        q_m = a_m / a_t * radiant + float(b.wall_sun_m2[0]) * gains.wall_w_m2[0, t]
        q_m += float(b.roof_sun_m2[0]) * gains.roof_w_m2[0, t] - float(b.sky_w_k[0]) * climate.sky_depression_k[t]
        q_st = max(1.0 - a_m / a_t - float(b.window_w_k[0]) / (9.1 * a_t), 0.0) * radiant
        h_1 = 1.0 / (1.0 / h_ve + 1.0 / h_is)
        h_2 = h_1 + h_w
        h_3 = 1.0 / (1.0 / h_2 + 1.0 / h_ms)
        losing = h_em + float(b.ground_w_k[0])

        def solve(q_hc, q_ia=q_ia, h=(h_1, h_2, h_3, h_w, h_ve, h_em), q=(q_m, q_st), at=(mass, outside, losing)):
            h_1, h_2, h_3, h_w, h_ve, h_em = h
            mass, outside, losing = at
            inner = h_1 * ((q_ia + q_hc) / h_ve + outside)
            total = q[0] + h_em * outside + ground + h_3 * (q[1] + h_w * outside + inner) / h_2
            after = (mass * (capacity - 0.5 * (h_3 + losing)) + total) / (capacity + 0.5 * (h_3 + losing))
            surface = (h_ms * (mass + after) / 2.0 + q[1] + h_w * outside + inner) / (h_ms + h_w + h_1)
            return (h_is * surface + h_ve * outside + q_ia + q_hc) / (h_is + h_ve), after

        free, ten = solve(0.0)[0], solve(10.0 * floor)[0]
        set_point = float(b.heating_setpoint_c[0] if use[3] > 0 else b.heating_setback_c[0])
        wanted = set_point if free < set_point else min(free, float(b.cooling_setpoint_c[0]))
        need = 10.0 * floor * (wanted - free) / (ten - free)
        air, mass = solve(need)
        if step >= 0:
            heating[t], cooling[t] = max(need, 0.0) / 1000.0, max(-need, 0.0) / 1000.0
    return heating, cooling


def test_a_building_that_is_not_cooled_floats_and_opens_its_windows() -> None:
    climate = climate_of(chicago())
    closed = spec(cooling_efficiency=0.0)
    models = [box(spec=closed), box(spec=replace(closed, window_opening_ach=3.0)), box()]
    b = estimate_buildings(models, climate)
    gains = unshaded_gains(chicago(), building_shapes(models))
    needs = hourly_needs(b, climate, gains)
    hottest = needs.air_c.max(axis=1)
    assert needs.cooling_kwh[:2].max() == 0.0
    assert hottest[0] > hottest[1] + 2.0 > 28.0
    assert hottest[2] == pytest.approx(26.0, abs=0.01)
    assert needs.cooling_kwh[2].sum() > 0.0
    # They are opened just so far that rooms come down to the temperature at which people open them.
    assert np.isclose(needs.air_c[1], 23.0, atol=1e-3).sum() > 500
    assert np.isclose(needs.air_c[0], 23.0, atol=1e-3).sum() < 50


def test_recovery_saves_its_share_of_the_ventilation_and_never_overheats() -> None:
    climate = steady_climate(0.0)
    airy = replace(EMPTY, ventilation_l_s_m2=1.0, infiltration_ach=0.0, function="residential")
    changes = ({}, {"heat_recovery_efficiency": 0.8}, {"ventilation_l_s_m2": 0.0})
    models = [box(spec=replace(airy, **change)) for change in changes]
    needs = hourly_needs(estimate_buildings(models, climate), climate, dark(3))
    none, recovered, without = needs.heating_kwh[:, -1].astype(float)
    assert (none - recovered) / (none - without) == pytest.approx(0.8, abs=0.01)
    mild = replace(steady_climate(18.0), air_c=np.full(8760, 18.0))
    warm = replace(airy, equipment_w_m2=60.0, cooling_efficiency=0.0)
    models = [box(spec=warm), box(spec=replace(warm, heat_recovery_efficiency=0.8))]
    needs = hourly_needs(estimate_buildings(models, mild), mild, dark(2))
    floating = needs.air_c[0] > 20.01
    assert floating.any()
    np.testing.assert_allclose(needs.air_c[1][floating], needs.air_c[0][floating], atol=0.35)


def test_every_multiplier_moves_the_need_its_way() -> None:
    climate = climate_of(chicago())
    b = estimate_buildings([box()] * 8, climate)
    gains = unshaded_gains(chicago(), building_shapes([box()])).take([0] * 8)
    names = ("window", "opaque", "air", "ground", "aperture", "capacity", "coupling")
    factors = np.ones((8, 7)) + np.vstack([np.zeros(7), 0.5 * np.eye(7)])
    heat = hourly_needs(b, climate, gains, factors).heating_kwh.sum(axis=1)
    change = dict(zip(names, heat[1:] / heat[0] - 1.0, strict=True))
    assert all(change[name] > 0.01 for name in ("window", "opaque", "air"))
    assert change["ground"] > 0.005
    assert change["aperture"] < -0.01
    assert change["capacity"] != 0.0
    assert Multipliers.from_array(factors[3]).air == 1.5
    assert Multipliers.from_array(factors[3]).as_array() == pytest.approx(factors[3])


def test_wrong_numbers_of_buildings_are_refused() -> None:
    climate = steady_climate()
    b = estimate_buildings([box()], climate)
    with pytest.raises(BugError, match="gains"):
        hourly_needs(b, climate, dark(2))
    with pytest.raises(BugError, match="multipliers"):
        hourly_needs(b, climate, dark(), np.ones((2, 7)))


def test_films_are_thinner_in_the_wind_and_u_values_keep_their_limit() -> None:
    film = outer_film_m2k_w(4.0, np.array([3.0, 30.0]))
    assert film[1] < film[0] < 1.0 / 6.5
    assert local_wind_m_s(4.0, np.array([460.0]))[0] == pytest.approx(4.0 * 27.0**0.14)
    assert met_u_value(np.array([2.0]), np.array([0.04]))[0] == pytest.approx(2.0)
    assert met_u_value(np.array([0.15]), film[:1])[0] == pytest.approx(0.15, rel=0.02)
