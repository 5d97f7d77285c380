"""Colours, classes, range, filter and the hours that go by, as the user chooses them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from citytwin_desktop.scene.appearance import GHOST, OPAQUE, STALE
from citytwin_desktop.scene.appearance import opacity_code as code_of
from citytwin_desktop.scene.colour_maps import FLOW_MAP, ColourScale
from citytwin_desktop.ui.compare_state import Comparison
from citytwin_desktop.ui.legend_range import END, filtered, moved, nearer
from citytwin_desktop.ui.paint_scale import ScaleKeeper
from citytwin_desktop.ui.paint_style import CUSTOM, LOCKED, PaintStyle, StyleMemory
from citytwin_desktop.ui.time_play import TimePlayer, next_hour, play_range
from citytwin_desktop.ui.variables import Request
from citytwin_desktop.ui.view_tools.tool import ViewTool
from tests.stored_demand import store_demand

LEFT = Qt.MouseButton.LeftButton
NOW = {"B0": 120.0, "B1": 80.0, "B2": 60.0, "B3": 20.0}
SCALE = ColourScale("viridis", 0.0, 200.0)


def keeper(values: list[float], variable: str, period: str, style: PaintStyle) -> tuple[ScaleKeeper, Any]:
    numbers = np.array(values, np.float32)
    found = SimpleNamespace(
        variable=variable, unit="kWh", values=numbers, stale=np.zeros(len(numbers), bool), estimate=None
    )
    surfaces = SimpleNamespace(building=np.arange(len(numbers)))
    session = SimpleNamespace(
        variable=variable, period=period, style=style, map_name=style.map_name, classes=style.classes,
        detail=SimpleNamespace(shown=False), comparison=Comparison(None), painted=SimpleNamespace(of=lambda _: found),
        document=SimpleNamespace(city=SimpleNamespace(surfaces=surfaces), scenarios=(), active_scenario="baseline"),
    )  # fmt: skip
    return ScaleKeeper(session), found


@pytest.mark.parametrize("period", ["day", "year"])
def test_the_scale_of_a_year_follows_new_results(period: str) -> None:
    made, found = keeper([200.0, 210.0], "heating_demand", period, PaintStyle())
    made.scale(found, "heating_demand")
    found.values = np.array([90.0, 400.0], np.float32)
    scale = made.scale(found, "heating_demand")
    assert scale.low <= 90.0
    assert scale.high >= 400.0


def test_a_typed_range_and_classes_reach_the_scale() -> None:
    style = PaintStyle(classes=5, method="quantiles", range_mode=CUSTOM, low=0.0, high=100.0, reverse=True)
    made, found = keeper(list(np.linspace(0, 50, 500)), "heating_demand", "year", style)
    scale = made.scale(found, "heating_demand")
    assert (scale.low, scale.high, scale.reverse, scale.classes) == (0.0, 100.0, True, 5)
    assert scale.breaks == pytest.approx((10, 20, 30, 40), abs=0.1)


def test_losses_in_every_month_have_a_scale_of_any_colour_map() -> None:
    made, found = keeper([-5.0, -2.0], "heat_transmission", "month", PaintStyle())
    made.session.request = lambda: Request("heat_transmission", month=0)
    made.session.painted.of = lambda *_: found
    scale = made.scale(found, "heat_transmission")
    assert scale.low <= -5.0 < 0.0 <= scale.high, "what lies below zero has colours of its own"
    assert len(set(scale.places(found.values).tolist())) == 2
    assert PaintStyle(range_mode=CUSTOM, low=3.0, high=1e300).typed_range is None, "kept by another hand"


def test_a_style_is_remembered_for_each_variable_and_period_and_read_with_care() -> None:
    memory = StyleMemory({"a": "viridis", "b": "inferno"}.get)
    memory.current = PaintStyle(classes=7, range_mode=CUSTOM, low=1.0, high=2.0, threshold=(1.0, 2.0))
    memory.change(("a", "year"), ("b", "year"))
    assert (memory.current.map_name, memory.current.classes) == ("inferno", 7)
    assert (memory.current.range_mode, memory.current.threshold) == ("data", None), "of other numbers"
    memory.change(("b", "year"), ("a", "year"))
    assert memory.current.typed_range == (1.0, 2.0)
    assert PaintStyle.from_dict(memory.current.to_dict()) == memory.current
    odd = {"map_name": "rainbow", "classes": 400, "low": "x", "high": 3, "threshold": [5, 1], "opacity": 7}
    assert PaintStyle.from_dict(odd) == PaintStyle()
    assert PaintStyle.from_dict("nonsense") == PaintStyle()


def test_handles_never_cross_and_open_at_the_ends() -> None:
    assert filtered(None, 0, 50.0, SCALE) == (50.0, END)
    assert filtered((50.0, END), 1, 20.0, SCALE) == (50.0, 50.0)
    assert filtered((50.0, 80.0), 0, 90.0, SCALE) == (80.0, 80.0)
    assert filtered((50.0, END), 0, -3.0, SCALE) is None
    assert moved(None, 1, -0.1, SCALE) == (-END, pytest.approx(180.0))
    tenths = ColourScale("viridis", 0.1, 1000.0, logarithmic=True)
    assert moved(None, 0, 0.25, tenths) == (pytest.approx(1.0), END), "a quarter of the way is one power of ten"
    assert [nearer((10.0, 90.0), x) for x in (0.0, 40.0, 60.0)] == [0, 0, 1]
    assert (nearer((50.0, 50.0), 40.0), nearer((50.0, 50.0), 60.0)) == (0, 1)


def test_hours_go_by_within_a_range_and_over_again() -> None:
    ends = tuple(24 * day for day in (31, 59, 90))
    assert play_range("day", 30, ends, 2160) == (24, 48)
    assert play_range("week", 200, ends, 2160) == (168, 336)
    assert play_range("week", 2150, ends, 2160) == (2016, 2160)
    assert play_range("month", 31 * 24, ends, 2160) == (31 * 24, 59 * 24)
    assert play_range("year", 9, ends, 2160) == (0, 2160)
    assert next_hour(46, 1, (24, 48), False) == 47
    assert next_hour(47, 1, (24, 48), True) == 24
    assert next_hour(47, 1, (24, 48), False) is None
    assert next_hour(36, 24, (24, 48), True) == 36, "a day's step keeps the hour"


def test_the_next_hour_waits_for_the_picture(qapp: Any, qtbot: Any) -> None:
    frames, steps = [0], []
    player = TimePlayer(qapp, lambda: frames[0])
    player.rate_per_s = 20
    player.stepped.connect(steps.append)
    player.start()
    qtbot.waitUntil(lambda: len(steps) == 1)
    QTest.qWait(150)
    assert len(steps) == 1, "nothing is queued while no frame was drawn"
    frames[0] += 1
    qtbot.waitUntil(lambda: len(steps) == 2)
    player.stop()
    frames[0] += 1
    QTest.qWait(80)
    assert len(steps) == 2


@pytest.fixture
def project(project: Path, weather_file: Path) -> Path:
    """Four boxes with results, and a scenario in which two need less."""
    from citytwin_desktop.document.document import open_document

    document = open_document(project)
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    document.execute("add_scenario", name="Deep")
    document.execute("assign_package", scenario_id="deep", building_ids=["B0", "B1"], package_id="deep")
    store_demand(document, "baseline", NOW)
    store_demand(document, "deep", {"B0": 10.0, "B1": 9.0})
    document.close()
    return project


def codes(window: Any, row: int) -> set[int]:
    appearance = window.workspace.view.scene.appearance
    return set(appearance.surface_rgba()[appearance.city.surfaces.building == row, 3].tolist())


def test_the_legend_filters_counts_and_selects(opened: Any, qtbot: Any) -> None:
    opened.colour_by("heating_demand")
    legend, view = opened.workspace.legend, opened.workspace.view
    qtbot.waitUntil(legend.isVisible)
    QTest.qWait(250)
    bar, frames = legend.bar, view.frames_drawn
    fitted = view.scene.appearance.scale
    assert len(bar.units) == 4, "buildings are counted, not their surfaces"
    QTest.mousePress(bar, LEFT, pos=QPoint(round(bar.handles()[0]), 12))
    for value in (30.0, 50.0, 70.0):
        QTest.mouseMove(bar, QPoint(round(bar.x_of(value)), 12))
    QTest.mouseRelease(bar, LEFT, pos=QPoint(round(bar.x_of(70.0)), 12))
    assert opened.session.style.threshold[0] == pytest.approx(70.0, abs=2.0)
    assert opened.session.style.threshold[1] == END
    assert legend.filter.words.text() == "2 of 4 buildings"
    assert view.scene.appearance.scale == fitted, "the colours mean what they meant"
    qtbot.waitUntil(lambda: view.frames_drawn > frames)
    base, owner = view.scene.appearance.base_colours(), view.scene.city.surfaces.building
    assert (base[owner == 2] == base[owner == 3]).all(), "both outside, both in one grey"
    assert (base[owner == 0] != base[owner == 1]).any()
    opened.session.set_style(outside="ghost")
    assert (codes(opened, 0), codes(opened, 3)) == ({OPAQUE}, {GHOST})
    opened.session.set_style(outside="grey", opacity=0.25)
    QTest.qWait(30)
    assert codes(opened, 0) == {64}
    check_opacities_go_without_steps(opened, fitted)
    assert opened.actions_["paint.select_shown"].isEnabled()
    legend.filter.select.click()
    assert sorted(opened.session.document.selection) == ["B0", "B1"]
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Delete)
    assert opened.session.style.threshold is None
    assert not legend.filter.isVisible()
    check_classes(opened, bar, qtbot)
    check_logarithmic_colours(opened)
    check_ranges(opened, qtbot)
    check_values_of_buildings(opened)
    check_keys_of_the_view(opened)


def check_opacities_go_without_steps(opened: Any, fitted: ColourScale) -> None:
    settings, scene = opened.workspace.layers.settings, opened.workspace.view.scene
    settings.opacity.slider.setValue(73)
    assert opened.session.style.opacity == 0.73
    assert settings.opacity.number.text() == "73\u2009%"
    (code,) = codes(opened, 0)
    assert code * 1.02 / 255 - 0.012 == pytest.approx(0.73, abs=0.005), "as the shader reads it"
    assert scene.appearance.scale == fitted, "no colour is worked out again while the slider is dragged"
    assert {code_of(share / 1000) for share in range(51, 1000)}.isdisjoint({OPAQUE, STALE})
    assert PaintStyle.from_dict(opened.session.style.to_dict()).opacity == 0.73
    settings.opacity.slider.setValue(100)
    assert codes(opened, 0) == {OPAQUE}


def check_logarithmic_colours(opened: Any) -> None:
    settings, legend, painter = opened.workspace.layers.settings, opened.workspace.legend, opened.workspace.painter
    opened.session.set_style(classes=0, range_mode="data")
    QTest.qWait(30)
    assert settings.logarithmic.isEnabled()
    settings.logarithmic.click()
    QTest.qWait(30)
    scale = painter.scale
    assert (scale.logarithmic, scale.low, scale.high) == (True, 20.0, 120.0)
    assert legend.bar.x_of((20.0 * 120.0) ** 0.5) == pytest.approx(legend.bar.area.center().x(), abs=0.5)
    assert set(legend.bar.labelled()) == {20.0, 120.0, 50.0, 100.0}
    assert np.flatnonzero(legend.counts).tolist() == [0, 22, 28, 36], "60 stands beyond the middle, 20 at the end"
    assert PaintStyle.from_dict(opened.session.style.to_dict()).logarithmic
    legend.bar.grab()
    opened.session.set_style(map_name=FLOW_MAP)
    QTest.qWait(30)
    assert not painter.scale.logarithmic
    assert "zero" in settings.logarithmic.toolTip()
    settings.logarithmic.click()
    QTest.qWait(30)
    assert not settings.logarithmic.isEnabled()
    opened.session.set_style(map_name="viridis")


def check_classes(opened: Any, bar: Any, qtbot: Any) -> None:
    opened.session.set_style(classes=5, method="equal", range_mode=CUSTOM, low=0.0, high=100.0)
    qtbot.waitUntil(lambda: bar.scale.classes == 5)
    QTest.mouseClick(bar, LEFT, pos=QPoint(round(bar.x_of(70.0)), 40))
    assert opened.session.document.selection == ("B2",), "60 lies upon the end and belongs to the class above"
    QTest.mouseClick(bar, LEFT, pos=QPoint(round(bar.x_of(95.0)), 40))
    assert sorted(opened.session.document.selection) == ["B0", "B1"], "what lies beyond counts with the last class"
    QTest.keyClick(bar, Qt.Key.Key_PageUp)
    assert bar.class_ == 0
    QTest.keyClick(bar, Qt.Key.Key_PageUp)
    QTest.keyClick(bar, Qt.Key.Key_Return)
    assert opened.session.document.selection == ("B3",)


def check_ranges(opened: Any, qtbot: Any) -> None:
    """A range that is locked holds all scenarios and stays while they change."""
    scene, settings = opened.workspace.view.scene, opened.workspace.layers.settings
    opened.session.set_style(classes=0, range_mode=LOCKED)
    QTest.qWait(30)
    locked = scene.appearance.scale
    assert (locked.low, locked.high) == (0.0, 120.0)
    opened.session.set_scenario("deep")
    QTest.qWait(30)
    assert scene.appearance.scale == locked
    assert np.nanmax(scene.appearance.values) == 60.0, "B2 has no package, and its result of today"
    settings.low.setText("50")
    settings.low.setModified(True)
    settings.low.editingFinished.emit()
    assert opened.session.style.typed_range == (50.0, 120.0)
    settings.low.setText("5000")
    settings.low.setModified(True)
    settings.low.editingFinished.emit()
    assert "does not rise" in opened.toast.text.text()
    settings.high.setText("1e300")
    settings.high.setModified(True)
    settings.high.editingFinished.emit()
    assert "too wide" in opened.toast.text.text()
    assert opened.session.style.typed_range == (50.0, 120.0)
    opened.session.set_scenario("baseline")


def check_values_of_buildings(opened: Any) -> None:
    values = opened.workspace.layers.settings.values
    assert [values.itemText(place) for place in range(values.count())] == ["Per floor area", "Total of the building"]
    values.setCurrentIndex(1)
    values.activated.emit(1)
    QTest.qWait(30)
    assert np.nanmax(opened.workspace.view.scene.appearance.values) == pytest.approx(120.0 * 200.0)
    assert opened.workspace.legend.unit == "kWh/a per building"


def check_keys_of_the_view(opened: Any) -> None:
    document, view, bar = opened.session.document, opened.workspace.view, opened.workspace.time_bar
    opened.colour_by("")
    view.setFocus()
    hour = document.hour
    for key, shift, step in (
        (Qt.Key.Key_Period, False, 1),
        (Qt.Key.Key_Greater, True, 24),
        (Qt.Key.Key_Less, True, -24),
    ):
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(view, key, modifier)
        hour += step
        assert document.hour == hour
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert bar.player.playing
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert not bar.player.playing
    view.use(ViewTool(view, opened.session))
    QTest.keyClick(view, Qt.Key.Key_Period)
    assert document.hour == hour, "the point of a number typed to a tool"
    assert not opened.actions_["time.on"].isEnabled()
    view.use(None)
    assert opened.actions_["time.on"].isEnabled()
    opened.colour_by("peak_heating")
    tips = {button.property("period"): button.toolTip() for button in bar.periods.buttons()}
    assert "does not change with time" in tips["month"]
