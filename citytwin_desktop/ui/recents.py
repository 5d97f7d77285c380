"""Settings of the window: recent projects, sizes, theme. Tests give another place."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtGui import QImage

LIMIT = 8
PICTURE_SIZE = (320, 180)


@dataclass(frozen=True)
class RecentProject:
    """A project that was open before.

    Parameters
    ----------
    path : Path
    opened_at : str
        ISO time.
    buildings, stale : int
    picture : Path
        Its last view; the file may be missing.
    """

    path: Path
    opened_at: str
    buildings: int
    stale: int
    picture: Path


class WindowSettings:
    """Everything that the window remembers between sessions.

    Parameters
    ----------
    folder : Path, optional
        Where to keep it; the user's own place by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is None:
            folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation))
        self.folder = folder
        self.store = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    def value(self, key: str, default: Any = None) -> Any:
        """A remembered value."""
        return self.store.value(key, default)

    def remember(self, key: str, value: Any) -> None:
        """Keep a value."""
        self.store.setValue(key, value)

    def recents(self) -> list[RecentProject]:
        """Projects that are still there, the latest first."""
        found = []
        for entry in self._entries():
            path = Path(str(entry.get("path", "")))
            if path.is_file():
                counts = (int(entry.get(name, 0)) for name in ("buildings", "stale"))
                found.append(RecentProject(path, str(entry.get("opened_at", "")), *counts, self._picture(path)))
        return found

    def add_recent(self, path: Path, buildings: int, stale: int, view: QImage | None = None) -> None:
        """Put a project first, with a picture of its view."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        first = {"path": str(path), "opened_at": now, "buildings": buildings, "stale": stale}
        others = [entry for entry in self._entries() if entry.get("path") != str(path)]
        self.store.setValue("recents", json.dumps([first, *others][:LIMIT]))
        if view is not None and not view.isNull():
            self._picture(path).parent.mkdir(parents=True, exist_ok=True)
            _cropped(view).save(str(self._picture(path)))

    def _entries(self) -> list[dict[str, Any]]:
        try:
            entries = json.loads(str(self.store.value("recents", "[]")))
        except json.JSONDecodeError:
            return []
        return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []

    def keep_view(self, path: Path, state: dict[str, Any]) -> None:
        """Remember how a project was looked at."""
        self.store.setValue(f"views/{_key(path)}", json.dumps(state))

    def view_of(self, path: Path) -> dict[str, Any] | None:
        """How a project was last looked at; `None` when that is not known or not readable."""
        try:
            state = json.loads(str(self.store.value(f"views/{_key(path)}", "")))
        except json.JSONDecodeError:
            return None
        return state if isinstance(state, dict) else None

    def _picture(self, path: Path) -> Path:
        return self.folder / "pictures" / f"{_key(path)}.png"


def _key(path: Path) -> str:
    """Short name for a project's path that any file system takes."""
    return blake2b(str(path).encode(), digest_size=8).hexdigest()


def _cropped(view: QImage) -> QImage:
    """The middle of a view in the size of a start page picture."""
    from PySide6.QtCore import QRect, Qt

    width, height = PICTURE_SIZE
    by = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    scaled = view.scaled(width, height, by, Qt.TransformationMode.SmoothTransformation)
    return scaled.copy(QRect((scaled.width() - width) // 2, (scaled.height() - height) // 2, width, height))
