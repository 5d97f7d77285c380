"""The tool that shows another roof on the selected buildings while its numbers are chosen in the inspector."""

from typing import Any

from PySide6.QtCore import Qt

from citytwin_desktop.ui.view_tools.selected import SelectedTool


class RoofTool(SelectedTool):
    """Shows what a roof would be; Enter or the button of the inspector sets it.

    Attributes
    ----------
    parameters : dict
        Of the command ``set_roof``, beside the buildings.
    """

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, view: Any, session: Any, parameters: dict[str, Any]) -> None:
        super().__init__(view, session)
        self.parameters = parameters

    def twin(self, view: Any) -> None:
        """None: it is led from the inspector and shows its roof in the first view."""

    def begin(self) -> None:
        """Show it; the keyboard stays where the numbers are typed."""
        focus = self.view.window().focusWidget()
        super().begin()
        if focus is not None:
            focus.setFocus()
        if len(self.rows):
            self.propose(self.parameters)

    def propose(self, parameters: dict[str, Any]) -> None:
        """Show another roof."""
        self.parameters = parameters
        self.proposal.ask("set_roof", {"building_ids": self.ids, **parameters})

    def clicked(self) -> None:
        """Click another building: the roof is given up, the building is selected."""
        if self.pointer is None:
            return
        view, pointer, more = self.view, self.pointer, self.held(Qt.KeyboardModifier.ControlModifier)
        self.done.emit()
        view.clicked.emit(view.row_at(pointer), more)

    def confirm(self) -> None:
        """Set the roof."""
        self.carry_out("set_roof", building_ids=self.ids, **self.parameters)

    def readout(self) -> list[str]:
        """Nothing beside the pointer unless something is wrong."""
        return []

    def instruction(self) -> str:
        """What to do."""
        return self.tr("Roof of {}: Set roof or Enter sets it, Esc gives up").format(self.whom)
