"""Actions: opening, importing, saving."""

from citytwin_desktop.ui.action_spec import CITY, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("file.open_project", "Open project…", "File", "ask_open_project", "folder-open-outline", "Ctrl+O"),
    ActionSpec("file.demo", "Try the demo district", "File", "open_demo", "map-marker-star-outline"),
    ActionSpec(
        "file.open_city",
        "Import city…",
        "File",
        "ask_open_city",
        "city-variant-outline",
        "Ctrl+Shift+O",
        group_before=True,
    ),
    ActionSpec("file.terrain", "Import terrain…", "File", "ask_open_terrain", "terrain"),
    ActionSpec("file.join", "Join table…", "File", "ask_join", "table-plus", "", (*CITY, "writable")),
    ActionSpec(
        "file.weather",
        "Choose weather file…",
        "File",
        "ask_weather",
        "weather-partly-cloudy",
        needs=("document", "writable"),
    ),
    ActionSpec(
        "file.export", "Export…", "File", "ask_export", "export-variant", "Ctrl+Shift+E", CITY, group_before=True
    ),
    ActionSpec("file.copy", "Save a copy…", "File", "ask_copy", "content-save-outline", "Ctrl+Shift+S", ("document",)),
    ActionSpec("file.picture", "Save picture…", "File", "looking.ask_picture", "camera-outline", "F12", CITY),
    ActionSpec(
        "file.close", "Close project", "File", "close_project", "close", "Ctrl+W", ("document",), group_before=True
    ),
    ActionSpec("file.quit", "Quit", "File", "close", "", "Ctrl+Q"),
)
