"""The history panel: every edit, a click goes there, long ways can be given up, long lists are read by the page."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from citytwin_desktop.document.document import Document, open_document
from citytwin_desktop.project import log_pages
from citytwin_desktop.ui.history_model import PAGE, HistoryModel


def rows(panel: Any) -> list[str]:
    model = panel.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def struck(panel: Any) -> list[bool]:
    model = panel.model
    return [model.index(row, 0).data(Qt.ItemDataRole.FontRole).strikeOut() for row in range(model.rowCount())]


@pytest.fixture
def edited(opened: Any, qtbot: Any) -> Any:
    """The panel in sight after four edits of storeys."""
    for storeys in (2, 3, 4, 5):
        opened.session.document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=storeys)
    opened.actions_["explain.history"].trigger()
    panel = opened.explaining.history
    qtbot.waitUntil(lambda: panel.isVisible() and panel.model.rowCount() == 6)
    return panel


def a_click_or_enter_goes_to_a_place_and_back(opened: Any, edited: Any, qtbot: Any) -> None:
    panel, document = edited, opened.session.document

    def storeys() -> float:
        return float(document.city.buildings.columns["storeys"][0])

    assert rows(panel)[-2:] == ["Import 4 buildings from boxes.city.json", "Empty project"]
    assert panel.model.current == 0
    place = panel.list.visualRect(panel.model.index(2, 0)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert storeys() == 3
    assert struck(panel) == [True, True, False, False, False, False]
    assert panel.model.current == 2
    assert "Now here" in str(panel.model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole))
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: storeys() == 5)
    assert not any(struck(panel))
    panel.go_to(5)
    assert len(document.city.buildings) == 0
    panel.go_to(1)
    assert storeys() == 4
    # A new edit ends what was taken back: it stays in the list, and cannot be reached any more.
    document.execute("edit_buildings", building_ids=["B1"], column="storeys", value=9)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 7)
    assert struck(panel) == [False, True, False, False, False, False, False]
    panel.go_to(1)
    assert storeys() == 4
    assert not panel.model.flags(panel.model.index(1, 0)) & Qt.ItemFlag.ItemIsEnabled


def test_the_history_is_walked_through(opened: Any, edited: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A click goes there at once; a long way shows how far it is, and can be given up."""
    a_click_or_enter_goes_to_a_place_and_back(opened, edited, qtbot)
    last = edited.model.rowCount() - 1
    monkeypatch.setattr("citytwin_desktop.ui.history_panel.AT_ONCE_STEPS", 1)
    monkeypatch.setattr("citytwin_desktop.ui.history_panel.SLICE_STEPS", 1)
    panel, document = edited, opened.session.document
    panel.go_to(last)
    assert panel.foot.isVisible()
    assert not panel.list.isEnabled()
    qtbot.waitUntil(lambda: panel.travel is None or panel.travel.done >= 1)
    panel.cancel.click()
    assert panel.foot.isHidden()
    assert document.city.buildings.columns["storeys"][0] == 4
    panel.go_to(last)
    qtbot.waitUntil(lambda: panel.travel is None)
    assert len(document.city.buildings) == 0
    assert panel.list.isEnabled()


def test_a_long_history_is_read_by_the_page(qapp: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document: Document = open_document(project)
    with document.project.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO ct_edit_log (at, who, app_version, command, title, args_json, changes, undone) "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
            "SELECT '2026-01-01T00:00:00+00:00', 'me', '1', 'edit_buildings', 'Edit ' || i, '{}', x'00', 0 FROM n"
        )
    read: list[int] = []
    texts = log_pages.texts
    monkeypatch.setattr(log_pages, "texts", lambda connection, seqs: read.extend(seqs) or texts(connection, seqs))
    model = HistoryModel(qapp)
    model.show_history(document)
    assert (model.rowCount(), read) == (10_002, [])
    assert model.index(0, 0).data() == "Edit 10000"
    assert model.index(PAGE - 1, 2).data() == "me"
    assert len(read) == PAGE
    assert model.index(9_000, 0).data() == "Edit 1000"
    assert len(read) == 2 * PAGE
    document.close()
