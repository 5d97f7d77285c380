"""Looking without pixels: cameras, presets, history, cube, walking."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.scene.camera import STANDARD_VIEWS, OrbitCamera, cube_view
from citytwin_desktop.scene.camera_history import LONGEST, CameraHistory
from citytwin_desktop.scene.navigation import LOOK, ORBIT, PAN, PRESETS, ZOOM, moved
from citytwin_desktop.scene.walk import BODY_RADIUS_M, EYE_HEIGHT_M, HIGHEST_EYE_M, Street, Walker

SIZE = (640, 400)
ANGLES = st.floats(-89.0, 90.0)


@given(azimuth=st.floats(0, 359), elevation=ANGLES, x=st.floats(0, 639), y=st.floats(0, 399), far=st.floats(1, 900))
@settings(max_examples=60, deadline=None)
def test_a_ray_of_parallel_projection_goes_through_its_pixel(
    azimuth: float, elevation: float, x: float, y: float, far: float
) -> None:
    camera = OrbitCamera((3.0, -4.0, 5.0), 200.0, azimuth, elevation, parallel=True)
    origin, direction = camera.ray(x, y, *SIZE)
    assert camera.pixel(origin + direction * far, *SIZE) == pytest.approx((x, y), abs=1e-6)
    assert np.allclose(direction, -camera.axes[2])


def test_both_projections_show_the_same_scale_at_the_turning_point() -> None:
    flat, deep = (OrbitCamera((0, 0, 0), 300.0, 200.0, 30.0, parallel=parallel) for parallel in (True, False))
    beside = flat.axes[0] * 25.0
    assert flat.pixel(beside, *SIZE) == pytest.approx(deep.pixel(beside, *SIZE))
    assert (flat.pixel(beside, *SIZE)[0] - flat.pixel(np.zeros(3), *SIZE)[0]) * flat.metres_per_pixel(
        400
    ) == pytest.approx(25.0)


@given(azimuth=st.floats(0, 359), elevation=ANGLES, parallel=st.booleans())
@settings(max_examples=40, deadline=None)
def test_framing_fills_the_picture_and_cuts_nothing_off(azimuth: float, elevation: float, parallel: bool) -> None:
    ends = np.array([[0.0, 0.0, 0.0], [100.0, 50.0, 30.0]])
    corners = np.array([[ends[i, 0], ends[j, 1], ends[k, 2]] for i, j, k in np.ndindex(2, 2, 2)])
    camera = OrbitCamera(azimuth_deg=azimuth, elevation_deg=elevation, parallel=parallel).framing(corners, 1.6)
    shown = camera.pixels(corners, *SIZE)
    assert (shown[:, :2] >= 0).all()
    assert (shown[:, :2] < SIZE).all()
    assert max(np.ptp(shown[:, 0]) / 640, np.ptp(shown[:, 1]) / 400) > 0.6


def test_points_behind_the_eye_have_no_pixel() -> None:
    camera = OrbitCamera((0, 0, 0), 10.0)
    assert np.isnan(camera.pixels(camera.eye[None, :] + camera.axes[2] * 5.0, *SIZE)[0, :2]).all()


def test_the_cube_has_26_views_that_look_at_its_middle() -> None:
    sides = [side for side in np.ndindex(3, 3, 3) if side != (1, 1, 1)]
    seen = set()
    for side in sides:
        east, north, up = (int(part) - 1 for part in side)
        azimuth, elevation = cube_view((east, north, up))
        towards = OrbitCamera(azimuth_deg=azimuth, elevation_deg=elevation).axes[2]
        assert towards @ (np.array([east, north, up]) / np.linalg.norm([east, north, up])) > 0.999
        seen.add((round(azimuth, 3), round(elevation, 3)))
    assert len(seen) == 26
    assert cube_view((0, 0, -1)) == STANDARD_VIEWS["bottom"]


def test_a_drag_stays_above_the_ground_unless_it_looks_from_below() -> None:
    above, below = OrbitCamera(elevation_deg=20.0), OrbitCamera(elevation_deg=-40.0)
    assert above.orbited(0.0, -90.0).elevation_deg == 2.0
    assert below.orbited(0.0, -90.0).elevation_deg == -90.0


def test_looking_around_leaves_the_eye_where_it_is() -> None:
    camera = OrbitCamera((10.0, 20.0, 3.0), 80.0, 30.0, 40.0)
    assert np.allclose(camera.looked(25.0, 10.0).eye, camera.eye)


def test_what_is_no_camera_becomes_the_default_one() -> None:
    strange: dict[str, Any] = {"focus": ["a", None], "distance_m": "far", "view_angle_deg": 1e12, "parallel": "yes"}
    camera = OrbitCamera.from_dict(strange)
    assert camera == OrbitCamera()
    assert OrbitCamera.from_dict({"distance_m": -5.0}).distance_m > 0.0
    kept = OrbitCamera((1.0, 2.0, 3.0), 50.0, 10.0, -20.0, 60.0, parallel=True)
    assert OrbitCamera.from_dict(kept.to_dict()) == kept


def test_presets_give_drags_their_meaning() -> None:
    assert PRESETS["citytwin"].motion("left", frozenset()) == ORBIT
    assert PRESETS["qgis"].motion("left", frozenset()) == PAN
    assert PRESETS["qgis"].motion("left", frozenset({"ctrl"})) == LOOK
    assert PRESETS["blender"].motion("middle", frozenset({"ctrl"})) == ZOOM
    assert PRESETS["blender"].motion("left", frozenset()) == ""
    for preset in PRESETS.values():
        held = [(gesture.button, gesture.modifiers) for gesture in preset.gestures]
        assert len(held) == len(set(held))
        assert {ORBIT, PAN, ZOOM} <= {gesture.motion.replace("tilt", ORBIT) for gesture in preset.gestures}
    camera = OrbitCamera()
    assert moved(camera, "", 50, 50, 400) == camera
    assert moved(camera, ZOOM, 0, -100, 400).distance_m < camera.distance_m


def test_camera_history_goes_back_and_forward_and_is_bounded() -> None:
    history, places = CameraHistory(), [OrbitCamera(distance_m=100.0 + step) for step in range(LONGEST + 20)]
    assert history.back() is None
    for place in places:
        history.rest(place)
    history.rest(places[-1])
    assert len(history.places) == LONGEST
    assert history.back() == places[-2]
    history.rest(places[-2])
    assert history.forward() == places[-1]
    assert history.forward() is None
    history.back()
    history.rest(OrbitCamera(distance_m=7.0))
    assert not history.can_go(1)
    assert history.back() == places[-2]


BOXES = ((0.0, 0.0, 10.0, 10.0), (10.5, 0.0, 20.0, 10.0), (3.0, 14.0, 12.0, 20.0))


def box_street() -> Street:
    """Three houses of 8 m on level ground at 2 m; two leave a gap that nobody fits through."""

    def first_wall(start: np.ndarray, way: np.ndarray, far: float) -> tuple[float, np.ndarray] | None:
        best = None
        for west, south, east, north in BOXES:
            low, high = np.array([west, south, 2.0]), np.array([east, north, 10.0])
            safe = np.where(np.abs(way) < 1e-12, 1e-12, way)
            near, behind = np.minimum((low - start) / safe, (high - start) / safe), None
            behind = np.maximum((low - start) / safe, (high - start) / safe)
            enter, leave = near.max(), behind.min()
            if leave < max(enter, 0.0):
                continue
            distance, axis = (enter, near.argmax()) if enter >= 0 else (leave, behind.argmin())
            if distance <= far and (best is None or distance < best[0]):
                normal = np.zeros(3)
                normal[axis] = -np.sign(way[axis])
                best = (float(distance), normal)
        return best

    return Street(first_wall, lambda _east, _north: 2.0)


def inside(point: np.ndarray) -> bool:
    return any(w < point[0] < e and s < point[1] < n and 2.0 < point[2] < 10.0 for w, s, e, n in BOXES)


@given(
    steps=st.lists(
        st.tuples(st.floats(-180, 180), st.sampled_from([(1, 0), (-1, 0), (0, 1), (1, 1)]), st.floats(0.01, 0.25)),
        min_size=1,
        max_size=40,
    ),
    start=st.sampled_from([(-2.0, -2.0), (5.0, 12.0), (10.25, -3.0), (15.0, 12.0)]),
)
@settings(max_examples=60, deadline=None)
def test_no_way_leads_into_a_building(
    steps: list[tuple[float, tuple[int, int], float]], start: tuple[float, float]
) -> None:
    street, walker = box_street(), Walker((*start, 2.0))
    for turn, (ahead, right), seconds in steps:
        walker = walker.turned(turn, 0.0)
        walker = street.walked(walker, walker.direction(ahead, right) * 7.0 * seconds, seconds)
        assert not inside(walker.eye)
        assert walker.eye[2] == pytest.approx(2.0 + EYE_HEIGHT_M)


def test_a_wall_stops_and_leads_along_itself() -> None:
    street = box_street()
    straight = street.walked(Walker((-3.0, 5.0, 2.0)), np.array([8.0, 0.0]), 1.0)
    assert -BODY_RADIUS_M - 0.31 <= straight.place[0] <= -BODY_RADIUS_M
    slanting = street.walked(Walker((-1.0, 2.0, 2.0)), np.array([4.0, 4.0]), 1.0)
    assert slanting.place[0] < 0.0
    assert slanting.place[1] == pytest.approx(6.0, abs=0.4)
    free = street.walked(Walker((-3.0, 12.0, 2.0)), np.array([5.0, 0.0]), 1.0)
    assert free.place[:2] == pytest.approx((2.0, 12.0))


def test_a_walker_falls_to_the_ground_and_keeps_the_eye_within_reason() -> None:
    street = box_street()
    assert street.walked(Walker((-5.0, -5.0, 9.0)), np.zeros(2), 0.5).place[2] == pytest.approx(5.0)
    assert street.walked(Walker((-5.0, -5.0, 9.0)), np.zeros(2), 5.0).place[2] == pytest.approx(2.0)
    assert street.raised(Walker((-5.0, -5.0, 2.0)), 500.0).eye_m == HIGHEST_EYE_M
    camera = Walker((1.0, 2.0, 3.0), bearing_deg=90.0, pitch_deg=0.0).camera()
    assert camera.eye == pytest.approx((1.0, 2.0, 3.0 + EYE_HEIGHT_M))
    assert -camera.axes[2] == pytest.approx((1.0, 0.0, 0.0), abs=1e-9)
