"""A synthetic district: boxes, L shapes and attached pairs of many heights on a grid."""

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces

PITCH_M = 32.0

_BOXES, _BOXES_AND_L_SHAPES = 0.45, 0.80
_LOWEST_M, _HIGHEST_M = 5.0, 60.0
_EPSG = 26916


def synthetic_district(
    count: int, seed: int = 7, *, height_power: float = 1.0, pairs_are_two: bool = False
) -> CityModel:
    """Make boxes (45 %), L shapes (35 %) and attached pairs (20 %), 5 to 60 m high, on a 32 m grid.

    Parameters
    ----------
    count : int
        Number of buildings.
    seed : int
    height_power : float
        Heights go with this power of an even chance: one makes a town of towers, three one of few.
    pairs_are_two : bool
        Whether an attached pair counts as two buildings.

    Returns
    -------
    CityModel
        Closed bodies on flat ground at height 0.
    """
    random = np.random.default_rng(seed)
    plots: list[list[tuple[FloatArray, float]]] = []
    while sum(len(plot) if pairs_are_two else 1 for plot in plots) < count:
        plots.append(_footprints(random, height_power))
    side = int(np.ceil(np.sqrt(len(plots))))
    rings: list[list[FloatArray]] = []
    kind: list[int] = []
    owner: list[int] = []
    buildings_so_far = 0
    for place, plot in enumerate(plots):
        corner = np.array([place % side, place // side]) * PITCH_M
        for number, (ring, height) in enumerate(plot):
            body = _prism(ring + corner, height)
            rings += [[polygon] for polygon in body]
            kind += [SurfaceKind.WALL] * (len(body) - 2) + [SurfaceKind.ROOF, SurfaceKind.GROUND]
            owner += [buildings_so_far + (number if pairs_are_two else 0)] * len(body)
        buildings_so_far += len(plot) if pairs_are_two else 1
    names = np.array([f"S{k}" for k in range(len(kind))], object)
    surfaces = Surfaces(Polygons.from_rings(rings), np.array(kind, np.uint8), np.array(owner, np.int64), names)
    buildings = Buildings({"id": np.array([f"B{k}" for k in range(buildings_so_far)], object)})
    return CityModel(_EPSG, buildings=buildings, surfaces=surfaces)


def _prism(ring: FloatArray, height: float) -> list[FloatArray]:
    """Walls, roof and floor over a counter-clockwise ring."""
    flat = np.column_stack([ring, np.zeros(len(ring))])
    top = flat + np.array([0, 0, height])
    following = np.roll(np.arange(len(ring)), -1)
    walls = [np.array([flat[i], flat[j], top[j], top[i]]) for i, j in enumerate(following)]
    return [*walls, top, flat[::-1]]


def _footprints(random: np.random.Generator, height_power: float) -> list[tuple[FloatArray, float]]:
    """Draw the counter-clockwise footprints and heights of one plot."""
    width, depth = random.uniform(10, 22, 2)
    height, shape = _height_m(random, height_power), random.random()
    rectangle = np.array([[0, 0], [width, 0], [width, depth], [0, depth]])
    if shape < _BOXES:
        return [(rectangle, height)]
    if shape < _BOXES_AND_L_SHAPES:
        x, y = width * 0.5, depth * 0.5
        return [(np.array([[0, 0], [width, 0], [width, y], [x, y], [x, depth], [0, depth]]), height)]
    half = rectangle * np.array([0.5, 1.0])
    return [(half, height), (half + np.array([width / 2, 0]), _height_m(random, height_power))]


def _height_m(random: np.random.Generator, height_power: float) -> float:
    return float(_LOWEST_M + (_HIGHEST_M - _LOWEST_M) * random.random() ** height_power)
