"""Pictures of the 3D view in other sizes than the screen's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

from citytwin_desktop.errors import KnownError

SCALES = (1, 2, 3, 4)
LARGEST_SIDE_PX = 16384
GAP_PX = 2
"""Between two views."""


@dataclass(frozen=True)
class PictureStyle:
    """What a picture shows.

    Parameters
    ----------
    scale : int
        Pixels of the picture for each of the screen, 1 to 4.
    transparent : bool
        Nothing behind the buildings and what lies around them.
    overlays : bool
        With legend, scale bar and labels.
    """

    scale: int = 1
    transparent: bool = False
    overlays: bool = True


def pixels(view: Any, scale: float = 1.0, base: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Draw one frame at a scale of the view's own pixels and read it, (height, width, 3) uint8, the top row first.

    With another base it is scaled from those pixels instead, whatever size the view has.

    Raises
    ------
    KnownError
        When the picture would be too large.
    """
    window = view.ren_win
    before, resolution = window.GetSize(), window.GetDPI()
    size = [max(round(side * scale), 2) for side in base or before]
    if max(size) > LARGEST_SIDE_PX:
        msg = f"A picture of {size[0]}×{size[1]} pixels cannot be drawn: choose a smaller size."
        raise KnownError(msg)
    view.makeCurrent()
    try:
        window.SetSize(*size)
        window.SetDPI(round(resolution * size[0] / max(before[0], 1)))
        window.Render()
        reader = vtkWindowToImageFilter()
        reader.SetInput(window)
        reader.ReadFrontBufferOff()
        reader.ShouldRerenderOff()
        reader.Update()
        picture = reader.GetOutput()
        flat = vtk_to_numpy(picture.GetPointData().GetScalars())  # type: ignore[no-untyped-call]
        return np.ascontiguousarray(flat.reshape(size[1], size[0], 3)[::-1])
    finally:
        window.SetSize(*before)
        window.SetDPI(resolution)
        view.doneCurrent()
        view.render()


def picture(view: Any, overlays: list[QWidget], style: PictureStyle) -> QImage:
    """The view as a picture.

    Parameters
    ----------
    view : CityView
    overlays : list of QWidget
        Children of the view that may be drawn over it, when they are visible.
    style : PictureStyle
    """
    found = _cut_out(view, style.scale) if style.transparent else pixels(view, style.scale)
    height, width, channels = found.shape
    kind = QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888
    image = QImage(found.data, width, height, width * channels, kind).copy()
    if style.overlays:
        _draw_overlays(image, view, overlays)
    return image


def pictures(views: Sequence[Any], overlays: list[QWidget], style: PictureStyle) -> QImage:
    """One view, or those of two scenarios side by side, as one picture.

    Parameters
    ----------
    views : sequence of CityView
        From left to right.
    overlays : list of QWidget
        Each is drawn over the view that it is a child of.
    style : PictureStyle
    """
    images = [picture(view, overlays, style) for view in views]
    if len(images) == 1:
        return images[0]
    gap = GAP_PX * style.scale
    width = sum(image.width() for image in images) + gap * (len(images) - 1)
    if width > LARGEST_SIDE_PX:
        msg = f"A picture of {width}×{images[0].height()} pixels cannot be drawn: choose a smaller size."
        raise KnownError(msg)
    joined = QImage(width, max(image.height() for image in images), QImage.Format.Format_ARGB32)
    joined.fill(Qt.GlobalColor.transparent if style.transparent else Qt.GlobalColor.white)
    painter, left = QPainter(joined), 0
    for image in images:
        painter.drawImage(left, 0, image)
        left += image.width() + gap
    painter.end()
    return joined


def _cut_out(view: Any, scale: int) -> NDArray[np.uint8]:
    """The same frame before black and before white: what lets the difference through is not there."""
    renderer = view.scene.renderer
    sky = view.scene.sky.actor
    shown = sky.GetVisibility()
    background, gradient = renderer.GetBackground(), renderer.GetGradientBackground()
    frames = []
    try:
        renderer.GradientBackgroundOff()
        sky.VisibilityOff()
        for shade in (0.0, 1.0):
            renderer.SetBackground(shade, shade, shade)
            frames.append(pixels(view, scale).astype(np.int32))
    finally:
        renderer.SetBackground(*background)
        renderer.SetGradientBackground(gradient)
        sky.SetVisibility(shown)
    black, white = frames
    alpha = np.clip(255 - (white - black).max(axis=2), 0, 255)
    colour = np.clip(black * 255 // np.maximum(alpha, 1)[..., None], 0, 255)
    return np.ascontiguousarray(np.dstack([colour, alpha]).astype(np.uint8))


def _draw_overlays(image: QImage, view: Any, overlays: list[QWidget]) -> None:
    painter = QPainter(image)
    share = image.width() / max(view.width(), 1)
    painter.scale(share, share)
    for widget in overlays:
        if widget.isVisible() and view.isAncestorOf(widget):
            painter.save()
            painter.translate(widget.mapTo(view, QPoint(0, 0)))
            widget.render(painter, QPoint(0, 0), QRegion(), QWidget.RenderFlag.DrawChildren)
            painter.restore()
    painter.end()
