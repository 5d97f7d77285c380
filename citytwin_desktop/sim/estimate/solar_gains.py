"""Hourly irradiance on the windows, walls and roofs of buildings, from the solar operators or unshaded."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.estimate.directions import DIRECTIONS, direction_normals
from citytwin_desktop.sim.estimate.shapes import BuildingShapes
from citytwin_desktop.sim.estimate.window_glass import angular_share, angular_table, diffuse_share
from citytwin_desktop.sim.solar.hours import HourSynthesis
from citytwin_desktop.sim.solar.operators import ByteMatrix, SolarOperators, SolarSeason
from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION
from citytwin_desktop.sim.solar.sky import sky_patches
from citytwin_desktop.sim.solar.sun_nodes import node_weights
from citytwin_desktop.sim.solar.year import SolarYear, solar_year

Floats = NDArray[np.float32]
FloatArray = NDArray[np.float64]
Integers = NDArray[np.int64]

_PATCHES = 145
_GROUND_REFLECTANCE = 0.2
_NO_GROUP = -1


@dataclass(frozen=True, eq=False)
class SolarGains:
    """Mean irradiance of each building.

    Parameters
    ----------
    window_w_m2 : ndarray, (n, hours) float32 [W/m2]
        On windows, weighted with how much passes at its angle; times area and g-value it is the gain.
    wall_w_m2, roof_w_m2 : ndarray, (n, hours) float32 [W/m2]
        On opaque walls and on roofs.
    shaded : ndarray, (n,) bool
        Whether neighbours were taken into account.
    """

    window_w_m2: Floats
    wall_w_m2: Floats
    roof_w_m2: Floats
    shaded: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.shaded)

    @classmethod
    def concatenate(cls, parts: Sequence["SolarGains"]) -> "SolarGains":
        """Buildings of several sets in order."""
        return cls(
            np.concatenate([part.window_w_m2 for part in parts]),
            np.concatenate([part.wall_w_m2 for part in parts]),
            np.concatenate([part.roof_w_m2 for part in parts]),
            np.concatenate([part.shaded for part in parts]),
        )

    def take(self, rows: Integers | list[int]) -> "SolarGains":
        """Some of the buildings."""
        return SolarGains(self.window_w_m2[rows], self.wall_w_m2[rows], self.roof_w_m2[rows], self.shaded[rows])


@dataclass(frozen=True, eq=False)
class SurfaceOwners:
    """Which surfaces of the solar run belong to which building of the estimate.

    Parameters
    ----------
    building : ndarray, (n_surfaces,) int64
        Place of the building, -1 for surfaces that are not asked for.
    kind : ndarray, (n_surfaces,) uint8
        Values of `SurfaceKind`; walls and roofs count.
    """

    building: Integers
    kind: NDArray[np.uint8]


def shaded_gains(
    operators: SolarOperators, weather: Weather, owners: SurfaceOwners, shapes: BuildingShapes
) -> SolarGains:
    """Irradiance from a solar run: weights of whole buildings first, hours after.

    A wall that a neighbour hides adds nothing, so the sum over all walls is what falls on the outdoor ones.
    A building that has no lit surface in the solar run gets the unshaded irradiance, and is marked.

    Parameters
    ----------
    operators : SolarOperators
        Of the surfaces of the city.
    weather : Weather
    owners : SurfaceOwners
    shapes : BuildingShapes

    Raises
    ------
    KnownError
        When the weather is of another place than the operators.
    BugError
        When owners and operators differ in their number of surfaces.
    """
    if len(owners.building) != len(operators):
        msg = f"{len(owners.building)} surfaces have owners, the solar run knows {len(operators)}"
        raise BugError(msg)
    count, synthesis = len(shapes), HourSynthesis(operators, weather)
    group = np.full(len(operators), _NO_GROUP, np.int64)
    chosen = owners.building >= 0
    for offset, kind in ((0, SurfaceKind.WALL), (count, SurfaceKind.ROOF)):
        mine = chosen & (owners.kind == kind)
        group[mine] = owners.building[mine] + offset
    used = np.flatnonzero(group != _NO_GROUP)
    rows = used[np.argsort(group[used], kind="stable")]
    plain, through = _group_irradiance(synthesis, rows, group[rows], 2 * count)
    areas = np.bincount(group[used], operators.areas_m2[used], minlength=2 * count)
    roofs: FloatArray = areas[count:].astype(np.float64)
    walls = shapes.wall_area_m2.sum(axis=1)
    lit = (plain[:count].any(axis=1) | (walls <= 0.0)) & (plain[count:].any(axis=1) | (roofs <= 0.0))
    gains = SolarGains(
        _per_area(through[:count], walls), _per_area(plain[:count], walls), _per_area(plain[count:], roofs), lit
    )
    return gains if lit.all() else _with_unshaded(gains, unshaded_gains(weather, shapes))


def unshaded_gains(weather: Weather, shapes: BuildingShapes) -> SolarGains:
    """Irradiance without any shading, by the directions of the walls; roofs are taken as flat.

    Parameters
    ----------
    weather : Weather
    shapes : BuildingShapes
    """
    patches = sky_patches(PATCH_SUBDIVISION[_PATCHES])
    year = solar_year(weather, patches)
    normals = np.vstack([direction_normals(), [[0.0, 0.0, 1.0]]])
    solid_angle = patches.projected_solid_angle_sr / np.maximum(patches.direction[:, 2], 1e-6)
    from_sky = np.maximum(normals @ patches.direction.T, 0.0) * solid_angle
    # A coarse sky does not sum to the half of it that a wall sees exactly.
    from_sky *= (np.pi / 2.0 * (1.0 + normals[:, 2]) / from_sky.sum(axis=1))[:, None]
    diffuse = from_sky @ year.radiance.T.astype(np.float64)
    diffuse += np.outer(np.pi / 2.0 * (1.0 - normals[:, 2]), year.ground_radiance(_GROUND_REFLECTANCE))
    cosine = np.maximum(normals @ year.path.direction.T, 0.0) * year.path.up
    beam = cosine * year.beam_w_m2
    plain, through = diffuse + beam, diffuse_share() * diffuse + angular_share(cosine) * beam
    areas = shapes.wall_area_m2
    shares = areas / np.maximum(areas.sum(axis=1, keepdims=True), 1e-9)
    roof = np.repeat(plain[DIRECTIONS:].astype(np.float32), len(shapes), axis=0)
    wall, window = ((shares @ values[:DIRECTIONS]).astype(np.float32) for values in (plain, through))
    return SolarGains(window, wall, roof, np.zeros(len(shapes), bool))


def _with_unshaded(shaded: SolarGains, unshaded: SolarGains) -> SolarGains:
    lit = shaded.shaded
    window, wall, roof = (
        np.where(lit[:, None], getattr(shaded, name), getattr(unshaded, name))
        for name in ("window_w_m2", "wall_w_m2", "roof_w_m2")
    )
    return SolarGains(window, wall, roof, lit)


def _per_area(watts: Floats, area_m2: FloatArray) -> Floats:
    return np.asarray(watts / np.maximum(area_m2, 1e-9)[:, None], np.float32) * (area_m2 > 0.0)[:, None]


def _group_irradiance(synthesis: HourSynthesis, rows: Integers, group: Integers, groups: int) -> tuple[Floats, Floats]:
    """Sum over the surfaces of each group of area times irradiance, plain and through glass, (groups, hours) [W]."""
    from citytwin_desktop.sim.estimate.beam_kernel import beam_of_groups

    operators, year = synthesis.operators, synthesis.year
    plain = np.zeros((groups, synthesis.weather.hours), np.float32)
    through = np.zeros_like(plain)
    columns, weights = node_weights(operators.suns, year.path)
    season_of_hour = np.array(operators.season_of_month)[synthesis.month]
    for number, season in enumerate(operators.seasons):
        mine = np.flatnonzero(season_of_hour == number)
        even = _diffuse_of_groups(operators, season, year, rows, group, groups, mine)
        plain[:, mine] += even
        through[:, mine] += np.float32(diffuse_share()) * even
        lit = mine[year.beam_w_m2[mine] > 0.0]
        beam_of_groups(
            rows, group, operators.normals, operators.areas_m2, season.sun_visibility, operators.suns.direction,
            lit, year.path.direction[lit].astype(np.float32), columns[lit], weights[lit], year.beam_w_m2[lit],
            angular_table(), plain, through,
        )  # fmt: skip
    return plain, through


def _diffuse_of_groups(
    operators: SolarOperators,
    season: SolarSeason,
    year: SolarYear,
    rows: Integers,
    group: Integers,
    groups: int,
    hours: Integers,
) -> Floats:
    """(groups, hours) float32 [W]: light of sky and ground, and all that was reflected."""
    areas = operators.areas_m2[rows]
    sky = np.zeros((groups, season.sky_direct.step.shape[1]), np.float32)
    for matrix in (season.sky_direct, season.sky_reflected):
        sky += _sum_rows(matrix, rows, group, groups, areas)
    radiance = np.vstack([year.radiance[hours].T, year.ground_radiance(season.ground_reflectance)[hours]])
    watts = sky @ radiance
    sun = _sum_rows(season.sun_reflected, rows, group, groups, areas)
    if sun.shape[1]:
        columns, weights = node_weights(operators.reflected_suns, year.path)
        beam = year.beam_w_m2[hours]
        for side in range(2):
            watts += sun[:, columns[hours, side]] * (weights[hours, side] * beam)
    return np.asarray(watts)


def _sum_rows(matrix: ByteMatrix, rows: Integers, group: Integers, groups: int, areas: Floats) -> Floats:
    """(groups, columns) float32: rows times their areas, summed by group; groups ascend."""
    total = np.zeros((groups, matrix.step.shape[1]), np.float32)
    if len(rows):
        values = matrix.step[rows] * (matrix.scale[rows] * areas)[:, None]
        different, first = np.unique(group, return_index=True)
        total[different] = np.add.reduceat(values, first, axis=0)
    return total
