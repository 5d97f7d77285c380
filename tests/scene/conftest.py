"""A small city of boxes, and plotters that need no display."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.scene.render import use_off_screen_window

GRID, SIDE_M, GAP_M = 3, 10.0, 15.0


def box(x: float, y: float, height: float) -> list[tuple[SurfaceKind, np.ndarray]]:
    low, high = np.array([x, y, 0.0]), np.array([x + SIDE_M, y + SIDE_M, height])
    corner = lambda i, j, k: [(low, high)[i][0], (low, high)[j][1], (low, high)[k][2]]  # noqa: E731
    sides = [((0, 0), (1, 0)), ((1, 0), (1, 1)), ((1, 1), (0, 1)), ((0, 1), (0, 0))]
    faces = [(SurfaceKind.GROUND, np.array([corner(0, 0, 0), corner(0, 1, 0), corner(1, 1, 0), corner(1, 0, 0)]))]
    faces += [
        (SurfaceKind.WALL, np.array([corner(*a, 0), corner(*b, 0), corner(*b, 1), corner(*a, 1)])) for a, b in sides
    ]
    return [*faces, (SurfaceKind.ROOF, np.array([corner(0, 0, 1), corner(1, 0, 1), corner(1, 1, 1), corner(0, 1, 1)]))]


@pytest.fixture(scope="session")
def boxes() -> CityModel:
    """Nine boxes on a grid, 6 to 14 m high; building k stands in column k % 3 and row k // 3."""
    faces, owners = [], []
    for row in range(GRID * GRID):
        for face in box(row % GRID * (SIDE_M + GAP_M), row // GRID * (SIDE_M + GAP_M), 6.0 + row):
            faces.append(face)
            owners.append(row)
    ids = np.array([f"B{row}" for row in range(GRID * GRID)], object)
    names = np.array([f"S{row}" for row in range(len(faces))], object)
    kinds = np.array([kind for kind, _ in faces], np.uint8)
    polygons = Polygons.from_rings([[ring] for _, ring in faces])
    return CityModel(28992, (0.0, 0.0, 0.0), Buildings({"id": ids}), Surfaces(polygons, kinds, np.array(owners), names))


@pytest.fixture
def plotter() -> Iterator[Any]:
    """Off-screen plotter of 320 × 200 pixels without smoothing, so that pixels are exact."""
    use_off_screen_window()
    import pyvista

    result = pyvista.Plotter(off_screen=True, window_size=[320, 200])
    result.ren_win.SetMultiSamples(0)
    yield result
    result.close()
