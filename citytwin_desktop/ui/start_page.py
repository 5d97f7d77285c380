"""The first page: open something, recent projects, the way to a first result."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.recents import RecentProject, WindowSettings
from citytwin_desktop.ui.start_button import StartButton
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

STEPS = (
    ("opened", "Import a city file, or open the demo"),
    ("weather", "Choose a weather file"),
    ("archetypes", "Assign archetypes by function and year"),
    ("solar", "Run solar on every surface"),
    ("energyplus", "Run EnergyPlus and colour by demand"),
)
RECENTS_SHOWN = 5
PICTURE = QSize(107, 60)
OPENERS = (
    ("startOpenCity", "city-variant-outline", "Import city…", "CityJSON, CityGML, OSM, footprints"),
    ("startOpenProject", "folder-open-outline", "Open project…", "A .citytwin.gpkg file"),
    ("startDemo", "map-marker-star-outline", "Try the demo district", "Near Chicago, ready to run"),
)


class StartPage(QWidget):
    """Three columns; works by keyboard alone.

    Signals
    -------
    open_city, open_project, demo
    recent(Path)
    """

    open_city = Signal()
    open_project = Signal()
    demo = Signal()
    recent = Signal(object)

    def __init__(self, settings: WindowSettings) -> None:
        super().__init__()
        self.setObjectName("startPage")
        self.settings = settings
        self.title = QLabel("CityTwin Desktop")
        self.title.setObjectName("title")
        subtitle = QLabel(
            self.tr("Energy and sun of every building, from a city file to a defended number. Works offline.")
        )
        subtitle.setObjectName("muted")
        self.openers = {name: self._opener(name, text, note) for name, _, text, note in OPENERS}
        for name, signal in zip(self.openers, (self.open_city, self.open_project, self.demo), strict=True):
            self.openers[name].clicked.connect(signal)
        self.recent_column, self.step_labels = QVBoxLayout(), {}
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addWidget(self._column(self.tr("Start"), list(self.openers.values()), 300))
        columns.addWidget(self._recent_card(), 1)
        columns.addWidget(self._steps_card())
        centre = QVBoxLayout()
        centre.setContentsMargins(40, 48, 40, 40)
        centre.setSpacing(4)
        centre.addStretch(1)
        centre.addWidget(self.title)
        centre.addWidget(subtitle)
        centre.addSpacing(24)
        centre.addLayout(columns)
        centre.addStretch(2)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        holder = QWidget()
        holder.setLayout(centre)
        holder.setMaximumWidth(1180)
        holder.setMinimumWidth(960)
        outer.addWidget(holder, 100)
        outer.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self.theme = theme
        for name, glyph, *_ in OPENERS:
            self.openers[name].show_picture(icon(glyph, theme, theme.accent))
        self.refresh()

    def refresh(self) -> None:
        """List the recent projects and the steps done."""
        while self.recent_column.count():
            old = self.recent_column.takeAt(0).widget()
            old.hide()  # it stays until the loop comes round, and would be drawn below the new ones
            old.deleteLater()
        recents = self.settings.recents()[:RECENTS_SHOWN]
        for project in recents:
            self.recent_column.addWidget(self._recent(project))
        if not recents:
            hint = QLabel(
                self.tr(
                    "Projects you open will be listed here with a picture of their last view. "
                    "You can also drop a city file on this window."
                ),
                wordWrap=True,
            )
            hint.setObjectName("muted")
            hint.setContentsMargins(8, 0, 8, 0)
            self.recent_column.addWidget(hint)
        for key, _ in STEPS:
            done = self.settings.value(f"steps/{key}", "") == "done"
            name, colour = ("check-circle", self.theme.done) if done else ("circle-outline", self.theme.muted)
            self.step_labels[key].setPixmap(icon(name, self.theme, colour).pixmap(QSize(18, 18)))

    def _opener(self, name: str, text: str, note: str) -> StartButton:
        button = StartButton(self.tr(text), self.tr(note), QSize(22, 22))
        button.setObjectName(name)
        button.setFixedHeight(52)
        button.setMinimumWidth(264)
        return button

    def _column(self, heading: str, widgets: list[QWidget], width: int) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(width)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(8, 12, 8, 12)
        layout.setSpacing(4)
        layout.addWidget(self._heading(heading))
        for widget in widgets:
            layout.addWidget(widget)
        layout.addStretch(1)
        return card

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setObjectName("heading")
        label.setContentsMargins(8, 0, 8, 4)
        return label

    def _recent_card(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(8, 12, 8, 12)
        layout.addWidget(self._heading(self.tr("Recent projects")))
        self.recent_column.setSpacing(4)
        self.recent_column.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self.recent_column)
        layout.addStretch(1)
        return card

    def _recent(self, project: RecentProject) -> StartButton:
        from citytwin_desktop.ui.history_model import moment

        size = project.path.stat().st_size / 1e6
        stale = self.tr(" · {} stale").format(project.stale) if project.stale else ""
        details = self.tr("{} buildings · {}\u2009MB · {}").format(
            number_text(project.buildings, 9), number_text(size), moment(project.opened_at)
        )
        button = StartButton(project.path.name.removesuffix(".citytwin.gpkg"), details, PICTURE, stale)
        button.setObjectName("recentProject")
        button.setToolTip(plain_tip(str(project.path)))
        if project.picture.is_file():
            button.show_picture(QIcon(QPixmap(str(project.picture))))
        button.setMinimumHeight(68)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _, path=project.path: self.recent.emit(Path(path)))
        return button

    def _steps_card(self) -> QFrame:
        rows = []
        for key, text in STEPS:
            row, tick, label = QWidget(), QLabel(), QLabel(self.tr(text), wordWrap=True)
            tick.setFixedWidth(22)
            tick.setAlignment(Qt.AlignmentFlag.AlignTop)
            self.step_labels[key] = tick
            line = QHBoxLayout(row)
            line.setContentsMargins(8, 4, 8, 4)
            line.addWidget(tick, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(label, 1)
            rows.append(row)
        return self._column(self.tr("First result in five steps"), rows, 280)


def primary_button(text: str) -> QPushButton:
    """The button that does the obvious."""
    button = QPushButton(text, default=True)
    button.setObjectName("primary")
    return button
