"""Actions: changes of the city."""

from citytwin_desktop.ui.action_spec import CITY, SELECTED, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("model.enrich", "Assign archetypes…", "Model", "ask_enrich", "home-group", "", (*CITY, "writable")),
    ActionSpec(
        "model.terrain",
        "Set buildings on the terrain",
        "Model",
        "drop_to_terrain",
        "arrow-down-bold-outline",
        "",
        (*CITY, "writable"),
    ),
    ActionSpec(
        "model.remove",
        "Remove selected buildings",
        "Model",
        "remove_selected",
        "delete-outline",
        "Delete",
        (*SELECTED, "writable"),
    ),
)
