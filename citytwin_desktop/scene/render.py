"""A picture of a city as a PNG file, with no display needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.numbers import scale_labels

if TYPE_CHECKING:
    from citytwin_desktop.sim.solar.cell_maps import CellLayout

LARGEST_SIDE_PX = 16384


@dataclass(frozen=True, eq=False)
class PaintedCells:
    """Cells to paint in place of surfaces.

    Parameters
    ----------
    layout : CellLayout
        Of the city that is drawn.
    values : ndarray, (cells,) float32
    stale : bool
    """

    layout: CellLayout
    values: NDArray[np.float32]
    stale: bool = False


class PaintedValues(Protocol):
    """One number for each surface, or for each cell, as the document gives them."""

    @property
    def unit(self) -> str:
        """Unit of the numbers, for people."""

    @property
    def values(self) -> NDArray[np.float32]:
        """(n,) float32: nan where there is no result."""

    @property
    def stale(self) -> NDArray[np.bool_] | bool:
        """(n_surfaces,) bool, or one for all cells: result of inputs that have changed since."""


def render_png(
    city: CityModel,
    path: Path,
    size: tuple[int, int] = (1600, 1000),
    values: PaintedValues | None = None,
    title: str = "",
    *,
    map_name: str = "viridis",
    theme: str = "light",
    camera: OrbitCamera | None = None,
    sun: tuple[float, float] | None = None,
    cells: PaintedCells | None = None,
    state: Mapping[str, Any] | None = None,
    frames: int = 0,
    on_frame: Callable[[int], None] = lambda _done: None,
) -> ColourScale | None:
    """Draw a city from the south-west, or from a given camera, into a PNG file.

    Parameters
    ----------
    city : CityModel
    path : Path
        File to write; its folder must be there.
    size : tuple of int
        Width and height in pixels.
    values : PaintedValues, optional
        Colours the surfaces and adds a legend; the neutral model otherwise.
    title : str
        What the legend says above the unit.
    map_name, theme : str
    camera : OrbitCamera, optional
    sun : tuple of float, optional
        Azimuth and altitude of the sun [deg].
    cells : PaintedCells, optional
        Painted on surfaces and ground; ``values`` are theirs then.
    state : mapping, optional
        What is hidden and from where it is seen, as `CityScene.view_state` gives it; ``camera`` goes before.
    frames : int
        When not 0, ``path`` is a folder that gets so many pictures of one turn about the turning point.
    on_frame : callable
        Told how many pictures are written.

    Returns
    -------
    ColourScale or None
        The scale of the legend.

    Raises
    ------
    KnownError
        When the size is impossible or the file cannot be written.
    """
    if not all(16 <= side <= LARGEST_SIDE_PX for side in size):
        msg = f"A picture of {size[0]}×{size[1]} pixels cannot be drawn: choose sides between 16 and {LARGEST_SIDE_PX}."
        raise KnownError(msg)
    scale = None if values is None else ColourScale.fitted(values.values, map_name)

    def write(pixels: NDArray[np.uint8], place: Path) -> None:
        picture = Image.fromarray(pixels)
        if values is not None and scale is not None:
            _draw_legend(picture, scale, title, values, theme)
        _save(picture, place)

    with _opened_scene(city, size, values, scale, theme, sun, cells) as (plotter, scene):
        if state is not None:
            scene.restore_view(state)
        home = camera or (scene.camera if state is not None else scene.home_camera(size[0] / size[1]))
        for done, (view, place) in enumerate(_shots(home, path, frames), start=1):
            scene.set_camera(view)
            plotter.render()
            write(np.asarray(plotter.screenshot(return_img=True)), place)
            on_frame(done)
    return scale


def _shots(camera: OrbitCamera, path: Path, frames: int) -> list[tuple[OrbitCamera, Path]]:
    """Cameras and where their pictures go."""
    from citytwin_desktop.scene.turntable import frame_path, turn

    if not frames:
        return [(camera, path)]
    cameras = turn(camera, frames)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {path} cannot be made ({error.strerror or error}): choose another place."
        raise KnownError(msg) from error
    return [(each, frame_path(path, number, frames)) for number, each in enumerate(cameras)]


def _save(picture: Image.Image, path: Path) -> None:
    try:
        picture.save(path, "PNG")
    except OSError as error:
        msg = f"The picture {path} cannot be written ({error.strerror or error}): choose another place."
        raise KnownError(msg) from error


def use_off_screen_window() -> None:
    """Let VTK draw through EGL where there is no X display; must come before the first window."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")


@contextmanager
def _opened_scene(
    city: CityModel,
    size: tuple[int, int],
    values: PaintedValues | None,
    scale: ColourScale | None,
    theme: str,
    sun: tuple[float, float] | None,
    cells: PaintedCells | None,
) -> Iterator[tuple[Any, Any]]:
    """A plotter without a window, and the painted scene on it."""
    use_off_screen_window()
    import pyvista

    from citytwin_desktop.scene.city_scene import CityScene
    from citytwin_desktop.scene.stale_hatch import USUAL_DPI, keep_hatch

    plotter = pyvista.Plotter(off_screen=True, window_size=list(size))
    try:
        scene = CityScene(plotter, theme)
        keep_hatch(scene)
        scene.plotter.render_window.SetDPI(round(USUAL_DPI * _zoom(size[1])))
        scene.set_city(city)
        if cells is not None and scale is not None:
            scene.paint_cells(cells.layout, cells.values, scale, stale=cells.stale)
        elif values is not None and scale is not None:
            scene.paint_values(values.values, np.broadcast_to(values.stale, values.values.shape), scale)
        if sun is not None:
            scene.lighting.set_sun(*sun)
        yield plotter, scene
    finally:
        plotter.close()


def _draw_legend(picture: Image.Image, scale: ColourScale, title: str, values: PaintedValues, theme: str) -> None:
    """Title, unit, colour bar and its two ends in the lower left corner."""
    zoom = _zoom(picture.height)
    text, muted, panel = ("#E6E9EE", "#9DA7B5", "#1B1F26") if theme == "dark" else ("#1B1F26", "#56606E", "#FFFFFF")
    fonts = [_font(round(points * zoom)) for points in (16, 13)]
    width, height, pad = round(300 * zoom), round(112 * zoom), round(16 * zoom)
    left, top = pad, picture.height - height - pad
    draw = ImageDraw.Draw(picture)
    draw.rectangle((left, top, left + width, top + height), fill=panel)
    draw.text((left + pad, top + round(12 * zoom)), title, text, fonts[0])
    draw.text((left + pad, top + round(36 * zoom)), values.unit, muted, fonts[1])
    bar = Image.fromarray(scale.table()[None, :, :]).resize((width - 2 * pad, round(14 * zoom)))
    picture.paste(bar, (left + pad, top + round(60 * zoom)))
    low, high = scale_labels(scale.low, scale.high)
    draw.text((left + pad, top + round(80 * zoom)), low, text, fonts[1])
    draw.text((left + width - pad, top + round(80 * zoom)), high, text, fonts[1], anchor="ra")
    if bool((values.stale & np.isfinite(values.values)).any()):
        draw.text((left + width / 2, top + round(80 * zoom)), "hatched = stale", "#8A5700", fonts[1], anchor="ma")


def _zoom(height_px: int) -> float:
    """How much larger than usual text and hatching are drawn in a picture."""
    return max(height_px / 1000.0, 0.6)


def _font(size_px: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans as Matplotlib ships it: the same on every machine, with superscripts and thin spaces."""
    import matplotlib as mpl

    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size_px)
