"""Icons of one family (Material Design Icons, Apache-2.0, by qtawesome) in the theme's text colour."""

from pathlib import Path
from typing import Any

import qtawesome
from PySide6.QtCore import QSize, QStandardPaths
from PySide6.QtGui import QIcon, QPixmap
from qtawesome import iconic_font

from citytwin_desktop.ui.theme import Theme


class _Engine(iconic_font.CharIconEngine):  # type: ignore[misc]
    """Gives no picture where none has room; qtawesome would draw on nothing, with a font of no size."""

    def pixmap(self, size: QSize, mode: Any, state: Any) -> QPixmap:
        """The icon as pixels."""
        return QPixmap() if size.isEmpty() else super().pixmap(size, mode, state)


iconic_font.CharIconEngine = _Engine


def icon(name: str, theme: Theme, colour: str | None = None, down: float = 0.0) -> QIcon:
    """An icon by its name in the mdi6 family.

    Parameters
    ----------
    name : str
    theme : Theme
    colour : str, optional
        Instead of the text's.
    down : float
        How far below the middle it stands, as a share of its height.
    """
    normal = colour or theme.text
    return qtawesome.icon(f"mdi6.{name}", color=normal, color_disabled=theme.disabled, offset=(0.0, down))


def style_pictures(theme: Theme) -> tuple[str, str]:
    """Arrow and check mark drawn to files in the cache folder, for the style sheet.

    Returns
    -------
    tuple of str
        Their paths with forward slashes.
    """
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)) / "icons"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, colour in (("chevron-down", theme.muted), ("check-bold", theme.on_accent)):
        path = folder / f"{name}-{theme.name}.png"
        icon(name, theme, colour).pixmap(QSize(24, 24)).save(str(path))
        paths.append(path.as_posix())
    return paths[0], paths[1]
