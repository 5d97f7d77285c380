"""Shapes of buildings made and changed: pure functions over arrays, for commands and for previews."""

from citytwin_desktop.city.shaping.outlines import footprint_of

__all__ = ["footprint_of"]
