"""Looking in the real window: navigation, walking, section, surfaces, labels, pictures, named views."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from citytwin_desktop.errors import KnownError


def pixels(view: Any) -> np.ndarray:
    image = view.grabFramebuffer().convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int).copy()


def place_of(view: Any, row: int) -> QPoint:
    """Where the middle of a building's roof is on the screen."""
    low, high = (bound[row] for bound in view.scene.city.bounds_m)
    x, y = view.scene.camera.pixel(np.array([*(low + high)[:2] / 2.0, high[2]]), view.width(), view.height())
    return QPoint(round(x), round(y))


def drag(view: Any, way: tuple[int, int], button: Any, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    start = view.rect().center()
    QTest.mousePress(view, button, held, start)
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    for share in (0.5, 1.0):
        here = QPointF(start) + QPointF(*way) * share
        event = QMouseEvent(QEvent.Type.MouseMove, here, view.mapToGlobal(here), Qt.MouseButton.NoButton, button, held)
        QApplication.sendEvent(view, event)
    QTest.mouseRelease(view, button, held, start + QPoint(*way))


def navigate(opened: Any, qtbot: Any) -> None:
    view, actions, looking = opened.workspace.view, opened.actions_, opened.looking
    left, shift = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    home = view.scene.camera
    qtbot.waitUntil(lambda: len(looking.places.places) == 1)
    drag(view, (40, 0), left)
    assert view.scene.camera.azimuth_deg == pytest.approx((home.azimuth_deg + 12.0) % 360.0)
    qtbot.waitUntil(lambda: actions["look.back"].isEnabled())
    turned = view.scene.camera
    actions["look.back"].trigger()
    assert view.scene.camera == home
    actions["look.forward"].trigger()
    assert view.scene.camera == turned
    assert opened.session.document.undo_title != "Camera"
    actions["look.preset_qgis"].trigger()
    assert [actions[f"look.preset_{name}"].isChecked() for name in ("citytwin", "qgis", "blender")] == [0, 1, 0]
    assert opened.settings.value("navigation") == "qgis"
    before = view.scene.camera
    drag(view, (40, 0), left)
    assert view.scene.camera.azimuth_deg == before.azimuth_deg
    assert view.scene.camera.focus != before.focus
    drag(view, (0, 30), left, shift)
    assert view.scene.camera.elevation_deg == pytest.approx(before.elevation_deg + 9.0)
    assert any("ctrl+left drag" in keys.lower() for _, keys in looking.gestures())
    QTest.keyClick(view, Qt.Key.Key_5, Qt.KeyboardModifier.KeypadModifier)
    assert view.scene.camera.elevation_deg == 90.0
    opened.workspace.cube.side_chosen.emit((1, -1, 1))
    assert view.scene.camera.azimuth_deg == pytest.approx(135.0)
    actions["look.bottom"].trigger()
    assert view.scene.camera.elevation_deg == -90.0
    actions["view.top"].trigger()
    actions["look.parallel"].trigger()
    assert actions["look.parallel"].isChecked()
    opened.go_home()
    for row in range(4):
        assert view.row_at(QPointF(place_of(view, row))) == row
    cube = opened.workspace.cube
    sides = {cube.side_at(QPointF(x, y)) for x in range(76) for y in range(76)} - {None}
    assert len(sides) == 19  # three faces, nine edges, seven corners are in sight


def look_closer(opened: Any, qtbot: Any) -> None:
    view, actions, looking = opened.workspace.view, opened.actions_, opened.looking
    parts, document = looking.parts, opened.session.document
    before = view.scene.camera
    view.setFocus()
    actions["look.walk"].trigger()
    tool = view.tool
    assert actions["look.walk"].isChecked()
    assert view.scene.camera.eye[2] == pytest.approx(tool.street.level_m + 1.7)
    start = tool.walker.place
    QTest.keyPress(view, Qt.Key.Key_W)
    tool.advance(0.5)
    QTest.keyRelease(view, Qt.Key.Key_W)
    assert np.linalg.norm(np.subtract(tool.walker.place, start)) == pytest.approx(1.1, abs=0.5)
    edges = actions["view.edges"].isChecked()
    QTest.keyClick(view, Qt.Key.Key_E)
    assert tool.walker.eye_m > 1.7
    assert actions["view.edges"].isChecked() == edges  # the key was for the walker
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.tool is None
    assert view.scene.camera == before
    assert not actions["look.walk"].isChecked()
    actions["look.section"].trigger()
    panel = parts.cutting.panel
    panel.slider.setValue(20)
    assert panel.height_label.text() == "2.0\u2009m"
    assert view.scene.cut.planes[0].point[2] == pytest.approx(panel.ground_m + 2.0)
    panel.upright.setChecked(True)
    assert len(view.scene.cut.planes) == 2
    assert parts.cutting.handle.isVisible()
    plane = parts.cutting.plane
    parts.cutting.handle.moved.emit(1.5)
    assert np.linalg.norm(np.subtract(parts.cutting.plane.point, plane.point)) == pytest.approx(1.5)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.scene.cut.planes
    assert panel.isHidden()
    assert not actions["look.section"].isChecked()
    actions["look.surfaces"].trigger()
    with qtbot.waitSignal(view.surface_clicked):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_of(view, 1))
    assert parts.card.title.text() == "Roof"
    assert not parts.card.isHidden()
    assert document.selection == ()
    view.scene.appearance.values = np.full(len(document.city.surfaces), 12.5, np.float32)
    opened.session.variable = "solar_irradiation"
    looking._surface_clicked(parts.card.surface)
    asked = []
    opened.session.explain_wanted.connect(asked.append)
    parts.card.explain.click()
    assert asked[0].surface == parts.card.surface
    assert asked[0].building_ids == (str(document.city.buildings.ids[1]),)
    opened.session.variable = ""
    view.scene.paint_model()
    actions["look.surfaces"].trigger()
    assert parts.card.isHidden()
    document.select([str(name) for name in document.city.buildings.ids[:3]])
    actions["view.isolate"].trigger()
    assert parts.chip.text.text() == "3 isolated"
    parts.chip.button.click()
    assert parts.chip.isHidden()
    looking.show_labels("id")
    qtbot.waitUntil(lambda: len(parts.labels.shown) > 0)
    assert {label.text for label in parts.labels.shown} <= {str(name) for name in document.city.buildings.ids}
    shown = opened.grab().toImage()
    drawn = parts.labels.shown[0].box
    middle = parts.labels.mapTo(opened, QPoint(round(drawn[0] + 2), round(drawn[1] + 5)))
    assert shown.pixelColor(middle).lightness() < 60  # the dark sheet of a label
    frames = view.frames_drawn
    looking.show_labels("")
    view.look(view.scene.camera.orbited(5.0, 0.0))
    qtbot.wait(400)
    assert view.frames_drawn - frames <= 2  # nothing follows when there are no labels


def take_pictures(opened: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.ui.view_picture import PictureStyle

    view, looking = opened.workspace.view, opened.looking
    size = view.ren_win.GetSize()
    assert looking.save_picture(str(tmp_path / "plain"), PictureStyle(1, transparent=False, overlays=False))
    plain = QImage(str(tmp_path / "plain.png"))
    assert (plain.width(), plain.height()) == tuple(size)
    assert looking.save_picture(str(tmp_path / "large.png"), PictureStyle(2, transparent=True, overlays=False))
    large = QImage(str(tmp_path / "large.png"))
    assert (large.width(), large.height()) == (2 * size[0], 2 * size[1])
    roof = place_of(view, 0)
    assert large.pixelColor(2 * roof).alpha() == 255
    assert large.pixelColor(4, 4).alpha() == 0
    near, far = plain.pixelColor(roof), large.pixelColor(2 * roof)
    assert abs(near.red() - far.red()) < 12
    assert tuple(view.ren_win.GetSize()) == tuple(size)
    opened.actions_["look.copy_picture"].trigger()
    assert QApplication.clipboard().image().width() == size[0]
    before = view.scene.camera
    job = looking.start_turntable(tmp_path / "turn", 3)
    qtbot.waitUntil(lambda: job.finished)
    names = sorted(path.name for path in (tmp_path / "turn").iterdir())
    assert names == [f"turntable_000{number}.png" for number in (1, 2, 3)]
    pictures = [QImage(str(tmp_path / "turn" / name)) for name in names]
    assert pictures[0] != pictures[1]
    assert view.scene.camera == before
    stopped = looking.start_turntable(tmp_path / "stopped", 500)
    stopped.cancel()
    qtbot.waitUntil(lambda: stopped.finished)
    assert not (tmp_path / "stopped").exists()
    monkeypatch.setenv("PATH", str(tmp_path))
    said: list[str] = []
    monkeypatch.setattr(opened, "say", said.append)
    assert looking.start_turntable(tmp_path / "city.mp4", 3) is None
    assert "ffmpeg is not installed" in said[0]
    opened.actions_["file.picture"].trigger()
    dialog = opened.findChild(QDialog, "pictureDialog")
    assert dialog.isVisible()
    assert "×" in dialog.scale.itemText(3)
    dialog.reject()


def keep_views(opened: Any, qtbot: Any) -> None:
    view, looking, document = opened.workspace.view, opened.looking, opened.session.document
    views, actions = looking.views, opened.actions_
    document.select([str(document.city.buildings.ids[0])])
    actions["view.isolate"].trigger()
    view.look(view.scene.camera.seen_from(90.0, 20.0))
    document.set_hour(3000)
    kept = view.scene.camera
    actions["look.save_view"].trigger()
    dialog = opened.findChild(QDialog, "viewNameDialog")
    dialog.name.setText("From the east")
    dialog.submitted.emit()
    assert views.names == ["From the east"]
    assert actions["look.view_1"].text() == "From the east"
    actions["view.show_all"].trigger()
    document.set_hour(5)
    opened.go_home()
    actions["look.view_1"].trigger()
    assert view.scene.camera == kept
    assert document.hour == 3000
    assert parts_text(looking) == "1 isolated"
    # Renaming does not take the view of now.
    opened.go_home()
    assert opened.session.execute("rename_view", name="From the east", new_name="Harbour") is not None
    content = document.named("view")["Harbour"]
    assert content["scene"]["camera"]["azimuth_deg"] == 90.0
    assert len(json.dumps(dict(content))) < 2000
    views.section.list.setCurrentRow(0)
    views.section.update_button.click()
    assert document.named("view")["Harbour"]["scene"]["camera"]["azimuth_deg"] == 225.0
    document.undo()
    assert document.named("view")["Harbour"]["scene"]["camera"]["azimuth_deg"] == 90.0
    with pytest.raises(KnownError):
        document.execute("rename_view", name="Harbour", new_name=" ")
    hostile = {"scene": {"camera": {"focus": "x"}, "hidden": 5, "isolated": [1, "no such"]}, "hour": "noon", "span": 3}
    document.execute("save_view", name="Odd", content=json.dumps(hostile))
    actions["look.view_2"].trigger()
    assert np.isfinite(view.scene.camera.eye).all()
    views.section.list.setCurrentRow(1)
    views.section.remove.click()
    assert views.names == ["Harbour"]
    assert not actions["look.view_2"].isEnabled()


def parts_text(looking: Any) -> str:
    return str(looking.parts.chip.text.text())


def lay_backgrounds(opened: Any, project: Path, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    looking, view = opened.looking, opened.workspace.view
    city = view.scene.city
    path = tmp_path / "photo.png"
    Image.new("RGB", (60, 60), (200, 30, 30)).save(path)
    west, north = city.origin[0] - 100.0, city.origin[1] + 200.0
    (tmp_path / "photo.pgw").write_text(f"5.0\n0\n0\n-5.0\n{west + 2.5}\n{north - 2.5}\n")
    view.look(view.scene.camera.seen_from(180.0, 90.0))
    assert looking.backdrops.add(path)
    shown = next(iter(looking.backdrops.shown.values()))
    qtbot.waitUntil(lambda: shown.drawn.picture is not None)
    entry = looking.backdrops.list[0]
    qtbot.waitUntil(lambda: (pixels(view) @ np.array([1, 0, -1]) > 100).mean() > 0.1)
    row = looking.backdrops.section.rows.itemAt(0).widget()
    row.opacity.setValue(40)
    row.box.setChecked(False)
    assert (pixels(view) @ np.array([1, 0, -1]) > 100).mean() < 0.01
    said: list[str] = []
    monkeypatch.setattr(opened, "say", said.append)
    assert not looking.backdrops.add(path)
    assert "already" in said[-1]
    opened.close_project()
    path.unlink()
    opened.open_path(project)
    assert "photo.png" in said[-1]
    assert "not there any more" in said[-1]
    assert [(each.path, each.shown, each.opacity) for each in looking.backdrops.list] == [(str(path), False, 0.4)]
    assert entry is not looking.backdrops.list[0]
    looking.backdrops.remove(looking.backdrops.list[0])
    assert not looking.backdrops.list


def cast_shadows(opened: Any, qtbot: Any) -> None:
    view, looking = opened.workspace.view, opened.looking
    sun = looking.parts.sun
    if sun.shadows_on:
        opened.actions_["look.shadows"].trigger()
    bare = pixels(view)
    opened.actions_["look.shadows"].trigger()
    assert opened.actions_["look.shadows"].isChecked()
    qtbot.waitUntil(lambda: sun.shadows.map is not None)
    shaded = pixels(view)
    darker = (bare.sum(axis=2) - shaded.sum(axis=2)) > 12
    assert 0.002 < darker.mean() < 0.5
    opened.actions_["look.shadows"].trigger()
    assert np.abs(pixels(view) - bare).max() <= 2
    assert opened.settings.value("shadows") == "false"


def test_navigation_walking_section_surfaces_and_labels(opened: Any, qtbot: Any) -> None:
    navigate(opened, qtbot)
    opened.actions_["look.parallel"].trigger()
    opened.actions_["look.preset_citytwin"].trigger()
    opened.go_home()
    look_closer(opened, qtbot)


def test_shadows_pictures_and_turntables(
    opened: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast_shadows(opened, qtbot)
    take_pictures(opened, qtbot, tmp_path, monkeypatch)


def test_named_views_and_backgrounds_come_back(
    opened: Any, project: Path, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_views(opened, qtbot)
    opened.actions_["view.show_all"].trigger()
    lay_backgrounds(opened, project, qtbot, tmp_path, monkeypatch)
