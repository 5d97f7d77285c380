"""A consultant's afternoon in the real window: from a city file to results that survive edits and a restart.

Set CITYTWIN_SCREENSHOTS to a folder to keep the pictures.
"""

import itertools
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton

from citytwin_desktop.catalog.resources import resource_path
from citytwin_desktop.city.kinds import SurfaceKind

LEFT = Qt.MouseButton.LeftButton
CHOSEN = 3


class Player:
    """Plays the window as a user would: clicks, keys, drops; and takes pictures."""

    def __init__(self, window: Any, qtbot: Any, folder: Path) -> None:
        self.window, self.qtbot, self.folder = window, qtbot, folder

    @property
    def document(self) -> Any:
        return self.window.session.document

    def picture(self, name: str) -> None:
        self.qtbot.wait(300)
        assert self.window.screen().grabWindow(self.window.winId()).save(str(self.folder / f"story-{name}.png"))

    def pixels(self) -> Any:
        image = self.window.workspace.view.grabFramebuffer()
        return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].astype(int)

    def drop(self, path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
        self.window.dropEvent(event)

    def dialog(self) -> Any:
        return next(child for child in self.window.findChildren(QDialog) if child.isVisible())

    def press_primary(self, form: Any) -> None:
        QTest.mouseClick(form.findChild(QPushButton, "primary"), LEFT)

    def choose(self, form: Any, name: str, value: Any) -> None:
        self.pick(form.findChild(QComboBox, name), value)

    def pick(self, box: QComboBox, value: Any) -> None:
        index = box.findData(value)
        assert index >= 0, f"{box.objectName()} offers no {value}"
        box.setCurrentIndex(index)
        box.activated.emit(index)

    def visible_roof(self, row: int) -> QPoint | None:
        view, surfaces = self.window.workspace.view, self.document.city.surfaces
        for place in np.flatnonzero((surfaces.building == row) & (surfaces.kind == SurfaceKind.ROOF)):
            x, y = view.scene.camera.pixel(surfaces.polygons.centroids[place], view.width(), view.height())
            found = view.scene.pick(x, y, view.width(), view.height())
            if found is not None and found.building == row:
                return QPoint(round(x), round(y))
        return None

    def click_building(self, row: int, *, adding: bool = False) -> None:
        place = self.visible_roof(row)
        assert place is not None
        modifier = Qt.KeyboardModifier.ControlModifier if adding else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(self.window.workspace.view, LEFT, modifier, place)

    def retype(self, column: str, text: str) -> None:
        edit: QLineEdit = self.window.workspace.inspector.properties[column].value
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)

    def run(self, engine: str, which: str) -> Any:
        self.window.actions_[f"run.{engine}"].trigger()
        form = self.dialog()
        self.choose(form, "runWhich", which)
        QTest.mouseClick(form.ok, LEFT)
        return self.window.session.runs[-1]

    def wait_for(self, run: Any) -> None:
        self.qtbot.waitUntil(lambda: run.finished, timeout=240_000)
        assert run.failed == {}


@pytest.fixture
def player(window: Any, qtbot: Any, tmp_path: Path) -> Player:
    folder = Path(os.environ.get("CITYTWIN_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return Player(window, qtbot, folder)


def import_district(player: Player, weather: Path) -> None:
    """Drop the city file, drop the weather, assign archetypes."""
    source = player.folder / "district.city.json"
    source.write_bytes(resource_path("demo", "district.city.json").read_bytes())
    (player.folder / "district.citytwin.gpkg").unlink(missing_ok=True)
    player.picture("01-start")
    player.drop(source)
    player.picture("02-import")
    player.press_primary(player.dialog())
    player.qtbot.waitUntil(lambda: player.document is not None)
    view = player.window.workspace.view
    player.qtbot.waitUntil(lambda: view.isVisible() and view.frames_drawn > 0)
    view.reduce_motion = True
    source.unlink()
    assert not player.window.actions_["run.solar"].isEnabled()
    player.drop(weather)
    player.window.actions_["model.enrich"].trigger()
    form = player.dialog()
    player.choose(form, "enrichSet", "GB")
    player.picture("03-enrich")
    player.press_primary(form)
    assert all(player.document.city.buildings.column("archetype_id")[player.document.city.rows_with_geometry])


def see_solar(player: Player) -> None:
    """Run solar, look at the year, drag through a day."""
    player.wait_for(player.run("solar", "all"))
    player.window.colour_by("solar_irradiation")
    player.qtbot.waitUntil(player.window.workspace.legend.isVisible)
    assert player.window.workspace.legend.unit.startswith("kWh/m²")
    player.picture("04-solar-year")
    ruler, seen = player.window.workspace.time_bar.ruler, []
    for hour in (4112, 4116, 4120):
        frames = player.window.workspace.view.frames_drawn
        QTest.mouseClick(ruler, LEFT, pos=QPoint(round(ruler.x_of(hour)), 20))
        player.window.set_hour(hour)
        player.qtbot.waitUntil(lambda frames=frames: player.window.workspace.view.frames_drawn > frames)
        seen.append(player.pixels())
        player.picture(f"05-solar-hour-{hour}")
    assert player.window.workspace.legend.unit == "W/m²"
    assert all((np.abs(a - b).sum(axis=2) > 40).mean() > 0.01 for a, b in itertools.pairwise(seen))


def edit_and_retrofit(player: Player, rows: list[int]) -> list[str]:
    """Click buildings, edit every kind of value, assign a package in a scenario; undo and redo."""
    document = player.document
    names = [str(document.city.buildings.ids[row]) for row in rows]
    player.click_building(rows[0])
    assert document.selection == (names[0],)
    player.picture("06-selected")
    for row in rows[1:]:
        player.click_building(row, adding=True)
    assert set(document.selection) == set(names)
    for column, text in {
        "year_built": "1931",
        "storeys": "2",
        "wall_u_value_w_m2k": "1.2",
        "window_share": "0.25",
    }.items():
        player.retype(column, text)
        assert document.city.buildings.column(column)[rows].tolist() == [float(text)] * len(rows)
    player.pick(player.window.workspace.inspector.choices["function"].box, "office")
    assert set(document.city.buildings.column("function")[rows]) == {"office"}
    assert set(document.city.buildings.column("archetype_id")[rows]) == {"GB-office-1930-1949"}
    player.window.actions_["edit.undo"].trigger()
    assert set(document.city.buildings.column("function")[rows]) == {"residential"}
    entries = len(document.history())
    player.window.actions_["edit.undo"].trigger()
    assert np.isnan(document.city.buildings.column("window_share")[rows]).all()
    player.window.actions_["edit.redo"].trigger()
    assert document.city.buildings.column("window_share")[rows].tolist() == [0.25] * len(rows)
    assert len(document.history()) == entries
    return names


def simulate_and_retrofit(player: Player, names: list[str]) -> None:
    """Cancel a run, run for good, edit, see what is stale, run only that, hold a retrofit against the baseline."""
    document = player.document
    run = player.run("energyplus", "selected")
    player.qtbot.waitUntil(lambda: run.state != "Preparing")
    player.picture("07-running")
    QTest.mouseClick(player.window.status.cancel, LEFT)
    player.qtbot.waitUntil(lambda: run.finished)
    assert run.cancelled
    player.wait_for(player.run("energyplus", "selected"))
    assert document.status("energyplus").fresh == set(names)
    player.window.colour_by("heating_demand")
    player.picture("08-heating")
    document.select(names[:1])
    player.retype("wall_u_value_w_m2k", "0.9")
    assert document.status("energyplus").stale == {names[0]}
    assert document.status("solar").stale == set()
    player.picture("09-stale")
    player.window.run_stale()
    run = player.window.session.runs[-1]
    player.wait_for(run)
    assert run.total == 1
    assert document.status("energyplus").fresh == set(names)
    before = document.building_result("heating_demand", names[0]).annual_kwh
    document.execute("add_scenario", name="Deep retrofit")
    player.window.session.set_scenario("deep-retrofit")
    player.pick(player.window.workspace.inspector.choices["package"].box, "deep")
    assert document.scenario("deep-retrofit").assignments == {names[0]: "deep"}
    player.wait_for(player.run("energyplus", "selected"))
    after = document.building_result("heating_demand", names[0], "deep-retrofit")
    assert after.fresh
    assert after.annual_kwh < 0.6 * before
    player.picture("10-retrofit")


def in_the_middle(player: Player, row: int) -> bool:
    """Whether a building is seen where no legend or scale lies over it."""
    view, place = player.window.workspace.view, player.visible_roof(row)
    if place is None:
        return False
    return 0.4 < place.x() / view.width() < 0.75 and 0.3 < place.y() / view.height() < 0.75


@pytest.mark.timeout(600)
def test_a_consultants_afternoon(player: Player, weather_file: Path) -> None:
    window = player.window
    import_district(player, weather_file)
    see_solar(player)
    storeys = player.document.city.buildings.column("storeys")
    candidates = [int(r) for r in player.document.city.rows_with_geometry if storeys[r] <= 2]
    rows = [row for row in candidates if in_the_middle(player, row)][:CHOSEN]
    names = edit_and_retrofit(player, rows)
    simulate_and_retrofit(player, names)
    path, history = player.document.path, [entry.title for entry in player.document.history()]
    window.close_project()
    player.picture("11-start-with-recent")
    assert sorted(item.name for item in path.parent.glob("district*")) == ["district.citytwin.gpkg"]
    window.actions_["view.theme"].trigger()
    window.open_path(path)
    player.qtbot.waitUntil(window.workspace.view.isVisible)
    assert [entry.title for entry in player.document.history()] == history
    assert player.document.status("energyplus", "deep-retrofit").fresh >= {names[0]}
    assert player.document.status("solar").fresh
    player.document.select(names)
    window.actions_["window.table"].trigger()
    player.picture("12-reopened-other-theme")
    while player.document.undo() is not None:
        pass
    assert len(player.document.city.buildings) == 0
    window.close_project()
