"""Selecting in the window: box, lasso, conditions, kept selections; tree, table and view stay in step."""

import random
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from citytwin_desktop.city.nearby import grown_rows
from citytwin_desktop.document.querying.completing import completion
from citytwin_desktop.ui.fields import Fields
from citytwin_desktop.ui.query_bar import entered_mode
from citytwin_desktop.ui.select_modes import Mode, combined, mode_of

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, ALT, CONTROL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def dialog(window: Any) -> Any:
    return next(form for form in window.findChildren(QDialog) if form.isVisible())


def drag(view: Any, points: list[tuple[float, float]], held: Any = NONE) -> None:
    """Press at the first point, move over the others, let go at the last."""
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(points) - 1), QEvent.Type.MouseButtonRelease]
    for kind, (x, y) in zip(kinds, [*points, points[-1]], strict=True):
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
        there = QPointF(view.mapToGlobal(QPoint(round(x), round(y))))
        QApplication.sendEvent(view, QMouseEvent(kind, QPointF(x, y), there, button, LEFT, held))


def around(view: Any, rows: list[int], margin: float = 6.0) -> tuple[float, float, float, float]:
    """Box in the view about some buildings."""
    low, high = view.scene.city.bounds_m
    corners = np.concatenate([low[rows], high[rows]])
    pixels = view.scene.camera.pixels(corners, view.width(), view.height())[:, :2]
    (left, top), (right, bottom) = pixels.min(axis=0) - margin, pixels.max(axis=0) + margin
    return left, top, right, bottom


def test_what_keys_mean() -> None:
    assert [mode_of(held) for held in (NONE, SHIFT, CONTROL, ALT, SHIFT | CONTROL)] == [
        Mode.REPLACE, Mode.ADD, Mode.ADD, Mode.REMOVE, Mode.REMOVE,
    ]  # fmt: skip
    assert [entered_mode(held) for held in (NONE, SHIFT, CONTROL, ALT)] == [
        Mode.REPLACE, Mode.ADD, Mode.KEEP, Mode.REMOVE,
    ]  # fmt: skip
    before, found = np.array([4, 1]), np.array([2, 4])
    assert [combined(before, found, mode).tolist() for mode in Mode] == [[2, 4], [1, 2, 4], [1], [4]]


def test_box_and_lasso(opened: Any, qtbot: Any) -> None:
    view, document = opened.workspace.view, opened.session.document
    view.look(view.scene.framed_camera(view.scene.camera.seen_from(180, 40), [0, 1, 2, 3], view.aspect).zoomed(1.2))
    qtbot.wait(300)
    opened.actions_["select.box"].trigger()
    assert opened.actions_["select.box"].isChecked()
    left, top, right, bottom = around(view, [1, 2])
    frames = view.frames_drawn
    drag(view, [(left, top), (left + 40, top + 30), (right, bottom)])
    assert document.selection == ("B1", "B2")
    assert view.frames_drawn <= frames + 1, "the city stands still while the box is drawn"
    left, top, right, bottom = around(view, [3])
    drag(view, [(right, bottom), (left, top)], SHIFT)
    assert document.selection == ("B1", "B2", "B3")
    left, top, right, bottom = around(view, [1])
    drag(view, [(left, top), (right, bottom)], ALT)
    assert document.selection == ("B2", "B3")
    opened.actions_["select.lasso"].trigger()
    assert not opened.actions_["select.box"].isChecked()
    left, top, right, bottom = around(view, [0])
    drag(view, [(left, top), (right, top), (right, bottom), (left, bottom)])
    assert document.selection == ("B0",)
    tool = view.tool
    QTest.keyClick(view, Qt.Key.Key_X)
    assert tool.through
    drag(view, [(5, 5), (6, 6)])
    assert document.selection == (), "a click beside everything selects nothing"
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.tool is None
    assert not opened.actions_["select.lasso"].isChecked()


def test_escape_gives_up_a_box_and_keeps_the_tool(opened: Any) -> None:
    view = opened.workspace.view
    opened.session.document.select(["B0"])
    opened.actions_["select.box"].trigger()
    drag_start = [QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove]
    for kind, x in zip(drag_start, (10.0, 400.0), strict=True):
        there = QPointF(view.mapToGlobal(QPoint(int(x), 200)))
        QApplication.sendEvent(view, QMouseEvent(kind, QPointF(x, 200), there, LEFT, LEFT, NONE))
    assert view.overlay.frozen
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.overlay.frozen
    assert view.tool is not None
    assert opened.session.document.selection == ("B0",)


def test_a_condition_is_counted_completed_and_used(opened: Any, qtbot: Any) -> None:
    document, selecting = opened.session.document, opened.selecting
    document.execute(
        "edit_values", building_ids=["B0", "B1", "B2"], column="year_built", values=["1930", "1970", "1950"]
    )
    opened.actions_["select.query"].trigger()
    bar, edit = selecting.bar, selecting.bar.edit
    QTest.keyClicks(edit, "year < 1960")
    qtbot.waitUntil(lambda: bar.count.text() == "2 of 4")
    edit.popup.hide()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert document.selection == ("B0", "B2")
    edit.setText("year = 1970")
    QTest.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    assert set(document.selection) == {"B0", "B1", "B2"}
    edit.setText("not year < 1960")
    QTest.keyClick(edit, Qt.Key.Key_Return, CONTROL)
    assert document.selection == ("B1",), "a building without a year is not known to be younger"
    edit.setText("yeer < 1960")
    qtbot.waitUntil(lambda: "did you mean year" in bar.note.text())
    assert not bar.buttons[Mode.REPLACE].isEnabled()
    edit.setText("heating_demand > 150")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert document.selection == ()
    assert [action.text() for action in bar.recent_menu.actions()][:2] == ["heating_demand > 150", "not year < 1960"]
    check_completion(opened)
    opened.actions_["select.back"].trigger()
    assert document.selection == ("B1",)
    edit.popup.hide()
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def check_completion(opened: Any) -> None:
    """Names, operators, values and conjunctions, each where it may stand."""
    reader = Fields.of(opened.session).reader
    opened.session.document.execute("edit_buildings", building_ids=["B1"], column="function", value="office")

    def offered(text: str) -> list[str]:
        return [item.text for item in completion(text, len(text), reader).suggestions]

    assert offered("hea")[0] == "heating_setpoint_c"
    assert next(i.note for i in completion("heating_d", 9, reader).suggestions) == "kWh/m²a"
    assert "<" in offered("year ")
    assert offered("function = ") == ["'office'"]
    assert offered("function = 'of") == ["'office'"]
    assert offered("function = 'office' ") == ["and", "or"]
    assert "stale" in offered("year < 5 and ")
    edit = opened.selecting.bar.edit
    edit.setText("function = 'of")
    edit.complete()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "function = 'office' "
    assert matching(opened, edit.text()) == ["B1"]


def matching(opened: Any, condition: str) -> list[str]:
    document = opened.session.document
    before = document.selection
    opened.selecting.select_where(condition)
    found = list(document.selection)
    document.select(before)
    opened.selecting._before = opened.selecting._before[:-2] if found != list(before) else opened.selecting._before
    return found


def test_similar_neighbours_and_kept_selections(opened: Any) -> None:
    document, panel = opened.session.document, opened.selecting.panel
    ids = ["B0", "B1", "B2"]
    document.execute("edit_values", building_ids=ids, column="function", values=["office", "office", "retail"])
    document.select(["B0"])
    opened.actions_["select.similar"].trigger()
    form = dialog(opened)
    form.boxes["age"].setChecked(False)
    assert form.ok.text() == "Select 2 buildings"
    form.submitted.emit()
    assert document.selection == ("B0", "B1")
    opened.selecting.select_same("function")
    assert document.selection == ("B0", "B1")
    opened.actions_["select.grow_near"].trigger()
    assert document.selection == ("B0", "B1", "B2")
    assert grown_rows(document.city, np.array([0]), 9.9).tolist() == [0]
    assert grown_rows(document.city, np.array([0]), 10.1).tolist() == [0, 1]
    opened.actions_["select.save"].trigger()
    form = dialog(opened)
    form.findChild(QLineEdit, "selectionName").setText("  Three  ")
    form.submitted.emit()
    assert list(document.named("selection")) == ["Three"]
    document.execute("remove_buildings", building_ids=["B1"])
    document.select([])
    panel.saved.choose("Three")
    assert document.selection == ("B0", "B2")
    assert "1 building of “Three”" in opened.toast.text.text()
    document.undo()
    panel.saved.choose("Three", Mode.REMOVE)
    assert document.selection == ()


def test_tree_table_and_view_stay_in_step(opened: Any, qtbot: Any) -> None:
    document, links = opened.session.document, opened.workspace
    document.execute("edit_values", building_ids=["B0", "B3"], column="function", values=["office", "office"])
    opened.actions_["window.table"].trigger()
    links.left.setCurrentWidget(opened.selecting.panel)
    tree, table, chance = opened.selecting.panel.tree, links.table.view, random.Random(4)
    tree.open_line(0, True)
    for step in range(12):
        deed = chance.choice(["document", "table", "tree", "sort", "filter"])
        if deed == "document":
            document.select(chance.sample(["B0", "B1", "B2", "B3"], chance.randrange(5)))
        elif deed == "table" and table.model().rowCount():
            line = chance.randrange(table.model().rowCount())
            table.selectRow(line)
            assert document.selection == (table.model().index(line, 0).data(),)
        elif deed == "tree":
            line = chance.randrange(tree.model().rowCount())
            tree.selectRow(line)
            assert len(document.selection) == len(tree.rows_of_lines(line, line)) > 0
        elif deed == "sort":
            table.horizontalHeader().setSortIndicator(step % 5, Qt.SortOrder.DescendingOrder)
        else:
            links.table.bar.edit.setText(chance.choice(["", "B1", "function = 'office'"]))
            links.table.bar.changed.emit()
        check_step(opened)


def check_step(opened: Any) -> None:
    """All three show the document's selection."""
    document, table = opened.session.document, opened.workspace.table
    chosen, ids = set(document.selection), document.city.buildings.ids
    assert {str(name) for name in ids[opened.workspace.view.scene.appearance.selected]} == chosen
    for line in range(len(table.model.rows)):
        assert table.view.line_selected(line) == (str(table.model.index(line, 0).data()) in chosen)
    tree = opened.selecting.panel.tree
    for line in range(tree.model().rowCount()):
        rows = tree.rows_of_lines(line, line)
        assert tree.line_selected(line) == all(str(ids[row]) in chosen for row in rows)


@pytest.mark.parametrize("keys", [[Qt.Key.Key_Down, Qt.Key.Key_Down]])
def test_the_tables_keys_and_mouse(opened: Any, qtbot: Any, keys: list[Any]) -> None:
    document = opened.session.document
    opened.actions_["window.table"].trigger()
    view = opened.workspace.table.view
    view.setFocus()
    view.selectRow(0)
    for key in keys:
        QTest.keyClick(view, key, SHIFT)
    assert document.selection == ("B0", "B1", "B2")
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert document.selection == ("B0", "B1")
    place = view.visualRect(view.model().index(3, 0)).center()
    QTest.mouseClick(view.viewport(), LEFT, CONTROL, place)
    assert set(document.selection) == {"B0", "B1", "B3"}
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, view.visualRect(view.model().index(2, 0)).center())
    assert document.selection == ("B2", "B3")
    wanted: list[str] = []
    opened.workspace.table.building_wanted.connect(wanted.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert wanted == ["B2"]
