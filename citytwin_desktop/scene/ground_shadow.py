"""Soft darkening around footprints, so that buildings stand on the ground; decoration, not physics."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.scene.palette import ColourArray, ScenePalette
from citytwin_desktop.scene.surroundings import ground_height_m, plan_bounds, texture_pixels, textured_quad
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points, as_vtk

LONGEST_PIXELS = 1024
STRENGTH = 0.5
WIDE_M, TIGHT_M = 14.0, 4.0
"""Radii of the two blurs whose darker one counts."""

SQUARES, FAINTEST = 20, 1
"""Squares along each side of the sheet that shows the picture; those no darker than this (of 255) are left out."""

_COARSE_M = 5.0
"""Pixels of this size are as large as houses: how much of them is built on is counted, not drawn."""


class GroundShadow:
    """The actor, and the picture that it shows; an edit draws the picture anew only where something stood or stands.

    Parameters
    ----------
    city : CityModel
        Has surfaces.
    palette : ScenePalette
    """

    def __init__(self, city: CityModel, palette: ScenePalette) -> None:
        low, high = plan_bounds(city)
        margin = 0.12 * float((high - low).max()) + 20.0
        self._low, high = low - margin, high + margin
        longest = float((high - self._low).max())
        size = np.maximum((high - self._low) / longest * LONGEST_PIXELS, 8).astype(int)
        self._scale = size / (high - self._low)
        self._picture = Image.new("L", (int(size[0]), int(size[1])))
        # White and how much of it: half as much to read as four channels. The colour is the actor's.
        self._pixels = np.full((int(size[1]), int(size[0]), 2), 255, np.uint8)
        self.actor = textured_quad(self._low, high, ground_height_m(city) - 0.05, self._pixels)
        self.actor.GetProperty().SetColor(*(channel / 255 for channel in palette.shadow))
        self._sheet = self.actor.GetMapper().GetInput()
        self._sheet.SetPoints(as_points(_grid(self._low, high, ground_height_m(city) - 0.05)))
        places = _grid(np.zeros(2), np.ones(2), 0.0)[:, :2]
        self._sheet.GetPointData().SetTCoords(as_vtk(places.astype(np.float32)))
        self._draw(city, (0, 0, *self._picture.size))

    def follow(self, city: CityModel, low: FloatArray, high: FloatArray) -> None:
        """Draw a part again.

        Parameters
        ----------
        city : CityModel
        low, high : ndarray, (2,) float64 [m]
            Around what changed, before and after.
        """
        corners = np.array([low, high]) - self._low
        first, last = np.floor(corners[0] * self._scale).astype(int) - 1, np.ceil(corners[1] * self._scale).astype(int)
        width, height = self._picture.size
        box = (
            max(int(first[0]), 0),
            max(int(first[1]), 0),
            min(int(last[0]) + 2, width),
            min(int(last[1]) + 2, height),
        )
        if box[0] < box[2] and box[1] < box[3]:
            self._draw(city, box)

    def _draw(self, city: CityModel, box: tuple[int, int, int, int]) -> None:
        coarse = self._scale[0] < 1.0 / _COARSE_M
        self._picture.paste(self._counted(city, box) if coarse else self._drawn(city, box), box[:2])
        self._blur(box)

    def _drawn(self, city: CityModel, box: tuple[int, int, int, int]) -> Image.Image:
        """Footprints as polygons."""
        corner, far = np.array(box[:2]) / self._scale + self._low, np.array(box[2:]) / self._scale + self._low
        plan = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        draw = ImageDraw.Draw(plan)
        for ring in _footprints(city, corner, far):
            places = (ring[:, :2] - self._low) * self._scale - box[:2]
            draw.polygon([(float(x), float(y)) for x, y in places], fill=255)
        return plan

    def _counted(self, city: CityModel, box: tuple[int, int, int, int]) -> Image.Image:
        """Share of each pixel that boxes around buildings cover, by the pixel of their middle."""
        low, high = (bound[city.rows_with_geometry, :2] for bound in city.bounds_m)
        place = np.floor(((low + high) / 2.0 - self._low) * self._scale).astype(int) - box[:2]
        width, height = box[2] - box[0], box[3] - box[1]
        inside = ((place >= 0) & (place < (width, height))).all(axis=1)
        share = np.prod((high - low)[inside] * self._scale, axis=1)
        covered = np.bincount(place[inside, 1] * width + place[inside, 0], share, minlength=width * height)
        return Image.fromarray((np.minimum(covered, 1.0) * 255).astype(np.uint8).reshape(height, width))

    def _blur(self, box: tuple[int, int, int, int]) -> None:
        """Darkness of a part, from a wider piece of the plan, for a blur reaches out to three radii."""
        width, height = self._picture.size
        radius_px = WIDE_M * float(self._scale[0])
        reach = int(np.ceil(3 * radius_px)) + 1
        part = (max(box[0] - reach, 0), max(box[1] - reach, 0), min(box[2] + reach, width), min(box[3] + reach, height))
        source = (max(part[0] - reach, 0), max(part[1] - reach, 0), min(part[2] + reach, width),
                  min(part[3] + reach, height))  # fmt: skip
        piece = self._picture.crop(source)
        wide = piece.filter(ImageFilter.GaussianBlur(radius_px))
        tight = piece.filter(ImageFilter.GaussianBlur(TIGHT_M * float(self._scale[0])))
        dark = np.maximum(np.asarray(wide, float) * 0.9, np.asarray(tight, float) * 0.8) * STRENGTH
        rows = slice(part[1] - source[1], part[3] - source[1])
        columns = slice(part[0] - source[0], part[2] - source[0])
        self._pixels[part[1] : part[3], part[0] : part[2], 1] = dark[rows, columns]
        texture_pixels(self.actor.GetTexture(), self._pixels)
        self._sheet.SetPolys(as_cells(_dark_squares(self._pixels[..., 1])))


def _grid(low: FloatArray, high: FloatArray, height_m: float) -> FloatArray:
    """((`SQUARES` + 1)², 3) float64: corners of the squares of a sheet, row by row from its low corner."""
    x, y = (np.linspace(low[axis], high[axis], SQUARES + 1) for axis in range(2))
    return np.stack([*np.meshgrid(x, y), np.full((SQUARES + 1, SQUARES + 1), height_m)], axis=2).reshape(-1, 3)


def _dark_squares(alpha: ColourArray) -> IntArray:
    """(n, 4) int64: corners of the squares in which anything can be seen; a pixel that is drawn costs, seen or not."""
    # The one pixel about a square is blended into it.
    edges = [np.linspace(0, size, SQUARES + 1) for size in alpha.shape]
    spans = [(np.maximum(np.floor(e[:-1]) - 1, 0).astype(int), np.ceil(e[1:]).astype(int) + 1) for e in edges]
    rows, columns = (list(zip(*span, strict=True)) for span in spans)
    dark = np.array([[alpha[a:b, c:d].max() > FAINTEST for c, d in columns] for a, b in rows])
    row, column = np.nonzero(dark)
    first = row * (SQUARES + 1) + column
    return np.stack([first, first + 1, first + SQUARES + 2, first + SQUARES + 1], axis=1)


def _footprints(city: CityModel, low: FloatArray, high: FloatArray) -> list[FloatArray]:
    """Outer rings of the footprints that may lie in a box of the plan."""
    polygons, building = city.surfaces.polygons, city.surfaces.building
    ground = city.surfaces.kind == SurfaceKind.GROUND
    # A city without ground surfaces still casts: its roofs stand in for the footprints.
    wanted = ground if ground.any() else city.surfaces.kind == SurfaceKind.ROOF
    least, most = city.bounds_m
    with np.errstate(invalid="ignore"):
        near = np.asarray(((most[:, :2] >= low) & (least[:, :2] <= high)).all(axis=1))
    chosen: IntArray = np.flatnonzero(wanted & near[building])
    first = polygons.ring_start[polygons.polygon_start[chosen]].tolist()
    last = polygons.ring_start[polygons.polygon_start[chosen] + 1].tolist()
    return [polygons.vertices[a:b] for a, b in zip(first, last, strict=True) if b - a > 2]
