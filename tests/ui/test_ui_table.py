"""The building table: sorting, filtering, editing, copying and pasting, marks and explanations."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from citytwin_desktop.document.querying.text_column import TextColumn
from citytwin_desktop.document.relative_change import RelativeChange
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.relative_text import relative_change
from citytwin_desktop.ui.table_columns import Cells
from citytwin_desktop.ui.table_edits import clipboard_values, pasted_column, typed_value
from citytwin_desktop.ui.table_model import MARK_ROLE

DOWN, UP = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder


def dialog(window: Any) -> Any:
    return next(form for form in window.findChildren(QDialog) if form.isVisible())


def column(table: Any, name: str) -> int:
    return table.model.columns.index(name)


def cells(table: Any, name: str, role: Any = Qt.ItemDataRole.DisplayRole) -> list[Any]:
    place = column(table, name)
    return [table.model.index(line, place).data(role) for line in range(table.model.rowCount())]


def test_equal_cells_keep_their_order_and_unknown_ones_come_last() -> None:
    rows = np.arange(5)
    numbers = Cells("n", np.array([2.0, np.nan, 1.0, 2.0, 1.0]))
    assert numbers.order(rows, downwards=False).tolist() == [2, 4, 0, 3, 1]
    assert numbers.order(rows, downwards=True).tolist() == [0, 3, 2, 4, 1]
    texts = Cells("t", texts=TextColumn(["b", "", "A", "a", "B"]))
    assert texts.order(rows, downwards=False).tolist() == [2, 3, 4, 0, 1]
    assert texts.order(rows, downwards=True).tolist() == [0, 4, 3, 2, 1]


def test_the_table_sorts_filters_and_shows_marks(opened: Any, qtbot: Any) -> None:
    document, table = opened.session.document, opened.workspace.table
    opened.actions_["window.table"].trigger()
    document.execute(
        "edit_values", building_ids=["B0", "B2", "B3"], column="year_built", values=["1980", "1930", "1950"]
    )
    header = table.view.horizontalHeader()
    header.setSortIndicator(column(table, "year_built"), DOWN)
    qtbot.waitUntil(lambda: cells(table, "year_built") == ["1980", "1950", "1930", ""])
    assert cells(table, "year_built", MARK_ROLE) == ["e", "e", "e", ""]
    header.setSortIndicator(column(table, "year_built"), UP)
    assert cells(table, "id") == ["B2", "B3", "B0", "B1"]
    table.bar.edit.setText("year < 1960")
    table.bar.changed.emit()
    assert cells(table, "id") == ["B2", "B3"]
    assert table.bar.count.text() == "2 of 4"
    table.bar.take.click()
    assert document.selection == ("B2", "B3")
    table.bar.edit.setText("b3")
    table.bar.changed.emit()
    assert cells(table, "id") == ["B3"], "a plain text is looked for in names"
    table.bar.edit.setText("year < ")
    table.bar.changed.emit()
    assert cells(table, "id") == ["B3"], "while a condition is being written the lines stay"
    assert "ends too early" in table.bar.edit.toolTip()
    table.bar.edit.clear()
    table.bar.only_selected.setChecked(True)
    assert cells(table, "id") == ["B2", "B3"]
    document.select(["B1"])
    qtbot.waitUntil(lambda: cells(table, "id") == ["B1"])
    document.execute("remove_buildings", building_ids=["B0"])
    assert cells(table, "id") == ["B1"]
    table.bar.only_selected.setChecked(False)
    assert cells(table, "id") == ["B2", "B3", "B1"]


def test_cells_are_edited_one_by_one_and_in_bulk(opened: Any, qtbot: Any) -> None:
    document, table = opened.session.document, opened.workspace.table
    opened.actions_["window.table"].trigger()
    model, entries = table.model, len(document.history())
    year = column(table, "year_built")
    assert model.setData(model.index(0, year), "1931")
    assert not model.setData(model.index(0, year), "1931")
    assert not model.setData(model.index(0, year), "old")
    assert "is no number" in opened.toast.text.text()
    assert not model.setData(model.index(0, year), "99999")
    assert len(document.history()) == entries + 1
    assert not model.flags(model.index(0, column(table, "id"))) & Qt.ItemFlag.ItemIsEditable
    document.execute("edit_buildings", building_ids=["B1"], column="storeys", value=7)
    document.select(["B0", "B1"])
    qtbot.waitUntil(table.bar.set.isEnabled)
    table.bar.set.click()
    form = dialog(opened)
    form.column.setCurrentIndex(form.column.findData("year_built"))
    assert form.now.text() == "1931"
    form.column.setCurrentIndex(form.column.findData("function"))
    assert form.choice.isVisibleTo(form)
    form.choice.setCurrentIndex(form.choice.findData("office"))
    form.submitted.emit()
    buildings = document.city.buildings
    assert buildings.column("function")[:2].tolist() == ["office", "office"]
    assert buildings.column("storeys")[1] == 7, "only the field that was touched changes"
    assert len(document.history()) == entries + 3
    document.undo()
    assert document.city.buildings.column("function")[:2].tolist() == ["", ""]


def test_values_are_changed_by_an_amount_or_a_factor(opened: Any, qtbot: Any) -> None:
    document, table = opened.session.document, opened.workspace.table
    opened.actions_["window.table"].trigger()
    document.execute("edit_values", building_ids=["B0", "B1", "B2"], column="storeys", values=["2", "3", "200"])
    document.select(["B0", "B1", "B3"])
    table.commands.ask_bulk_edit("storeys")
    form = dialog(opened)
    form.value.setText("×1.6")
    assert form.then.text() == "2–3 → 3–5; 2 of 3 buildings change, 1 without a value stay"
    form.submitted.emit()
    assert document.city.buildings.column("storeys")[[0, 1]].tolist() == [3, 5], "whole"
    assert np.isnan(document.city.buildings.column("storeys")[3])
    document.select(["B0", "B2"])
    table.commands.ask_bulk_edit("storeys")
    form = dialog(opened)
    form.value.setText("+1")
    assert not form.ok.isEnabled()
    assert "1 building would leave 1 to 200" in form.problem.text()
    form.value.setText("200")
    assert form.ok.isEnabled(), "a plain number is the value itself"
    assert "1 of 2 buildings change" in form.then.text()

    check_odd_texts_for_many(document, form)
    check_all_get_higher(document, form)


def check_odd_texts_for_many(document: Any, form: Any) -> None:
    """Three hundred digits, nothing at all and years: nothing breaks, and all is told in full."""
    form.column.setCurrentIndex(form.column.findData("wall_u_value_w_m2k"))
    assert form.now.text().startswith("–"), "none has an own value"
    for text in ("×" + "9" * 300, "+" + "9" * 308, "1e308"):
        form.value.setText(text)
        assert not form.ok.isEnabled()
    document.execute("edit_values", building_ids=["B0", "B2"], column="year_built", values=["1893", "2017"])
    form.column.setCurrentIndex(form.column.findData("year_built"))
    form.value.setText("+3")
    assert form.then.text() == "1893–2017 → 1896–2020", "years are not rounded"
    document.undo()
    form.column.setCurrentIndex(form.column.findData("height_m"))
    form.value.setText("+0")
    assert not form.ok.isEnabled(), "the command would refuse it"
    assert form.now.text().removesuffix("\u2009m") == form.then.text().partition(" ")[0], "one height, told once"


def check_all_get_higher(document: Any, form: Any) -> None:
    form.column.setCurrentIndex(form.column.findData("height_m"))
    assert not form.default.isVisibleTo(form)
    document.select(["B0", "B2"])
    before = tall(document)
    form.value.setText("+3 m")
    assert form.ok.isEnabled()
    entries = len(document.history())
    form.submitted.emit()
    assert tall(document)[[0, 2]] == pytest.approx(before[[0, 2]] + 3.0)
    assert tall(document)[[1, 3]] == pytest.approx(before[[1, 3]])
    assert len(document.history()) == entries + 1
    assert document.history()[-1].title == "Height of 2 buildings +3\u2009m"
    document.undo()
    assert tall(document) == pytest.approx(before)
    with pytest.raises(KnownError, match="come down to the ground"):
        document.execute("change_height", building_ids=["B0"], amount_m=-500.0)
    with pytest.raises(KnownError, match="changes nothing"):
        document.execute("change_values", building_ids=["B0"], column="storeys")


def tall(document: Any) -> Any:
    low, high = document.city.bounds_m
    return high[:, 2] - low[:, 2]


@pytest.mark.parametrize(
    ("text", "factor", "amount"),
    [
        ("+3 m", 1.0, 3.0),
        ("\u221210 %", 0.9, 0.0),
        ("\u201310 %", 0.9, 0.0),
        ("×1.2", 1.2, 0.0),
        ("* 1,5", 1.5, 0.0),
        ("/2", 0.5, 0.0),
        ("-1.5", 1, -1.5),
    ],
)
def test_relative_texts(text: str, factor: float, amount: float) -> None:
    found = relative_change(text, "m")
    assert found is not None
    assert (found.factor, found.amount) == pytest.approx((factor, amount))


def test_what_is_no_relative_change() -> None:
    assert relative_change("3.5", "m") is None
    assert relative_change("office") is None
    for text, words in (("+3 kg", "not the unit"), ("×2 m", "no unit"), ("/0", "no change"), ("+3", "")):
        if not words:
            assert relative_change(text, "W/m²K") == RelativeChange(amount=3.0)
            continue
        with pytest.raises(KnownError, match=words):
            relative_change(text, "m")


def test_copy_and_paste(opened: Any, qtbot: Any) -> None:
    document, table = opened.session.document, opened.workspace.table
    opened.actions_["window.table"].trigger()
    document.execute("edit_values", building_ids=["B0", "B1"], column="year_built", values=["1930", "1950"])
    table.commands.show_columns(("id", "year_built"))
    assert table.model.columns == ("id", "year_built")
    table.view.setCurrentIndex(table.model.index(0, 1))
    document.select(["B0", "B1", "B2"])
    QTest.keySequence(table.view, "Ctrl+C")
    assert QApplication.clipboard().text().split("\n") == ["Identifier\tYear built", "B0\t1930", "B1\t1950", "B2\t"]
    QApplication.clipboard().setText("1930\n1951\n1961\n")
    QTest.keySequence(table.view, "Ctrl+V")
    form = dialog(opened)
    assert form.ok.text() == "Change 2 buildings"
    entries = len(document.history())
    form.submitted.emit()
    assert document.city.buildings.column("year_built")[:3].tolist() == [1930, 1951, 1961]
    assert len(document.history()) == entries + 1, "one step takes it back"
    QApplication.clipboard().setText("1\n2")
    table.commands.paste()
    assert "2 values and 3 buildings" in opened.toast.text.text()
    table.view.setCurrentIndex(table.model.index(0, 0))
    table.commands.paste()
    assert "cannot be edited" in opened.toast.text.text()


def test_what_was_typed_or_pasted() -> None:
    assert typed_value("year_built", " ") == (None,)
    assert typed_value("wall_u_value_w_m2k", "0,35") == (0.35,)
    assert typed_value("function", "Office") == ("office",)
    assert clipboard_values("a\tb\r\nc\td\r\n") == ["a", "c"]
    found = pasted_column("storeys", ["a", "b"], ["2", ""], ["2", ""], ["2.0", "3"])
    assert (found.ids, found.values, found.same) == (("b",), (3.0,), 1)
    assert pasted_column("storeys", ["a", "b"], ["2", ""], ["2", ""], ["4"]).ids == ("a", "b")
    assert "is no number" in pasted_column("storeys", ["a"], ["2"], ["2"], ["many"]).problem


def test_a_cell_asks_for_its_explanation(opened: Any, qtbot: Any) -> None:
    table, asked = opened.workspace.table, []
    opened.actions_["window.table"].trigger()
    opened.session.explain_wanted.disconnect()
    opened.session.explain_wanted.connect(asked.append)
    for name in ("heating_demand", "volume_m3", "year_built"):
        table.commands.explain(name, 1)
    assert [(item.variable, item.column, item.building_ids) for item in asked] == [
        ("heating_demand", "", ("B1",)), ("", "volume_m3", ("B1",)), ("", "year_built", ("B1",)),
    ]  # fmt: skip
    menu = table.menu_at(table.model.index(1, 0), table.view.visualRect(table.model.index(1, 0)).center())
    assert opened.session.document.selection == ("B1",)
    assert {"Explain this value", "Select all with this value", "Columns…"} <= {a.text() for a in menu.actions()}
    menu.close()
    table.commands.ask_columns()
    form = dialog(opened)
    form.find.setText("volume")
    assert [name for name, item in form.items.items() if not item.isHidden()] == ["volume_m3"]
    form.items["volume_m3"].setCheckState(0, Qt.CheckState.Checked)
    assert table.model.columns[-1] == "volume_m3"
    assert cells(table, "volume_m3") == ["480"] * 4
    form.reject()
