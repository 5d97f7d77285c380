"""The inspector: everything about the selected buildings, editable where it may be."""

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.systems import systems
from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.document.explanation import Question
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.back_to_default import same_valued, ways_back
from citytwin_desktop.ui.building_history import BuildingHistory
from citytwin_desktop.ui.conditions_panel import ConditionsPanel
from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.inspector_rows import (
    CHOICE,
    CLOSED,
    COLUMN,
    GEOMETRY,
    GROUPS,
    REFLECTANCE,
    ROWS,
    SECTIONS,
    Row,
    means_something,
)
from citytwin_desktop.ui.numbers import parse_number
from citytwin_desktop.ui.potential_view import PotentialView
from citytwin_desktop.ui.readiness_view import ReadinessView
from citytwin_desktop.ui.results_view import ResultsView
from citytwin_desktop.ui.section import ChoiceRow, PropertyRow, Section
from citytwin_desktop.ui.selection_values import SelectionValues, Shown
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.shape_section import place_shape_section
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

MANY = 2000
"""What is folded away is not worked out for larger selections before it is opened."""
LARGE_CITY = 20_000
SYSTEM_KINDS = {"heating_system": "heating", "cooling_system": "cooling"}
PARTIAL = "Partly assigned"


class Inspector(QWidget):
    """Follows the document's selection.

    Signals
    -------
    enrich_wanted
        The user wants archetypes.
    """

    enrich_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.properties: dict[str, PropertyRow] = {}
        self.choices: dict[str, ChoiceRow] = {}
        self.folds: list[Section] = []
        self._ids: list[str] = []
        self._typed_for: list[str] | None = None
        self.heading = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.heading.setObjectName("heading")
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.heading.setContentsMargins(12, 10, 12, 10)
        self.empty = QLabel(
            self.tr("Click a building to see its envelope, use and results here. Ctrl-click adds more.")
        )
        self.empty.setObjectName("muted")
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(12, 10, 12, 12)
        self.sections = {name: Section(self.tr(name), name not in CLOSED) for name in SECTIONS}
        self.shape = place_shape_section(self)
        self._fill_sections()
        self.conditions = ConditionsPanel(session)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in self.sections.values():
            column.addWidget(section)
        column.addWidget(self.conditions)
        column.addStretch(1)
        self.scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(QFrame(objectName="rule"))
        layout.addWidget(self.empty)
        layout.addWidget(self.scroll, 1)
        self.filler = QWidget()
        layout.addWidget(self.filler, 1)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        for section in (*self.sections.values(), *self.folds):
            section.set_theme(theme)
        for row in (*self.properties.values(), *self.choices.values()):
            row.set_theme(theme)
        self.conditions.set_theme(theme)
        self.readiness.set_theme(theme)
        self.results.set_theme(theme)

    def refresh(self) -> None:
        """Read the selection again."""
        document = self.session.document
        if document is None or list(document.selection) != self._ids:
            self.finish()
        values = SelectionValues(document) if document is not None else None
        self._ids = values.ids if values is not None else []
        chosen = values is not None and bool(values.ids)
        surroundings = not chosen and values is not None and len(values.city.surfaces) > 0
        self.empty.setVisible(not chosen)
        self.scroll.setVisible(chosen or surroundings)
        self.filler.setVisible(not chosen and not surroundings)
        for section in self.sections.values():
            section.setVisible(chosen)
        self.conditions.setVisible(surroundings)
        self._show_title(self._title(values) if chosen else self.tr("Whole district"))
        if surroundings:
            self.conditions.refresh()
        if chosen:
            self._show(values)
        self.history.show_buildings(document, values.ids if chosen else [])
        self._settle()

    def _settle(self) -> None:
        """Lay everything out now: level by level, as events come, rows stand on each other for some frames."""
        content = self.scroll.widget()
        _activate(content)
        QApplication.sendEvent(self.scroll, QEvent(QEvent.Type.LayoutRequest))
        _activate(content)

    def finish(self) -> None:
        """Carry out what was typed and not yet confirmed, on the buildings it was typed for."""
        for row in self.properties.values():
            row.finish()
        self.conditions.finish()
        self._typed_for = None

    def _typing(self) -> None:
        """What is typed is meant for what is selected now, whatever is selected when it is confirmed."""
        if self._typed_for is None:
            self._typed_for = list(self.session.document.selection)

    def _show_title(self, text: str) -> None:
        text = " ".join(text.split())
        width = max(self.width(), self.minimumWidth()) - 28
        self.heading.setText(self.heading.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width))
        self.heading.setToolTip(plain_tip(text))

    def _title(self, values: SelectionValues) -> str:
        if len(values.ids) > 1:
            return self.tr("{} buildings").format(number_text(len(values.ids), 9))
        name = values.column("name").text
        return values.ids[0] if name == "–" else name

    def _show(self, values: SelectionValues) -> None:
        writable = not self.session.document.read_only
        for name, row in self.properties.items():
            if not self._left_out(row, values):
                self._put(name, self._value(ROWS[name], values))
            row.value.setReadOnly(not (ROWS[name].editable and writable))
        self._show_choices(values)
        self.readiness.show_rows(values.rows)
        self._hide_idle(values)
        self._offer_ways_back(values, writable)
        self.archetype_offer.setVisible(not values.specs and not values.too_many)
        self.results.show_selection(self.session.document, values.ids)
        self.potential.setVisible(len(values.ids) <= MANY)
        if len(values.ids) <= MANY:
            self.potential.show_selection(self.session.document, values.ids)
        for choice in self.choices.values():
            choice.box.setEnabled(writable)

    def _left_out(self, row: PropertyRow, values: SelectionValues) -> bool:
        """Whether a row is folded away and the city or the selection too large to work it out for nobody."""
        body = row.parentWidget()
        return self._large(values.ids) and body.isHidden() and any(body is fold.body for fold in self.folds)

    def _large(self, ids: list[str]) -> bool:
        return len(ids) > MANY or len(self.session.document.city.buildings) > LARGE_CITY

    def _offer_ways_back(self, values: SelectionValues, writable: bool) -> None:
        found = ways_back(self.session.document, values.rows) if writable else {}
        for name, row in (*self.properties.items(), *self.choices.items()):
            row.offer_back(found.get(name, ""))

    def _value(self, row: Row, values: SelectionValues) -> Shown:
        if row.source == COLUMN:
            return values.column(row.name)
        if row.source == REFLECTANCE:
            return values.reflectance(row.name)
        return values.measured(row.name) if row.source == GEOMETRY else values.spec(row.name)

    def _hide_idle(self, values: SelectionValues) -> None:
        """Hide what means nothing here; say at each fold how much in it is not as its archetype has it."""
        for name, row in self.properties.items():
            idle = name == "parent_id" and row.value.value_text == "–"
            row.setVisible(means_something(name, values.specs) and not idle)
        for fold in self.folds:
            kinds = [row.kind for row in fold.body.findChildren(PropertyRow) if not row.isHidden()]
            counts = {word: kinds.count(kind) for kind, word in (("edited", "edited"), ("package", "by package"))}
            fold.show_note(", ".join(self.tr("{} " + word).format(n) for word, n in counts.items() if n))

    def _put(self, name: str, shown: Shown) -> None:
        self.properties[name].show_value(shown.text, shown.kind, shown.sentence)

    def _show_choices(self, values: SelectionValues) -> None:
        document = self.session.document
        functions = values.city.buildings.column("function")[values.rows]
        distinct = set(functions.tolist())
        shown = values.column("function")
        self.choices["function"].show_choice(
            {"": "–"} | FUNCTIONS,
            distinct.pop() if len(distinct) == 1 else None,
            shown.text,
            shown.kind,
            shown.sentence,
        )
        self._show_systems(values)
        scenario = document.scenario(document.active_scenario)
        packages = {"": self.tr("None")} | {package.id: package.name for package in document.packages()}
        assigned = values.packages()
        current = assigned.pop() if len(assigned) == 1 else None
        self.choices["package"].show_choice(packages, current, self.tr(PARTIAL))
        self.measures.setText(self._measures_text(current))
        self.measures.setVisible(bool(self.measures.text()))
        self.scenario_name.setText(self.tr("In scenario “{}”").format(scenario.name))

    def _show_systems(self, values: SelectionValues) -> None:
        """Systems that can be chosen: those of the catalogue, or none while archetypes are missing."""
        for name, kind in SYSTEM_KINDS.items():
            options = {code: item.title for code, item in systems("", kind).items()} if values.specs else {"": "–"}
            distinct, shown = {getattr(spec, name) for spec in values.specs}, values.spec(name)
            current = distinct.pop() if len(distinct) == 1 else None
            self.choices[name].show_choice(options, current, shown.text, shown.kind, shown.sentence)

    def _measures_text(self, package_id: str | None) -> str:
        package = next((item for item in self.session.document.packages() if item.id == package_id), None)
        return ", ".join(name.replace("_", " ") for name in package.measures).capitalize() if package else ""

    def _fill_sections(self) -> None:
        self.readiness = ReadinessView(self.session)
        for group in GROUPS:
            if group.fold and self.readiness.parent() is None:
                self.sections["Identity"].add(self.readiness)  # above what is folded away
            home = self.sections[group.section]
            if group.fold:
                home = home.add(Section(self.tr(group.fold), open_=False, inner=True))
                home.heading.toggled.connect(self._opened)
                self.folds.append(home)
            for row in group.rows:
                self._add_row(home, row)
        self.archetype_offer = QPushButton(self.tr("Assign archetypes…"))
        self.archetype_offer.setObjectName("link")
        self.archetype_offer.clicked.connect(self.enrich_wanted)
        self.sections["Envelope"].add(self.archetype_offer)
        self.measures = self._text("Retrofit", "muted")
        self.scenario_name = self.sections["Retrofit"].add(ElidedLabel())
        self.scenario_name.setObjectName("small")
        self.scenario_name.setContentsMargins(0, 4, 0, 0)
        self.results, self.potential = ResultsView(self.session), PotentialView()
        self.sections["Results"].add(self.results)
        self.sections["Solar potential"].add(self.potential)
        self.results.explain_wanted.connect(self.session.explain_wanted)
        self.history = self.sections["History"].add(BuildingHistory())

    def _text(self, section: str, name: str) -> QLabel:
        label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        label.setObjectName(name)
        return self.sections[section].add(label)

    def _add_row(self, home: Section, row: Row) -> None:
        if row.source == CHOICE:
            choice = ChoiceRow(row.name, self.tr(row.title))
            choice.chosen.connect(self._choose)
            self._wire(choice)
            self.choices[row.name] = home.add(choice)
            return
        shown = PropertyRow(row.name, self.tr(row.title), row.unit, row.editable)
        shown.edited.connect(self._edit)
        shown.value.textEdited.connect(self._typing)
        self._wire(shown)
        self.properties[row.name] = home.add(shown)

    def _edit(self, column: str, text: str) -> None:
        document = self.session.document
        if document is None:
            return
        wanted = document.selection if self._typed_for is None else self._typed_for
        self._typed_for, ids = None, [name for name in wanted if name in document.city.buildings]
        if not ids:
            return
        numeric = COLUMNS[column].kind == "number"
        value: float | str | None = (parse_number(text) if numeric else text) if text not in ("", "–") else None
        if numeric and value is None and text not in ("", "–"):
            self.session.problem.emit(self.tr("“{}” is not a number: type one like 0.35.").format(text))
        else:
            self.session.execute("edit_buildings", building_ids=ids, column=column, value=value)
        self.refresh()

    def _choose(self, column: str, key: str) -> None:
        ids = list(self.session.document.selection)
        if column == "package":
            self.session.assign_package(ids, key or None)
        else:
            self.session.execute("edit_buildings", building_ids=ids, column=column, value=key or None)
        self.refresh()

    def show_row(self, column: str) -> None:
        """Unfold and focus the row of a column, to edit it there."""
        row = self.properties.get(column) or self.choices.get(column)
        if row is None:
            return
        for section in (*self.sections.values(), *self.folds):
            if section.isAncestorOf(row):
                section.heading.setChecked(True)
        self.scroll.ensureWidgetVisible(row)
        (row.value if isinstance(row, PropertyRow) else row.box).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _wire(self, row: Any) -> None:
        row.explain_wanted.connect(self._explain)
        row.back_wanted.connect(self._back)
        row.same_wanted.connect(self._select_same)

    def _explain(self, column: str) -> None:
        document = self.session.document
        self.session.explain_wanted.emit(
            Question(scenario_id=document.active_scenario, building_ids=document.selection, column=column)
        )

    def _back(self, column: str) -> None:
        ids = list(self.session.document.selection)
        if column == "package":
            self.session.assign_package(ids, None)
        else:
            self.session.execute("restore_values", building_ids=ids, column=column)
        self.refresh()

    def _select_same(self, column: str) -> None:
        document = self.session.document
        self.session.guarded(document.select, same_valued(document, document.selection, column))

    def _opened(self, open_: bool) -> None:
        """What was left out while it was folded away is worked out now."""
        if open_ and self._ids and self._large(self._ids):
            self.refresh()


def _activate(widget: QWidget) -> None:
    """Lay out what is inside, then the widget itself."""
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isHidden():
            _activate(child)
    if (layout := widget.layout()) is not None:
        layout.activate()
