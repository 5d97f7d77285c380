"""The tool that draws the site of a proposal; its buildings are chosen in a dialog that stays open beside it."""

from typing import Any

from PySide6.QtCore import Signal

from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.view_tools.draw import area_m2
from citytwin_desktop.ui.view_tools.outline import OutlineTool
from citytwin_desktop.ui.view_tools.shape import flat
from citytwin_desktop.ui.view_tools.tool import ViewTool


class MassingTool(OutlineTool):
    """An outline; once it is closed, buildings on it follow the dialog.

    Signals
    -------
    site_closed(object)
        The site is drawn: time to ask what stands on it. The tool that tells, which may be its twin.
    proposed
        What would be built is known, or why it cannot be: see ``proposal``.
    """

    site_closed = Signal(object)
    proposed = Signal()

    def twin(self, view: Any) -> ViewTool | None:
        """Tells through this one when its site is drawn."""
        made = super().twin(view)
        if isinstance(made, MassingTool):
            made.site_closed.connect(self.site_closed)
        return made

    def begin(self) -> None:
        """Take it in hand."""
        super().begin()
        self.proposal.known.connect(self.proposed)

    def finished(self) -> None:
        """The site is drawn."""
        self.site_closed.emit(self)

    def ask(self, **parameters: Any) -> None:
        """Work out what would stand on the site."""
        if self.closed:
            self.proposal.ask("add_massing", {"site": flat(self.corners), **parameters})

    def build(self, **parameters: Any) -> Any:
        """Build it."""
        return self.carry_out("add_massing", site=flat(self.corners), **parameters)

    def clicked(self) -> None:
        """Corners only: the dialog builds."""
        if not self.closed:
            super().clicked()

    def instruction(self) -> str:
        """What to do."""
        if self.closed:
            return self.tr("Choose what stands on the site in the dialog  ·  Backspace changes the site  ·  Esc")
        if not len(self.corners):
            mode = self.tr("R draws corner by corner") if self.rectangle else self.tr("R draws a rectangle")
            return self.tr("Draw massing: click the first corner of the site  ·  {}").format(mode)
        return self.tr("Click corners of the site, or type metres  ·  O or Ctrl right angles  ·  Enter closes")

    @property
    def problem(self) -> str:
        """Of the outline; what is wrong with the buildings stands in the dialog."""
        return "" if self.closed else super().problem

    def readout(self) -> list[str]:
        """Of the edge, or the area of the site."""
        if not self.closed:
            return super().readout()
        return [self.tr("Site {}").format(f"{area_m2(self.corners):.0f}{THIN_SPACE}m²")]
