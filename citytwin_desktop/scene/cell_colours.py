"""From values of cells to the texels of an atlas, with hiding, isolation and selection of buildings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.scene.appearance import (
    NO_RESULT,
    OPAQUE,
    OUTSIDE,
    Appearance,
    colour_words,
    mixed,
)
from citytwin_desktop.scene.cell_atlas import CellAtlas
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.palette import ColourArray

SELECTED_SHARE = 0.25
"""Less than on whole surfaces: the pattern under the selection is what the user is looking at."""

_NOTHING = 257
"""Place in the table of colours of what is not drawn; the atlas counts it and that of no result from the end."""


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
    look, values = appearance.look, paint.values
    place = np.append(paint.scale.places(values), np.array([NO_RESULT, _NOTHING], np.int16))
    if look.threshold is not None:
        place[:-2][look.outside(values)] = OUTSIDE
    words = colour_words(paint.scale, appearance.palette, look, stale=paint.stale)
    colours = words[place[atlas.cell_of_texel]]
    marked = _marked_rows(appearance)
    if marked.any():
        _mark(colours, atlas, appearance, marked)
    return colours


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
