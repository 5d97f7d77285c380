"""What the actions of the window do: box, lasso, query and kept selections."""

from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.city.named import SELECTION
from citytwin_desktop.city.nearby import TOUCHING_M, grown_rows
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.similarity import CRITERIA, USUAL, similar_rows
from citytwin_desktop.document import events
from citytwin_desktop.document.querying.fields import FIELDS, NUMBER
from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.fields import Fields
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.query_bar import QueryBar
from citytwin_desktop.ui.select_modes import Mode, select_rows, selected_rows
from citytwin_desktop.ui.theme import Theme

RECENT_SHOWN, HISTORY_KEPT = 12, 60
NEAR_M = 25.0
CAN_GO_BACK, SAVED = "selection_before", "saved_selections"


class SelectionController(Controller):
    """Methods that the table of actions names."""

    CONDITIONS: ClassVar[frozenset[str]] = frozenset({CAN_GO_BACK, SAVED})

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.fields = Fields.of(self.session)
        self.bar: QueryBar | None = None
        self.panel: Any = None
        self._theme: Theme = window.theme
        self._before: list[tuple[str, ...]] = []
        self._shown: tuple[str, ...] = ()
        self._going_back = False

    def workspace_made(self, workspace: Any) -> None:
        """Put the query bar over the view and the buildings into the left panel."""
        from citytwin_desktop.ui.building_panel import BuildingPanel

        self.bar = QueryBar(self.session)
        workspace.layout().insertWidget(0, self.bar)
        self.bar.closed.connect(self.close_query)
        self.bar.used.connect(self._remember_query)
        self.bar.save_wanted.connect(lambda text: self.ask_name(self.bar.rows() if self.bar else None, text))
        self.panel = BuildingPanel(self.session, self.window.theme)
        self.panel.saved.save.clicked.connect(lambda: self.save())
        workspace.left.add(self.panel, self.tr("Buildings"), "format-list-bulleted")
        workspace.table.building_wanted.connect(lambda name: self.window.links.go_to(name))
        self.panel.tree.wanted.connect(lambda row: self.window.links.go_to(str(self.document.city.buildings.ids[row])))
        workspace.view.tool_changed.connect(self._tool_changed)

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        self._theme = theme
        if self.bar is not None:
            self.bar.set_theme(theme)
            self.panel.set_theme(theme)

    def conditions(self) -> frozenset[str]:
        """Whether there is a selection to go back to, and one that is kept."""
        found = {CAN_GO_BACK} if self._before else set()
        return frozenset(found | ({SAVED} if self.document.named(SELECTION) else set()))

    def document_opened(self) -> None:
        """Another project has its own selections."""
        self._before, self._shown = [], self.document.selection
        self.panel.reload()
        if self.bar is not None:
            self.bar.show_recent(self._recent())

    def document_closed(self) -> None:
        """Nothing to select in."""
        self._before, self._shown = [], ()
        if self.bar is not None:
            self.bar.hide()

    def document_event(self, event: Any) -> None:
        """Remember selections, count again when values change."""
        if isinstance(event, events.SelectionChanged):
            self._selection_changed(event.ids)
        elif not isinstance(event, events.TimeChanged | events.HistoryChanged) and self.bar is not None:
            self.bar.refresh()
        if self.panel is not None:
            self.panel.follow(event)

    # --- tools in the view

    def use_box(self) -> None:
        """Take the box in hand, or put it away."""
        from citytwin_desktop.ui.view_tools.box import BoxTool

        self._use(BoxTool)

    def use_lasso(self) -> None:
        """Take the lasso in hand, or put it away."""
        from citytwin_desktop.ui.view_tools.lasso import LassoTool

        self._use(LassoTool)

    def _use(self, kind: Any) -> None:
        view = self.workspace.view
        view.use(None if type(view.tool) is kind else kind(view, self.session))
        view.setFocus()

    def _tool_changed(self, tool: Any) -> None:
        for identifier, name in (("select.box", "BoxTool"), ("select.lasso", "LassoTool")):
            self.window.actions_[identifier].setChecked(type(tool).__name__ == name)

    # --- conditions

    def open_query(self, text: str | None = None) -> None:
        """Show the bar for conditions."""
        if self.bar is not None:
            self.bar.open_with(text)

    def close_query(self) -> None:
        """Hide it; keys go to the view again."""
        if self.bar is not None:
            self.bar.hide()
            self.workspace.view.setFocus()

    def select_where(self, condition: str, mode: Mode = Mode.REPLACE) -> None:
        """Select by a condition without the bar; a known error becomes a sentence."""
        from citytwin_desktop.document.queries import matching_rows

        found = self.session.guarded(matching_rows, self.fields.reader, condition)
        if found is not None:
            rows = np.intersect1d(found, self.document.city.rows_with_geometry)
            select_rows(self.document, rows.astype(np.int64), mode)

    def _remember_query(self, text: str) -> None:
        recent = [text, *(item for item in self._recent() if item != text)][:RECENT_SHOWN]
        self.window.settings.remember("recent_queries", recent)
        if self.bar is not None:
            self.bar.show_recent(recent)

    def _recent(self) -> list[str]:
        kept = self.window.settings.value("recent_queries", [])
        return [str(item) for item in ([kept] if isinstance(kept, str) else kept or [])]

    # --- from the selection

    def ask_similar(self) -> None:
        """Ask what others shall have in common with the selection."""
        from citytwin_desktop.ui.select_dialogs import SimilarDialog

        rows, city = selected_rows(self.document), self.document.city
        kept = self.window.settings.value("similar_criteria", ",".join(USUAL))
        form = SimilarDialog(self.window, len(rows), [name for name in str(kept).split(",") if name in CRITERIA])
        form.changed.connect(lambda: form.show_count(len(similar_rows(city, rows, form.criteria))))
        form.show_count(len(similar_rows(city, rows, form.criteria)))
        form.submitted.connect(lambda: self._select_similar(form, rows))
        form.open()

    def _select_similar(self, form: Any, rows: IntArray) -> None:
        self.window.settings.remember("similar_criteria", ",".join(form.criteria))
        if self.document is not None:
            select_rows(self.document, similar_rows(self.document.city, rows, form.criteria))
        form.accept()

    def grow(self, reach: str = "") -> None:
        """Take in what touches the selection, or what is near."""
        city, rows = self.document.city, selected_rows(self.document)
        grown = grown_rows(city, rows, NEAR_M if reach == "near" else TOUCHING_M)
        if len(grown) == len(rows):
            self.session.notice.emit(self.tr("Nothing else stands that near: the selection stays as it is."))
            return
        select_rows(self.document, grown)

    def select_same(self, name: str, row: int = -1) -> None:
        """Select the buildings with the same value in a column as one, or as any of the selection."""
        rows = selected_rows(self.document) if row < 0 else np.array([row], np.int64)
        select_rows(self.document, same_rows(self.fields.reader, name, rows))

    def select_failed(self) -> None:
        """Select the buildings whose last run failed."""
        self.select_where("failed")

    def go_back(self) -> None:
        """Bring back the selection before this one."""
        while self._before:
            names = [name for name in self._before.pop() if name in self.document.city.buildings]
            if tuple(names) != self.document.selection:
                self._going_back = True
                self.document.select(names)
                self._going_back = False
                return

    def _selection_changed(self, ids: tuple[str, ...]) -> None:
        if not self._going_back:
            self._before = [*self._before, self._shown][-HISTORY_KEPT:]
        self._shown = ids
        # The window asked for conditions before this part heard of the selection.
        self.window.actions_["select.back"].setEnabled(bool(self._before))

    # --- kept under names

    def save(self, name: str = "") -> None:
        """Ask for a name and keep the selection under it."""
        self.ask_name(selected_rows(self.document), name)

    def ask_name(self, rows: IntArray | None, name: str) -> None:
        """Ask for the name of some buildings."""
        from citytwin_desktop.ui.select_dialogs import SaveSelectionDialog

        if rows is None or not len(rows):
            return
        ids = self.document.city.buildings.ids[rows].tolist()
        form = SaveSelectionDialog(self.window, len(ids), self.document.named(SELECTION), name[:60])
        form.submitted.connect(lambda: self._save(form, ids))
        form.open()

    def _save(self, form: Any, ids: list[str]) -> None:
        done = self.session.execute("save_selection", name=form.name.text(), building_ids=ids)
        if done is not None:
            self.session.notice.emit(
                self.tr("{} kept as “{}”.").format(counted(len(ids)), " ".join(form.name.text().split()))
            )
            form.accept()

    def select_saved(self, name: str) -> None:
        """Select what was kept under a name."""
        self.panel.saved.choose(name)


def same_rows(reader: Any, name: str, rows: IntArray) -> IntArray:
    """(k,) int64: rows with geometry that have a value of one of the given rows in a field; unknown is like unknown."""
    field = FIELDS[name]
    if field.kind == NUMBER:
        values = reader.numbers(field)
        found = np.isin(values, values[rows]) | (np.isnan(values) & bool(np.isnan(values[rows]).any()))
    else:
        codes = reader.texts(field).codes
        found = np.isin(codes, codes[rows])
    return np.intersect1d(np.flatnonzero(found), reader.document.city.rows_with_geometry).astype(np.int64)
