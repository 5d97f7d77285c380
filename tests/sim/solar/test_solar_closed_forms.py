"""Closed forms of open planes, canyons and rooms, and pvlib's cosine."""

import numpy as np
import pvlib
import pytest

from citytwin_desktop.city.calendar import hour_of
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.sim.solar.hours import hour_synthesis, solar_offset_h

NIGHT = hour_of(12, 21, 0)
"""An hour without sun: the Perez sky is even."""
REFLECTANCES = [f"{kind.label}_reflectance" for kind in SurfaceKind if kind is not SurfaceKind.GROUND]
QUICK = {"sun_days": 8, "base_days": 4, "reflected_days": 4}


def sheet(corners, kind=SurfaceKind.WALL, owner=0):
    return (owner, kind, [np.array(corners, float)])


def tilted(azimuth_deg: float, tilt_deg: float, low=(0.0, 0.0, 80.0), side: float = 4.0, owner: int = 0):
    """A square that faces an azimuth (0 north, 90 east), lowest at ``low``."""
    azimuth, tilt = np.radians(azimuth_deg), np.radians(tilt_deg)
    level = np.array([-np.cos(azimuth), np.sin(azimuth), 0.0])
    towards = np.array([np.sin(azimuth), np.cos(azimuth), 0.0])
    rise = np.array([0, 0, np.sin(tilt)]) - np.cos(tilt) * towards
    corner = np.array(low)
    return sheet([corner, corner + side * level, corner + side * (level + rise), corner + side * rise], owner=owner)


def normal_of(azimuth_deg: float, tilt_deg: float) -> np.ndarray:
    azimuth, tilt = np.radians(azimuth_deg), np.radians(tilt_deg)
    return np.array([np.sin(azimuth) * np.sin(tilt), np.cos(azimuth) * np.sin(tilt), np.cos(tilt)])


@pytest.mark.parametrize("tilt", [0.0, 30.0, 60.0, 90.0, 120.0])
def test_open_planes_follow_the_isotropic_formula(box, operators_of, weather_of, tilt: float) -> None:
    # E = DHI (1 + cos) / 2 + reflectance GHI (1 - cos) / 2 (Liu & Jordan 1963); all four azimuths, far apart, and
    # high above small houses that tell where the ground is.
    sides = (180, 90, 0, 270)
    planes = [tilted(azimuth, tilt, (200.0 * k, 0, 80), owner=k) for k, azimuth in enumerate(sides)]
    for k in range(4):
        planes += box(4 + k, (200.0 * k, 0, 0), (200.0 * k + 1, 1, 1))
    operators = operators_of(planes, ground_reflectance=0.3, rays=1024, **QUICK)
    np.testing.assert_allclose(operators.normals[:4], [normal_of(azimuth, tilt) for azimuth in sides], atol=1e-6)
    share = (1 + np.cos(np.radians(tilt))) / 2
    np.testing.assert_allclose(operators.sky_view_factor[:4], share, atol=0.004)
    light = hour_synthesis(operators, weather_of(51.5, 0.0, 100.0)).irradiance(NIGHT)[:4]
    np.testing.assert_allclose(light, 100 * (share + 0.3 * (1 - share)), rtol=0.01)
    noon = hour_of(6, 21, 12)
    sunny = hour_synthesis(operators, weather_of(51.5, 700.0, 100.0))
    ground = 0.3 * sunny.year.global_horizontal_w_m2[noon] * (1 - share)
    np.testing.assert_allclose(sunny.parts(noon).reflected[:4], ground, rtol=0.01, atol=1.0)


def test_floor_and_walls_of_an_endless_canyon(box, operators_of) -> None:
    # Width 10, height 10, length 600. On the middle line of the floor the sky is cos(atan(height / half width));
    # at height z of a wall (1 - sin(atan((height - z) / width))) / 2.
    strip = sheet([[280, 4.9, 0.01], [320, 4.9, 0.01], [320, 5.1, 0.01], [280, 5.1, 0.01]], SurfaceKind.ROOF, 2)
    bands = [
        sheet([[280, 9.99, z - 0.1], [320, 9.99, z - 0.1], [320, 9.99, z + 0.1], [280, 9.99, z + 0.1]], owner=2)
        for z in (2.0, 5.0, 8.0)
    ]
    faces = [*box(0, (0, -10, 0), (600, 0, 10)), *box(1, (0, 10, 0), (600, 20, 10)), strip, *bands]
    operators = operators_of(faces, rays=1024, rays_per_surface=100_000, **QUICK)
    assert operators.sky_view_factor[12] == pytest.approx(np.cos(np.arctan(10 / 5)), abs=0.005)
    expected = [(1 - np.sin(np.arctan((10 - z) / 10))) / 2 for z in (2.0, 5.0, 8.0)]
    np.testing.assert_allclose(operators.sky_view_factor[13:], expected, atol=0.005)


@pytest.mark.parametrize(("distance", "factor"), [(5.0, 0.415253), (10.0, 0.199825), (30.0, 0.032971)])
def test_view_between_parallel_squares(operators_of, distance: float, factor: float) -> None:
    # Howell, catalogue of radiation configuration factors, C-11, evaluated for squares of side 10.
    x = 10.0 / distance
    root = np.sqrt(1 + x * x)
    formula = 2 / (np.pi * x * x) * (
        np.log(np.sqrt((1 + x * x) ** 2 / (1 + 2 * x * x))) + 2 * x * root * np.arctan(x / root) - 2 * x * np.arctan(x)
    )  # fmt: skip
    assert formula == pytest.approx(factor, abs=1e-5)
    low = sheet([[0, 0, 50], [10, 0, 50], [10, 10, 50], [0, 10, 50]], SurfaceKind.ROOF)
    z = 50 + distance
    high = sheet([[0, 0, z], [0, 10, z], [10, 10, z], [10, 0, z]], SurfaceKind.OUTER_CEILING, 1)
    operators = operators_of([low, high], cell_size_m=1.0, rays=512, rays_per_surface=10**6, **QUICK)
    assert 1 - operators.sky_view_factor[0] == pytest.approx(factor, abs=0.002)


def test_few_rays_from_many_cells_are_right_on_average(operators_of) -> None:
    # By default a plate of 100 cells sends 32 rays from each; many plates tell scatter from error.
    faces = []
    for k in range(16):
        x, z = 300.0 * k, 50 + 0.37 * k
        faces.append(sheet([[x, 0, z], [x + 10, 0, z], [x + 10, 10, z], [x, 10, z]], SurfaceKind.ROOF, 2 * k))
        z += 10
        faces.append(
            sheet([[x, 0, z], [x, 10, z], [x + 10, 10, z], [x + 10, 0, z]], SurfaceKind.OUTER_CEILING, 2 * k + 1)
        )
    operators = operators_of(faces, cell_size_m=1.0, **QUICK)
    seen = 1 - operators.sky_view_factor[::2]
    assert seen.mean() == pytest.approx(0.1998, abs=0.003)
    assert seen.std() < 0.006


def room(box, hole: float = 2.0, lid: float = 1.0):
    """A closed room of 10 m with a square opening in the middle of its lid; faces 0-9 are its inside."""
    wall, ceiling, roof = SurfaceKind.WALL, SurfaceKind.OUTER_CEILING, SurfaceKind.ROOF
    low, high = 5 - hole / 2, 5 + hole / 2
    at = lambda ring, z: np.column_stack([np.array(ring, float), np.full(len(ring), z)])  # noqa: E731
    inner, opening = [[0, 0], [10, 0], [10, 10], [0, 10]], [[low, low], [high, low], [high, high], [low, high]]
    outer = [[-1, -1], [11, -1], [11, 11], [-1, 11]]
    faces = [(0, roof, [at(inner, 1.0)]), (0, ceiling, [at(inner[::-1], 11.0), at(opening, 11.0)])]
    for ring, bottom, top in ((inner, 1.0, 11.0), (opening, 11.0, 11.0 + lid)):
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            faces.append(sheet([[*b, bottom], [*a, bottom], [*a, top], [*b, top]], wall))
    shell = [(0, kind, rings) for _, kind, rings in box(0, (-1, -1, 0), (11, 11, 11 + lid)) if kind == wall]
    shell.append((0, roof, [at(outer, 11.0 + lid), at(opening[::-1], 11.0 + lid)]))
    return [*faces, *shell, (0, SurfaceKind.GROUND, [at(outer[::-1], 0.0)])]


def test_a_room_takes_in_what_its_opening_lets_in(box, operators_of) -> None:
    # Reciprocity: the sum of area times view of the sky is the area of the opening.
    operators = operators_of(room(box), cell_size_m=1.0, rays=512, rays_per_surface=10**6, **QUICK)
    inside = slice(0, 10)
    assert operators.normals[0, 2] == pytest.approx(1.0)
    assert operators.normals[1, 2] == pytest.approx(-1.0)
    taken = (operators.areas_m2 * operators.sky_view_factor)[inside].sum()
    assert taken == pytest.approx(4.0, rel=0.02)


def test_a_closed_room_conserves_energy(box, operators_of, weather_of) -> None:
    # What comes in by the opening is absorbed or leaves by it again: nothing is lost, nothing made.
    rho = 0.6
    operators = operators_of(
        room(box), cell_size_m=1.0, element_m=1.0, rays=512, rays_per_surface=10**6, reflections=10,
        ground_reflectance=0.0, **dict.fromkeys(REFLECTANCES, rho), **QUICK,
    )  # fmt: skip
    parts = hour_synthesis(operators, weather_of(51.5, 0.0, 100.0)).parts(NIGHT)
    inside = slice(0, 10)
    area, open_share = operators.areas_m2[inside].astype(float), operators.sky_view_factor[inside]
    light = parts.total[inside].astype(float)
    absorbed, leaving = (1 - rho) * (area * light).sum(), rho * (area * light * open_share).sum()
    # Ten reflections leave 0.6^11 = 0.4 % on its way.
    assert absorbed + leaving == pytest.approx(400.0, rel=0.02)
    assert parts.reflected[1] > 0.1
    assert parts.sky[1] == 0.0


def test_every_reflection_takes_its_share_and_no_more(box, operators_of, weather_of) -> None:
    # In a room nearly closed, k reflections hold 1 + r + ... + r^k of the first light, r = reflectance.
    sums = []
    for reflections in (0, 1, 2, 3, 6):
        operators = operators_of(
            room(box, 0.5, 0.01), cell_size_m=1.0, element_m=1.0, rays=512, rays_per_surface=10**6,
            reflections=reflections, ground_reflectance=0.0, **dict.fromkeys(REFLECTANCES, 0.6), **QUICK,
        )  # fmt: skip
        light = hour_synthesis(operators, weather_of(51.5, 0.0, 100.0)).irradiance(NIGHT)
        sums.append((operators.areas_m2 * light)[:6].sum())
    expected = np.cumsum(0.6 ** np.arange(7))[[0, 1, 2, 3, 6]]
    np.testing.assert_allclose(np.array(sums) / sums[0], expected, rtol=0.03)


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"), [(51.5, 0.0, 0.0), (-33.9, 151.2, 10.0), (47.6, -52.7, -3.5), (27.7, 85.3, 5.75)]
)
@pytest.mark.parametrize(("azimuth", "tilt"), [(180.0, 35.0), (250.0, 70.0), (20.0, 90.0), (0.0, 15.0)])
def test_beam_on_a_tilted_plane_is_that_of_pvlib(
    operators_of, weather_of, latitude: float, longitude: float, zone: float, azimuth: float, tilt: float
) -> None:
    weather = weather_of(latitude, 1000.0, 0.0, longitude, zone)
    operators = operators_of([tilted(azimuth, tilt)], latitude, solar_offset_h=solar_offset_h(weather))
    synthesis = hour_synthesis(operators, weather)
    # Noon is the whole day, as in the engine.
    day = 1 + (np.arange(8760) + 0.5 - 12) / 24
    declination = pvlib.solarposition.declination_spencer71(day)
    minutes = pvlib.solarposition.equation_of_time_spencer71(day)
    hour_angle = 15 * (np.arange(8760) % 24 + 0.5 - 12) + longitude - 15 * zone + minutes / 4
    hour_angle = (hour_angle + 180) % 360 - 180
    zenith = pvlib.solarposition.solar_zenith_analytical(np.radians(latitude), np.radians(hour_angle), declination)
    around = pvlib.solarposition.solar_azimuth_analytical(
        np.radians(latitude), np.radians(hour_angle), declination, zenith
    )
    cosine = pvlib.irradiance.aoi_projection(tilt, azimuth, np.degrees(zenith), np.degrees(around))
    # Hours that the sun shines through; those of sunrise and sunset have their own middle.
    whole = np.flatnonzero(np.cos(zenith) > 0.15)[::5]
    expected = 1000 * np.maximum(cosine[whole], 0.0)
    found = np.array([synthesis.parts(hour).beam[0] for hour in whole])
    np.testing.assert_allclose(found, expected, atol=0.5)
    assert found.max() > 500
