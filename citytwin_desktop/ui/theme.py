"""Colours and sizes of the window as data, and how Qt's palette is made of them."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QPalette

NORMAL_FONT_PX, SMALL_FONT_PX = 13, 11
CONTROL_HEIGHT, ICON_SIZE, MARGIN, CORNER = 26, 18, 8, 4


@dataclass(frozen=True)
class Theme:
    """Tokens of one theme; every colour in the frame is one of them.

    Parameters
    ----------
    window, panel, raised : str
        Backgrounds from back to front.
    line, hover, pressed : str
    text, muted, disabled : str
    accent, on_accent, selection : str
        What can be acted on, the text upon it, and what is selected in the 3D view.
    stale, failed, done : str
    """

    name: str
    window: str
    panel: str
    raised: str
    line: str
    hover: str
    pressed: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    selection: str
    stale: str
    failed: str
    done: str


DARK = Theme(
    name="dark",
    window="#14171C",
    panel="#1B1F26",
    raised="#242A33",
    line="#2E3541",
    hover="#2A313C",
    pressed="#343D4A",
    text="#E6E9EE",
    muted="#9DA7B5",
    disabled="#5E6875",
    accent="#5B9BFF",
    on_accent="#0B1220",
    selection="#35C6FF",
    stale="#E3A84B",
    failed="#EE6A64",
    done="#57B98A",
)

LIGHT = Theme(
    name="light",
    window="#ECEFF3",
    panel="#FFFFFF",
    raised="#F5F7FA",
    line="#D5DAE1",
    hover="#EEF2F7",
    pressed="#DFE6EE",
    text="#1B1F26",
    muted="#56606E",
    disabled="#A3ABB6",
    accent="#1A62D1",
    on_accent="#FFFFFF",
    selection="#009FE3",
    stale="#8A5700",
    failed="#B92F29",
    done="#1A7549",
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def contrast_ratio(first: str, second: str) -> float:
    """Contrast of two colours, 1-21 (WCAG 2.2, relative luminance)."""
    bright, dim = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def qt_palette(theme: Theme) -> QPalette:
    """Qt's roles from the tokens; the style sheet refines what roles cannot say."""
    palette = QPalette()
    role = QPalette.ColorRole
    roles = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.failed,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Accent: theme.accent,
        role.Light: theme.hover,
        role.Midlight: theme.line,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.window,
    }
    for key, colour in roles.items():
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.disabled))
    return palette


def window_font(base: QFont, pixels: int = NORMAL_FONT_PX, bold: bool = False) -> QFont:
    """The system's font in one of the two sizes and weights, with tabular figures where it has them."""
    font = QFont(base)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
