"""Edges near shapes, against what a tree over all of them finds."""

import numpy as np
import shapely

from citytwin_desktop.city import near_edges as module


def test_tiles_find_what_one_tree_finds(monkeypatch):
    monkeypatch.setattr(module, "EDGES_OF_A_TILE", 50)
    random = np.random.default_rng(1)
    start = random.uniform(0.0, 300.0, (900, 2))
    end = start + random.uniform(-20.0, 20.0, (900, 2))
    boxes = random.uniform(0.0, 300.0, (40, 2))
    shapes = shapely.box(boxes[:, 0], boxes[:, 1], boxes[:, 0] + 12.0, boxes[:, 1] + 8.0)
    found = module.near_edges(start, end, shapely.bounds(shapes), lambda near: shapes[near], 15.0)
    lines = module.lines_between(start, end)
    wanted = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=15.0)
    order = np.lexsort((wanted[1], wanted[0]))
    assert len(found[0]) > 100
    np.testing.assert_array_equal(np.stack(found), wanted[:, order])
    monkeypatch.setattr(module, "PAIRS_AT_ONCE", 30)
    apart = module.distances_m(shapes, found[0], start, end, found[1])
    np.testing.assert_array_equal(apart, shapely.distance(shapes[found[0]], lines[found[1]]))


def test_tiles_part_every_point_once_even_where_many_coincide():
    points = np.vstack([np.zeros((300, 2)), np.random.default_rng(2).uniform(0.0, 9.0, (200, 2))])
    parts = list(module.tiles(points, 64))
    assert max(len(part) for part in parts) <= 64
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(500))
