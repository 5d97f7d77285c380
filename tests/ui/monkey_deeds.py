"""What the monkey does beside clicking about: tools, conditions, table, legend, charts, comparison, history, views."""

import random
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
HELD = (NONE, NONE, CTRL, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier)
TOOLS = (
    *("move", "rotate", "height", "vertices", "split", "draw", "plant", "massing"),
    *("select.box", "select.lasso", "look.walk", "look.section"),
)
TOOL_KEYS = (
    *(Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_X, Qt.Key.Key_Y),
    *(Qt.Key.Key_O, Qt.Key.Key_R, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Tab),
    *(Qt.Key.Key_W, Qt.Key.Key_A, Qt.Key.Key_S, Qt.Key.Key_D, Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right),
)
NUMBERS = ("5", "12.5", "0", "-3", "3 -4", "90", ".", "1e", "0,25", "99999", "0.001", "--", "1 2 3")
CONDITIONS = (
    *("year < 1965", "function = 'residential' and heating_demand > 80", "", "(", "not", "failed", "height > 5 or"),
    *("year in (1900, 1931", "name ~ 'B'", "'", "heating_demand", "stale", "🏠 = 1", "year = " + "9" * 40, "x" * 300),
)
COMMANDS = ("undo", "compare", "chart", "select", "home", "theme", "walk", "zzz", "", "view", "save", "paint", "table")
CELLS = ("1931", "abc", "", "0,5", "-1", "1e99", "<i>", "residential")


class Deeds:
    """Mixed into the monkey, which has ``window``, ``chance``, ``workspace`` and ``document``."""

    window: Any
    chance: random.Random

    @property
    def workspace(self) -> Any:
        return self.window.workspace

    @property
    def document(self) -> Any:
        return self.window.session.document

    def place_in(self, target: QWidget) -> QPoint:
        return QPoint(self.chance.randrange(max(target.width(), 1)), self.chance.randrange(max(target.height(), 1)))

    def press_key(self, target: QWidget, key: Any) -> None:
        QTest.keyClick(target, key, self.chance.choice(HELD))

    def drag_over(self, target: QWidget, button: Any = LEFT) -> None:
        """A drag of some moves from anywhere to anywhere, a third of them ending out of the widget."""
        held = self.chance.choice(HELD)
        QTest.mousePress(target, button, held, self.place_in(target))
        for _ in range(self.chance.randrange(1, 4)):
            QTest.mouseMove(target, self.place_in(target))
        end = self.place_in(target) + QPoint(500, 400) * self.chance.choice([0, 0, 1])
        QTest.mouseRelease(target, button, held, end)

    def trigger(self, name: str) -> None:
        if (action := self.window.actions_[name]).isEnabled():
            action.trigger()

    def view_drag(self) -> None:
        if self.document is not None:
            view = self.chance.choice(self.workspace.views_shown)
            self.drag_over(view, self.chance.choice([LEFT, RIGHT, Qt.MouseButton.MiddleButton]))

    def use_tool(self) -> None:
        """Take a tool, or go on with the one in hand: points, clicks, drags, keys and typed numbers."""
        if self.document is None:
            return
        view = self.workspace.view
        if view.tool is None:
            if not self.document.selection and len(self.document.city.buildings):
                self.document.select([str(self.chance.choice(self.document.city.buildings.ids.tolist()))])
            name = self.chance.choice(TOOLS)
            self.trigger(name if "." in name else f"shape.{name}")
        for _ in range(self.chance.randrange(1, 5)):
            self.chance.choice([self._point, self._click_view, self._drag_view, self._tool_key, self._type_number])()
        if self.chance.random() < 0.3:
            QTest.keyClick(view, Qt.Key.Key_Return)

    def _point(self) -> None:
        QTest.mouseMove(self.workspace.view, self.place_in(self.workspace.view))

    def _click_view(self) -> None:
        view = self.workspace.view
        click = QTest.mouseDClick if self.chance.random() < 0.2 else QTest.mouseClick
        click(view, self.chance.choice([LEFT, LEFT, RIGHT]), self.chance.choice(HELD), self.place_in(view))

    def _drag_view(self) -> None:
        self.drag_over(self.workspace.view)

    def _tool_key(self) -> None:
        self.press_key(self.workspace.view, self.chance.choice(TOOL_KEYS))

    def _type_number(self) -> None:
        QTest.keyClicks(self.workspace.view, self.chance.choice(NUMBERS))

    def _write(self, field: QLineEdit, texts: tuple[str, ...]) -> None:
        field.setFocus()
        field.selectAll()
        if (text := self.chance.choice(texts)[:60]).isascii():
            QTest.keyClicks(field, text)
        else:
            field.insert(text)  # a robot has no keys for these

    def query(self) -> None:
        if self.document is None:
            return
        self.trigger("select.query")
        bar = self.window.selecting.bar
        self._write(bar.edit, CONDITIONS)
        if self.chance.random() < 0.5:
            self.press_key(bar.edit, self.chance.choice([Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Return]))
        self.press_key(bar.edit, Qt.Key.Key_Return)
        buttons = [button for button in bar.buttons.values() if button.isEnabled() and button.isVisible()]
        if buttons and self.chance.random() < 0.5:
            QTest.mouseClick(self.chance.choice(buttons), LEFT)
        if self.chance.random() < 0.4:
            QTest.keyClick(bar.edit, Qt.Key.Key_Escape)

    def palette(self) -> None:
        self.trigger("finding.palette")
        palette = self.window.findChild(QWidget, "commandPalette")
        if palette is not None and palette.isVisible():
            QTest.keyClicks(palette.field, self.chance.choice(COMMANDS))
            for _ in range(self.chance.randrange(3)):
                QTest.keyClick(palette.field, Qt.Key.Key_Down)
            chosen = palette.list.chosen
            entry = None if chosen is None else getattr(chosen.data, "id", "")
            harmless = entry is not None and entry not in self.never
            QTest.keyClick(palette.field, Qt.Key.Key_Return if harmless else Qt.Key.Key_Escape)

    never: frozenset[str] = frozenset()

    def find(self) -> None:
        if self.document is None:
            return
        self.trigger("edit.find")
        field = self.window.bars.search
        self._write(field, ("B1", "b", "zz", "", "1", "🏠", "box", "B" * 80))
        QTest.qWait(self.chance.choice([0, 0, 150]))
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape):
            if self.chance.random() < 0.6:
                self.press_key(field, key)

    def table(self) -> None:
        if self.document is None:
            return
        table = self.workspace.table
        self.workspace.show_panel("table")
        model, view = table.model, table.view
        deed = self.chance.randrange(6)
        if deed == 0:
            header = view.horizontalHeader()
            QTest.mouseClick(header.viewport(), LEFT, NONE, self.place_in(header.viewport()))
        elif deed == 1:
            self._write(table.bar.edit, CONDITIONS)
            QTest.keyClick(table.bar.edit, Qt.Key.Key_Return)
        elif deed == 2 and model.rowCount() and model.columnCount():
            index = model.index(self.chance.randrange(model.rowCount()), self.chance.randrange(model.columnCount()))
            if index.flags() & Qt.ItemFlag.ItemIsEditable:
                model.setData(index, self.chance.choice(CELLS), Qt.ItemDataRole.EditRole)
        elif deed == 3:
            self.drag_over(view.viewport())
        elif deed == 4:
            self.press_key(view, self.chance.choice([Qt.Key.Key_Down, Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V]))
        else:
            self._press_a_button(table.bar)

    def _press_a_button(self, part: QWidget) -> None:
        buttons = [one for one in part.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()]
        if buttons:
            QTest.mouseClick(self.chance.choice(buttons), LEFT)

    def legend(self) -> None:
        """Drag over the legend: its handles, its histogram, and beside them."""
        if self.document is not None and self.workspace.legend.isVisible():
            legend = self.workspace.legend
            target = self.chance.choice([legend, legend.bar, legend.bar])
            if target.isVisible():
                self.drag_over(target)
            if self.chance.random() < 0.3:
                self._press_a_button(legend)

    def compare(self) -> None:
        if self.document is not None:
            names = ("compare.swap", "compare.side", "compare.one", "compare.difference", "compare.stop")
            self.trigger(self.chance.choice(names))
            self.window.session.set_scenario(self.chance.choice(self.document.scenarios).id)

    def charts(self) -> None:
        if self.document is None:
            return
        kinds = [name for name in self.window.actions_.actions if name.startswith("charts.") and "save" not in name]
        self.workspace.show_panel("charts")
        self.trigger(self.chance.choice(kinds))
        QTest.qWait(self.chance.choice([0, 120]))
        panel = self.workspace.charts
        if panel.chart is not None:
            target = self.chance.choice([child for child in panel.pages.findChildren(QWidget) if child.isVisible()])
            self.drag_over(target, self.chance.choice([LEFT, LEFT, RIGHT]))
        if self.chance.random() < 0.3:
            self._press_a_button(panel.controls)

    def history(self) -> None:
        if self.document is not None and not self.window.session.running:
            panel = self.window.explaining.history
            self.trigger("explain.history")
            panel.refresh()
            if panel.model.rowCount():
                panel.go_to(self.chance.randrange(panel.model.rowCount()))

    def storm(self) -> None:
        """Undo and redo, many at once, as when a key is held."""
        for _ in range(self.chance.randrange(2, 12)):
            self.trigger(self.chance.choice(["edit.undo", "edit.undo", "edit.redo"]))

    def explain(self) -> None:
        if self.document is None:
            return
        self.trigger("explain.here")
        view = self.window.explaining.view
        if view.isVisible():
            self._press_a_button(view)

    def themes(self) -> None:
        self.trigger("view.theme")
