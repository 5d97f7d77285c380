"""Maps of cells: the pattern of sun and shade on façades, roofs and the ground."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.build import Course, Prepared, prepare
from citytwin_desktop.sim.solar.elements import make_elements
from citytwin_desktop.sim.solar.operators import SolarOperators
from citytwin_desktop.sim.solar.place import Site
from citytwin_desktop.sim.solar.scene import SolarScene
from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION, SOLAR_ENGINE_VERSION, SolarSettings
from citytwin_desktop.sim.solar.sky import sky_patches
from citytwin_desktop.sim.solar.sky_trace import SkyTrace, rays_of_cells, shares_of_cells, sky_trace
from citytwin_desktop.sim.solar.solving import FirstLight, Receivers, leaf_transmittances, solve_seasons
from citytwin_desktop.sim.solar.sun_nodes import sun_plan
from citytwin_desktop.sim.solar.sun_trace import crown_light, element_visibility, owned_cells
from citytwin_desktop.sim.solar.tracing import Floats, Integers

MOST_CELLS = 400_000
"""About what two gigabytes of memory hold while a map is made."""


@dataclass(frozen=True, eq=False)
class CellLayout:
    """Where the cells of each row lie: a grid over its plane.

    Rows are the surfaces of the city, then the squares of ground.

    Parameters
    ----------
    frame : ndarray, (rows, 10) float32
        Level axis, upward axis, lower corner along both [m], and cells for each metre along both; about the middle.
    grid : ndarray, (rows, 2) int32
        Cells along both axes.
    start : ndarray, (rows,) int32
        First place of each row in ``at``; places of a row go along the level axis first.
    at : ndarray, (places,) int32
        Cell at each place; -1 where there is none at all in the row.
    middle_m : ndarray, (3,) float64 [m]
        Where the origin of the frames lies in the coordinates of the city.
    surface_count : int
    ground_m : ndarray, (squares, 4, 3) float32 [m]
        Corners of the squares of ground, about the middle.
    """

    frame: Floats
    grid: Integers
    start: Integers
    at: Integers
    middle_m: NDArray[np.float64]
    surface_count: int
    ground_m: Floats


@dataclass(frozen=True, eq=False)
class CellMap:
    """Operators of cells, and where those lie.

    Parameters
    ----------
    operators : SolarOperators
        Receivers are the cells.
    layout : CellLayout
    row : ndarray, (cells,) int32
    """

    operators: SolarOperators
    layout: CellLayout
    row: Integers


def cell_map(
    scene: SolarScene,
    site: Site,
    settings: SolarSettings,
    conditions: SolarConditions,
    course: Course = Course(),  # noqa: B008 - frozen
) -> CellMap:
    """Trace a scene for every cell, the ground included.

    Between the hours of the base days, shadows are interpolated.

    Parameters
    ----------
    scene : SolarScene
    site : Site
    settings : SolarSettings
        With the wanted cell size; the ground is divided about as finely.
    conditions : SolarConditions
    course : Course

    Returns
    -------
    CellMap

    Raises
    ------
    KnownError
        When there would be more than `MOST_CELLS` cells.
    """
    expected = np.maximum(scene.areas_m2[scene.sensors] / settings.cell_size_m**2, 1.0).sum()
    if expected > MOST_CELLS:
        raise KnownError(
            f"Cells of {settings.cell_size_m:g} m make about {expected / 1e6:,.1f} million on these surfaces; choose "
            f"cells of {settings.cell_size_m * np.sqrt(expected / MOST_CELLS):.0f} m or more."
        )
    parts = max(round(settings.ground_cell_m / settings.cell_size_m), 1)
    ready = prepare(scene, settings, course, parts)
    cells, elements = ready.cells, ready.elements
    light = crown_light(leaf_transmittances(scene, conditions))
    patches = sky_patches(PATCH_SUBDIVISION[settings.patches])
    sky = sky_trace(
        ready.rays, cells, elements, shares_of_cells(cells), rays_of_cells(cells, settings), patches, light,
        course.stage("Sky", 0.05, 0.4),
    )  # fmt: skip
    plan = sun_plan(site.latitude_deg, site.solar_offset_h, _base_days_only(settings))
    single = make_elements(scene, cells, settings.cell_size_m, parts)
    owned = owned_cells(cells, single)
    seen = element_visibility(
        ready.rays, owned, len(single), plan.nodes.direction, light, course.stage("Sun", 0.4, 0.85)
    )
    seen = seen[:, single.of_cell]
    sun = np.stack([_gathered(ready, season[:, plan.reflected_column].astype(np.float32)) for season in seen])
    first = FirstLight(_rows_of(ready, sky), elements.row, np.rint(sun).astype(np.uint8), plan.reflected.direction)
    receivers = Receivers(sky.sky, sky.view, np.ascontiguousarray(seen.swapaxes(1, 2)))
    season_of_month, seasons = solve_seasons(
        scene, conditions, receivers, first, settings.reflections, course.stage("Reflections", 0.85, 1.0)
    )
    operators = SolarOperators(
        engine_version=SOLAR_ENGINE_VERSION,
        latitude_deg=float(site.latitude_deg),
        solar_offset_h=float(site.solar_offset_h),
        patches=settings.patches,
        sun_days=tuple(plan.nodes.day.tolist()),
        reflected_days=tuple(plan.reflected.day.tolist()),
        areas_m2=(cells.weight * scene.areas_m2[cells.row]).astype(np.float32),
        normals=np.ascontiguousarray(cells.normal, np.float32),
        season_of_month=season_of_month,
        seasons=seasons,
    )
    at = np.where(single.at >= 0, _cell_of_element(single.of_cell, len(single))[np.maximum(single.at, 0)], -1)
    first_triangle = np.searchsorted(scene.triangle_row, np.arange(scene.surface_count, scene.row_count))
    ground = np.concatenate([scene.triangles_m[first_triangle], scene.triangles_m[first_triangle + 1, 2:]], axis=1)
    layout = CellLayout(
        single.frame, single.grid, single.start, at.astype(np.int32), scene.middle_m, scene.surface_count, ground
    )
    return CellMap(operators, layout, cells.row)


def _base_days_only(settings: SolarSettings) -> SolarSettings:
    return replace(settings, sun_days=settings.base_days)


def _cell_of_element(of_cell: Integers, count: int) -> Integers:
    cell = np.zeros(count, np.int32)
    cell[of_cell[::-1]] = np.arange(len(of_cell), dtype=np.int32)[::-1]
    return cell


def _gathered(ready: Prepared, by_cell: Floats) -> Floats:
    """Means over elements, (n_elements, columns), of what cells get."""
    elements = ready.elements
    place = elements.of_cell, np.arange(len(elements.of_cell))
    gather = csr_array((elements.cell_share, place), shape=(len(elements), len(elements.of_cell)))
    return np.asarray(gather @ by_cell, np.float32)


def _rows_of(ready: Prepared, sky: SkyTrace) -> SkyTrace:
    """What elements and rows see, from what their cells see."""
    cells, rows = ready.cells, ready.scene.row_count
    place = cells.row, np.arange(len(cells))
    to_rows = csr_array((cells.weight, place), shape=(rows, len(cells)))
    return SkyTrace(
        np.stack([_gathered(ready, season) for season in sky.sky]),
        tuple(csr_array(to_rows @ view) for view in sky.view),
    )
