"""Charts as files: PNG at twice the size, SVG, and the numbers as CSV."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes

SCALE = 2
FILTERS = {
    "png": "Picture, twice the size (*.png)",
    "svg": "Drawing (*.svg)",
    "csv": "Table of what is drawn (*.csv)",
}


def save_chart(chart: Any, path: Path) -> None:
    """Write a chart to a file; the format follows from the name.

    Raises
    ------
    KnownError
        When there is no such format or the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FILTERS:
        msg = f"A chart cannot be written as “{path.name}”: choose a name that ends in .png, .svg or .csv."
        raise KnownError(msg)
    if kind == "csv":
        write_bytes(path, chart.table().to_csv())
    else:
        write_bytes(path, png_bytes(chart.canvas) if kind == "png" else svg_bytes(chart.canvas))


def png_bytes(canvas: Any) -> bytes:
    """The canvas as a PNG of twice its size."""
    image = QImage(canvas.size() * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(canvas.backgroundBrush().color())
    painter = QPainter(image)
    _render(canvas, painter)
    painter.end()
    return _saved(lambda buffer: image.save(buffer, "PNG"))


def svg_bytes(canvas: Any) -> bytes:
    """The canvas as SVG 1.1, which clips what lies outside of plots."""
    from PySide6.QtSvg import QSvgGenerator

    def draw(buffer: QBuffer) -> bool:
        generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
        generator.setOutputDevice(buffer)
        # Axes are kept as Qt pictures, which are stretched where the resolution is another.
        generator.setResolution(canvas.logicalDpiX())
        generator.setSize(QSize(canvas.size()))
        generator.setViewBox(QRect(0, 0, canvas.width(), canvas.height()))
        generator.setTitle("CityTwin Desktop")
        painter = QPainter(generator)
        painter.fillRect(QRect(0, 0, canvas.width(), canvas.height()), canvas.backgroundBrush())
        _render(canvas, painter)
        return painter.end()

    return _saved(draw)


def _render(canvas: Any, painter: QPainter) -> None:
    area = canvas.viewport().rect()
    canvas.render(painter, QRectF(area), area)


def _saved(write: Any) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not write(buffer):
        raise KnownError("The picture of the chart cannot be made: make the panel smaller and try again.")
    return bytes(buffer.data().data())
