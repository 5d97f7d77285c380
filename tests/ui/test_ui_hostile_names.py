"""Names, sentences and file names come from other people's files: nothing in them is taken for markup."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from citytwin_desktop.document.explanation import Question
from citytwin_desktop.ui.main_window import MainWindow

EVIL = "<b>Evil</b><img src='x'>"
LONG = f"{EVIL} of a name that goes on and on, far beyond the panel"


def taken_for_markup(root: QWidget) -> list[str]:
    """Labels, tool tips and cells that would show a hostile name as rich text."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget, QLabel) and "Evil" in widget.text() and _rich(widget.text(), widget.textFormat()):
            found.append(f"label {widget.objectName()} of {type(widget.parent()).__name__}: {widget.text()}")
        if "Evil" in widget.toolTip() and _rich(widget.toolTip()):
            found.append(f"tool tip of {type(widget).__name__} {widget.objectName()}: {widget.toolTip()}")
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += _cells(widget)
    return found


def _cells(view: QAbstractItemView) -> list[str]:
    model, found = view.model(), []
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for row in range(min(model.rowCount(QModelIndex()), 20)):
        for column in range(columns):
            tip = str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or "")
            if "Evil" in tip and _rich(tip):
                found.append(f"tip in {type(view).__name__}: {tip}")
    return found


def _rich(text: str, form: Qt.TextFormat = Qt.TextFormat.AutoText) -> bool:
    if form == Qt.TextFormat.PlainText or (form == Qt.TextFormat.AutoText and not Qt.mightBeRichText(text)):
        return False
    return "<b>Evil" in text


def test_nothing_in_a_name_is_markup(opened: Any, qtbot: Any, tmp_path: Path) -> None:
    session, document, workspace = opened.session, opened.session.document, opened.workspace
    swept: list[str] = []

    def sweep(what: str) -> None:
        qtbot.wait(30)
        swept.extend(f"{what}: {item}" for item in taken_for_markup(opened))

    document.execute("edit_buildings", building_ids=["B0"], column="name", value=LONG)
    document.execute("add_scenario", name=LONG[:80])
    document.execute("add_scenario", name=EVIL)
    scenario = next(item.id for item in document.scenarios if item.name == EVIL)
    first = next(item.id for item in document.scenarios if item.name == LONG[:80])
    session.set_scenario(first)
    document.select(["B0"])
    name = workspace.inspector.scenario_name
    qtbot.waitUntil(lambda: EVIL in name.text())
    sweep("inspector")
    assert name.shown.endswith("…")
    assert "&lt;b&gt;Evil" in name.toolTip()
    qtbot.wait(300)  # what was asked for before is drawn
    frames, painted = workspace.view.frames_drawn, []
    paint, workspace.painter.paint = workspace.painter.paint, lambda: painted.append(1)
    document.execute("save_view", name=EVIL, content="{}")
    document.execute("save_selection", name=EVIL, building_ids=["B0"])
    qtbot.wait(150)
    workspace.painter.paint = paint
    assert not painted, "a name that is kept changes nothing that is drawn"
    assert workspace.view.frames_drawn == frames
    for panel in ("table", "jobs", "charts"):
        workspace.show_panel(panel)
        sweep(panel)
    for tab in range(workspace.left.count()):
        workspace.left.setCurrentIndex(tab)
        sweep(f"left {tab}")
    session.comparison.choose(scenario)
    sweep("compare")
    for question in (Question(building_ids=("B0",), column="name"), Question(building_ids=("B0",), column="volume")):
        opened.explaining.explain(question)
        sweep("explanation")
    session.problem.emit(f"“{EVIL}.json” is no city file: choose another.")
    sweep("toast")
    opened.open_path(tmp_path / f"{EVIL.replace('/', '')}.citytwin.gpkg")
    sweep("message of a file that is not there")
    assert isinstance(opened, MainWindow)
    assert swept == []
