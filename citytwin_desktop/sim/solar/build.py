"""From a scene to its operators: the expensive, weather-free part of the solar engine."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.sim.solar.cells import Cells, make_cells
from citytwin_desktop.sim.solar.elements import Elements, make_elements
from citytwin_desktop.sim.solar.operators import SolarOperators
from citytwin_desktop.sim.solar.orientation import inward_rows, turn_rows
from citytwin_desktop.sim.solar.place import Site
from citytwin_desktop.sim.solar.scene import SolarScene
from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION, SOLAR_ENGINE_VERSION, SolarSettings
from citytwin_desktop.sim.solar.sky import sky_patches
from citytwin_desktop.sim.solar.sky_trace import SkyTrace, rays_of_cells, shares_of_rows, sky_trace
from citytwin_desktop.sim.solar.solving import FirstLight, Receivers, leaf_transmittances, solve_seasons
from citytwin_desktop.sim.solar.sun_nodes import SunPlan, sun_plan
from citytwin_desktop.sim.solar.sun_trace import crown_light, element_visibility, owned_cells, yearly_visibility
from citytwin_desktop.sim.solar.threads import Watch
from citytwin_desktop.sim.solar.tracing import Floats, Tracer, tracer

Progress = Callable[[float, str], None]
Cancelled = Callable[[], bool]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Course:
    """How a long computation is followed.

    Parameters
    ----------
    report : callable
        Called with a share between 0 and 1 and what is being done.
    cancelled : callable, optional
        Asked often; the run stops soon after it says yes.
    threads : int, optional
        One for each core that this process may use by default.
    """

    report: Progress = lambda _share, _what: None
    cancelled: Cancelled | None = None
    threads: int | None = None

    def stage(self, what: str, begin: float, end: float) -> Watch:
        """Watch of one stage, from one share of the whole to another."""
        return Watch(lambda share: self.report(begin + (end - begin) * share, what), self.cancelled, self.threads)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A scene ready for rays: all rows face outwards.

    Parameters
    ----------
    scene : SolarScene
    rays : Tracer
    cells : Cells
    elements : Elements
    """

    scene: SolarScene
    rays: Tracer
    cells: Cells
    elements: Elements

    @property
    def surface_cells(self) -> int:
        """Number of cells on the city's surfaces; those on the ground come after."""
        return int(np.searchsorted(self.cells.row, self.scene.surface_count))

    def of_surfaces(self, by_element: Floats) -> Floats:
        """Means over the surfaces, (seasons, surface_count, columns), of what elements get."""
        cells, elements = self.cells, self.elements
        share = np.bincount(elements.of_cell, cells.weight, minlength=len(elements)).astype(np.float32)
        own = elements.row < self.scene.surface_count
        place = elements.row[own], np.flatnonzero(own)
        gather = csr_array((share[own], place), shape=(self.scene.surface_count, len(elements)))
        return np.stack([gather @ season for season in by_element])


@dataclass(frozen=True, eq=False)
class SunTrace:
    """Sunlight of the rows.

    Parameters
    ----------
    plan : SunPlan
    surfaces : ndarray, (seasons, n_suns, surface_count) uint8
    reflected : ndarray, (seasons, n_elements, n_reflected) uint8
    """

    plan: SunPlan
    surfaces: Bytes
    reflected: Bytes


def prepare(
    scene: SolarScene,
    settings: SolarSettings,
    course: Course = Course(),
    ground_parts: int = 1,
) -> Prepared:
    """Make the ray tree and the cells, and turn single surfaces that face inwards.

    Parameters
    ----------
    scene : SolarScene
    settings : SolarSettings
    course : Course
    ground_parts : int
        How many cells a side of each square of ground is divided into.

    Raises
    ------
    KnownError
        When the ray tracing library is missing.
    """
    rays = tracer(scene)
    cells = make_cells(scene, rays, settings.cell_size_m, ground_parts, course.stage("Cells", 0.0, 0.05))
    inward = inward_rows(scene, rays, cells)
    if len(inward):
        scene, rays, cells = turn_rows(scene, rays, cells, inward)
    return Prepared(scene, rays, cells, make_elements(scene, cells, settings.element_m))


def trace_sky(ready: Prepared, settings: SolarSettings, conditions: SolarConditions, watch: Watch) -> SkyTrace:
    """Trace the diffuse view of all rows."""
    patches = sky_patches(PATCH_SUBDIVISION[settings.patches])
    light = crown_light(leaf_transmittances(ready.scene, conditions))
    strata = rays_of_cells(ready.cells, settings)
    shares = shares_of_rows(ready.cells, ready.elements)
    return sky_trace(ready.rays, ready.cells, ready.elements, shares, strata, patches, light, watch)


def trace_sun(
    ready: Prepared, plan: SunPlan, conditions: SolarConditions, course: Course, begin: float, end: float
) -> SunTrace:
    """Trace the sun of all rows, from one share of the whole run to another."""
    scene, rays, cells, elements = ready.scene, ready.rays, ready.cells, ready.elements
    light = crown_light(leaf_transmittances(scene, conditions))
    owned, count = owned_cells(cells, elements), len(elements)
    city, ground = owned.take(slice(0, ready.surface_cells)), owned.take(slice(ready.surface_cells, None))
    watch = course.stage("Sun", begin, begin + 0.9 * (end - begin))
    visible, reflected = yearly_visibility(rays, city, scene.surface_count, count, plan, light, watch)
    watch = course.stage("Sun", begin + 0.9 * (end - begin), end)
    reflected += element_visibility(rays, ground, count, plan.reflected.direction, light, watch)
    return SunTrace(plan, visible, reflected)


def solve(
    ready: Prepared,
    site: Site,
    settings: SolarSettings,
    conditions: SolarConditions,
    sky: SkyTrace,
    sun: SunTrace,
    watch: Watch,
) -> SolarOperators:
    """Solve the reflections of what was traced."""
    scene = ready.scene
    count = scene.surface_count
    receivers = Receivers(ready.of_surfaces(sky.sky)[:, scene.twin], (), _of_twins(sun.surfaces, scene.twin))
    light = FirstLight(sky, ready.elements.row, sun.reflected, sun.plan.reflected.direction)
    season_of_month, seasons = solve_seasons(scene, conditions, receivers, light, settings.reflections, watch)
    return SolarOperators(
        engine_version=SOLAR_ENGINE_VERSION,
        latitude_deg=float(site.latitude_deg),
        solar_offset_h=float(site.solar_offset_h),
        patches=settings.patches,
        sun_days=tuple(sun.plan.nodes.day.tolist()),
        reflected_days=tuple(sun.plan.reflected.day.tolist()),
        areas_m2=scene.areas_m2[:count].astype(np.float32),
        normals=scene.normals[:count].astype(np.float32),
        season_of_month=season_of_month,
        seasons=seasons,
    )


def _of_twins(visible: Bytes, twin: NDArray[np.int64]) -> Bytes:
    """Give surfaces on surfaces what the first of them has."""
    alone = np.array_equal(twin, np.arange(len(twin)))
    return visible if alone else np.ascontiguousarray(visible[:, :, twin])


def build_operators(
    scene: SolarScene,
    site: Site,
    settings: SolarSettings,
    conditions: SolarConditions | None = None,
    course: Course = Course(),
    first_map: Callable[[SolarOperators], None] | None = None,
) -> SolarOperators:
    """Trace a scene and solve its reflections.

    Parameters
    ----------
    scene : SolarScene
    site : Site
        Of the weather, for its sun is the one that will shine.
    settings : SolarSettings
        Those that the scene was made with.
    conditions : SolarConditions, optional
        The usual ones by default.
    course : Course
    first_map : callable, optional
        Given the operators of the first map, before the exact hours are traced.

    Returns
    -------
    SolarOperators

    Raises
    ------
    KnownError
        When the ray tracing library is missing.
    CancelledError
        When the course says so.
    """
    conditions = conditions or SolarConditions()
    ready = prepare(scene, settings, course)
    sky, sun = trace_rows(ready, site, settings, conditions, course, first_map)
    return solve(ready, site, settings, conditions, sky, sun, course.stage("Reflections", 0.9, 1.0))


def trace_rows(
    ready: Prepared,
    site: Site,
    settings: SolarSettings,
    conditions: SolarConditions,
    course: Course,
    first_map: Callable[[SolarOperators], None] | None = None,
    sky: SkyTrace | None = None,
) -> tuple[SkyTrace, SunTrace]:
    """Trace sky and sun of all rows.

    Parameters
    ----------
    ready : Prepared
    site : Site
    settings : SolarSettings
    conditions : SolarConditions
    course : Course
    first_map : callable, optional
        Given the operators of the first map, before the exact hours are traced.
    sky : SkyTrace, optional
        When it is known already.
    """
    if sky is None:
        sky = trace_sky(ready, settings, conditions, course.stage("Sky", 0.05, 0.3))
    if first_map is not None:
        quick = sun_plan(site.latitude_deg, site.solar_offset_h, settings.first_map())
        sun = trace_sun(ready, quick, conditions, course, 0.3, 0.45)
        first_map(solve(ready, site, settings, conditions, sky, sun, course.stage("Reflections", 0.45, 0.5)))
    plan = sun_plan(site.latitude_deg, site.solar_offset_h, settings)
    return sky, trace_sun(ready, plan, conditions, course, 0.3 if first_map is None else 0.5, 0.9)
