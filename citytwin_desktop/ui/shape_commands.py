"""What the actions of the window do: drawing and shaping buildings."""

from typing import Any, ClassVar

from PySide6.QtWidgets import QMenu

from citytwin_desktop.document import events
from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.theme import Theme

TOOLS = ("move", "rotate", "height", "vertices", "split", "draw", "plant", "massing")
"""Tools of the view, by the last word of their action's identifier."""
OF_ONE, OF_SELECTION = ("vertices", "split"), ("move", "rotate", "height")


class ShapeController(Controller):
    """Takes tools in hand, merges, and follows what can be shaped at all."""

    CONDITIONS: ClassVar[frozenset[str]] = frozenset({"one_building", "two_buildings"})

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._dialog: Any = None

    # --- actions

    def use(self, name: str) -> None:
        """Take a tool in hand; the one that is in hand already is put away."""
        view, document = self.workspace.view, self.document
        if document is None:
            return
        if self._name_of(view.tool) == name or not self._allowed(name):
            view.use(None)
            return
        tool = tool_kind(name)(view, self.session)
        if name == "massing":
            tool.site_closed.connect(self._ask_massing)
        view.use(tool)

    def merge(self) -> None:
        """Make one building of those that are selected."""
        ids = list(self.document.selection)
        if self.session.execute("merge_buildings", building_ids=ids) is None:
            return
        left = [name for name in ids if name in self.document.city.buildings]
        self.document.select(left[:1])
        text = self.tr("{} merged").format(counted(len(ids)))
        self.window.toast.say(text, "done", self.tr("Undo"), self.window.undo)

    # --- following

    def workspace_made(self, workspace: Any) -> None:
        """Follow the tool in hand; the section of the inspector asks for tools too."""
        workspace.view.tool_changed.connect(self._tool_changed)
        workspace.inspector.shape.tool_wanted.connect(self.use)
        workspace.inspector.shape.previews(workspace.view)
        for menu in self.window.menuBar().findChildren(QMenu):
            if menu.title() == self.window.tr("Model"):
                menu.setToolTipsVisible(True)

    def document_opened(self) -> None:
        """Say what cannot be done here."""
        self._explain()

    def document_closed(self) -> None:
        """Put away what is in hand."""
        if self.workspace is not None and self._name_of(self.workspace.view.tool):
            self.workspace.view.use(None)

    def document_event(self, event: Any) -> None:
        """Other sentences for another selection."""
        if isinstance(event, events.SelectionChanged):
            self._explain()

    def set_theme(self, theme: Theme) -> None:  # noqa: ARG002
        """Another theme makes the scene anew: what a tool shows comes again."""
        if self.workspace is not None and self._name_of(self.workspace.view.tool):
            self.workspace.view.tool.restyle()

    def conditions(self) -> frozenset[str]:
        """How many buildings are selected."""
        count = len(self.document.selection)
        return frozenset(name for name, true in (("one_building", count == 1), ("two_buildings", count > 1)) if true)

    # --- within

    def _allowed(self, name: str) -> bool:
        chosen = len(self.document.selection)
        if self.document.read_only or (name in OF_ONE and chosen != 1) or (name in OF_SELECTION and not chosen):
            self.window.say(self._reason(name))
            return False
        return True

    def _reason(self, name: str) -> str:
        """Why a tool cannot be used now, empty when it can."""
        document = self.document
        if document is None:
            return ""
        count = len(document.selection)
        if document.read_only:
            return self.tr("The project is open read-only: save a copy to shape buildings in it.")
        if name in OF_ONE and count != 1:
            return self.tr("Select exactly one building first.")
        if name == "merge" and count < 2:
            return self.tr("Select two or more buildings that touch first.")
        if name in OF_SELECTION and not count:
            return self.tr("Select one or more buildings first.")
        return ""

    def _explain(self) -> None:
        for name in (*TOOLS, "merge"):
            action = self.window.actions_[f"shape.{name}"]
            keys = f"  ({action.shortcut().toString()})" if not action.shortcut().isEmpty() else ""
            action.setToolTip(self._reason(name) or f"{action.text().rstrip('…')}{keys}")

    def _name_of(self, tool: Any) -> str:
        return next((name for name in TOOLS if tool is not None and type(tool) is tool_kind(name)), "")

    def _tool_changed(self, _tool: Any) -> None:
        # Not the one that is told: it may have given up while it was taken in hand.
        held = self._name_of(self.workspace.view.tool)
        for name in TOOLS:
            self.window.actions_[f"shape.{name}"].setChecked(name == held)
        if self._dialog is not None and held != "massing":
            self._dialog.close()
            self._dialog = None

    def _ask_massing(self, tool: Any) -> None:
        from citytwin_desktop.ui.massing_dialog import MassingDialog

        if self._dialog is not None:
            self._dialog.close()
        self._dialog = MassingDialog(self.window, tool)
        self._dialog.show()


def tool_kind(name: str) -> Any:
    """Class of a tool; imported when it is first asked for, for it brings VTK along."""
    from citytwin_desktop.ui.view_tools.draw import DrawTool
    from citytwin_desktop.ui.view_tools.height import HeightTool
    from citytwin_desktop.ui.view_tools.massing import MassingTool
    from citytwin_desktop.ui.view_tools.move import MoveTool
    from citytwin_desktop.ui.view_tools.plant import PlantTool
    from citytwin_desktop.ui.view_tools.rotate import RotateTool
    from citytwin_desktop.ui.view_tools.split import SplitTool
    from citytwin_desktop.ui.view_tools.vertices import VerticesTool

    kinds = (MoveTool, RotateTool, HeightTool, VerticesTool, SplitTool, DrawTool, PlantTool, MassingTool)
    return dict(zip(TOOLS, kinds, strict=True))[name]
