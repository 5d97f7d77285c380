"""From values of cells to the texels of an atlas, with hiding, isolation and selection of buildings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.scene.appearance import (
    OPAQUE,
    STALE,
    STALE_SATURATION,
    Appearance,
    desaturated,
    mixed,
)
from citytwin_desktop.scene.cell_atlas import CellAtlas
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.palette import ColourArray

SELECTED_SHARE = 0.25
"""Less than on whole surfaces: the pattern under the selection is what the user is looking at."""

_NO_RESULT, _NOTHING = 256, 257
"""Places in the table of 258 colours after those of the scale; counted from its end they match the atlas."""


@dataclass(frozen=True, eq=False)
class CellPaint:
    """What cells show.

    Parameters
    ----------
    values : ndarray, (cells,) float32
    stale : bool
        Whether all of them are of other inputs than today's.
    scale : ColourScale
    """

    values: NDArray[np.float32]
    stale: bool
    scale: ColourScale


def texel_colours(atlas: CellAtlas, paint: CellPaint, appearance: Appearance) -> NDArray[np.uint32]:
    """Colours of all texels, (texels,) uint32, each four bytes: red, green, blue and the code of `appearance`.

    Parameters
    ----------
    atlas : CellAtlas
    paint : CellPaint
    appearance : Appearance
    """
    place = np.append(paint.scale.places(paint.values), np.array([_NO_RESULT, _NOTHING], np.int16))
    colours = colour_words(paint, appearance)[place[atlas.cell_of_texel]]
    marked = _marked_rows(appearance)
    if marked.any():
        _mark(colours, atlas, appearance, marked)
    return colours


def colour_words(paint: CellPaint, appearance: Appearance) -> NDArray[np.uint32]:
    """The scale's 256 colours, the one of no result and the one that is not drawn, (258,) uint32."""
    table = np.zeros((258, 4), np.uint8)
    table[:256, :3] = desaturated(paint.scale.table(), STALE_SATURATION) if paint.stale else paint.scale.table()
    table[:256, 3] = STALE if paint.stale else OPAQUE
    table[_NO_RESULT] = (*appearance.palette.no_result, OPAQUE)
    return table.view(np.uint32)[:, 0]


def _marked_rows(appearance: Appearance) -> NDArray[np.bool_]:
    """Buildings that are not simply opaque and unselected."""
    return np.asarray(appearance.selected | (appearance.building_codes() != OPAQUE))


def _mark(colours: NDArray[np.uint32], atlas: CellAtlas, appearance: Appearance, marked: NDArray[np.bool_]) -> None:
    """Lay the selection and the codes of hidden and ghostly buildings over their texels."""
    owner, row = appearance.city.surfaces.building, atlas.row_of_texel
    texel = np.flatnonzero((row >= 0) & (row < atlas.layout.surface_count))
    texel = texel[marked[owner[row[texel]]]]
    building = owner[row[texel]]
    rgba: ColourArray = colours[texel].view(np.uint8).reshape(-1, 4).copy()
    picked = appearance.selected[building]
    rgba[picked, :3] = mixed(rgba[picked, :3], appearance.palette.selection, SELECTED_SHARE)
    codes = appearance.building_codes()[building]
    rgba[codes != OPAQUE, 3] = codes[codes != OPAQUE]
    colours[texel] = rgba.view(np.uint32)[:, 0]
