"""What stands on a drawn site: kind, density and distances, with the buildings shown in the view at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.numbers import counted, parse_number, range_text
from citytwin_desktop.ui.view_tools.draw import area_m2

_IDLE = {"block": ("depth_m", "spacing_m"), "courtyard": ("spacing_m",)}
"""Fields that say nothing of a kind."""
KINDS = {"rows": "Rows", "block": "Block", "courtyard": "Courtyard", "towers": "Towers"}
STOREYS, RATIO = "storeys", "floor_area_ratio"
_FIELDS = (
    ("storey_height_m", "Storey height", "m", "3.2"),
    ("depth_m", "Depth of a building", "m", "12"),
    ("spacing_m", "Clear distance", "m", "18"),
    ("setback_m", "Set-back from the border", "m", "5"),
)


class MassingDialog(FormDialog):
    """Stays beside the view; everything that is changed is shown there a moment later.

    Parameters
    ----------
    parent : QWidget
    tool : MassingTool
        With a closed site; both go together.
    """

    def __init__(self, parent: QWidget, tool: Any) -> None:
        super().__init__(
            parent, "Massing", "Buildings on the site that you drew; nothing is built before you say so.", "Create"
        )
        self.setObjectName("massingDialog")
        self.setModal(False)
        self.setMinimumWidth(380)
        self.tool = tool
        self.kind = QComboBox(objectName="massingKind", accessibleName=self.tr("Kind"))
        for key, title in KINDS.items():
            self.kind.addItem(self.tr(title), key)
        self.density = QComboBox(objectName="massingDensity", accessibleName=self.tr("Density by"))
        self.density.addItem(self.tr("Floor area ratio"), RATIO)
        self.density.addItem(self.tr("Storeys"), STOREYS)
        self.amount = self._edit("massingAmount", self.tr("Floor area ratio or storeys"), "1.2")
        self.function = QComboBox(objectName="massingFunction", accessibleName=self.tr("Function"))
        self.function.addItem(self.tr("Not known yet"), "")
        for key, title in FUNCTIONS.items():
            self.function.addItem(title, key)
        self._fill_form()
        for box in (self.kind, self.density, self.function):
            box.currentIndexChanged.connect(lambda _: self.ask())
        self.density.currentIndexChanged.connect(lambda _: self._other_density())
        self.submitted.connect(self.build)
        tool.proposed.connect(self.show_outcome)
        self.ok.setEnabled(False)
        tool.destroyed.connect(self.close)
        self._place()
        self.ask()

    def _fill_form(self) -> None:
        self.form.addRow(self.tr("Kind"), self.kind)
        self.form.addRow(self.density, self.amount)
        self.fields = {}
        for name, title, unit, value in _FIELDS:
            self.fields[name] = self._edit(f"massing_{name}", f"{self.tr(title)} {unit}", value)
            self.form.addRow(f"{self.tr(title)} [{unit}]", self.fields[name])
        self.form.addRow(self.tr("Function"), self.function)
        self.outcome = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.outcome.setObjectName("muted")
        self.overlaps = QLabel(wordWrap=True, visible=False, textFormat=Qt.TextFormat.PlainText)
        self.overlaps.setObjectName("stale")
        self.body.addWidget(self.outcome)
        self.body.addWidget(self.overlaps)

    def parameters(self) -> dict[str, Any] | None:
        """What the command takes beside the site; `None` while a field holds no number."""
        found: dict[str, Any] = {"kind": self.kind.currentData()}
        edits = {self.density.currentData(): self.amount, **self.fields}
        for name, edit in edits.items():
            value = parse_number(edit.text())
            if value is None:
                self.refuse(self.tr("“{}” is not a number: type one like 3.2.").format(edit.text()))
                self.ok.setEnabled(False)
                return None
            found[name] = value
        if self.function.currentData():
            found["function"] = self.function.currentData()
        return found

    def ask(self) -> None:
        """Show in the view what would be built."""
        for name, edit in self.fields.items():
            edit.setEnabled(name not in _IDLE.get(self.kind.currentData(), ()))
        parameters = self.parameters()
        if parameters is not None:
            self.tool.ask(**parameters)

    def build(self) -> None:
        """Build it; the dialog goes with the tool."""
        parameters = self.parameters()
        if parameters is not None:
            self.tool.build(**parameters)

    def show_outcome(self) -> None:
        """Count what would be built, or say why nothing can be."""
        proposal = self.tool.proposal
        self.refuse(proposal.problem)
        prepared = proposal.prepared
        report = prepared.preparation.report if prepared is not None else {}
        count = len(report.get("ids", ()))
        self.ok.setEnabled(count > 0)
        self.ok.setText(self.tr("Create {}").format(counted(count)) if count else self.tr("Create"))
        self.outcome.setText(self._outcome_text(report, count))
        self.overlaps.setText(self._overlap_text(report.get("overlaps", ())))
        self.overlaps.setVisible(bool(self.overlaps.text()))
        self.fit()

    def _outcome_text(self, report: Mapping[str, Any], count: int) -> str:
        if not count:
            return self.tr("Site {} m²").format(number_text(round(area_m2(self.tool.corners)), 9))
        storeys = range_text([float(value) for value in report["storeys"]])
        words = self.tr("{} of {} storeys on {} m² of site\n{} m² gross floor area, ratio {}, {} % built on")
        return words.format(
            counted(count),
            storeys,
            number_text(round(report["site_m2"]), 9),
            number_text(round(report["gross_floor_area_m2"]), 9),
            f"{report['floor_area_ratio']:.2f}",
            f"{report['coverage'] * 100:.0f}",
        )

    def _overlap_text(self, names: Sequence[str]) -> str:
        return self.tr("Overlaps {} that stand there").format(counted(len(names))) if names else ""

    def reject(self) -> None:
        """Cancel gives the site up too."""
        super().reject()
        self.tool.done.emit()

    def closeEvent(self, event: Any) -> None:
        """Listen no more."""
        self.tool.proposed.disconnect(self.show_outcome)
        super().closeEvent(event)

    def _edit(self, name: str, title: str, value: str) -> QLineEdit:
        edit = QLineEdit(value, objectName=name, accessibleName=title, alignment=Qt.AlignmentFlag.AlignRight)
        edit.textEdited.connect(lambda _: self.ask())
        return edit

    def _other_density(self) -> None:
        self.amount.setText("4" if self.density.currentData() == STOREYS else "1.2")
        self.ask()

    def _place(self) -> None:
        """Over the lower left of the inspector side, clear of the site in most views."""
        window = self.parentWidget().geometry()
        self.adjustSize()
        self.move(window.right() - self.width() - 24, window.top() + 120)
