"""From a city to a tileset of 3D Tiles 1.1 (OGC 22-025r4): glTF contents in a quadtree on the globe."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

import numpy as np
import orjson

from citytwin_desktop import __version__
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.formats.meshes.earth_frame import framed_city
from citytwin_desktop.formats.meshes.glb import Columns, glb_bytes, rows_of
from citytwin_desktop.formats.meshes.painting import Painting
from citytwin_desktop.formats.meshes.tile_tree import BUILDINGS_PER_TILE, Tile, tile_tree
from citytwin_desktop.formats.meshes.triangle_mesh import TriangleMesh, require_surfaces

TILESET = "tileset.json"
_ERROR_SHARE = 0.5
"""Geometric error of a tile without content by the diagonal of its box: at 16 pixels it shows 30 diagonals away."""
_LEAST_HALF_M = 0.01
_HEIGHTS = "as in the project, above its own vertical datum; shift the tileset where the globe's terrain differs"


def tileset_files(
    city: CityModel, painting: Painting, columns: Columns, notes: Mapping[str, Any], most: int = BUILDINGS_PER_TILE
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a tileset one by one, ``tileset.json`` last.

    Parameters
    ----------
    city : CityModel
    painting : Painting
    columns : mapping of str to sequence
        Values of all rows of the building table.
    notes : mapping
        About the project and the results, JSON; they stand in ``asset.extras``.
    most : int
        Buildings in a tile.

    Yields
    ------
    tuple of str and bytes
        Path with forward slashes, and content.

    Raises
    ------
    KnownError
        When the city is empty or has no place on the globe.
    """
    require_surfaces(city)
    frame, corners = framed_city(city)
    polygons = Polygons(corners, city.surfaces.polygons.ring_start, city.surfaces.polygons.polygon_start)
    rows = city.rows_with_geometry
    low, high = replace(city, surfaces=replace(city.surfaces, polygons=polygons)).bounds_m
    low, high = low[rows], high[rows]
    tree = tile_tree((low + high)[:, :2] / 2.0, most)
    written = set()
    for leaf, surfaces in _surfaces_of_leaves(tree, rows, city.surfaces.building):
        centre = (low[leaf.members].min(axis=0) + high[leaf.members].max(axis=0)) / 2.0
        mine = rows[leaf.members]
        feature = np.searchsorted(mine, city.surfaces.building[surfaces])
        mesh = TriangleMesh.of_polygons(polygons.take(surfaces).moved(-centre), painting.colours[surfaces], feature)
        if len(mesh):
            written.add(leaf.name)
            values = rows_of(columns, mine)
            yield _content(leaf), glb_bytes(mesh, values, len(mine), {"tile": leaf.name}, translation=centre)
    extras = {"epsg": city.epsg, "heights": _HEIGHTS, **notes}
    extras |= {"legend": painting.legend} if painting.legend else {}
    root = _described(tree, low, high, written)
    root |= {"transform": frame.transform(), "refine": "ADD"}
    yield (
        TILESET,
        orjson.dumps({
            "asset": {"version": "1.1", "generator": f"CityTwin Desktop {__version__}", "extras": extras},
            "geometricError": max(root["geometricError"], _diagonal_m(low, high)),
            "root": root,
        }),
    )  # fmt: skip


def _surfaces_of_leaves(tree: Tile, rows: IntArray, building: IntArray) -> Iterator[tuple[Tile, IntArray]]:
    """Yield each leaf with the numbers of its surfaces, ascending."""
    leaves = list(tree.leaves())
    leaf_of_row = np.zeros(int(rows[-1]) + 1, np.int64)
    for place, leaf in enumerate(leaves):
        leaf_of_row[rows[leaf.members]] = place
    owner = leaf_of_row[building]
    order = np.argsort(owner, kind="stable")
    ends = np.searchsorted(owner[order], np.arange(len(leaves) + 1))
    for place, leaf in enumerate(leaves):
        yield leaf, order[ends[place] : ends[place + 1]]


def _content(leaf: Tile) -> str:
    return f"tiles/{leaf.name}.glb"


def _diagonal_m(low: FloatArray, high: FloatArray) -> float:
    return float(np.linalg.norm(high.max(axis=0) - low.min(axis=0)))


def _described(tile: Tile, low: FloatArray, high: FloatArray, written: AbstractSet[str]) -> dict[str, Any]:
    """A tile and all below it as JSON; boxes stand in the frame of the root."""
    mine_low, mine_high = low[tile.members].min(axis=0), high[tile.members].max(axis=0)
    half = np.maximum((mine_high - mine_low) / 2.0, _LEAST_HALF_M)
    box = [*((mine_low + mine_high) / 2.0).tolist(), *np.diag(half).reshape(-1).tolist()]
    described: dict[str, Any] = {"boundingVolume": {"box": box}, "geometricError": 0.0}
    if tile.children:
        described["geometricError"] = _ERROR_SHARE * _diagonal_m(low[tile.members], high[tile.members])
        described["children"] = [_described(child, low, high, written) for child in tile.children]
    elif tile.name in written:
        described["content"] = {"uri": _content(tile)}
    return described
