"""A button with a menu of things that can be ticked; the menu stays open while they are."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from citytwin_desktop.document.chart_series import ChartVariable
from citytwin_desktop.document.variables import ENGINES

MOST_CHARS = 26


class StayingMenu(QMenu):
    """Goes on being open when something in it is ticked."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick without closing."""
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar ticks, Enter ticks and closes."""
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A menu takes the space bar before it becomes a key press."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


class VariableChoice(QToolButton):
    """Which variables are drawn.

    Signals
    -------
    changed
        Others are ticked.
    """

    changed = Signal()

    def __init__(self, variables: tuple[ChartVariable, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="chartVariables")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the words
        self.menu_ = StayingMenu(self)
        self.actions_: dict[str, QAction] = {}
        engine = None
        for item in variables:
            if item.engine != engine:
                engine = item.engine
                self.menu_.addSection(ENGINES.get(engine, self.tr("Source")))
            words = f"{item.title}  [{item.unit}]" if item.unit else item.title
            action = self.menu_.addAction(words)
            action.setCheckable(True)
            action.triggered.connect(lambda _, name=item.name: self._toggled(name))
            self.actions_[item.name] = action
        self._titles = {item.name: item.title for item in variables}
        self.setMenu(self.menu_)
        self._order: list[str] = []
        self._say()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names in the order in which they were ticked."""
        return tuple(self._order)

    def choose(self, names: tuple[str, ...]) -> None:
        """Tick some variables without telling anyone."""
        self._order = [name for name in names if name in self.actions_]
        for name, action in self.actions_.items():
            action.setChecked(name in self._order)
        self._say()

    def _toggled(self, name: str) -> None:
        if name in self._order:
            self._order.remove(name)
        else:
            self._order.append(name)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        first = self._titles[self._order[0]] if self._order else self.tr("Choose values")
        more = f" +{len(self._order) - 1}" if len(self._order) > 1 else ""
        words = first if len(first) <= MOST_CHARS else f"{first[: MOST_CHARS - 1]}…"
        self.setText(words + more)
        every = ", ".join(self._titles[name] for name in self._order)
        self.setAccessibleName(self.tr("Values that are drawn: {}").format(every or self.tr("none")))
        self.setToolTip(self.tr("Values that are drawn: tick several to compare them"))
