"""Small cities of boxes and simple weathers for the solar tests."""

from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.solar.build import Site, build_operators
from citytwin_desktop.sim.solar.operators import SolarOperators
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings

Face = tuple[int, int, Sequence[np.ndarray]]


def _box(owner: int, low: Sequence[float], high: Sequence[float]) -> list[Face]:
    """Faces (building, kind, rings) in the order south, east, north, west, roof, ground."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    bottom = np.array([[x0, y0, z0], [x1, y0, z0], [x1, y1, z0], [x0, y1, z0]], float)
    top = bottom + np.array([0, 0, z1 - z0])
    walls = [np.array([bottom[i], bottom[(i + 1) % 4], top[(i + 1) % 4], top[i]]) for i in range(4)]
    faces = [(owner, SurfaceKind.WALL, [wall]) for wall in walls]
    return [*faces, (owner, SurfaceKind.ROOF, [top]), (owner, SurfaceKind.GROUND, [bottom[::-1]])]


def _city(faces: Sequence[Face], trees: Sequence[np.ndarray] = (), terrain: Sequence[np.ndarray] = ()) -> CityModel:
    owners = np.array([face[0] for face in faces], np.int64)
    ids = np.array([f"B{k}" for k in range(owners.max() + 1)], object)
    names = np.array([f"S{k}" for k in range(len(faces))], object)
    surfaces = Surfaces(
        Polygons.from_rings([face[2] for face in faces]), np.array([f[1] for f in faces], np.uint8), owners, names
    )
    layers = ((ContextKind.TREE, trees), (ContextKind.TERRAIN, terrain))
    context = [
        ContextLayer(kind.value, kind, Polygons.from_rings([[ring] for ring in rings])) for kind, rings in layers
    ]
    return CityModel(26916, (0.0, 0.0, 0.0), Buildings({"id": ids}), surfaces, tuple(context))


def _split(wishes: dict[str, object]) -> tuple[SolarSettings, SolarConditions]:
    """Keyword arguments of both at once."""
    ours = {field.name for field in fields(SolarConditions)}
    conditions = {name: value for name, value in wishes.items() if name in ours}
    return SolarSettings(**{name: wishes[name] for name in wishes if name not in ours}), SolarConditions(**conditions)


def _weather(
    latitude: float,
    beam: np.ndarray | float,
    diffuse: np.ndarray | float,
    longitude: float = 0.0,
    zone: float = 0.0,
    count: int = 8760,
) -> Weather:
    hours = np.zeros(count)
    return Weather(
        "made for a test", latitude, longitude, zone, 0.0, hours, hours, hours, hours + 1e5, hours, hours + beam,
        hours + diffuse, hours, np.zeros(0), "0", b"",
    )  # fmt: skip


@pytest.fixture(scope="session")
def box() -> Callable[..., list[Face]]:
    return _box


@pytest.fixture(scope="session")
def city_of() -> Callable[..., CityModel]:
    return _city


@pytest.fixture(scope="session")
def weather_of() -> Callable[..., Weather]:
    return _weather


@pytest.fixture(scope="session")
def crown() -> Callable[..., list[np.ndarray]]:
    """A tree: the six faces of a box."""

    def make(low: Sequence[float], high: Sequence[float]) -> list[np.ndarray]:
        return [face[2][0] for face in _box(0, low, high)]

    return make


@pytest.fixture(scope="session")
def operators_of() -> Callable[..., SolarOperators]:
    def build(
        faces: Sequence[Face],
        latitude: float = 51.5,
        *,
        solar_offset_h: float = 0.0,
        trees: Sequence[np.ndarray] = (),
        terrain: Sequence[np.ndarray] = (),
        **wishes: object,
    ) -> SolarOperators:
        settings, conditions = _split(wishes)
        scene = solar_scene(_city(faces, trees, terrain), settings, conditions)
        return build_operators(scene, Site(latitude, solar_offset_h), settings, conditions)

    return build


@pytest.fixture(scope="session")
def clear_weather() -> Callable[[float], Weather]:
    """A cloudless-looking year: beam and diffuse follow the sun."""
    from citytwin_desktop.sim.solar.sun import sun_path

    def make(latitude: float, longitude: float = 0.0, zone: float = 0.0, count: int = 8760) -> Weather:
        path = sun_path(latitude, longitude, zone, count)
        up = path.up & (path.sine_altitude > 0)
        height = np.maximum(path.sine_altitude, 1e-3)
        beam, diffuse = np.where(up, 950 * np.exp(-0.15 / height), 0), np.where(up, 20 + 100 * height, 0)
        return _weather(latitude, beam, diffuse, longitude, zone, count)

    return make
