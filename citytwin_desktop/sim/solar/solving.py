"""From what was traced to the operators: reflections, by season of leaves and of snow."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.sim.solar.operators import (
    COARSE_STEPS,
    FINE_STEPS,
    FULL_VISIBILITY,
    ByteMatrix,
    SolarSeason,
    byte_matrix,
)
from citytwin_desktop.sim.solar.reflections import reflected_part, weighted_by
from citytwin_desktop.sim.solar.scene import SolarScene
from citytwin_desktop.sim.solar.sky_trace import SkyTrace
from citytwin_desktop.sim.solar.threads import Watch
from citytwin_desktop.sim.solar.tracing import Floats, Integers

MONTHS = range(1, 13)
LEAF_ON, LEAF_OFF = 0, 1


@dataclass(frozen=True, eq=False)
class Receivers:
    """Who gets light: the surfaces of the city, or cells.

    Parameters
    ----------
    sky : ndarray, (seasons, n, patches + 1) float32
        Share of the hemisphere.
    view : tuple of csr_array, (n, elements) float32
        By season; empty for the surfaces, the first rows.
    sun_visibility : ndarray, (seasons, n_suns, n) uint8
    """

    sky: Floats
    view: tuple[Any, ...]
    sun_visibility: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class FirstLight:
    """Light that elements get straight from sky and sun, to be reflected.

    Parameters
    ----------
    sky : SkyTrace
        Of all elements, with the view of all rows.
    row_of_element : ndarray, (n_elements,) int32
    sun : ndarray, (seasons, n_elements, n_reflected) uint8
        Visibility of the suns whose reflections are solved.
    direction : ndarray, (n_reflected, 3) float32
    """

    sky: SkyTrace
    row_of_element: Integers
    sun: NDArray[np.uint8]
    direction: Floats


def leaf_transmittances(scene: SolarScene, conditions: SolarConditions) -> tuple[float, ...]:
    """Transmittance of one crown with leaves and without, or of nothing where there are no crowns."""
    if not len(scene.crowns_m):
        return (1.0,)
    return conditions.crown_transmittance_leaf_on, conditions.crown_transmittance_leaf_off


def months_by_season(conditions: SolarConditions, leaf_seasons: int) -> list[tuple[int, bool]]:
    """Season of leaves and whether there is snow, by month.

    Parameters
    ----------
    conditions : SolarConditions
    leaf_seasons : int
        1 where there are no crowns.

    Returns
    -------
    list of tuple
        Twelve.
    """
    bare = [leaf_seasons > 1 and month not in conditions.leaf_on_months for month in MONTHS]
    return [
        (LEAF_OFF if without else LEAF_ON, month in conditions.snow_months)
        for month, without in zip(MONTHS, bare, strict=True)
    ]


def solve_seasons(
    scene: SolarScene,
    conditions: SolarConditions,
    receivers: Receivers,
    light: FirstLight,
    reflections: int,
    watch: Watch,
) -> tuple[tuple[int, ...], tuple[SolarSeason, ...]]:
    """Solve the reflections of every season that the year has.

    Parameters
    ----------
    scene : SolarScene
    conditions : SolarConditions
    receivers : Receivers
    light : FirstLight
    reflections : int
    watch : Watch

    Returns
    -------
    season_of_month : tuple of int
    seasons : tuple of SolarSeason
    """
    by_month = months_by_season(conditions, len(receivers.sky))
    kinds = list(dict.fromkeys(by_month))
    direct = {leaf: _sky_matrix(receivers.sky[leaf]) for leaf in {kind[0] for kind in kinds}}
    # One array for each, not a new view every time, so that seasons that share it are stored with it once.
    visible = {leaf: receivers.sun_visibility[leaf] for leaf in direct}
    seasons = []
    for leaf, snow in kinds:
        ground = conditions.snow_reflectance if snow else conditions.ground_reflectance
        reflectance = scene.reflectance.copy()
        reflectance[scene.surface_count :] = ground
        sky, sun = _solved(
            scene, receivers.view[leaf] if receivers.view else None, light, leaf, reflectance, reflections, watch
        )
        seasons.append(SolarSeason(float(ground), direct[leaf], sky, visible[leaf], sun))
    return tuple(kinds.index(kind) for kind in by_month), tuple(seasons)


def _sky_matrix(share: Floats) -> ByteMatrix:
    return byte_matrix(np.float32(np.pi) * share, FINE_STEPS, keep_sums=True)


def _solved(
    scene: SolarScene,
    view: Any,
    light: FirstLight,
    leaf: int,
    reflectance: NDArray[np.float32],
    reflections: int,
    watch: Watch,
) -> tuple[ByteMatrix, ByteMatrix]:
    """Reflected sky and reflected sun, in one sweep over the columns of both."""
    sky, seen = light.sky.sky[leaf], light.sun[leaf]
    columns = sky.shape[1]
    normals = scene.normals.astype(np.float32)[light.row_of_element]

    def first(piece: slice) -> Floats:
        patch = sky[:, piece.start : min(piece.stop, columns)]
        sun = slice(max(piece.start - columns, 0), max(piece.stop - columns, 0))
        cosine = np.maximum(normals @ light.direction[sun].T, 0.0) / np.float32(FULL_VISIBILITY)
        return np.concatenate([patch, seen[:, sun] * cosine], axis=1) if patch.shape[1] else seen[:, sun] * cosine

    of_element = reflectance[light.row_of_element]
    to_rows = weighted_by(light.sky.view[leaf], of_element)
    to_receivers = to_rows if view is None else weighted_by(view, of_element)
    total = columns + seen.shape[1]
    answer = reflected_part(to_rows, to_receivers, light.row_of_element, first, total, reflections, watch)
    if view is None:
        answer = answer[scene.twin]
    sky_reflected = byte_matrix(np.float32(np.pi) * answer[:, :columns], COARSE_STEPS, keep_sums=True)
    return sky_reflected, byte_matrix(answer[:, columns:], COARSE_STEPS, keep_sums=False)
