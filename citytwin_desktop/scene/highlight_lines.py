"""Edges of a few buildings drawn in a colour: the selection, and what the pointer is over."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.scene.depth_bias import line_actor
from citytwin_desktop.scene.mesh_actors import TileActors
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points


class HighlightLines:
    """One bundle of unlit lines.

    Parameters
    ----------
    colour : tuple of int
    width : float [pixels]
    """

    def __init__(self, colour: tuple[int, int, int], width: float) -> None:
        self.actor, self._data = line_actor(colour, width)

    def show(self, tiles: Sequence[TileActors], mask: NDArray[np.bool_]) -> None:
        """Draw the edges of other buildings.

        Parameters
        ----------
        tiles : sequence of TileActors
        mask : ndarray, (n_buildings,) bool
        """
        points, edges, first = [np.zeros((0, 3), np.float32)], [np.zeros((0, 2), np.int64)], 0
        for tile in tiles if mask.any() else ():
            wanted = mask[tile.mesh.rows]
            if not wanted.any():
                continue
            mine = tile.mesh.edges[wanted[tile.mesh.features.place]]
            points.append(tile.mesh.points[mine.ravel()])
            edges.append(np.arange(first, first + mine.size).reshape(-1, 2))
            first += mine.size
        self._data.SetPoints(as_points(np.concatenate(points)))
        self._data.SetLines(as_cells(np.concatenate(edges)))
        self.actor.SetVisibility(first > 0)
