"""The charts panel: what is drawn is what results say; selections go both ways; files hold what is seen."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from citytwin_desktop.document.chart_series import CancelledError, chart_variables
from citytwin_desktop.document.document import create_document
from citytwin_desktop.document.energy_values import DEMANDS
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.ui.charts.kinds import KINDS
from citytwin_desktop.ui.charts_panel import ChartsPanel
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import THEMES, contrast_ratio

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    """The project file, once it was made."""
    return []


@pytest.fixture
def project(tmp_path: Path, city_file: Callable[..., Path], weather_file: Path, made: list[bytes]) -> Path:
    """Four houses: B0 to B2 simulated, each with another year; B3 without a result."""
    path = tmp_path / "charts.citytwin.gpkg"
    if made:
        path.write_bytes(made[0])
        return path
    document = create_document(path)
    document.execute("import_city", sources=[str(city_file())])
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    for number, year in enumerate((1910, 1950, 1990)):
        document.execute("edit_buildings", building_ids=[f"B{number}"], column="year_built", value=year)
    keys = document.keys.energy(document.project.district, document.weather, "baseline")
    with document.project.writing() as connection:
        for seed, name in enumerate(("B0", "B1", "B2")):
            hours = np.random.default_rng(seed).gamma(2.0, 1.0 + seed, (4, 8760)).astype(np.float32)
            series = {item: StoredSeries("kWh", values) for item, values in zip(DEMANDS, hours, strict=True)}
            summary = {item: (float(found.values.sum()), "kWh") for item, found in series.items()}
            summary |= {"floor_area_m2": (160.0, "m2")}
            result = StoredResult(keys[name], "energyplus", "25.2", 1.0, {}, series, summary=summary)
            result_store.put(connection, result)
            result_store.show(connection, "energyplus", "baseline", [(name, keys[name], "")])
    document.close()
    made.append(path.read_bytes())
    return path


@pytest.fixture
def panel(qapp: Any, qtbot: Any, project: Path) -> Iterator[Any]:
    """The panel alone, with the project open."""
    session = Session()
    made = ChartsPanel(session)
    made.set_theme(THEMES["dark"])
    made.resize(1200, 260)
    made.hour_chosen.connect(lambda hour: session.document.set_hour(hour))
    session.problem.connect(made.setToolTip)
    with qtbot.waitExposed(made, timeout=60_000):
        made.show()
    assert session.open_path(project)
    yield made
    if session.document is not None:
        session.detach()
    made.close()
    made.deleteLater()


def shown(panel: Any, qtbot: Any, kind: str = "") -> Any:
    """The chart once it is drawn."""
    if kind:
        panel.show_kind(kind)
    else:
        panel._settle.stop()
        panel._ask()
    qtbot.waitUntil(lambda: not panel.gatherer.busy)
    QTest.qWait(30)
    return panel.chart


def at(chart: Any, x: float, y: float) -> QPoint:
    """Where a place in the data is on the canvas."""
    return chart.canvas.mapFromScene(chart.plot.getViewBox().mapViewToScene(QPointF(x, y)))


def numbers(chart: Any) -> dict[str, np.ndarray]:
    """Columns of the chart's table, as a file has them."""
    written = list(csv.reader(io.StringIO(chart.table().to_csv().decode())))
    body = [row for row in written if not row[0].startswith("#")]
    return {name: np.array([row[place] for row in body[1:]]) for place, name in enumerate(body[0])}


def differing(one: QImage, other: QImage) -> float:
    """Share of pixels, four taken together, that are far from each other."""
    size = one.size() / 2
    smooth = Qt.TransformationMode.SmoothTransformation
    found = []
    for image in (one, other):
        small = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        small = small.convertToFormat(QImage.Format.Format_RGB32)
        found.append(np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), -1, 4)[:, :, :3].astype(int))
    return float((np.abs(found[0] - found[1]).max(axis=2) > 60).mean())


def test_every_kind_draws_the_results_of_the_selection(panel: Any, qtbot: Any) -> None:
    document = panel.session.document
    year = document.building_result("heating_demand", "B1").values.astype(float)
    document.select(["B1"])
    panel.controls.variables.choose(("heating_demand",))
    column = "Heating demand [kWh]"
    totals = {"hourly": 1.0, "duration": 1.0, "carpet": 1.0, "monthly": 1.0, "profile": 365.0}
    for kind, days in totals.items():
        chart = shown(panel, qtbot, kind)
        assert numbers(chart)[column].astype(float).sum() * days == pytest.approx(year.sum(), rel=1e-5), kind
    assert panel.heading.text() == "1 selected"
    assert not panel.offer.isVisible()
    document.select([])
    chart = shown(panel, qtbot, "monthly")
    months = document.monthly_sums("heating_demand", ["B0", "B1", "B2"]).monthly_kwh
    assert numbers(chart)["Heating demand, 3 of 4 [kWh]"].astype(float) == pytest.approx(months, rel=1e-6)
    assert panel.heading.text() == "Whole city"
    assert panel.note.text() == "Heating demand: no result of 1 of 4 buildings."
    assert panel.offer.text() == "Run EnergyPlus…"
    panel.controls.per_area.click()
    chart = shown(panel, qtbot)
    found = numbers(chart)["Heating demand, 3 of 4 [kWh/m²]"].astype(float)
    assert found == pytest.approx(months / 480.0, rel=1e-6)


def test_the_cursor_is_the_hour_of_the_city(panel: Any, qtbot: Any) -> None:
    document, chart = panel.session.document, shown(panel, qtbot, "hourly")
    document.set_hour(1000)
    assert chart.cursor_.value() == 1000.5
    marked = lambda: [button.text() for button in panel.controls.ranges.buttons() if button.isChecked()]  # noqa: E731
    assert marked() == ["Year"]
    QTest.keyClick(chart.canvas, Qt.Key.Key_Plus)
    assert marked() == [], "a range of its own"
    panel.controls.ranges.buttons()[0].click()
    assert marked() == ["Day"]
    assert chart.seen == (984, 1008)
    middle = chart.plot.getViewBox().viewRange()[1][1] / 2
    canvas, start, end = chart.canvas.viewport(), at(chart, 1000.5, middle), at(chart, 1004.5, middle)
    # The scene learns what lies under the mouse before it is pressed, a hundred times a second at most.
    for step in (-9, 0):
        QTest.mouseMove(canvas, start + QPoint(step, 0))
        QTest.qWait(40)
    QTest.mousePress(canvas, LEFT, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, start + QPoint(int((end - start).x() * share), 0))
        QTest.qWait(30)
    QTest.mouseRelease(canvas, LEFT, pos=end)
    assert document.hour in (1003, 1004)
    value = float(document.building_result("heating_demand", "B0").values[990])
    value += sum(float(document.building_result("heating_demand", name).values[990]) for name in ("B1", "B2"))
    QTest.mouseMove(canvas, at(chart, 990.5, middle), 20)
    qtbot.waitUntil(lambda: panel.reading.text().startswith("11 Feb 06:00"))
    assert f"{value:.3g}" in panel.reading.text()
    QTest.keyClick(chart.canvas, Qt.Key.Key_Right, CTRL)
    assert document.hour in (1027, 1028)
    assert chart.seen[0] <= document.hour < chart.seen[1]
    assert len(chart.table().rows) == 24
    QTest.keyClick(chart.canvas, Qt.Key.Key_Home)
    assert chart.seen == (0, 8760)


def test_points_and_buildings_are_selected_together(panel: Any, qtbot: Any) -> None:
    document = panel.session.document
    chart = shown(panel, qtbot, "scatter")
    assert chart.ids[chart.known].tolist() == ["B0", "B1", "B2"]
    canvas = chart.canvas.viewport()
    QTest.mouseClick(canvas, LEFT, pos=at(chart, chart.x[1], chart.y[1]))
    assert document.selection == ("B1",)
    QTest.qWait(500)  # or it is a double click
    QTest.mouseClick(canvas, LEFT, CTRL, at(chart, chart.x[0], chart.y[0]))
    assert document.selection == ("B1", "B0")
    panel._ask()
    assert panel.chart is chart
    assert len(chart._chosen.data) == 2
    document.select(["B2"])
    panel._ask()
    assert chart._chosen.data["x"].tolist() == [1990.0]
    chart.box.outlined.emit(np.array([[1900, 0], [1960, 0], [1960, 1e6], [1900, 1e6]]), Qt.KeyboardModifier.NoModifier)
    assert document.selection == ("B0", "B1")
    chart = shown(panel, qtbot, "histogram")
    place = int(np.flatnonzero(chart.every.counts)[-1])
    chart.plot.getViewBox().clicked.emit(
        QPointF(float(chart.edges[place : place + 2].mean()), 0.1), Qt.KeyboardModifier.NoModifier
    )
    assert document.selection == ("B2",)
    assert sum(numbers(chart)["buildings"].astype(int)) == 3


def test_what_is_stale_or_missing_is_said(panel: Any, qtbot: Any) -> None:
    document = panel.session.document
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.3)
    chart = shown(panel, qtbot, "monthly")
    assert chart.key_.texts[0] == "Heating demand 1 stale, 3 of 4"
    brush = chart.brush_of(chart.lines[0], chart.colours[0])
    from citytwin_desktop.ui.charts.month_bars import hatching

    x, y = hatching(np.zeros(1), np.ones(1), np.array([2.5]), 1.0)
    assert (x.tolist(), y.tolist()) == ([0.0, 1.0, 0.0, 1.0, 0.0, 0.5], [0.0, 1.0, 1.0, 2.0, 2.0, 2.5])
    assert brush.style() == Qt.BrushStyle.BDiagPattern
    panel.controls.variables.choose(("solar_irradiance",))
    assert shown(panel, qtbot) is None
    assert panel.pages.currentWidget() is panel.invitation
    assert "no result yet" in panel.invitation.words.text()
    wanted: list[str] = []
    panel.run_wanted.connect(wanted.append)
    panel.invitation.line.itemAt(1).widget().click()
    assert wanted == ["solar"]
    panel.controls.variables.choose(())
    shown(panel, qtbot)
    assert panel.invitation.words.text().startswith("Choose a value")


def test_numbers_are_explained(panel: Any, qtbot: Any) -> None:
    asked: list[Any] = []
    panel.session.explain_wanted.connect(asked.append)
    panel.session.document.select(["B1"])
    chart = shown(panel, qtbot, "monthly")
    box = chart.plot.getViewBox()
    box.doubled.emit(QPointF(6.0, 0.0))
    assert (asked[0].variable, asked[0].building_ids, asked[0].month) == ("heating_demand", ("B1",), 6)
    menus: list[Any] = []
    chart.menu_wanted.disconnect()
    chart.menu_wanted.connect(lambda question, _: menus.append(question))
    box.menu_wanted.emit(QPointF(3.0, 0.0), QPoint(0, 0))
    assert menus[0].month == 3
    chart = shown(panel, qtbot, "scatter")
    chart.plot.getViewBox().doubled.emit(QPointF(chart.x[0], chart.y[0]))
    assert asked[1].building_ids == ("B0",)


def test_files_hold_what_is_drawn(panel: Any, qtbot: Any, tmp_path: Path) -> None:
    from PySide6.QtSvg import QSvgRenderer

    for theme in THEMES.values():
        panel.set_theme(theme)
        for kind in KINDS:
            chart = shown(panel, qtbot, kind.name)
            target = tmp_path / f"{kind.name}.svg"
            panel.save(target)
            drawing = QSvgRenderer(str(target))
            assert drawing.isValid()
            image = QImage(chart.canvas.size(), QImage.Format.Format_RGB32)
            image.fill(0)
            painter = QPainter(image)
            drawing.render(painter)
            painter.end()
            # Data and axes lie where they lie on the screen.
            # A year of hours has no pixel that is not an edge.
            most = 0.05 if kind.name == "hourly" else 0.005
            assert differing(image, chart.canvas.grab().toImage()) < most, kind.name
    panel.save(tmp_path / "chart.png")
    assert QImage(str(tmp_path / "chart.png")).size() == chart.canvas.size() * 2
    panel.save(tmp_path / "chart.csv")
    assert b"# CityTwin Desktop, chart: scatter" in (tmp_path / "chart.csv").read_bytes()
    panel.save(tmp_path / "no folder" / "chart.png")
    assert "no folder" in panel.toolTip()
    panel.save(tmp_path / "chart.doc")
    assert ".png, .svg or .csv" in panel.toolTip()


def test_what_is_no_longer_wanted_is_given_up(panel: Any, qtbot: Any) -> None:
    gatherer, told, arrived = panel.gatherer, [], []
    shown(panel, qtbot, "monthly")
    gatherer.arrived.connect(lambda key, _: arrived.append(key))

    def slow(_side: Any, tell: Any) -> None:
        while True:
            try:
                tell(1, 2)
            except CancelledError:
                told.append("cancelled")
                raise

    gatherer.ask("slow", slow)
    gatherer.ask("other", lambda _side, _tell: 7)
    qtbot.waitUntil(lambda: arrived == ["other"])
    assert told == ["cancelled"]
    assert gatherer.ask("other", lambda _side, _tell: 8)
    gatherer.ask("slow", slow)
    panel.session.document.execute("edit_buildings", building_ids=["B3"], column="name", value="x")
    qtbot.waitUntil(lambda: not gatherer.busy)
    assert not gatherer.ask("other", lambda _side, _tell: 9)
    gatherer.ask("slow", slow)
    path = panel.session.document.path
    panel.session.detach()
    assert not gatherer.busy
    assert not path.with_name(f"{path.name}-wal").exists()


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_data_colours_are_seen(theme: Any) -> None:
    from citytwin_desktop.ui.charts.colours import CARRIER_COLOURS, CHART_COLOURS

    every = [*CHART_COLOURS[theme.name].values(), *CARRIER_COLOURS[theme.name]]
    assert min(contrast_ratio(colour, theme.panel) for colour in every) >= 3.0
    frame = {getattr(theme, name) for name in theme.__dataclass_fields__}
    assert not frame & set(every)
    known = {item.name for item in chart_variables()} - {"final_energy_by_carrier"}
    assert known <= set(CHART_COLOURS[theme.name])
