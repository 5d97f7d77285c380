"""A real district under real weather: no surprise in 15,482 surfaces that nobody here made."""

from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.formats.city_files import read_city_file
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.sim.solar.build import Site, build_operators
from citytwin_desktop.sim.solar.hours import HourSynthesis, solar_offset_h
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings

DATA = Path(__file__).parents[4] / "shared" / "data"
CITY = DATA / "cityjson" / "3-20-DELFSHAVEN.city.json"
WEATHER = DATA / "epw" / "GBR_ENG_London.Wea.Ctr-St.James.Park.037700_TMYx.2007-2021.epw"


@pytest.mark.skipif(not (CITY.exists() and WEATHER.exists()), reason="the real district is not beside the repository")
def test_delfshaven_under_london_weather() -> None:
    city, _ = read_city_file(CITY)
    weather = read_epw(WEATHER.read_bytes(), WEATHER.name)
    # Coarse, for a test: what is asserted holds at any resolution.
    settings = SolarSettings(cell_size_m=8.0, rays=32, sun_days=60, base_days=12, reflected_days=6, ground_cell_m=20.0)
    operators = build_operators(
        solar_scene(city, settings), Site(weather.latitude_deg, solar_offset_h(weather)), settings
    )
    synthesis = HourSynthesis(operators, weather)
    year = synthesis.monthly_irradiation().sum(axis=1)
    assert len(operators) == len(city.surfaces) == 15482
    assert np.isfinite(year).all()
    assert year.min() >= 0.0
    kind, area = city.surfaces.kind, operators.areas_m2
    path, beam = synthesis.year.path, synthesis.year.beam_w_m2
    horizontal = (weather.diffuse_horizontal_wh_m2 + beam * np.maximum(path.sine_altitude, 0)).sum() / 1000
    # No plane gets more than the sun-facing best: beam held normal plus the whole sky and ground.
    assert year.max() < (beam.sum() + 2 * weather.diffuse_horizontal_wh_m2.sum()) / 1000
    roofs, walls = kind == SurfaceKind.ROOF, kind == SurfaceKind.WALL
    assert 0.78 * horizontal < np.average(year[roofs], weights=area[roofs]) < 1.0 * horizontal
    assert 0.30 * horizontal < np.average(year[walls], weights=area[walls]) < 0.55 * horizontal
    south, north = (
        walls & (sign * operators.normals[:, 1] > 0.9) & (operators.sky_view_factor > 0.4) for sign in (-1, 1)
    )
    assert np.average(year[south], weights=area[south]) > 1.8 * np.average(year[north], weights=area[north])
    # Turning single faces is for broken files; this one has few.
    turned = np.einsum("ij,ij->i", operators.normals, city.surfaces.polygons.normals) < 0
    assert area[turned].sum() < 1e-4 * area.sum()
