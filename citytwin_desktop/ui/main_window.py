"""The window: frame, toolbar, menus, pages. What its actions do is in the command modules."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QMainWindow,
    QMenu,
    QStackedWidget,
)

from citytwin_desktop.document.variables import ENGINES
from citytwin_desktop.ui.actions import ActionSet
from citytwin_desktop.ui.controllers import CONTROLLERS
from citytwin_desktop.ui.exchange_commands import ExchangeCommands
from citytwin_desktop.ui.file_commands import FileCommands
from citytwin_desktop.ui.icons import icon, style_pictures
from citytwin_desktop.ui.import_commands import ImportCommands
from citytwin_desktop.ui.model_commands import ModelCommands
from citytwin_desktop.ui.own_keys import OwnKeys
from citytwin_desktop.ui.recents import WindowSettings
from citytwin_desktop.ui.run_commands import RunCommands
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.start_page import StartPage
from citytwin_desktop.ui.status_line import StatusLine
from citytwin_desktop.ui.style import style_sheet
from citytwin_desktop.ui.theme import THEMES, Theme, qt_palette
from citytwin_desktop.ui.toast import Toast
from citytwin_desktop.ui.tool_tips import plain_tip
from citytwin_desktop.ui.view_commands import ViewCommands
from citytwin_desktop.ui.window_bars import WindowBars
from citytwin_desktop.ui.window_words import inside

LONGEST_FAREWELL_S = 3.0
"""For an import to see that it is cancelled and to take away what it made."""


class MainWindow(FileCommands, ImportCommands, ExchangeCommands, ModelCommands, ViewCommands, RunCommands, QMainWindow):
    """One window with one project.

    Parameters
    ----------
    settings : WindowSettings, optional
        Where sizes, theme and recent projects are kept.
    """

    def __init__(self, settings: WindowSettings | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.settings = settings or WindowSettings()
        self.theme: Theme = THEMES[str(self.settings.value("theme", "dark"))]
        self.session = Session(self)
        self.workspace: Any = None
        self.links: Any = None
        self._stale: dict[str, int] = {}
        self.setAcceptDrops(True)
        self.setMinimumSize(1024, 640)
        self.resize(1440, 900)
        self.pages = QStackedWidget()
        self.start = StartPage(self.settings)
        self.pages.addWidget(self.start)
        self.setCentralWidget(self.pages)
        self.controllers = {name: kind(self) for name, kind in CONTROLLERS.items()}
        for name, part in self.controllers.items():
            setattr(self, name, part)  # as the table of actions calls them
        self.actions_ = ActionSet(self)
        self.bars = WindowBars(self)
        self.status = StatusLine(self.session)
        self.setStatusBar(self.status)
        self.toast = Toast(self)
        self._connect()
        self.installEventFilter(OwnKeys(self))
        self.set_theme(self.theme.name)
        self._show_page()

    def set_theme(self, name: str) -> None:
        """Dress the whole application in a theme."""
        self.theme = THEMES[name]
        self.settings.remember("theme", name)
        application = QApplication.instance()
        application.setPalette(qt_palette(self.theme))
        application.setStyleSheet(style_sheet(self.theme, *style_pictures(self.theme)))
        self.actions_.set_theme(self.theme)
        self.start.set_theme(self.theme)
        self.bars.run_button.setIcon(icon("play", self.theme, self.theme.on_accent))
        self.bars.search_icon.setIcon(icon("magnify", self.theme, self.theme.muted))
        if self.workspace is not None:
            self.workspace.set_theme(self.theme)
        for part in self.controllers.values():
            part.set_theme(self.theme)
        for dialog in self.findChildren(QDialog):
            # Most have no colours of their own.
            if hasattr(dialog, "set_theme"):
                dialog.set_theme(self.theme)
        self.refresh()

    def ensure_workspace(self) -> Any:
        """Make the working page when it is first needed: VTK takes seconds to import."""
        if self.workspace is None:
            from citytwin_desktop.ui.workspace import Workspace
            from citytwin_desktop.ui.workspace_links import WorkspaceLinks

            self.workspace = Workspace(self.session, self.theme)
            self.links = WorkspaceLinks(self.session, self.workspace)
            self.pages.addWidget(self.workspace)
            self.workspace.inspector.enrich_wanted.connect(self.ask_enrich)
            self.workspace.inspector.potential.run_wanted.connect(lambda: self.run_engine("collectors"))
            self.workspace.scenarios.add_wanted.connect(self.ask_scenario)
            self.workspace.empty.open_wanted.connect(self.ask_open_city)
            self.workspace.problems.action_wanted.connect(lambda name: self.actions_[name].trigger())
            self.workspace.problems.counted.connect(
                lambda count: self.workspace.left.show_count(self.workspace.problems, count)
            )
            self.workspace.panel_changed.connect(lambda name, shown: self.actions_[f"window.{name}"].setChecked(shown))
            self.workspace.view.menu_wanted.connect(self.open_context_menu)
            self.workspace.layers.edges_toggled.connect(self.actions_["view.edges"].setChecked)
            for identifier in ("view.edges", "window.left", "window.inspector"):
                self.actions_[identifier].setChecked(True)
            for part in self.controllers.values():
                part.workspace_made(self.workspace)
                part.set_theme(self.theme)
            self._restore_sizes()
        return self.workspace

    def refresh(self) -> None:
        """Enable actions and show counts, as the document now is."""
        document = self.session.document
        self.actions_.enable(self.conditions())
        undo = document.undo_title if document is not None else None
        redo = document.redo_title if document is not None else None
        self.actions_["edit.undo"].setText(self.tr("Undo {}").format(inside(undo or "")).strip())
        self.actions_["edit.redo"].setText(self.tr("Redo {}").format(inside(redo or "")).strip())
        self._refresh_runs()
        self._refresh_lists()
        self.status.refresh()
        name = document.path.name.removesuffix(".citytwin.gpkg") + " – " if document is not None else ""
        self.setWindowTitle(f"{name}CityTwin Desktop")

    def say(self, sentence: str) -> None:
        """Show what went wrong, in one sentence."""
        self.toast.say(sentence)

    def closeEvent(self, event: Any) -> None:
        """Remember sizes, close the document and VTK's window."""
        importing = self._importing()
        self._remember()
        self.session.detach()
        if importing is not None:
            importing.wait(LONGEST_FAREWELL_S)
        if self.workspace is not None:
            self.settings.remember("columns", self.workspace.columns.saveState())
            self.workspace.view.close()
        self.settings.remember("geometry", self.saveGeometry())
        super().closeEvent(event)

    def resizeEvent(self, event: Any) -> None:
        """Keep the toast in its place."""
        super().resizeEvent(event)
        if self.toast.isVisible():
            self.toast.place()

    def dragEnterEvent(self, event: Any) -> None:
        """Take any files: those that cannot be opened get a sentence."""
        if _local_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Open what was dropped, all of it together."""
        if paths := _local_files(event):
            self.open_dropped(paths)

    def conditions(self) -> frozenset[str]:
        """Names of all conditions that hold now, those of the controllers among them."""
        document, found = self.session.document, set()
        if self.session.running:
            found.add("running")
        if document is None:
            return frozenset(found)
        found.add("document")
        facts = {
            "buildings": len(document.city.buildings) > 0,
            "selection": bool(document.selection),
            "undo": document.undo_title is not None and not document.read_only,
            "redo": document.redo_title is not None and not document.read_only,
            "stale": any(self.stale.values()),
            "writable": not document.read_only,
        }
        told = frozenset().union(*(part.conditions() for part in self.controllers.values()))
        return told | found | {name for name, true in facts.items() if true}

    @property
    def stale(self) -> dict[str, int]:
        """Stale buildings by engine, as last counted."""
        return self._stale

    def _refresh_runs(self) -> None:
        document = self.session.document
        read_only = document is not None and document.read_only
        self.bars.run_button.setEnabled(document is not None and not read_only)
        self.bars.run_button.setToolTip(
            self.tr("The project is open read-only: save a copy to run in it") if read_only else ""
        )
        total = max(self.stale.values(), default=0)
        self.bars.stale_pill.setToolTip(self.bars.run_button.toolTip() or self._stale_tip(total))
        self.bars.stale_pill.setEnabled(total > 0 and not read_only)
        self.bars.stale_pill.setVisible(document is not None)
        self.bars.stale_pill.setText(self._stale_words(total))
        for engine in ENGINES:
            missing = self.session.standing.missing(engine)
            action = self.actions_[f"run.{engine}"]
            if missing:
                action.setEnabled(False)
            action.setToolTip(plain_tip(missing or ""))
            action.setText(action.text().split("  –  ")[0] + (f"  –  {missing}" if missing else ""))

    def _refresh_lists(self) -> None:
        document = self.session.document
        for box in (self.bars.variable_box, self.bars.scenario_box):
            box.setEnabled(document is not None)
        self.bars.variable_box.setCurrentIndex(max(self.bars.variable_box.findData(self.session.variable), 0))
        self.bars.scenario_box.clear()
        if document is None:
            return
        for scenario in document.scenarios:
            self.bars.scenario_box.addItem(scenario.name, scenario.id)
        self.bars.scenario_box.setCurrentIndex(self.bars.scenario_box.findData(document.active_scenario))

    def _connect(self) -> None:
        session = self.session
        session.problem.connect(self.say)
        session.notice.connect(lambda text: self.toast.say(text, "done"))
        session.offered.connect(lambda text, verb, run: self.toast.say(text, "done", verb, run))
        session.closed.connect(self.toast.hide)
        session.opened.connect(self._document_opened)
        session.closed.connect(self._document_closed)
        session.event.connect(self._document_event)
        session.standing.changed.connect(self._standing_told)
        for part in self.controllers.values():
            session.event.connect(part.document_event)
        session.view_changed.connect(self._refresh_lists)
        session.run_finished.connect(self._run_finished)
        session.runs_changed.connect(lambda: self.actions_["run.cancel"].setEnabled(bool(session.running)))
        self.bars.variable_box.activated.connect(lambda _: self.colour_by(self.bars.variable_box.currentData()))
        self.bars.scenario_box.activated.connect(lambda _: session.set_scenario(self.bars.scenario_box.currentData()))
        self.bars.stale_pill.clicked.connect(self.run_stale)
        self.start.open_city.connect(self.ask_open_city)
        self.start.open_project.connect(self.ask_open_project)
        self.start.demo.connect(self.open_demo)
        self.start.recent.connect(self.open_path)

    def _document_opened(self) -> None:
        self._show_page()
        self.links.load()
        self._restore_view()
        self._count_stale()
        self._tick_steps()
        for part in self.controllers.values():
            part.document_opened()
        self.refresh()

    def _document_closed(self) -> None:
        for part in self.controllers.values():
            part.document_closed()
        self._show_page()

    def _restore_view(self) -> None:
        state = self.settings.view_of(self.session.document.path)
        if state is None:
            return
        self.workspace.restore_view(state)
        self.session.restore_view(state)

    def _show_page(self) -> None:
        opened = self.session.document is not None
        if not opened:
            self.start.refresh()
        self.pages.setCurrentWidget(self.ensure_workspace() if opened else self.start)
        self.bars.toolbar.setVisible(opened)
        self.bars.search.setVisible(opened)
        # The menu bar gave its corner no room while the field was hidden, and does not look again by itself.
        self.menuBar().setCornerWidget(self.bars.corner)
        self.bars.corner.setVisible(opened)
        self.refresh()

    def open_context_menu(self, position: Any) -> None:
        """What can be done with what is selected, in a menu over the 3D view."""
        menu = QMenu(self)
        for identifier in (
            "view.selection",
            "view.isolate",
            "view.hide",
            "view.show_all",
            "scenario.assign",
            "edit.copy_id",
        ):
            menu.addAction(self.actions_[identifier])
        menu.popup(position.toPoint())

    def _restore_sizes(self) -> None:
        state = self.settings.value("columns")
        if state is not None:
            self.workspace.columns.restoreState(state)


def _local_files(event: Any) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
