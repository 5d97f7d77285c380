"""Looking in pixels: parallel projection, section, shadows, labels, sky."""

from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.appearance import OPAQUE
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.labels import Label, candidates, place_labels
from citytwin_desktop.scene.loose_lines import outline_m
from citytwin_desktop.scene.section_plane import Cut, CutPlane, cut_lines
from citytwin_desktop.scene.section_view import SectionView
from citytwin_desktop.scene.shadow_map import shadow_map
from citytwin_desktop.scene.shadows import Shadows, software_renderer
from citytwin_desktop.scene.sky import STEPS, SkyOfHour, palette_at, sky_step
from citytwin_desktop.scene.walk import EYE_HEIGHT_M, SceneStreet

SIZE = (320, 200)
MIDDLE = (30.0, 30.0, 0.0)


def drawn(scene: CityScene) -> np.ndarray:
    scene.plotter.render()
    return np.asarray(scene.plotter.screenshot(return_img=True)).astype(int)


@pytest.fixture
def scene(plotter: Any, boxes: CityModel) -> CityScene:
    made = CityScene(plotter, "light")
    made.set_city(boxes)
    made.show_edges(False)
    return made


def test_parallel_projection_draws_what_it_picks(scene: CityScene) -> None:
    scene.set_camera(OrbitCamera(MIDDLE, 180.0, 200.0, 40.0, parallel=True))
    whole = drawn(scene)
    pixels = [(x, y) for x in range(4, 320, 12) for y in range(4, 200, 12)]
    hits = [scene.pick(x, y, *SIZE) for x, y in pixels]
    scene.hide(range(9))
    empty = drawn(scene)
    for (x, y), hit in zip(pixels, hits, strict=True):
        around = np.abs(whole - empty)[y - 1 : y + 2, x - 1 : x + 2].max(axis=2) > 4
        if around.all() or not around.any():  # no rim of a house
            assert (hit is not None) == bool(around.all())
    assert sum(hit is not None for hit in hits) > 40
    for (x, y), hit in zip(pixels, hits, strict=True):
        if hit is not None:
            assert scene.camera.pixel(hit.point, *SIZE) == pytest.approx((x, y), abs=0.01)


def test_a_section_takes_away_what_is_above_it_from_eye_and_pointer(scene: CityScene) -> None:
    scene.set_camera(OrbitCamera(MIDDLE, 200.0, 180.0, 90.0))
    section = SectionView(scene)
    middle = tuple(round(part) for part in scene.camera.pixel(np.array([30.0, 30.0, 10.0]), *SIZE))
    whole, before = drawn(scene), scene.pick(*middle, *SIZE)
    section.cut((CutPlane.below(4.0),))
    cut = drawn(scene)
    # The roof at 10 m is gone: inside lies the floor.
    after = scene.pick(*middle, *SIZE)
    assert before.point[2] == pytest.approx(10.0)
    assert after.point[2] == pytest.approx(0.0)
    assert np.abs(whole[middle[1], middle[0]] - cut[middle[1], middle[0]]).max() > 8
    # Four walls of nine houses, two triangles of each wall crossed: in all 36 walls of 10 m.
    length = np.linalg.norm(section.lines_m[:, 0] - section.lines_m[:, 1], axis=1).sum()
    assert length == pytest.approx(9 * 40.0)
    assert np.allclose(section.lines_m[..., 2], 4.0)
    scene.set_theme("light")  # all actors are made anew
    assert np.abs(drawn(scene) - cut).max() < 40
    section.cut((CutPlane.upright(np.array([5.0, 5.0, 0.0]), 90.0),))
    assert scene.pick(*scene.camera.pixel(np.array([2.0, 5.0, 6.0]), *SIZE), *SIZE) is None
    scene.hide(range(9))
    assert not len(section.lines_m)
    scene.show_all()
    section.cut(())
    assert np.array_equal(drawn(scene), whole)
    assert not len(section.lines_m)


def test_rays_are_cut_by_all_planes() -> None:
    cut = Cut((CutPlane.below(4.0), CutPlane.upright(np.zeros(3), 90.0)))
    down = np.array([0.0, 0.0, -1.0])
    assert cut.span_m(np.array([1.0, 0.0, 10.0]), down) == (6.0, np.inf)
    first, last = cut.span_m(np.array([-1.0, 0.0, 10.0]), down)
    assert first > last
    assert cut.keeps(np.array([[1.0, 0.0, 3.0], [1.0, 0.0, 5.0], [-1.0, 0.0, 3.0]])).tolist() == [True, False, False]
    corners = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
    line = cut_lines(corners, np.array([[0, 1, 2]]), CutPlane.below(1.0))
    assert sorted(line[0].tolist()) == [[0.0, 0.0, 1.0], [1.0, 0.0, 1.0]]


def test_shadows_fall_where_the_sun_does_not_reach(scene: CityScene) -> None:
    azimuth, altitude = 180.0, 30.0
    found = shadow_map(scene.city, azimuth, altitude)
    # House 8 is 14 m high and its north wall stands at 60: the shadow is 14 / tan 30° long.
    reach = 14.0 / np.tan(np.radians(altitude))
    points = np.array([[55.0, 60.0 + share * reach, 0.0] for share in (0.1, 0.5, 0.9, 1.1, 1.5)])
    assert found.in_shadow(points).tolist() == [True, True, True, False, False]
    scene.lighting.set_sun(azimuth, altitude)
    scene.set_camera(OrbitCamera((55.0, 75.0, 0.0), 150.0, 180.0, 90.0))
    before = drawn(scene)
    shadows = Shadows(scene)
    shadows.cast(found)
    after = drawn(scene)
    dark, light = (tuple(round(v) for v in scene.camera.pixel(points[k], *SIZE)) for k in (1, 4))
    assert after[dark[1], dark[0]].sum() < 0.8 * before[dark[1], dark[0]].sum()
    assert np.abs(after[light[1], light[0]] - before[light[1], light[0]]).max() <= 2
    # On a roof too: the house in the south is higher than nobody, so no roof is dark here.
    roof = tuple(round(v) for v in scene.camera.pixel(np.array([55.0, 55.0, 14.0]), *SIZE))
    assert np.abs(after[roof[1], roof[0]] - before[roof[1], roof[0]]).max() <= 2
    scene.paint_values(np.ones(len(scene.city.surfaces), np.float32), None, _scale())
    drawn(scene)
    scene.paint_model()
    shadows.cast(None)
    assert np.array_equal(drawn(scene), before)
    assert shadow_map(scene.city, 180.0, -5.0) is None


def test_a_house_in_the_shadow_of_another_is_darker(scene: CityScene) -> None:
    # The sun in the north: house 8, 14 m high, shades the north wall of house 5; nothing shades that of house 8.
    azimuth, altitude = 0.0, 14.0
    found = shadow_map(scene.city, azimuth, altitude)
    wall = np.array([[55.0, 35.02, 3.0], [55.0, 60.02, 3.0]])
    assert found.in_shadow(wall, 0.3).tolist() == [True, False]
    scene.lighting.set_sun(azimuth, altitude)
    scene.set_camera(OrbitCamera((55.0, 35.0, 3.0), 12.0, 0.0, 10.0))
    before, shadows = drawn(scene), Shadows(scene)
    shadows.cast(found)
    x, y = (round(v) for v in scene.camera.pixel(wall[0], *SIZE))
    assert drawn(scene)[y, x].sum() < 0.85 * before[y, x].sum()


def test_software_renderers_are_known_by_their_name(plotter: Any) -> None:
    class Window:
        def __init__(self, name: str) -> None:
            self.name = name

        def ReportCapabilities(self) -> str:  # noqa: N802 - VTK's
            return f"OpenGL vendor string:  X\nOpenGL renderer string:  {self.name}\n"

    assert software_renderer(Window("llvmpipe (LLVM 15.0.6, 256 bits)")).startswith("llvmpipe")
    assert software_renderer(Window("NVIDIA GeForce RTX 3060/PCIe/SSE2")) == ""


def labels_of(scene: CityScene, text: Any = lambda row: f"house {row}") -> list[Label]:
    found: list[Label] | None = None
    for found in place_labels(scene, *SIZE, text, lambda words: (len(words) * 6.0, 14.0)):  # noqa: B007 - the last
        pass
    return found or []


def test_labels_never_overlap_and_selected_houses_come_first(scene: CityScene) -> None:
    for azimuth in (0.0, 100.0, 225.0):
        for elevation in (12.0, 50.0, 90.0):
            scene.set_camera(scene.framed_camera(OrbitCamera().seen_from(azimuth, elevation), range(9), 1.6))
            labels = labels_of(scene)
            assert labels
            boxes = np.array([label.box for label in labels])
            for place, (left, top, wide, high) in enumerate(boxes):
                others = np.delete(boxes, place, axis=0)
                apart = (others[:, 0] >= left + wide) | (others[:, 0] + others[:, 2] <= left)
                apart |= (others[:, 1] >= top + high) | (others[:, 1] + others[:, 3] <= top)
                assert apart.all()
                assert left >= 0
                assert top >= 0
                assert left + wide <= SIZE[0]
    scene.set_camera(scene.home_camera(1.6))
    for row in (0, 4):
        scene.select([row])
        assert candidates(scene, *SIZE)[0] == row
        assert row in [label.row for label in labels_of(scene)]
    assert labels_of(scene, lambda _row: "") == []


def test_no_label_is_of_a_house_that_is_hidden_or_behind_another(scene: CityScene) -> None:
    # Level from the south in a row of three: only the foremost (lowest here, 6 m) and those that tower over it.
    scene.set_camera(OrbitCamera((5.0, 30.0, 4.0), 200.0, 180.0, 2.0, parallel=True))
    seen = {label.row for label in labels_of(scene)}
    codes = scene.appearance.building_codes()
    for label in labels_of(scene):
        start = label.anchor_m + scene.camera.axes[2] * 500.0
        hit = scene.hit(start, -scene.camera.axes[2], codes == OPAQUE)
        assert hit is None or hit.building == label.row or np.linalg.norm(hit.point - start) > 499.5
    scene.set_camera(OrbitCamera((5.0, 30.0, 4.0), 200.0, 0.0, 2.0, parallel=True))
    behind = {label.row for label in labels_of(scene)}
    assert 6 in behind
    assert 0 not in behind  # 6 m behind 12 m
    scene.hide([6])
    assert 6 not in {label.row for label in labels_of(scene)}
    assert seen


def test_the_street_of_a_scene_stops_at_its_houses(scene: CityScene) -> None:
    street = SceneStreet(scene)
    walker = street.start(np.array([5.0, 5.0, 0.0]), 0.0)  # in house 0: beside it
    assert walker is not None
    assert not (0.0 < walker.place[0] < 10.0 and 0.0 < walker.place[1] < 10.0)
    assert walker.eye[2] == pytest.approx(EYE_HEIGHT_M)
    before = street.start(np.array([5.0, -6.0, 0.0]), 0.0)
    after = street.walked(before, np.array([0.0, 12.0]), 2.0)
    assert after.place[1] < -0.3
    scene.hide([0])
    assert street.walked(before, np.array([0.0, 12.0]), 2.0).place[1] == pytest.approx(6.0)


def test_the_sky_follows_the_sun_in_few_steps(scene: CityScene) -> None:
    assert [sky_step(altitude) for altitude in (40.0, 5.0, 0.0, -5.0, -30.0)] == list(range(len(STEPS)))
    night, day = (sum(palette_at(scene.palette, step).sky_horizon) for step in (len(STEPS) - 1, 0))
    assert night < 0.8 * day
    scene.set_camera(OrbitCamera(MIDDLE, 260.0, 200.0, 2.0))
    sky = SkyOfHour(scene)
    noon = drawn(scene)[5, 5].sum()
    sky.follow(-20.0)
    assert drawn(scene)[5, 5].sum() < 0.85 * noon
    sky.follow(50.0)
    assert drawn(scene)[5, 5].sum() == noon


def test_the_outline_of_a_surface_has_its_corners(boxes: CityModel) -> None:
    assert outline_m(boxes, 0).shape == (4, 2, 3)
    assert np.linalg.norm(outline_m(boxes, 0)[:, 0] - outline_m(boxes, 0)[:, 1], axis=1).sum() == pytest.approx(40.0)
    assert not len(outline_m(boxes, -1))


def _scale() -> Any:
    from citytwin_desktop.scene.colour_maps import ColourScale

    return ColourScale("viridis", 0.0, 2.0, 0)
