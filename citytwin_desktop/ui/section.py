"""Folding sections and the rows in them."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.row_extras import BackButton, OriginMark, RowMenu
from citytwin_desktop.ui.theme import CONTROL_HEIGHT, Theme
from citytwin_desktop.ui.tool_tips import plain_tip
from citytwin_desktop.ui.value_edit import ValueEdit

CHOICE_WIDTH, BACK_WIDTH = 212, 24
VALUE_WIDTH, WIDEST_VALUE, VALUE_FRAME = 72, 150, 22


class Section(QWidget):
    """A heading that folds what is under it.

    Parameters
    ----------
    title : str
    open_ : bool
    inner : bool
        Whether it stands in another section.
    """

    def __init__(self, title: str, open_: bool = True, inner: bool = False) -> None:
        super().__init__()
        self.setObjectName(f"section{title}")
        self.title = title
        self.heading = QToolButton(text=title, checkable=True, checked=open_)
        self.heading.setObjectName("fold" if inner else "section")
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.heading.setIconSize(QSize(14, 14))
        self.body = QWidget(objectName="foldBody" if inner else "sectionBody")
        self.body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rows = QVBoxLayout(self.body)
        self.rows.setContentsMargins(*((0, 0, 0, 4) if inner else (12, 0, 8, 8)))
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

    def show_note(self, note: str) -> None:
        """Say something behind the title, for what is folded away."""
        self.heading.setText(f"{self.title}  ·  {note}" if note else self.title)

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
    explain_wanted(str), back_wanted(str), same_wanted(str)
        For this column: explain its value, take its edits back, select buildings with the same value.
    """

    edited = Signal(str, str)
    explain_wanted = Signal(str)
    back_wanted = Signal(str)
    same_wanted = Signal(str)

    def __init__(self, column: str, title: str, unit: str = "", editable: bool = False) -> None:
        super().__init__()
        self.column = column
        self.title, self.kind = title, ""
        self.label = ElidedLabel(title)
        self.label.setObjectName("muted")
        self.unit = QLabel(unit, textFormat=Qt.TextFormat.PlainText)
        self.unit.setObjectName("small")
        self.unit.setVisible(bool(unit))
        self.value = ValueEdit(readOnly=not editable)
        self.value.setObjectName("value")
        self.value.setProperty("column", column)
        self.value.setAccessibleName(f"{title} {unit}".strip())
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value.setMinimumWidth(VALUE_WIDTH)
        self.value.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.ClickFocus)
        self.mark, self.back = OriginMark(title), BackButton(title)
        self.menu = RowMenu(self, editable)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.label)
        layout.addWidget(self.unit)
        layout.addWidget(self.back)
        layout.addWidget(self.value, 1)
        layout.addWidget(self.mark)
        self.setFixedHeight(CONTROL_HEIGHT)
        self.value.editingFinished.connect(self.finish)
        self.mark.clicked.connect(lambda: self.explain_wanted.emit(self.column))
        self.back.clicked.connect(lambda: self.back_wanted.emit(self.column))

    def shown_text(self) -> str:
        """The value as text, to be copied."""
        return self.value.value_text

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        self.back.set_theme(theme)

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
        # A number is never cut: the label gives way.
        needed = self.value.fontMetrics().horizontalAdvance(text) + VALUE_FRAME
        self.value.setMinimumWidth(min(max(needed, VALUE_WIDTH), WIDEST_VALUE))
        self._show_text()
        self.kind = kind
        self.value.setToolTip(plain_tip(sentence or text))
        self.label.set_tip(sentence)
        self.mark.show_origin(kind, sentence)

    def offer_back(self, sentence: str) -> None:
        """Show the way back to the default, or hide it while there is no edit."""
        self.back.offer(sentence)

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
    explain_wanted(str), back_wanted(str), same_wanted(str)
        As those of `PropertyRow`.
    """

    chosen = Signal(str, str)
    explain_wanted = Signal(str)
    back_wanted = Signal(str)
    same_wanted = Signal(str)

    def __init__(self, column: str, title: str) -> None:
        super().__init__()
        self.column = column
        self.kind = ""
        self.label = ElidedLabel(title)
        self.label.setObjectName("muted")
        self.box = ElidedChoice()
        self.box.setObjectName(f"choice_{column}")
        self.box.setAccessibleName(title)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.setFixedWidth(CHOICE_WIDTH)
        self.box.setProperty("column", column)
        self.mark, self.back = OriginMark(title), BackButton(title)
        self.menu = RowMenu(self, True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(4)
        layout.addWidget(self.label)
        layout.addStretch(1)
        layout.addWidget(self.back)
        layout.addWidget(self.box)
        layout.addWidget(self.mark)
        self.box.activated.connect(lambda _: self.chosen.emit(self.column, self.box.currentData() or ""))
        self.mark.clicked.connect(lambda: self.explain_wanted.emit(self.column))
        self.back.clicked.connect(lambda: self.back_wanted.emit(self.column))

    def shown_text(self) -> str:
        """The choice as text, to be copied."""
        return self.box.closed_text

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        self.back.set_theme(theme)

    def offer_back(self, sentence: str) -> None:
        """Show the way back to the default, or hide it while there is no edit."""
        self.back.offer(sentence)
        self.box.setFixedWidth(CHOICE_WIDTH - (BACK_WIDTH if sentence else 0))

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
        self.kind = kind
        whole = "" if self.box.shown == self.box.closed_text else self.box.closed_text
        self.box.setToolTip(plain_tip("\n".join(filter(None, (whole, sentence)))))
        self.label.set_tip(sentence)
        self.mark.show_origin(kind, sentence)
