"""Which tiles wear other colours than they should: a texture that is written is sent to the GPU anew."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.scene.mesh_actors import TileActors
from citytwin_desktop.scene.palette import ColourArray


class WrittenColours:
    """Remembers the colours that were written last."""

    def __init__(self) -> None:
        self._known: tuple[NDArray[np.uint32], bool, set[TileActors]] | None = None

    def forget(self) -> None:
        """Tiles wear something else, or surfaces have other numbers."""
        self._known = None

    def outdated(
        self, tiles: Sequence[TileActors], surfaces: Surfaces, rgba: ColourArray, data_colours: bool
    ) -> list[TileActors]:
        """Tiles in which any surface is to get another colour; they are written next.

        Parameters
        ----------
        tiles : sequence of TileActors
        surfaces : Surfaces
            Of the city.
        rgba : ndarray, (n_surfaces, 4) uint8
        data_colours : bool
            As `TileActors.write_surfaces` takes it.
        """
        words, known = rgba.view(np.uint32)[:, 0], self._known
        self._known = words, data_colours, set(tiles)
        if known is None or known[1] != data_colours or len(known[0]) != len(words):
            return list(tiles)
        changed = np.zeros(int(surfaces.building[-1]) + 1 if len(surfaces) else 0, bool)
        changed[surfaces.building[known[0] != words]] = True
        return [tile for tile in tiles if tile not in known[2] or changed[tile.mesh.rows].any()]
