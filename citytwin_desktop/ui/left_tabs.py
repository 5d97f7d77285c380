"""The left dock: a tab for each list, by its icon; only the one that is shown says its name."""

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTabWidget, QWidget

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme

ICON_PX = 16
MOST_COUNTED = 999
DOWN = 0.12
"""Qt draws icons of tabs higher than the middle of their text, as a share of the icon."""


@dataclass
class _Tab:
    name: str
    glyph: str
    count: int = 0


class LeftTabs(QTabWidget):
    """Tabs that all fit at the least width of the dock."""

    def __init__(self) -> None:
        super().__init__(objectName="leftPanel", documentMode=True)
        self._tabs: dict[QWidget, _Tab] = {}
        self._theme: Theme | None = None
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.tabBar().setUsesScrollButtons(False)
        self.tabBar().setDrawBase(False)
        self.tabBar().setExpanding(False)
        self.currentChanged.connect(lambda _: self._name())

    def add(self, widget: QWidget, name: str, glyph: str) -> None:
        """Put a list behind the others.

        Parameters
        ----------
        widget : QWidget
        name : str
            One word.
        glyph : str
            Name in the mdi6 family.
        """
        self._tabs[widget] = _Tab(name, glyph)
        self.addTab(widget, "")
        self._name()

    def show_count(self, widget: QWidget, count: int) -> None:
        """Say how many things a list holds that want to be seen."""
        self._tabs[widget].count = count
        self._name()

    def bring_up(self, widget: QWidget) -> None:
        """Show a list, and the dock if it is hidden."""
        self.setCurrentWidget(widget)
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Icons in the theme's colour."""
        self._theme = theme
        self._name()

    def _name(self) -> None:
        for place in range(self.count()):
            tab = self._tabs.get(self.widget(place))
            if tab is None:
                continue
            count = f"{tab.count if tab.count <= MOST_COUNTED else '999+'}" if tab.count else ""
            shown = place == self.currentIndex()
            self.setTabText(place, " ".join(word for word in (tab.name if shown else "", count) if word))
            self.setTabToolTip(place, f"{tab.name} ({count})" if count else tab.name)
            self.tabBar().setAccessibleTabName(place, tab.name)
            if self._theme is not None:
                colour = self._theme.text if shown else self._theme.muted
                self.setTabIcon(place, icon(tab.glyph, self._theme, colour, DOWN))
