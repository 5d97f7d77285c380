"""Folding sections and the rows in them."""

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import CONTROL_HEIGHT, Theme
from citytwin_desktop.ui.value_edit import ValueEdit

MARKS = {"archetype": "a", "edited": "e", "package": "p", "assumed": "a", "estimate": "~", "derived": "d"}


class Section(QWidget):
    """A heading that folds what is under it.

    Parameters
    ----------
    title : str
    open_ : bool
    """

    def __init__(self, title: str, open_: bool = True) -> None:
        super().__init__()
        self.setObjectName(f"section{title}")
        self.heading = QToolButton(text=title, checkable=True, checked=open_)
        self.heading.setObjectName("section")
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.heading.setIconSize(QSize(14, 14))
        self.body = QWidget(objectName="sectionBody")
        self.body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rows = QVBoxLayout(self.body)
        self.rows.setContentsMargins(12, 0, 8, 8)
        self.rows.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self.body)
        self.heading.toggled.connect(self._fold)
        self._theme: Theme | None = None
        self.body.setVisible(open_)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self._theme = theme
        self._fold(self.heading.isChecked())

    def add(self, widget: QWidget) -> QWidget:
        """Put a widget at the end of the body."""
        self.rows.addWidget(widget)
        return widget

    def _fold(self, open_: bool) -> None:
        self.body.setVisible(open_)
        if self._theme is not None:
            self.heading.setIcon(icon("chevron-down" if open_ else "chevron-right", self._theme, self._theme.muted))


class PropertyRow(QWidget):
    """Label with unit, value, and a small mark of where the value comes from.

    Signals
    -------
    edited(str, str)
        Column and what was typed; an empty text is "back to the default".
    """

    edited = Signal(str, str)

    def __init__(self, column: str, title: str, unit: str = "", editable: bool = False) -> None:
        super().__init__()
        self.column = column
        self.label = QLabel(f"{title} <small>{unit}</small>" if unit else title)
        self.label.setObjectName("muted")
        self.value = ValueEdit(readOnly=not editable)
        self.value.setObjectName("value")
        self.value.setProperty("column", column)
        self.value.setAccessibleName(f"{title} {unit}".strip())
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value.setMinimumWidth(72)
        self.value.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.ClickFocus)
        self.mark = QLabel()
        self.mark.setObjectName("mark")
        self.mark.setFixedWidth(12)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.label)
        layout.addWidget(self.value, 1)
        layout.addWidget(self.mark)
        self.setFixedHeight(CONTROL_HEIGHT)
        self.value.editingFinished.connect(self.finish)

    def show_value(self, text: str, kind: str = "", sentence: str = "") -> None:
        """Show a value and its origin.

        Parameters
        ----------
        text : str
        kind : str
            Key of `MARKS`, empty for measured or from the source.
        sentence : str
            Where the value comes from, shown on hover.
        """
        self.value.value_text = text
        self._show_text()
        self.value.setToolTip(plain_tip(sentence or text))
        self.mark.setText(MARKS.get(kind, ""))
        self.mark.setToolTip(sentence)
        if self.mark.property("kind") != kind:
            self.mark.setProperty("kind", kind)
            self.mark.style().polish(self.mark)

    def resizeEvent(self, event: object) -> None:
        """Shorten long texts to the new width."""
        super().resizeEvent(event)
        self._show_text()

    def _show_text(self) -> None:
        if self.value.isReadOnly():
            metrics, width = self.value.fontMetrics(), self.value.width() - 18
            shown = " ".join(self.value.value_text.split())
            self.value.setText(metrics.elidedText(shown, Qt.TextElideMode.ElideMiddle, width))
        elif not self.value.isModified():
            self.value.give_up()

    def finish(self) -> None:
        """Hand over what was typed, if anything; the document's answer comes by `show_value`."""
        if self.value.isReadOnly() or not self.value.isModified():
            return
        text = self.value.text().strip()
        self.value.setModified(False)
        if text != self.value.value_text.strip():
            self.edited.emit(self.column, text)
        self.value.give_up()


class ChoiceRow(QWidget):
    """Label and a list to choose from.

    Signals
    -------
    chosen(str, str)
        Column and the chosen key.
    """

    chosen = Signal(str, str)

    def __init__(self, column: str, title: str) -> None:
        super().__init__()
        self.column = column
        label = QLabel(title)
        label.setObjectName("muted")
        self.box = QComboBox()
        self.box.setObjectName(f"choice_{column}")
        self.box.setAccessibleName(title)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.mark = QLabel()
        self.mark.setObjectName("mark")
        self.mark.setFixedWidth(12)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(4)
        layout.addWidget(label)
        layout.addStretch(1)
        layout.addWidget(self.box)
        layout.addWidget(self.mark)
        self.box.activated.connect(lambda _: self.chosen.emit(self.column, self.box.currentData() or ""))

    def show_choice(
        self, choices: dict[str, str], current: str | None, mixed: str = "", kind: str = "", sentence: str = ""
    ) -> None:
        """Show the choices; ``current`` is `None` for a mixed selection, told by ``mixed``."""
        self.box.blockSignals(True)
        self.box.clear()
        for key, text in choices.items():
            self.box.addItem(text, key)
        place = -1 if current is None else self.box.findData(current)
        if current and place < 0:
            self.box.addItem(current, current)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)
        self.box.setPlaceholderText(mixed)
        self.box.blockSignals(False)
        self.box.setToolTip(sentence)
        self.mark.setText(MARKS.get(kind, ""))
        self.mark.setToolTip(sentence)
        self.mark.setProperty("kind", kind)
        self.mark.style().polish(self.mark)


def plain_tip(text: str) -> str:
    """A tool tip in which nothing is taken for markup: names come from other people's files."""
    return f"<span>{escape(text)}</span>" if Qt.mightBeRichText(text) else text


class ValueGrid(QWidget):
    """Read-only rows with aligned columns of numbers.

    Parameters
    ----------
    columns : int
        Columns of numbers beside the label.
    """

    def __init__(self, columns: int) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 20, 2)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._columns = columns

    def show_rows(self, heads: tuple[str, ...], rows: list[tuple[tuple[str, ...], str, str]]) -> None:
        """Fill the grid.

        Parameters
        ----------
        heads : tuple of str
            Column heads, without the label's.
        rows : list of (texts, object name of the numbers, tool tip)
        """
        while self._grid.count():
            self._grid.takeAt(0).widget().deleteLater()
        for column, text in enumerate(heads, start=1):
            self._put(text, 0, column, "small")
        for row, (texts, name, tip) in enumerate(rows, start=1):
            self._put(texts[0], row, 0, "muted", tip)
            for column, text in enumerate(texts[1:], start=1):
                self._put(text, row, column, name, tip)

    def _put(self, text: str, row: int, column: int, name: str, tip: str = "") -> None:
        label = QLabel(text)
        label.setObjectName(name)
        label.setToolTip(tip)
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(label, row, column, side | Qt.AlignmentFlag.AlignVCenter)
