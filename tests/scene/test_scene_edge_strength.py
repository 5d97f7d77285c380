from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.edge_strength import (
    FAINT,
    FAINT_M,
    FEET_FULL_M,
    FEET_GONE_M,
    FULL_M,
    GONE_M,
    edge_strengths,
    foot_shares,
)
from citytwin_desktop.scene.vtk_arrays import colour_view


def test_edges_fade_with_the_size_of_a_pixel() -> None:
    sizes = np.array([0.01, FULL_M, FAINT_M, (FAINT_M + GONE_M) / 2, GONE_M, 50.0])
    assert edge_strengths(sizes) == pytest.approx([1.0, 1.0, FAINT, FAINT / 2, 0.0, 0.0])
    every = edge_strengths(np.linspace(0.001, 5.0, 2000))
    assert (np.diff(every) <= 1e-12).all()
    assert np.abs(np.diff(every)).max() < 0.02


def test_feet_fade_before_other_edges() -> None:
    sizes = np.array([0.01, FEET_FULL_M, (FEET_FULL_M + FEET_GONE_M) / 2, FEET_GONE_M, 50.0])
    assert foot_shares(sizes) == pytest.approx([1.0, 1.0, 0.5, 0.0, 0.0])


def test_lines_are_made_with_the_first_frame_that_shows_them(plotter: Any, boxes: CityModel) -> None:
    scene = CityScene(plotter)
    scene.set_city(boxes)
    near = scene.home_camera(1.6)
    scene.set_camera(replace(near, distance_m=50_000.0))
    scene.hide([0])
    plotter.ren_win.Render()
    (tile,) = scene.tiles
    assert not tile.mesh.features.found
    assert tile.edges.data.GetNumberOfLines() == 0
    scene.set_camera(near)
    assert not tile.mesh.features.found
    plotter.ren_win.Render()
    hidden = tile.mesh.edge_building[: tile.mesh.features.first_foot] == 0
    assert tile.edges.data.GetNumberOfLines() == len(hidden) == 9 * 8
    # What was hidden before there were any lines has none now.
    alpha = colour_view(tile.edges.data.GetCellData().GetScalars())[:, 3]
    assert (alpha[hidden] == 0).all()
    assert (alpha[~hidden] > 0).all()
