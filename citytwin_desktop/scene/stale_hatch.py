"""Lines over stale surfaces that look as wide on every screen and in every picture."""

from typing import Any

from citytwin_desktop.scene.surface_shaders import hatch_at

USUAL_DPI = 72.0
"""What VTK takes a screen for on which one pixel is one of those that the window is laid out in."""


def keep_hatch(scene: Any) -> None:
    """Before every frame: count the hatching in pixels of the screen's usual size, whatever their number.

    Parameters
    ----------
    scene : CityScene
    """
    scene.renderer.AddObserver("StartEvent", lambda *_: _follow_resolution(scene))


def _follow_resolution(scene: Any) -> None:
    pixels = max(scene.plotter.render_window.GetDPI() / USUAL_DPI, 1.0)
    for tile in scene.tiles:
        if tile.hatch_pixels != pixels:
            tile.hatch_pixels = pixels
            for actor in tile.hatched:
                hatch_at(actor, pixels)
