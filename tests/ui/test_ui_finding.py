"""Finding buildings and commands by typing."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.document.find_index import FindIndex
from citytwin_desktop.ui.command_palette import Entry, ranked
from citytwin_desktop.ui.keys_sheet import matching_groups, two_columns

SHIFT = Qt.KeyboardModifier.ShiftModifier


def objects(*values: Any) -> np.ndarray:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def index() -> FindIndex:
    buildings = Buildings(
        {
            "id": objects("NL.1", "NL.10", "NL.11", "NL.2"),
            "name": objects("19 High Street", "9 High Street", "", "Town hall"),
            "function": objects("residential", "", "office", "other"),
            "attributes": objects({"roof": "Flat"}, {"note": "near\nthe High lane"}, {"roof": None}, {"roof": 12}),
        }
    )
    return FindIndex(buildings, np.array([0, 1, 2, 3]))


def test_the_best_fit_comes_first() -> None:
    found = index()
    assert [item.row for item in found.find("9 high street").best] == [1, 0]
    assert [(item.row, item.where) for item in found.find("nl.1").best] == [
        (0, "Identifier"),
        (1, "Identifier"),
        (2, "Identifier"),
    ]
    assert [(item.row, item.where, item.value) for item in found.find("FLAT").best] == [(0, "roof", "Flat")]
    assert found.find("the high").best[0].value == "near\nthe High lane"
    assert [item.where for item in found.find("office").best] == ["Function"]
    assert found.find("high").count == 2
    assert found.rows("high").tolist() == [0, 1]
    assert found.rows("12").tolist() == [3]
    assert found.find("  ").best == ()
    assert found.find("zzz").best == ()
    assert found.rows("").tolist() == []
    assert FindIndex(Buildings(), np.zeros(0, np.int64)).find("a").best == ()


def test_the_field_lists_goes_there_and_selects_all(opened: Any, qtbot: Any) -> None:
    document, field, search = opened.session.document, opened.finding.field, opened.bars.search
    document.execute("edit_values", building_ids=["B0", "B2"], column="name", values=["9 High Street", "High view"])
    QTest.keyClicks(search, "high")
    qtbot.waitUntil(field.popup.isVisible)
    lines = field.popup.list.lines.lines
    assert [(line.text, line.note) for line in lines[:2]] == [("High view", "B2"), ("9 High Street", "B0")]
    assert "selects all 2" in lines[2].text
    QTest.keyClick(search, Qt.Key.Key_Down)
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert document.selection == ("B0",)
    assert not field.popup.isVisible()
    QTest.keyClick(search, Qt.Key.Key_Return, SHIFT)
    assert document.selection == ("B0", "B2")
    search.setText("nowhere")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert "No building has “nowhere”" in opened.toast.text.text()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""


def entry(text: str, reason: str = "", where: str = "Edit") -> Entry:
    return Entry(text.lower(), text, where, "", lambda: None, reason)


def test_commands_are_ranked() -> None:
    entries = [entry("Undo", "Nothing to undo"), entry("Select by condition"), entry("Select all"), entry("Show edges")]

    def names(typed: str, recent: tuple[str, ...] = ()) -> list[str]:
        return [item.text for item in ranked(entries, typed, recent)]

    assert names("", ("show edges",)) == ["Show edges", "Select by condition", "Select all", "Undo"]
    assert names("sel")[:2] == ["Select by condition", "Select all"]
    assert names("sbc")[0] == "Select by condition"
    assert names("slect al")[0] == "Select all"
    assert names("xyzq") == []


def test_the_palette_does_what_is_chosen(opened: Any) -> None:
    document = opened.session.document
    document.execute("save_selection", name="Two", building_ids=["B1", "B2"])
    opened.actions_["finding.palette"].trigger()
    form = next(form for form in opened.findChildren(QDialog) if form.isVisible())
    entries = {item.id: item for item in opened.finding.entries()}
    assert entries["view.hide"].reason == "Select buildings first"
    assert entries["edit.redo"].reason == "Nothing to redo"
    assert {"paint.heating_demand", "paint.", "saved.Two"} <= set(entries)
    QTest.keyClicks(form.field, "select two")
    assert form.list.chosen.text == "Select “Two”"
    QTest.keyClick(form.field, Qt.Key.Key_Return)
    assert document.selection == ("B1", "B2")
    opened.actions_["finding.palette"].trigger()
    form = next(form for form in opened.findChildren(QDialog) if form.isVisible())
    assert form.list.chosen.text == "Select “Two”", "what was used last comes first"
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()


def test_the_sheet_of_keys_is_searched(opened: Any) -> None:
    opened.actions_["help.keys"].trigger()
    form = next(form for form in opened.findChildren(QDialog) if form.isVisible())
    whole = form.columns[0].text() + form.columns[1].text()
    assert "Select by box" in whole
    assert "Set the turning point" in whole
    form.field.setText("by box")
    assert "Select by box" in form.columns[0].text()
    assert "Undo" not in form.columns[0].text() + form.columns[1].text()
    form.reject()
    groups = {"File": [("Open", "Ctrl+O")], "Edit": [("Undo", "Ctrl+Z"), ("Redo", "Ctrl+Y")]}
    assert matching_groups(groups, "ctrl+z") == {"Edit": [("Undo", "Ctrl+Z")]}
    assert two_columns(groups) == (["File"], ["Edit"])
