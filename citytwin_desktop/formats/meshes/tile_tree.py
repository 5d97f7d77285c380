"""A quadtree over buildings: halves of equal count east-west, then north-south, down to a thousand or so."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, IntArray

BUILDINGS_PER_TILE = 1_000


@dataclass(frozen=True, eq=False)
class Tile:
    """A node of the tree.

    Parameters
    ----------
    name : str
        ``0`` for the root, a digit more for each level.
    members : ndarray, (k,) int64
        Places of the buildings below the node; ascending.
    children : tuple of Tile
        Empty for a leaf, which carries the buildings.
    """

    name: str
    members: IntArray
    children: tuple["Tile", ...] = ()

    def leaves(self) -> Iterator["Tile"]:
        """Nodes that carry buildings."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def tile_tree(centres: FloatArray, most: int = BUILDINGS_PER_TILE) -> Tile:
    """Tree over points.

    Split by rank and not by place, so that points in one spot, or far outside all others, cannot deepen it.

    Parameters
    ----------
    centres : ndarray, (n, 2) float64 [m]
    most : int
        Points in a leaf.
    """
    return _node("0", np.arange(len(centres)), centres, most)


def _node(name: str, members: IntArray, centres: FloatArray, most: int) -> Tile:
    if len(members) <= most:
        return Tile(name, members)
    halves = _halves(members, centres[:, 0])
    quarters = [
        part for half in halves for part in (_halves(half, centres[:, 1]) if len(members) > 2 * most else (half,))
    ]
    children = tuple(_node(f"{name}{place}", part, centres, most) for place, part in enumerate(quarters))
    return Tile(name, members, children)


def _halves(members: IntArray, values: FloatArray) -> tuple[IntArray, IntArray]:
    """Lower and upper half by value."""
    order = members[np.argsort(values[members], kind="stable")]
    middle = len(order) // 2
    return np.sort(order[:middle]), np.sort(order[middle:])
