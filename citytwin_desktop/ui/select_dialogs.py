"""Choices about selections: a name to keep one under, and what buildings shall have in common."""

from collections.abc import Collection, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QCompleter, QLabel, QLineEdit, QWidget

from citytwin_desktop.city.similarity import CRITERIA
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.numbers import counted


class SaveSelectionDialog(FormDialog):
    """A name; one that is taken already is replaced."""

    def __init__(self, parent: QWidget, count: int, names: Iterable[str], name: str = "") -> None:
        intro = f"{counted(count)} can be selected again by the name that you give them."
        super().__init__(parent, "Save selection", intro, "Save selection")
        self.setObjectName("saveSelectionDialog")
        self.name = QLineEdit(name, objectName="selectionName")
        self.name.setAccessibleName(self.tr("Name"))
        completer = QCompleter(list(names), self.name)
        completer.popup().setObjectName("completions")
        self.name.setCompleter(completer)
        self.form.addRow(self.tr("Name"), self.name)
        self.name.textChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))
        self.ok.setEnabled(bool(name))
        self.name.setFocus()
        self.name.selectAll()


class SimilarDialog(FormDialog):
    """What the buildings to select have in common with those that are selected; counts while it is chosen.

    Signals
    -------
    changed
    """

    changed = Signal()

    def __init__(self, parent: QWidget, count: int, chosen: Collection[str]) -> None:
        intro = (
            f"Selects every building that is in the same class as {'it' if count == 1 else 'one of them'} in all of:"
        )
        super().__init__(parent, f"Similar to {'this building' if count == 1 else counted(count)}", intro, "Select")
        self.setObjectName("similarDialog")
        self.setMinimumWidth(380)
        self.boxes: dict[str, QCheckBox] = {}
        for name, (title, _) in CRITERIA.items():
            self.boxes[name] = QCheckBox(self.tr(title), checked=name in chosen)
            self.boxes[name].toggled.connect(lambda _=False: self.changed.emit())
            self.body.addWidget(self.boxes[name])
        self.found = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.found.setObjectName("muted")
        self.body.addWidget(self.found)

    @property
    def criteria(self) -> tuple[str, ...]:
        """Keys of what is ticked."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def show_count(self, count: int) -> None:
        """Say how many there would be."""
        self.found.setText(self.tr("{} in all").format(number_text(count, 9)))
        self.ok.setText(self.tr("Select {}").format(counted(count)))
        self.ok.setEnabled(count > 0 and bool(self.criteria))
