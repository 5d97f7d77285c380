"""Faces that nobody sees are left out: which buildings are closed, and that pictures stay as they were."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.point_hash import point_hash
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.scene import closed_buildings
from citytwin_desktop.scene.appearance import SurfaceLook
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.closed_buildings import closed_rows, leave_out_far_sides
from citytwin_desktop.scene.section_plane import CutPlane
from citytwin_desktop.scene.section_view import SectionView
from citytwin_desktop.scene.surface_shaders import see_from

FACES = [(0, 3, 2, 1), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7)]
KINDS = [SurfaceKind.GROUND, *4 * [SurfaceKind.WALL], SurfaceKind.ROOF]
CORNERS = np.array([[x, y, z] for z in (0, 3) for x, y in ((0, 0), (8, 0), (8, 6), (0, 6))], float)


def closed(rings: list[list[np.ndarray]], kinds: list[SurfaceKind]) -> bool:
    polygons = Polygons.from_rings(rings)
    owner, point = np.zeros(len(kinds), np.int64), point_hash(polygons.vertices, 0.001)
    return bool(closed_rows(polygons, np.array(kinds, np.uint8), owner, point, 1)[0])


def box() -> list[list[np.ndarray]]:
    return [[CORNERS[list(face)]] for face in FACES]


def test_what_is_closed() -> None:
    assert closed(box(), KINDS)
    assert not closed(box()[:-1], KINDS[:-1]), "no roof"
    assert not closed([[ring[::-1] for ring in face] for face in box()], KINDS), "inside out"
    turned = box()
    turned[2][0] = turned[2][0][::-1]
    assert not closed(turned, KINDS), "one wall turned round"
    bent = box()
    for face in bent:
        face[0] = np.where((face[0] == CORNERS[6]).all(axis=1)[:, None], face[0] + [0.0, 0.0, 0.5], face[0])
    assert not closed(bent, KINDS), "the roof is not flat"
    upside_down = [[face[0] + [0.0, 0.0, 20.0]] for face in [[ring[::-1] for ring in face] for face in box()]]
    larger = [[face[0] * [9.0, 9.0, 9.0]] for face in box()]
    assert not closed(larger + upside_down, KINDS * 2), "a part inside out within a larger one"


def test_windows_that_fill_holes_and_windows_that_lie_on_walls() -> None:
    window = np.array([[2.0, 0.0, 1.0], [4.0, 0.0, 1.0], [4.0, 0.0, 2.0], [2.0, 0.0, 2.0]])
    kinds = [*KINDS, SurfaceKind.WINDOW]
    assert closed([*box(), [window]], kinds), "on the wall"
    holed = box()
    holed[1].append(window[::-1])
    assert closed([*holed, [window]], kinds), "in the wall"
    assert not closed(holed, KINDS), "a hole with nothing in it"


@pytest.fixture
def scene(boxes: CityModel, plotter: Any) -> CityScene:
    surfaces = boxes.surfaces
    # House 4 has no south wall: one sees into it.
    keep = np.ones(len(surfaces), bool)
    keep[np.flatnonzero(surfaces.building == 4)[1]] = False
    left = np.flatnonzero(keep)
    opened = Surfaces(
        surfaces.polygons.take(left), surfaces.kind[left], surfaces.building[left], surfaces.source_id[left]
    )
    result = CityScene(plotter)
    result.set_city(replace(boxes, surfaces=opened))
    return result


def drawn(scene: CityScene) -> np.ndarray:
    scene.plotter.render()
    return np.asarray(scene.plotter.screenshot(return_img=True)).astype(int)


def left_out(scene: CityScene) -> list[bool]:
    """Whether each tile leaves out far sides now."""
    found: list[bool] = []

    def noted(_actor: Any, _eye: Any, *, leave_out: bool) -> None:
        found.append(leave_out)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closed_buildings, "see_from", noted)
        leave_out_far_sides(scene)
    return found[::2]  # its solid faces, and its faint ones, which keep all


def test_nothing_that_can_be_seen_is_missing(scene: CityScene, monkeypatch: pytest.MonkeyPatch) -> None:
    home = scene.home_camera(1.6)
    cameras = [home, home.seen_from(170, 8).zoomed(0.4), home.seen_from(20, 89), home.seen_from(200, -20)]
    cameras += [replace(camera, parallel=True) for camera in cameras[:2]]

    def whole(actor: Any, eye: Any, *, leave_out: bool) -> None:
        see_from(actor, eye, leave_out=False)

    mesh = scene.tiles[0].mesh
    assert set(scene.city.surfaces.building[mesh.surfaces[~mesh.closed]].tolist()) == {4}
    times = 0
    for camera in cameras:
        scene.set_camera(camera)
        times += left_out(scene)[0]
        without = drawn(scene)
        with monkeypatch.context() as patch:
            patch.setattr(closed_buildings, "see_from", whole)
            leave_out_far_sides(scene)
            every = drawn(scene)
        leave_out_far_sides(scene)
        # Where a near and a far face share an outline, a pixel may show the one or the other.
        assert (np.abs(without - every).max(axis=2) > 2).sum() <= 12
        assert (np.ptp(without, axis=(0, 1)) > 40).all()
    assert times >= 4


def test_whoever_may_look_in_sees_all_faces(scene: CityScene) -> None:
    scene.set_camera(scene.home_camera(1.6))
    assert left_out(scene) == [True]
    scene.restyle(SurfaceLook(opacity=0.3))
    assert left_out(scene) == [False]
    scene.restyle(SurfaceLook())
    section = SectionView(scene)
    section.cut((CutPlane.upright(scene.city.bounds_m[0][4], 0.0),))
    assert left_out(scene) == [False]
    section.cut(())
    assert left_out(scene) == [True]
    inside = scene.city.bounds_m[0][:1].mean(axis=0) + 5.0
    scene.set_camera(replace(scene.camera.focused(inside), distance_m=1.0))
    assert left_out(scene) == [False]
