import numpy as np
import pytest

from citytwin_desktop.scene.camera import STANDARD_VIEWS, OrbitCamera, box_corners

WIDTH, HEIGHT = 640, 400


def test_home_looks_from_the_south_west() -> None:
    camera = OrbitCamera(focus=(0.0, 0.0, 0.0), distance_m=100.0)
    east, north, up = camera.eye
    assert east == pytest.approx(north)
    assert east < 0.0
    assert up == pytest.approx(100.0 * np.sin(np.radians(35.0)))


@pytest.mark.parametrize("pixel", [(0.0, 0.0), (320.0, 200.0), (601.0, 33.0)])
def test_pixel_is_the_reverse_of_ray(pixel: tuple[float, float]) -> None:
    camera = OrbitCamera(focus=(30.0, -4.0, 2.0), distance_m=75.0, azimuth_deg=101.0, elevation_deg=22.0)
    eye, direction = camera.ray(*pixel, WIDTH, HEIGHT)
    assert camera.pixel(eye + direction * 40.0, WIDTH, HEIGHT) == pytest.approx(pixel, abs=1e-6)


@pytest.mark.parametrize("name", STANDARD_VIEWS)
def test_framing_just_holds_all_points(name: str) -> None:
    points = np.random.default_rng(5).uniform([-300, -80, 0], [200, 500, 40], (200, 3))
    camera = OrbitCamera().seen_from(*STANDARD_VIEWS[name]).framing(points, WIDTH / HEIGHT, margin=1.0)
    pixels = np.array([camera.pixel(point, WIDTH, HEIGHT) for point in points])
    inside = (pixels > -1.0).all() and (pixels[:, 0] < WIDTH).all() and (pixels[:, 1] < HEIGHT).all()
    assert inside
    margins = np.concatenate([pixels.min(axis=0), [WIDTH, HEIGHT] - pixels.max(axis=0)])
    assert margins.min() < 2.0


def test_zoom_keeps_the_point_under_the_pointer() -> None:
    camera = OrbitCamera(focus=(10.0, 20.0, 0.0), distance_m=200.0)
    anchor = np.array([25.0, 3.0, 8.0])
    before = camera.pixel(anchor, WIDTH, HEIGHT)
    assert camera.zoomed(0.6, anchor).pixel(anchor, WIDTH, HEIGHT) == pytest.approx(before, abs=1e-6)


def test_pan_moves_the_ground_with_the_pointer() -> None:
    camera = OrbitCamera(focus=(0.0, 0.0, 0.0), distance_m=200.0, elevation_deg=90.0)
    x, y = camera.pixel(np.zeros(3), WIDTH, HEIGHT)
    moved = camera.panned(50.0, 20.0, HEIGHT).pixel(np.zeros(3), WIDTH, HEIGHT)
    assert moved == pytest.approx((x + 50.0, y - 20.0), abs=0.01)


def test_orbit_stays_above_the_ground() -> None:
    camera = OrbitCamera().orbited(30.0, -500.0)
    assert camera.elevation_deg == 2.0
    assert camera.azimuth_deg == 255.0
    assert OrbitCamera().orbited(0.0, 500.0).elevation_deg == 90.0


def test_flight_ends_where_it_should_and_turns_the_short_way() -> None:
    start, end = OrbitCamera(azimuth_deg=350.0), OrbitCamera(azimuth_deg=20.0, distance_m=80.0, focus=(1.0, 2.0, 3.0))
    assert start.between(end, 0.0) == start
    arrived = start.between(end, 1.0)
    assert arrived.eye == pytest.approx(end.eye, rel=1e-9)
    assert arrived.focus == pytest.approx(end.focus)
    assert start.between(end, 0.5).azimuth_deg == pytest.approx(5.0)


def test_axes_are_orthonormal_even_straight_down() -> None:
    for elevation in (2.0, 45.0, 90.0):
        axes = OrbitCamera(azimuth_deg=123.0, elevation_deg=elevation).axes
        assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-12)


def test_plain_dictionary_round_trip() -> None:
    camera = OrbitCamera(focus=(1.5, -2.0, 3.0), distance_m=77.0, azimuth_deg=12.0, elevation_deg=50.0)
    assert OrbitCamera.from_dict(camera.to_dict()) == camera
    assert OrbitCamera.from_dict({"distance_m": 9, "later": "field"}).distance_m == 9.0


@pytest.mark.parametrize("parallel", [False, True])
def test_boxes_are_framed_as_all_of_their_corners_are(parallel: bool) -> None:
    random = np.random.default_rng(3)
    low = random.uniform(0.0, 1.0, (400, 3)) * (900.0, 500.0, 10.0)
    high = low + random.uniform(1.0, 30.0, (400, 3))
    for azimuth, elevation in ((225.0, 35.0), (40.0, 2.0), (180.0, 90.0), (10.0, -90.0)):
        camera = OrbitCamera(azimuth_deg=azimuth, elevation_deg=elevation, parallel=parallel)
        every = camera.framing(box_corners(low, high), 1.6)
        few = camera.framing_boxes(low, high, 1.6)
        np.testing.assert_allclose(few.focus, every.focus, atol=1e-6)
        assert few.distance_m == pytest.approx(every.distance_m)
