"""Crowns of trees: how many of them a ray passes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.ray_tree import ray_tree

Floats = NDArray[np.float32]

MOST_CROSSINGS = 8
"""After so many crowns nothing is left to speak of; rays are followed no further."""

_FAR_M = 1e30


@dataclass(frozen=True, eq=False)
class Crowns:
    """Crowns as a ray tree of their own.

    Parameters
    ----------
    tree : object
        Scene of embreex, or None without any crown.
    step_m : float [m]
        How far behind a hit the search goes on.
    """

    tree: Any
    step_m: float

    def __bool__(self) -> bool:
        return self.tree is not None

    def crossings(self, origins: Floats, directions: Floats, limit_m: Floats | None = None) -> NDArray[np.int8]:
        """Count the crowns that rays pass.

        A ray that enters and leaves has crossed one; so has one that begins or ends inside. The direction of the
        faces does not matter.

        Parameters
        ----------
        origins, directions : ndarray, (k, 3) float32 [m]
        limit_m : ndarray, (k,) float32 [m], optional
            How far the rays go; without end by default.

        Returns
        -------
        ndarray, (k,) int8
            At most `MOST_CROSSINGS`.
        """
        faces = np.zeros(len(origins), np.int8)
        if self.tree is None or not len(origins):
            return faces
        left = np.full(len(origins), _FAR_M, np.float32) if limit_m is None else limit_m.astype(np.float32)
        going, start = np.arange(len(origins)), origins
        for _ in range(2 * MOST_CROSSINGS):
            towards = directions[going]
            # A copy, for the library writes the distances it finds over those it is given.
            found = self.tree.run(start, towards, left.copy(), query="INTERSECT", output=1)
            hit = np.asarray(found["primID"]) >= 0
            if not hit.any():
                break
            going, way = going[hit], np.asarray(found["tfar"], np.float32)[hit] + np.float32(self.step_m)
            faces[going] += 1
            start, left = start[hit] + way[:, None] * towards[hit], left[hit] - way
        return np.asarray((faces + 1) // 2, np.int8)


def crowns_of(crowns_m: Floats, step_m: float) -> Crowns:
    """Build the tree of crowns.

    Parameters
    ----------
    crowns_m : ndarray, (c, 3, 3) float32 [m]
    step_m : float [m]

    Returns
    -------
    Crowns
    """
    return Crowns(ray_tree(np.ascontiguousarray(crowns_m)) if len(crowns_m) else None, step_m)
