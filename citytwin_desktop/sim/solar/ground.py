"""Square cells of ground around the buildings."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from citytwin_desktop.sim.solar.terrain import height_on_triangles_m

FloatArray = NDArray[np.float64]

GROUND_SINK_M = 0.02
"""The ground lies this much under the floors, so that no ray has to decide between two coplanar faces."""

_MOST_GRID_CELLS = 1_000_000
_NEIGHBOURS = 6
_REACH_M = 50.0
_STEP_M, _SLOPE = 2.0, 0.5


def ground_under(
    corners_m: NDArray[np.float32], base_points_m: FloatArray, terrain_m: FloatArray, cell_m: float, margin_m: float
) -> tuple[FloatArray, FloatArray]:
    """Lay ground cells under and around the buildings, on the terrain where the city has one.

    A city so wide that the grid would pass a million places gets larger cells.

    Parameters
    ----------
    corners_m : ndarray, (t, 3, 3) float32 [m]
        Triangles of the buildings.
    base_points_m : ndarray, (k, 3) float64 [m]
        Where buildings stand on the ground; between them the height is interpolated by distance.
    terrain_m : ndarray, (s, 3, 3) float64 [m]
        Triangles of the terrain, none when the city has no terrain.
    cell_m, margin_m : float [m]

    Returns
    -------
    cells : ndarray, (cells, 4, 3) float64 [m]
        Wound upwards.
    beyond : ndarray, (b, 3, 3) float64 [m]
        Triangles of the terrain beyond the cells.
    """
    if not len(corners_m):
        return np.zeros((0, 4, 3)), terrain_m
    low = corners_m[..., :2].min(axis=(0, 1)).astype(np.float64) - margin_m - cell_m
    high = corners_m[..., :2].max(axis=(0, 1)).astype(np.float64) + margin_m + cell_m
    cell_m = max(cell_m, float(np.sqrt(np.prod(high - low) / _MOST_GRID_CELLS)))
    # In whole steps: a building that is added at the edge must not move all other cells.
    low = np.floor(low / cell_m) * cell_m
    count = np.ceil((high - low) / cell_m).astype(np.int64)
    near = distance_transform_edt(~_built_places(corners_m, low, cell_m, count)) * cell_m <= margin_m
    column, row = np.nonzero(near)
    x, y = low[0] + cell_m * np.arange(count[0] + 1), low[1] + cell_m * np.arange(count[1] + 1)
    around_column = column[:, None] + np.array([0, 1, 1, 0])
    around_row = row[:, None] + np.array([0, 0, 1, 1])
    used, place = np.unique(around_column * (count[1] + 1) + around_row, return_inverse=True)
    flat = np.stack([x[used // (count[1] + 1)], y[used % (count[1] + 1)]], axis=1)
    height = _height_m(flat, base_points_m)
    if len(terrain_m):
        on_terrain = height_on_triangles_m(flat, terrain_m)
        height = np.where(np.isnan(on_terrain), height, on_terrain)
    points = np.column_stack([flat, height - GROUND_SINK_M])
    return points[place.reshape(-1, 4)], _beyond(terrain_m, near, low, cell_m)


def _beyond(terrain_m: FloatArray, near: NDArray[np.bool_], low: FloatArray, cell_m: float) -> FloatArray:
    """Terrain whose middle does not lie on the cells."""
    place = np.floor((terrain_m[..., :2].mean(axis=1) - low) / cell_m).astype(np.int64)
    within = ((place >= 0) & (place < near.shape)).all(axis=1)
    on_cells = np.zeros(len(terrain_m), bool)
    on_cells[within] = near[place[within, 0], place[within, 1]]
    return terrain_m[~on_cells]


def _built_places(
    corners_m: NDArray[np.float32], low: FloatArray, cell_m: float, count: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Grid places within the bounding box of any triangle."""
    first = ((corners_m[..., :2].min(axis=1) - low) / cell_m).astype(np.int64)
    last = ((corners_m[..., :2].max(axis=1) - low) / cell_m).astype(np.int64) + 1
    steps = np.zeros(count + 1, np.int64)
    np.add.at(steps, (first[:, 0], first[:, 1]), 1)
    np.add.at(steps, (last[:, 0], last[:, 1]), 1)
    np.add.at(steps, (first[:, 0], last[:, 1]), -1)
    np.add.at(steps, (last[:, 0], first[:, 1]), -1)
    return np.asarray(steps.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)


def _on_the_ground(base_points_m: FloatArray) -> FloatArray:
    """Leave out bases that stand on other buildings: too steeply above another base close by."""
    places = np.floor(base_points_m[:, :2] / 10.0).astype(np.int64)
    order = np.lexsort((base_points_m[:, 2], places[:, 1], places[:, 0]))
    first = np.any(np.diff(places[order], axis=0, prepend=places[order][:1] - 1) != 0, axis=1)
    lowest = base_points_m[order[first]]
    one, other = cKDTree(lowest[:, :2]).query_pairs(_REACH_M, output_type="ndarray").reshape(-1, 2).T
    allowed = _STEP_M + _SLOPE * np.linalg.norm(lowest[one, :2] - lowest[other, :2], axis=1)
    rise = lowest[one, 2] - lowest[other, 2]
    raised = np.zeros(len(lowest), bool)
    raised[one[rise > allowed]] = True
    raised[other[-rise > allowed]] = True
    return np.asarray(lowest[~raised])


def _height_m(places: FloatArray, base_points_m: FloatArray) -> FloatArray:
    """Height of the ground, weighted with the inverse square of the distance to the nearest bases."""
    height = base_points_m[:, 2]
    if np.ptp(height) == 0.0:
        return np.full(len(places), height[0])
    base_points_m = _on_the_ground(base_points_m)
    height = base_points_m[:, 2]
    distance, nearest = cKDTree(base_points_m[:, :2]).query(places, k=min(_NEIGHBOURS, len(height)))
    weight = 1.0 / np.maximum(distance, 0.1) ** 2
    return np.asarray((weight * height[nearest]).sum(axis=1) / weight.sum(axis=1))
