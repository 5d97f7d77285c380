"""Lines about what is selected; of very many buildings only where they are near enough for edges."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.scene.highlight_lines import HighlightLines
from citytwin_desktop.scene.mesh_actors import TileActors

MOST_OUTLINED = 2000
"""Beyond, outlines of houses that are a few pixels wide would cost more than the whole city."""


class SelectionOutlines(HighlightLines):
    """As `HighlightLines`, for any number of buildings."""

    _near: list[TileActors] | None = None

    def show(self, tiles: Sequence[TileActors], mask: NDArray[np.bool_]) -> None:
        """Draw the edges of other buildings; those of a crowd in tiles that show theirs."""
        self._near = _with_edges(tiles) if np.count_nonzero(mask) > MOST_OUTLINED else None
        super().show(tiles if self._near is None else self._near, mask)

    def follow_edges(self, tiles: Sequence[TileActors], mask: NDArray[np.bool_]) -> None:
        """Other tiles may show their edges now, for the camera moved."""
        if self._near is not None and self._near != _with_edges(tiles):
            self.show(tiles, mask)


def _with_edges(tiles: Sequence[TileActors]) -> list[TileActors]:
    return [tile for tile in tiles if tile.edges.actor.GetVisibility()]
