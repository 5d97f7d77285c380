"""Shaping buildings with the mouse, the keyboard and the inspector, in the real window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.shaping.outlines import footprint_of

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def hand(opened: Any) -> "Hand":
    """A hand on the mouse of the opened window, which looks from above and never freezes the city."""
    return Hand(opened)


class Hand:
    """Points, clicks and types in the 3D view."""

    def __init__(self, window: Any) -> None:
        self.window, self.view, self.document = window, window.workspace.view, window.session.document
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        self.start()

    def start(self) -> None:
        """Everything as it was, seen from above."""
        self.view.use(None)
        self.document.select([])
        while self.steps:
            self.document.undo()
        self.window.look_from("top")
        self.view.look(self.view.scene.camera.zoomed(1.9))

    @property
    def tool(self) -> Any:
        return self.view.tool

    def take(self, name: str) -> Any:
        self.window.actions_[f"shape.{name}"].trigger()
        return self.tool

    def pixel(self, x: float, y: float, z: float = 0.0) -> QPoint:
        pixel = self.view.scene.camera.pixel(np.array([x, y, z]), self.view.width(), self.view.height())
        return QPoint(*(round(value) for value in pixel))

    def point(self, x: float, y: float) -> None:
        QTest.mouseMove(self.view, self.pixel(x, y))

    def click(self, x: float, y: float, modifier: Any = NONE) -> None:
        self.point(x, y)
        QTest.mouseClick(self.view, LEFT, modifier, self.pixel(x, y))

    def drag(self, start: Any, *way: Any, modifier: Any = NONE) -> None:
        QTest.mousePress(self.view, LEFT, modifier, self.pixel(*start))
        for place in way:
            QTest.mouseMove(self.view, self.pixel(*place))
        QTest.mouseRelease(self.view, LEFT, modifier, self.pixel(*way[-1]))

    def type(self, text: str) -> None:
        QTest.keyClicks(self.view, text)

    def press(self, key: Qt.Key, modifier: Any = NONE) -> None:
        QTest.keyClick(self.view, key, modifier)

    def box(self, name: str) -> tuple[Any, Any]:
        row = self.document.city.buildings.row(name)
        low, high = self.document.city.bounds_m
        return low[row], high[row]

    def height(self, name: str) -> float:
        low, high = self.box(name)
        return float(high[2] - low[2])

    @property
    def steps(self) -> list[str]:
        return [entry.command for entry in self.document.history() if not entry.undone][1:]


def move_rotate_and_height(hand: Hand, _: Any) -> None:
    document = hand.document
    document.select(["B1"])
    low, high = hand.box("B1")
    start = (low[0] + 1.0, low[1] + 1.0)
    hand.point(*start)
    tool = hand.take("move")
    assert hand.window.actions_["shape.move"].isChecked()
    assert hand.view.overlay.isVisible()
    tiles = [tile.surface_data.GetMTime() for tile in hand.view.scene.tiles]
    hand.point(start[0] + 4.0, start[1] + 6.0)
    assert tool.offset == pytest.approx([4.0, 6.0, 0.0], abs=0.3)
    assert tool.preview.polygons.vertices.min(axis=0) == pytest.approx(low + tool.offset)
    assert [tile.surface_data.GetMTime() for tile in hand.view.scene.tiles] == tiles, "the city itself is not touched"
    assert hand.steps == []
    hand.press(Qt.Key.Key_X)
    assert tool.offset[1] == 0.0
    hand.type("12.5")
    assert tool.readout()[0].startswith("12.5")
    hand.press(Qt.Key.Key_Return)
    assert hand.tool is None
    assert hand.steps == ["move_buildings"]
    assert hand.box("B1")[0] == pytest.approx(np.add(low, (12.5, 0.0, 0.0)), abs=1e-6)
    assert document.selection == ("B1",)
    assert not any(actor is tool.preview._body for actor in hand.view.scene.renderer.GetActors())
    document.undo()
    assert hand.box("B1")[0] == pytest.approx(low)

    hand.take("move")
    hand.point(start[0] + 5.0, start[1])
    hand.press(Qt.Key.Key_Escape)
    assert hand.tool is None, "Escape gives up"
    assert document.selection == ("B1",), "and leaves the selection to the next Escape"
    assert hand.steps == []

    hand.take("rotate")
    hand.type("90")
    hand.press(Qt.Key.Key_Return)
    assert np.ptp(hand.box("B1"), axis=0) == pytest.approx([8.0, 10.0, 6.0], abs=1e-5)

    hand.take("height")
    hand.press(Qt.Key.Key_Up)
    assert (hand.tool.storeys, hand.tool.height_m) == (3, 9.0)
    hand.press(Qt.Key.Key_Return)
    assert hand.steps[-1] == "set_storeys"
    assert hand.box("B1")[1][2] == pytest.approx(low[2] + 9.0, abs=1e-4)
    hand.take("height")
    hand.type("7,25")
    hand.press(Qt.Key.Key_Return)
    assert hand.box("B1")[1][2] == pytest.approx(low[2] + 7.25, abs=1e-4)
    assert len(hand.steps) == 3
    assert high[2] == pytest.approx(low[2] + 6.0)


def a_moved_corner_snaps(hand: Hand, _: Any) -> None:
    hand.document.select(["B1"])
    low, _ = hand.box("B1")
    target = hand.box("B0")[1][:2]
    hand.point(*low[:2])
    tool = hand.take("move")
    near = target + 4.0 * tool.sight.metres_per_pixel(low)
    hand.point(*near)
    assert tool.snapped[1] == "corner"
    assert tool.offset[:2] == pytest.approx(target - low[:2])
    QTest.keyPress(hand.view, Qt.Key.Key_Shift, SHIFT)
    assert tool.snapped is None
    QTest.keyRelease(hand.view, Qt.Key.Key_Shift)
    hand.press(Qt.Key.Key_Escape)
    hand.view.scene.hide([0])
    hand.point(*low[:2])
    tool = hand.take("move")
    hand.point(*near)
    assert tool.snapped is None, "nobody sees what it would snap to"
    hand.press(Qt.Key.Key_Escape)
    hand.view.scene.show_all()
    hand.point(*low[:2])
    hand.take("move")
    hand.point(*near)
    QTest.mouseClick(hand.view, LEFT, NONE, hand.pixel(*near))
    assert hand.box("B1")[0][:2] == pytest.approx(target, abs=1e-6)


def draw_by_corners_and_as_a_rectangle(hand: Hand, qtbot: Any) -> None:
    document = hand.document
    low, _ = hand.box("B0")
    x, y = -6.0, low[1] - 16.0
    tool = hand.take("draw")
    hand.click(x, y)
    hand.point(x + 9.0, y + 0.2)
    hand.press(Qt.Key.Key_X)
    hand.type("10")
    hand.press(Qt.Key.Key_Return)
    assert tool.corners[1] - tool.corners[0] == pytest.approx([10.0, 0.0], abs=1e-6)
    hand.press(Qt.Key.Key_X)
    hand.press(Qt.Key.Key_O)
    hand.point(x + 10.7, y + 6.0)
    assert tool.here[0] == pytest.approx(tool.corners[1][0], abs=1e-6), "a right angle"
    hand.click(x + 10.7, y + 6.0)
    hand.press(Qt.Key.Key_O)
    hand.click(x + 5.0, y - 4.0)
    assert "crosses itself" in tool.problem_of(tool.corners)
    hand.press(Qt.Key.Key_Return)
    assert not tool.closed
    assert "crosses itself" in hand.window.toast.text.text()
    hand.press(Qt.Key.Key_Backspace)
    assert len(tool.corners) == 3
    hand.click(*tool.corners[0])
    assert tool.closed
    hand.type("12")
    qtbot.waitUntil(lambda: not tool.proposal.pending and len(tool.preview.polygons) > 0)
    assert np.ptp(tool.preview.polygons.vertices[:, 2]) == pytest.approx(12.0)
    hand.press(Qt.Key.Key_Return)
    assert document.selection == ("new-1",)
    assert hand.height("new-1") == pytest.approx(12.0)
    assert document.city.buildings.column("storeys")[-1] == 4

    document.undo()
    assert "new-1" not in document.city.buildings
    tool = hand.take("draw")
    hand.press(Qt.Key.Key_R)
    for place in ((x, y), (x + 12.0, y), (x + 13.0, y + 8.0)):
        hand.click(*place)
    assert tool.closed
    assert np.ptp(tool.corners, axis=0) == pytest.approx([12.0, 8.0], abs=0.5)
    QTest.mouseClick(hand.view, RIGHT, NONE, hand.pixel(x, y))
    assert not tool.closed, "a right click steps back"
    for _ in range(3):
        hand.press(Qt.Key.Key_Backspace)
    assert hand.tool is None
    assert hand.steps == []


def footprint_split_and_merge(hand: Hand, qtbot: Any) -> None:
    document = hand.document
    document.select(["B2"])
    (x0, y0, z), (x1, y1, _) = hand.box("B2")
    hand.window.zoom_to_selection()
    tool = hand.take("vertices")
    hand.point(x1, y1)
    assert tool.hot.kind == "corner"
    hand.drag((x1, y1, z), (x1 + 1.0, y1), (x1 + 3.0, y1 + 0.05))
    assert tool.rings[0].max(axis=0)[0] == pytest.approx(x1 + 3.0, abs=0.3)
    hand.drag((x0, (y0 * 0.7 + y1 * 0.3), z), (x0 - 1.0, y0 + 2.0), (x0 - 2.0, y0 + 2.0))
    assert tool.rings[0].min(axis=0)[0] == pytest.approx(x0 - 2.0, abs=0.2), "the whole edge is shifted"
    QTest.mouseDClick(hand.view, LEFT, NONE, hand.pixel((x0 + x1) / 2.0, y0))
    assert len(tool.rings[0]) == 5
    hand.press(Qt.Key.Key_Delete)
    assert len(tool.rings[0]) == 4
    assert "B2" in document.city.buildings, "Delete is the tool's while it is in hand"
    hand.press(Qt.Key.Key_Backspace)
    assert len(tool.rings[0]) == 5
    assert hand.steps == []
    hand.press(Qt.Key.Key_Return)
    assert hand.steps == ["set_footprint"]
    ring = footprint_of(document.city, 2)[0]
    assert ring[:, 0].min() == pytest.approx(x0 - 2.0, abs=0.2)
    document.undo()
    assert footprint_of(document.city, 2)[0].min(axis=0) == pytest.approx([x0, y0])

    tool = hand.take("split")
    middle = (x0 + x1) / 2.0
    hand.click(middle, y0)
    hand.point(middle, y1)
    qtbot.waitUntil(lambda: not tool.proposal.pending and len(tool.preview.polygons) > 0)
    assert len(tool.preview.polygons) >= 12, "both pieces are shown"
    hand.click(middle, y1)
    assert hand.steps[-1] == "split_building"
    new = document.selection[0]
    assert new not in ("B0", "B1", "B2", "B3")
    assert not hand.window.actions_["shape.merge"].isEnabled()
    document.select(["B2", new])
    qtbot.waitUntil(hand.window.actions_["shape.merge"].isEnabled)
    hand.window.actions_["shape.merge"].trigger()
    assert len(document.selection) == 1
    assert hand.box(document.selection[0])[0] == pytest.approx([x0, y0, z], abs=1e-3)


def trees_and_massing(hand: Hand, qtbot: Any) -> None:
    document = hand.document
    low, _ = hand.box("B0")
    tool = hand.take("plant")
    hand.click(low[0], low[1] - 12.0)
    hand.drag(
        (low[0], low[1] - 25.0, low[2]), (low[0] + 9.0, low[1] - 25.0), (low[0] + 17.0, low[1] - 25.0), modifier=SHIFT
    )
    assert len(tool.places) == 1 + 3
    hand.press(Qt.Key.Key_Backspace)
    assert len(tool.places) == 1
    hand.click(low[0] + 8.0, low[1] - 12.0)
    hand.press(Qt.Key.Key_Return)
    trees = [layer for layer in document.city.context if layer.kind is ContextKind.TREE]
    assert hand.steps == ["plant_trees"]
    centres = trees[0].polygons.centroids[:, :2]
    assert (np.hypot(*(centres - (np.add(low[:2], (0.0, -12.0)))).T) < 3.0).any()
    tool = hand.take("plant")
    hand.click(low[0], low[1] - 12.0, ALT)
    hand.press(Qt.Key.Key_Return)
    if tool.gone:
        assert hand.steps[-1] == "remove_trees"

    tool = hand.take("massing")
    x, y = low[0], low[1] - 130.0
    hand.view.fly_to(hand.view.scene.camera.zoomed(2.0))
    for place in ((x, y), (x + 80.0, y), (x + 80.0, y + 70.0), (x, y + 70.0)):
        hand.click(*place)
    hand.press(Qt.Key.Key_Return)
    form = hand.window.shaping._dialog
    assert form.isVisible()
    assert not form.isModal()
    qtbot.waitUntil(form.ok.isEnabled)
    assert "gross floor area" in form.outcome.text()
    assert hand.view.tool is tool
    form.fields["setback_m"].setText("500")
    form.ask()
    qtbot.waitUntil(lambda: not form.ok.isEnabled())
    assert form.problem.text()
    form.fields["setback_m"].setText("4")
    form.ask()
    qtbot.waitUntil(form.ok.isEnabled)
    count = int(form.ok.text().split()[1])
    form.ok.click()
    assert len(document.selection) == count
    assert hand.steps[-1] == "add_massing"
    assert not form.isVisible()
    assert hand.tool is None


def tools_end_with_what_they_were_for(hand: Hand, qtbot: Any) -> None:
    document, window = hand.document, hand.window
    document.select(["B1"])
    hand.take("move")
    document.select(["B2"])
    assert hand.tool is None, "another selection"
    hand.take("rotate")
    document.execute("remove_buildings", building_ids=["B2"])
    assert hand.tool is None, "its building is gone"
    document.select(["B1"])
    hand.take("height")
    document.undo()
    assert hand.tool is None, "undo"
    drawing = hand.take("draw")
    low, _ = hand.box("B0")
    hand.click(low[0], low[1] - 20.0)
    document.redo()
    assert hand.tool is drawing, "a drawing does not hold on to buildings"
    assert len(drawing.corners) == 1
    window.set_theme("light")
    window.resize(1200, 700)
    qtbot.wait(50)
    assert hand.tool is drawing
    assert drawing.theme.name == "light"
    window.set_theme("dark")
    hand.take("draw")
    assert hand.tool is None, "the same action puts it away"
    assert hand.steps, "redone"
    document.execute("set_storeys", building_ids=["B0"], storeys=2, storey_height_m=3)
    document.execute("set_roof", building_ids=["B0"], shape="gable", pitch_deg=45)
    document.select(["B0"])
    tool = hand.take("height")
    hand.press(Qt.Key.Key_Up)
    assert (tool.storeys, tool.height_m) == (3, pytest.approx(9.0 + 4.0)), "storeys up to the eaves, the roof on top"
    hand.press(Qt.Key.Key_Return)
    assert hand.height("B0") == pytest.approx(tool.height_m, abs=0.02)
    hand.take("plant")
    window.session.detach()
    assert hand.view.tool is None, "the document is closed"
    assert not window.actions_["shape.draw"].isEnabled()


def shape_by_numbers_in_the_inspector(hand: Hand, qtbot: Any) -> None:
    document, section = hand.document, hand.window.workspace.inspector.shape
    document.select(["B1", "B2"])
    qtbot.waitUntil(lambda: section.height_row.value.text() == "6")
    low, _ = hand.box("B2")
    section.dx.setText("2,5")
    section.dy.setText("-1")
    QTest.keyClick(section.dy, Qt.Key.Key_Return)
    assert hand.box("B2")[0] == pytest.approx(np.add(low, (2.5, -1.0, 0.0)), abs=1e-6)
    assert section.dx.text() == ""
    height = section.findChild(QLineEdit, "value")
    height.selectAll()
    QTest.keyClicks(height, "9.5")
    QTest.keyClick(height, Qt.Key.Key_Return)
    assert hand.box("B1")[1][2] == pytest.approx(low[2] + 9.5)
    section.angle.setText("x")
    section.turn_button.click()
    assert "“x” is not a number" in hand.window.toast.text.text()
    assert hand.steps == ["move_buildings", "set_height"]

    section.roof.setCurrentIndex(section.roof.findData("gable"))
    section.roof.activated.emit(section.roof.currentIndex())
    assert section.ridge.isEnabled()
    tool = hand.tool
    qtbot.waitUntil(lambda: not tool.proposal.pending and tool.preview.shown)
    assert tool.preview.polygons.vertices[:, 2].max() > low[2] + 9.5
    assert hand.steps == ["move_buildings", "set_height"]
    section.ridge.setText("0")
    section.ridge.textEdited.emit("0")
    assert tool.parameters["ridge_deg"] == pytest.approx(90.0), "north is north, whatever the command counts from"
    section.roof_button.click()
    assert hand.tool is None
    assert hand.steps[-1] == "set_roof"
    assert section.roof.currentIndex() == -1


@pytest.mark.parametrize(
    "stories",
    [
        (move_rotate_and_height, a_moved_corner_snaps, footprint_split_and_merge),
        (draw_by_corners_and_as_a_rectangle, trees_and_massing),
        (shape_by_numbers_in_the_inspector, tools_end_with_what_they_were_for),
    ],
    ids=["change", "draw", "follow"],
)
def test_shaping(hand: Hand, qtbot: Any, stories: tuple[Callable[[Hand, Any], None], ...]) -> None:
    """Windows are dear: several short stories in each."""
    for story in stories:
        hand.start()
        story(hand, qtbot)


def test_a_read_only_project_says_why_nothing_can_be_shaped(window: Any, project: Path, qtbot: Any) -> None:
    assert window.session.open_path(project, read_only=True)
    window.session.document.select(["B0"])
    qtbot.waitUntil(lambda: not window.workspace.inspector.shape.move_button.isEnabled())
    for name in ("move", "draw", "plant"):
        action = window.actions_[f"shape.{name}"]
        assert not action.isEnabled()
        assert "read-only" in action.toolTip()
    assert "read-only" in window.workspace.inspector.shape.move_button.toolTip()
    window.shaping.use("draw")
    assert window.workspace.view.tool is None
