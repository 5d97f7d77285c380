"""Actions: drawing and shaping buildings."""

from citytwin_desktop.ui.action_spec import SELECTED, ActionSpec

_ONE = (*SELECTED, "writable", "one_building")
_SOME = (*SELECTED, "writable")
_ANY = ("document", "writable")


def _tool(
    name: str, text: str, icon: str, shortcut: str, needs: tuple[str, ...], *, group_before: bool = False
) -> ActionSpec:
    """An action that takes a tool in hand."""
    return ActionSpec(
        f"shape.{name}",
        text,
        "Model",
        "shaping.use",
        icon,
        shortcut,
        needs,
        argument=name,
        checkable=True,
        group_before=group_before,
    )


ACTIONS: tuple[ActionSpec, ...] = (
    _tool("move", "Move", "cursor-move", "G", _SOME, group_before=True),
    _tool("rotate", "Rotate", "rotate-left", "R", _SOME),
    _tool("height", "Change height", "arrow-expand-vertical", "T", _SOME),
    _tool("vertices", "Edit footprint", "vector-polygon", "V", _ONE),
    _tool("split", "Split", "box-cutter", "K", _ONE),
    ActionSpec("shape.merge", "Merge", "Model", "shaping.merge", "vector-union", "Ctrl+J", (*_SOME, "two_buildings")),
    _tool("draw", "Draw building", "home-plus-outline", "D", _ANY, group_before=True),
    _tool("massing", "Draw massing…", "domain-plus", "Shift+D", _ANY),
    _tool("plant", "Place trees", "tree-outline", "P", _ANY),
)
