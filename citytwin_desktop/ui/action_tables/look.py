"""Actions: navigation, pictures and named views."""

from citytwin_desktop.ui.action_spec import CITY, ActionSpec

SIDES = (
    ("bottom", "From below", "0,0,-1"),
    ("south_west", "From the south-west, above", "-1,-1,1"),
    ("south_east", "From the south-east, above", "1,-1,1"),
    ("north_west", "From the north-west, above", "-1,1,1"),
    ("north_east", "From the north-east, above", "1,1,1"),
)
_PRESETS = (("citytwin", "CityTwin"), ("qgis", "QGIS 3D"), ("blender", "Blender"))

ACTIONS: tuple[ActionSpec, ...] = (
    *(
        ActionSpec(f"look.{name}", text, "View", "looking.look_at_side", "", "", CITY, side, submenu="Look from")
        for name, text, side in SIDES
    ),
    ActionSpec(
        "look.back", "Camera back", "View", "looking.go_back", "arrow-left", "Alt+Left", ("document", "camera_back")
    ),
    ActionSpec(
        "look.forward",
        "Camera forward",
        "View",
        "looking.go_forward",
        "arrow-right",
        "Alt+Right",
        ("document", "camera_forward"),
    ),
    ActionSpec(
        "look.parallel", "Parallel projection", "View", "looking.toggle_parallel", "", "O", CITY, checkable=True
    ),
    ActionSpec(
        "look.walk", "Walk", "View", "looking.toggle_walk", "walk", "W", CITY, checkable=True, group_before=True
    ),
    ActionSpec(
        "look.section", "Section plane", "View", "looking.toggle_section", "box-cutter", "X", CITY, checkable=True
    ),
    ActionSpec(
        "look.surfaces",
        "Pick single surfaces",
        "View",
        "looking.toggle_surfaces",
        "vector-square",
        "F",
        CITY,
        checkable=True,
    ),
    ActionSpec("look.shadows", "Shadows", "View", "looking.toggle_shadows", "", "", CITY, checkable=True),
    ActionSpec("look.backdrop", "Add background…", "View", "looking.ask_backdrop", "map-plus", "", CITY),
    ActionSpec(
        "look.save_view",
        "Save view…",
        "View",
        "looking.ask_save_view",
        "bookmark-plus-outline",
        "Ctrl+Shift+V",
        (*CITY, "writable"),
        submenu="Views",
    ),
    *(
        ActionSpec(
            f"look.view_{number}",
            f"Go to view {number}",
            "View",
            "looking.go_to_view",
            "",
            f"Alt+{number}",
            ("document", f"view_{number}"),
            str(number),
            group_before=number == 1,
            submenu="Views",
        )
        for number in range(1, 10)
    ),
    ActionSpec("look.copy_picture", "Copy picture", "View", "looking.copy_picture", "content-copy", "Ctrl+F12", CITY),
    ActionSpec("look.turntable", "Save turntable…", "View", "looking.ask_turntable", "rotate-360", "Shift+F12", CITY),
    *(
        ActionSpec(
            f"look.preset_{name}",
            f"Navigate as in {title}",
            "View",
            "looking.set_preset",
            argument=name,
            checkable=True,
            submenu="Navigation",
        )
        for name, title in _PRESETS
    ),
    ActionSpec(
        "look.invert_zoom", "Invert the wheel", "View", "looking.toggle_inverted", checkable=True, submenu="Navigation"
    ),
    ActionSpec(
        "look.reduce_motion",
        "Reduce motion",
        "View",
        "looking.toggle_reduced_motion",
        checkable=True,
        submenu="Navigation",
    ),
)
