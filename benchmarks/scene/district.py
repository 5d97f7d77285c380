"""Synthetic districts as large as wanted: streets of gabled, hipped and flat houses with all they need to run."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.catalog.archetypes import archetype_id
from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.changes import Change, Frame, InsertBuildings, SetFrame, SetWeather
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.project.project_file import ProjectFile
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

Floats = NDArray[np.float64]
LOT_M, ROW_M, STREET_EVERY, STREET_M = 16.0, 28.0, 12, 14.0
YEARS = (1890, 1925, 1955, 1978, 1992, 2010)
EPSG = 32616
GROUND, WALL, ROOF = int(SurfaceKind.GROUND), int(SurfaceKind.WALL), int(SurfaceKind.ROOF)


@dataclass(frozen=True)
class Shape:
    """A house by its corners and by the corners that each surface goes round.

    Parameters
    ----------
    corners : tuple of (float, float, float)
        Shares of width and depth, and of the eaves (0 ground, 1 eaves, 2 ridge).
    faces : tuple of (int, tuple of int)
        Kind and corners of each surface, seen from outside.
    """

    corners: tuple[tuple[float, float, float], ...]
    faces: tuple[tuple[int, tuple[int, ...]], ...]


_BOX = ((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1))
GABLE = Shape(
    (*_BOX, (0, 0.5, 2), (1, 0.5, 2)),
    (
        (GROUND, (3, 2, 1, 0)),
        (WALL, (0, 1, 5, 4)),
        (WALL, (1, 2, 6, 9, 5)),
        (WALL, (2, 3, 7, 6)),
        (WALL, (3, 0, 4, 8, 7)),
        (ROOF, (4, 5, 9, 8)),
        (ROOF, (6, 7, 8, 9)),
    ),
)
HIP = Shape(
    (*_BOX, (0.3, 0.5, 2), (0.7, 0.5, 2)),
    (
        (GROUND, (3, 2, 1, 0)),
        (WALL, (0, 1, 5, 4)),
        (WALL, (1, 2, 6, 5)),
        (WALL, (2, 3, 7, 6)),
        (WALL, (3, 0, 4, 7)),
        (ROOF, (4, 5, 9, 8)),
        (ROOF, (5, 6, 9)),
        (ROOF, (6, 7, 8, 9)),
        (ROOF, (7, 4, 8)),
    ),
)
_ANGLE = ((0, 0), (1, 0), (1, 0.5), (0.6, 0.5), (0.6, 1), (0, 1))
ANGLED = Shape(
    (*((x, y, 0.0) for x, y in _ANGLE), *((x, y, 1.0) for x, y in _ANGLE)),
    (
        (GROUND, (5, 4, 3, 2, 1, 0)),
        *((WALL, (side, (side + 1) % 6, 6 + (side + 1) % 6, 6 + side)) for side in range(6)),
        (ROOF, (6, 7, 8, 9, 10, 11)),
    ),
)
SHAPES = (GABLE, HIP, ANGLED)
"""Together 7.9 surfaces, 33 corners and 17 triangles a building, as in real cities of LoD 2."""


def district(count: int, seed: int = 7) -> CityModel:
    """A city of so many buildings in streets, with function, year, storeys and archetype of each.

    Parameters
    ----------
    count : int
    seed : int
        Of sizes and years.
    """
    random = np.random.default_rng(seed)
    across = max(int(np.ceil(np.sqrt(count * ROW_M / LOT_M))), 1)
    column, line = np.arange(count) % across, np.arange(count) // across
    place = np.column_stack([column * LOT_M + column // STREET_EVERY * STREET_M, line * ROW_M + line // 2 * STREET_M])
    size = np.column_stack([random.uniform(8, 13, count), random.uniform(9, 16, count)])
    storeys = random.integers(1, 6, count)
    eaves = 3.0 * storeys + random.uniform(0, 0.4, count)
    heights = np.stack([np.zeros(count), eaves, eaves + random.uniform(2, 4, count)], axis=1)
    kind = random.choice(len(SHAPES), count, p=[0.4, 0.3, 0.3])
    surfaces = _surfaces(kind, place, size, heights)
    return CityModel(epsg=EPSG, origin=(445_000.0, 4_634_000.0, 180.0), buildings=_rows(random, storeys, eaves, place),
                     surfaces=surfaces, metadata={"title": f"{count} synthetic buildings"})  # fmt: skip


def _surfaces(kind: NDArray[np.int64], place: Floats, size: Floats, heights: Floats) -> Surfaces:
    parts = []
    for number, shape in enumerate(SHAPES):
        mine = np.flatnonzero(kind == number)
        shares = np.array(shape.corners)
        plan = place[mine, None] + size[mine, None] * shares[None, :, :2]
        corners = np.concatenate([plan, heights[mine][:, shares[:, 2].astype(int), None]], axis=2)
        order = np.concatenate([loop for _, loop in shape.faces])
        lengths = np.tile([len(loop) for _, loop in shape.faces], len(mine))
        starts = np.concatenate([[0], np.cumsum(lengths)])
        polygons = Polygons(corners[:, order].reshape(-1, 3), starts, np.arange(len(starts)))
        kinds = np.tile(np.array([face for face, _ in shape.faces], np.uint8), len(mine))
        owner = np.repeat(mine, len(shape.faces))
        names = np.array([f"B{row:06d}_{place}" for row in mine for place in range(len(shape.faces))], object)
        parts.append(Surfaces(polygons, kinds, owner, names))
    joined = Surfaces.concatenate(parts)
    return joined.take(np.argsort(joined.building, kind="stable"))


def _rows(random: np.random.Generator, storeys: NDArray[np.int64], eaves: Floats, place: Floats) -> Buildings:
    count = len(storeys)
    function = np.array(["residential", "office", "retail"], object)[random.choice(3, count, p=[0.8, 0.12, 0.08])]
    year = random.choice(YEARS, count) + random.integers(0, 12, count)
    kinds = {(use, built): archetype_id("GB", use, built) for use in set(function) for built in set(year.tolist())}
    columns = {
        "fid": np.arange(1, count + 1, dtype=np.float64),
        "id": _texts(f"B{row:06d}" for row in range(count)),
        "name": _texts(f"{row % 240 + 1} Street {row // 240 + 1}" for row in range(count)),
        "lod": _texts("2.2" for _ in range(count)),
        "function": function,
        "function_origin": _texts("source" for _ in range(count)),
        "year_built": year.astype(np.float64),
        "year_built_origin": _texts("source" for _ in range(count)),
        "storeys": storeys.astype(np.float64),
        "storeys_origin": _texts("source" for _ in range(count)),
        "height_m": eaves,
        "archetype_id": _texts(kinds[pair] for pair in zip(function, year.tolist(), strict=True)),
        "attributes": _texts(
            {"status": "in use", "units": int(floors), "x": round(float(x), 2), "y": round(float(y), 2), "plot": row}
            for row, (floors, (x, y)) in enumerate(zip(storeys, place, strict=True))
        ),
    }
    return Buildings(columns)


def _texts(values: object) -> NDArray[np.object_]:
    listed = list(values)  # type: ignore[call-overload]
    column = np.empty(len(listed), object)
    column[:] = listed
    return column


def write_project(path: Path, count: int) -> None:
    """A project of so many buildings with a weather file, ready to run; one step in its history."""
    project, city = ProjectFile.create(path), district(count)
    weather = read_epw(chicago_weather_path().read_bytes(), "chicago.epw")
    project.add_weather(weather)
    changes: tuple[Change, ...] = (
        SetFrame(Frame.of(CityModel()), Frame.of(city)),
        InsertBuildings(CityModel(buildings=city.buildings, surfaces=city.surfaces)),
        SetWeather("", weather.content_hash),
    )
    project.execute("import_city", f"{count} synthetic buildings", {}, changes)
    project.close()
