from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFont, QImage, QKeyEvent, QPainter

from citytwin_desktop.city.changes import ReplaceSurfaces
from citytwin_desktop.document.document import open_document
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.ui.theme import THEMES
from citytwin_desktop.ui.view_tools.draw import area_m2
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.outline import rectangle_of
from citytwin_desktop.ui.view_tools.proposal import new_identifiers, new_polygons
from citytwin_desktop.ui.view_tools.shape import flat
from citytwin_desktop.ui.view_tools.sight import Sight
from citytwin_desktop.ui.view_tools.snapping import (
    Snapper,
    along_axis,
    grid_step_m,
    half_turn_deg,
    right_angled,
    whole_turn_deg,
)
from citytwin_desktop.ui.view_tools.typed_numbers import TypedNumbers


@pytest.fixture
def document(project: Path) -> Iterator[Any]:
    """The four boxes without a window."""
    result = open_document(project)
    yield result
    result.close()


def key(text: str, code: Qt.Key = Qt.Key.Key_unknown) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier, text)


def typed(text: str, most: int = 1) -> TypedNumbers:
    numbers = TypedNumbers(most)
    for letter in text:
        numbers.take(key(letter))
    return numbers


@pytest.mark.parametrize(
    ("text", "most", "values"),
    [("12.5", 1, [12.5]), ("12,5", 1, [12.5]), ("-3", 1, [-3.0]), ("3 -4.5", 2, [3.0, -4.5])],
)
def test_numbers_are_typed(text: str, most: int, values: list[float]) -> None:
    assert typed(text, most).values == values


def test_typing_takes_nothing_that_makes_no_number() -> None:
    assert typed("1.2.3").values == [1.23]
    assert typed("1-2x").values == [12.0]
    assert typed("-").values is None
    assert typed("1 2", 1).values == [12.0], "a space ends nothing where one number is wanted"
    numbers = typed("12")
    for _ in range(2):
        assert numbers.take(key("\b", Qt.Key.Key_Backspace))
    assert not numbers.take(key("\b", Qt.Key.Key_Backspace)), "an empty Backspace belongs to the tool"
    control = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier, "1")
    assert not numbers.take(control)


def test_rectangle_right_angles_axes_and_turns() -> None:
    side = np.array([[0.0, 0.0], [3.0, 4.0]])
    corners = rectangle_of(side, np.array([-2.0, 14.0]))
    assert corners[2:] == pytest.approx(np.array([[-5.0, 10.0], [-8.0, 6.0]]))
    assert area_m2(corners) == pytest.approx(50.0)
    own = np.array([[0.0, 0.0], [10.0, 0.0]])
    assert right_angled(own[1], np.array([10.8, 7.0]), own) == pytest.approx([10.0, 7.0])
    assert along_axis(own[1], np.array([4.0, 7.0]), "y") == pytest.approx([10.0, 7.0])
    assert half_turn_deg(179.0) == pytest.approx(-1.0)
    assert whole_turn_deg(-270.0) == pytest.approx(90.0)
    assert grid_step_m(0.01) == 0.5
    assert grid_step_m(0.2) == 5.0
    assert flat(np.array([[1.00004, 2.0, 9.0]])) == (1.0, 2.0)


def test_snapping_prefers_corners_then_own_edges_then_neighbours(document: Any) -> None:
    city = document.city
    low, high = city.bounds_m
    snapper = Snapper(city)
    corner = low[0, :2]
    found = snapper.place(corner + 0.4, 0.1)
    assert (found.kind, found.place_m) == ("corner", pytest.approx(corner))
    far = np.array([low[0, 0] + 2.0, low[0, 1] - 0.5])
    assert snapper.place(far, 0.1).kind == "edge"
    assert snapper.place(far - 30.0, 0.1).kind == ""
    assert snapper.place(far - 30.2, 0.1, grid=True).place_m == pytest.approx(np.round((far - 30.2) / 5.0) * 5.0)
    assert Snapper(city, without=np.array([0])).place(corner + 0.4, 0.1).kind == "", "nothing snaps to itself"
    start = np.array([low[0, 0], low[0, 1] - 8.0])
    aimed = snapper.direction(start, np.add(start, (10.0, 0.3)))
    assert (aimed.kind, aimed.place_m[1]) == ("parallel", pytest.approx(start[1]))
    own = np.array([start, np.add(start, (6.0, 3.0))])
    upright = snapper.direction(own[1], np.add(own[1], (-3.1, 6.0)), own)
    assert upright.kind == "right angle"
    assert (upright.place_m - own[1]) @ (own[1] - own[0]) == pytest.approx(0.0, abs=1e-9)
    assert snapper.direction(start, np.add(start, (10.0, 4.0))).kind == ""
    assert len(high) == 4


@pytest.mark.parametrize("parallel", [False, True])
def test_sight_and_pixels_are_each_other_s_reverse(document: Any, parallel: bool) -> None:
    place, low = np.array([5.0, 4.0, 2.5]), document.city.bounds_m[0]
    camera = OrbitCamera((10.0, 5.0, 0.0), 150.0, parallel=parallel)
    scene = SimpleNamespace(camera=camera, city=document.city, pick=lambda *_: None)
    sight = Sight(SimpleNamespace(scene=scene, width=lambda: 800, height=lambda: 500))
    pixel = sight.pixel(place)
    assert sight.on_level(pixel, 2.5) == pytest.approx(place, abs=1e-6)
    assert sight.on_upright(pixel, place) == pytest.approx(2.5, abs=1e-6)
    away = sight.pixel(place + camera.axes[0]) - pixel
    assert np.hypot(away.x(), away.y()) * sight.metres_per_pixel(place) == pytest.approx(1.0)
    assert sight.on_ground(pixel)[2] == pytest.approx(float(np.median(low[:, 2])))
    assert sight.on_city(pixel)[1] is False
    scene.pick = lambda *_: SimpleNamespace(point=place)
    assert sight.on_city(pixel) == (pytest.approx(place), True)
    scene.camera = OrbitCamera((0.0, 0.0, 50.0), 60.0, elevation_deg=-30.0)
    assert sight.on_ground(QPointF(400, 499)) is None, "the ground is behind the eye"
    scene.camera = OrbitCamera((10.0, 5.0, 0.0), 150.0, elevation_deg=90.0, parallel=True)
    assert sight.on_upright(QPointF(3, 3), place) is None, "from above every height is under one pixel"


def test_new_polygons_are_those_of_the_changes(document: Any) -> None:
    moved = document.prepare("move_buildings", building_ids=["B1"], dx_m=5, dy_m=0).preparation.changes
    assert any(isinstance(change, ReplaceSurfaces) for change in moved)
    low = document.city.bounds_m[0][1]
    assert new_polygons(moved).vertices.min(axis=0) == pytest.approx(np.add(low, (5.0, 0.0, 0.0)))
    square = [50.0, 50.0, 60.0, 50.0, 60.0, 60.0, 50.0, 60.0]
    drawn = document.prepare("add_building", footprint=square, height_m=9).preparation.changes
    assert new_identifiers(drawn) == ("new-1",)
    assert np.ptp(new_polygons(drawn).vertices, axis=0) == pytest.approx([10.0, 10.0, 9.0])
    trees = document.prepare("plant_trees", positions=[30.0, 60.0]).preparation.changes
    assert new_polygons(trees).vertices[:, :2].mean(axis=0) == pytest.approx([30.0, 60.0], abs=0.2)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_marks_stay_in_the_picture_and_keep_the_theme(qapp: Any, theme: str) -> None:
    image = QImage(400, 200, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    marks = Marks(painter, THEMES[theme], QFont())
    marks.readout(QPointF(395, 195), ["12.50 m", "90.0°"], "The outline crosses itself: draw it again.", typed=True)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(200, 400, 4)
    inside = np.argwhere(pixels[..., 3] == 255)
    assert inside[:, 0].max() < 199
    assert inside[:, 1].max() < 399
    panel = tuple(int(THEMES[theme].panel[place : place + 2], 16) for place in (5, 3, 1))
    assert (pixels[..., :3] == panel).all(axis=2).sum() > 500
