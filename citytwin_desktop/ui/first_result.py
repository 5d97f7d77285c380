"""The way from an imported city to its first result, over the view until there is one."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.numbers import parse_number
from citytwin_desktop.ui.start_page import primary_button
from citytwin_desktop.ui.theme import Theme

WIDTH = 320
GAP = 12


class FirstResultCard(QFrame):
    """Weather, archetypes and one button; asks only for what is missing.

    Parameters
    ----------
    parent : QWidget
        The view that it lies over.
    legend : QWidget
        Lies in the same corner.

    Signals
    -------
    weather_wanted, dismissed
    result_wanted(str)
        Engine: ``estimate`` or ``energyplus``.
    """

    weather_wanted = Signal()
    dismissed = Signal()
    result_wanted = Signal(str)

    def __init__(self, parent: QWidget, legend: QWidget) -> None:
        super().__init__(parent, objectName="overlay", accessibleName="First result")
        self.legend = legend
        for watched in (parent, legend):
            watched.installEventFilter(self)
        self.setFixedWidth(WIDTH)
        self._theme: Theme | None = None
        self._ready = (False, False)
        self.close_button = QToolButton(objectName="flat", accessibleName=self.tr("Hide"))
        self.close_button.setToolTip(self.tr("Hide; Help → First result brings it back"))
        self.weather_tick, self.weather_words = QLabel(), QLabel(textFormat=Qt.TextFormat.PlainText)
        self.weather_button = QPushButton(self.tr("Choose weather file…"), objectName="firstWeather")
        self.archetype_tick, self.archetype_words = QLabel(), QLabel(textFormat=Qt.TextFormat.PlainText)
        self.sets = QComboBox(objectName="firstSet", accessibleName=self.tr("Archetypes"))
        self.function = QComboBox(objectName="firstFunction", accessibleName=self.tr("Missing function"))
        self.year = QLineEdit(objectName="firstYear", accessibleName=self.tr("Missing year built"))
        self.year.setPlaceholderText(self.tr("Assume nothing"))
        self.ask = QFormLayout()
        self.problem = QLabel(wordWrap=True, objectName="failed", textFormat=Qt.TextFormat.PlainText)
        self.problem.hide()
        self.run: QPushButton = primary_button(self.tr("Get a first result"))
        self.exact = QPushButton(self.tr("or run EnergyPlus"), objectName="link")
        self._lay_out()
        self.weather_button.clicked.connect(self.weather_wanted)
        self.close_button.clicked.connect(self.dismissed)
        self.run.clicked.connect(lambda: self.result_wanted.emit("estimate"))
        self.exact.clicked.connect(lambda: self.result_wanted.emit("energyplus"))
        self.hide()

    def offer(self, sets: Mapping[str, str], likely: str, functions: Mapping[str, str]) -> None:
        """Fill the choices.

        Parameters
        ----------
        sets, functions : mapping of str to str
            Code to title.
        likely : str
            Set of the country, empty where none is known for the place.
        """
        self.sets.clear()
        if not likely:
            self.sets.addItem(self.tr("Choose archetypes…"), "")
        for code, title in sets.items():
            self.sets.addItem(title, code)
        self.sets.setCurrentIndex(max(self.sets.findData(likely), 0))
        self.function.clear()
        self.function.addItem(self.tr("Assume nothing"), None)
        for code, title in functions.items():
            self.function.addItem(title, code)

    def show_state(self, weather: str, assigned: bool, lacking: tuple[int, int], why: str) -> None:
        """Say what is there and what is not.

        Parameters
        ----------
        weather : str
            Name of the weather, empty for none.
        assigned : bool
            Whether every building has an archetype.
        lacking : tuple of int
            Buildings without a function, and without a year.
        why : str
            What keeps it from running now, beside what the card itself asks for.
        """
        self._ready = (bool(weather), assigned)
        self.weather_words.setText(weather or self.tr("Weather of the place"))
        self.weather_button.setVisible(not weather)
        self.archetype_words.setText(
            self.tr("Archetypes assigned") if assigned else self.tr("Archetypes by function and year")
        )
        self.sets.setVisible(not assigned)
        for row, (field, count) in enumerate(((self.function, lacking[0]), (self.year, lacking[1]))):
            self.ask.setRowVisible(row, not assigned and count > 0)
            label = self.ask.labelForField(field)
            label.setText((self.tr("{} without function"), self.tr("{} without year"))[row].format(count))
        self.problem.setText(why)
        self.problem.setVisible(bool(why))
        self.run.setEnabled(bool(weather) and not why)
        self.exact.setEnabled(self.run.isEnabled())
        self.run.setToolTip("" if weather else self.tr("No weather file: choose one"))
        self._draw_ticks()
        self.place()

    def assumptions(self) -> tuple[str, str | None, float | None]:
        """Archetype set, and the function and year to assume where they are missing.

        Raises
        ------
        KnownError
            When no set is chosen or the year is no number.
        """
        if not self.sets.currentData():
            raise KnownError(self.tr("No archetypes: choose the set that suits the place."))
        text = self.year.text().strip()
        year = parse_number(text) if text else None
        if text and year is None:
            raise KnownError(self.tr("“{}” is not a year: type one like 1935, or nothing.").format(text))
        return str(self.sets.currentData()), self.function.currentData(), year

    def refuse(self, sentence: str) -> None:
        """Say what does not work, on the card."""
        self.problem.setText(sentence)
        self.problem.show()
        self.place()

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self._theme = theme
        self.close_button.setIcon(icon("close", theme, theme.muted))
        self._draw_ticks()

    def place(self) -> None:
        """Keep to the lower left corner of the view, above the legend where there is one."""
        self.adjustSize()
        above = self.legend.height() + GAP if self.legend.isVisible() else 0
        self.move(GAP, max(self.parentWidget().height() - above - self.height() - GAP, GAP))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the view and the legend."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self.place()
        return False

    def _draw_ticks(self) -> None:
        if self._theme is None:
            return
        for tick, done in zip((self.weather_tick, self.archetype_tick), self._ready, strict=True):
            name, colour = ("check-circle", self._theme.done) if done else ("circle-outline", self._theme.muted)
            tick.setPixmap(icon(name, self._theme, colour).pixmap(QSize(16, 16)))

    def _lay_out(self) -> None:
        heading = QLabel(self.tr("First result"), objectName="heading")
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 12)
        column.setSpacing(8)
        column.addLayout(head)
        for tick, words in ((self.weather_tick, self.weather_words), (self.archetype_tick, self.archetype_words)):
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(tick)
            line.addWidget(words, 1)
            column.addLayout(line)
            column.addWidget(self.weather_button if tick is self.weather_tick else self.sets)
        self.ask.setContentsMargins(0, 0, 0, 0)
        self.ask.setVerticalSpacing(4)
        self.ask.addRow(QLabel(), self.function)
        self.ask.addRow(QLabel(), self.year)
        column.addLayout(self.ask)
        column.addWidget(self.problem)
        line = QHBoxLayout()
        line.addWidget(self.run)
        line.addWidget(self.exact)
        line.addStretch(1)
        column.addLayout(line)
