"""Colours of the surfaces of a mesh: neutral by kind, or by the values of a variable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.colour_scales import ColourScale
from citytwin_desktop.analysis.neutral_colours import (
    LIGHT_NO_RESULT,
    LIGHT_STALE,
    Colour,
    ColourArray,
    colour_text,
    model_colours,
)
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel

CLASSES = 16
"""Steps of a colour map where a format has a few materials and no colours of its own."""
_LEGEND_STEPS = 11
_NO_RESULT, _STALE = CLASSES, CLASSES + 1


@dataclass(frozen=True, eq=False)
class Painting:
    """Colour of every surface, and what the colours mean.

    Parameters
    ----------
    colours : ndarray, (n_surfaces, 3) uint8
        sRGB.
    material : ndarray, (n_surfaces,) int64
        Place in ``materials``.
    materials : tuple of (str, Colour)
        Names and colours of the few materials that stand for the colours.
    legend : mapping
        What the colours mean, JSON; empty for the neutral model.
    """

    colours: ColourArray
    material: NDArray[np.int64]
    materials: tuple[tuple[str, Colour], ...]
    legend: Mapping[str, Any] = field(default_factory=dict)


def neutral_painting(city: CityModel) -> Painting:
    """Paint every surface by its kind."""
    table = model_colours()
    names = tuple((kind.label, _as_colour(table[kind])) for kind in SurfaceKind)
    kind = city.surfaces.kind.astype(np.int64)
    return Painting(table[kind], kind, names)


def value_painting(
    values: NDArray[np.float32], stale: NDArray[np.bool_], scale: ColourScale, legend: Mapping[str, Any]
) -> Painting:
    """Paint every surface by its value.

    What is stale takes a colour of its own and not that of its value, for a mesh has no hatching and must not show
    it as fresh.

    Parameters
    ----------
    values : ndarray, (n_surfaces,) float32
        nan where there is no result.
    stale : ndarray, (n_surfaces,) bool
    scale : ColourScale
    legend : mapping
        Variable, unit, scenario and so on; range, colours and counts are added.

    Returns
    -------
    Painting
    """
    missing = np.isnan(values)
    old = stale & ~missing
    colours = scale.colours(values).astype(np.uint8)
    share = (np.nan_to_num(values, nan=scale.low) - scale.low) / (scale.high - scale.low)
    material = np.clip(share * CLASSES, 0, CLASSES - 1).astype(np.int64)
    for mask, number, fixed in ((missing, _NO_RESULT, LIGHT_NO_RESULT), (old, _STALE, LIGHT_STALE)):
        colours[mask], material[mask] = fixed, number
    about = {
        **legend,
        "low": scale.low,
        "high": scale.high,
        "colour_map": scale.map_name,
        "colours": [
            colour_text(_as_colour(row)) for row in scale.table()[np.linspace(0, 255, _LEGEND_STEPS).astype(int)]
        ],
        "no_result_colour": colour_text(LIGHT_NO_RESULT),
        "stale_colour": colour_text(LIGHT_STALE),
        "surfaces": {
            "fresh": int((~missing & ~old).sum()),
            "stale": int(old.sum()),
            "no_result": int(missing.sum()),
        },
    }
    return Painting(colours, material, _classes(scale), about)


def _classes(scale: ColourScale) -> tuple[tuple[str, Colour], ...]:
    """Materials of equal steps, and those of what has no fresh value."""
    middle = ((np.arange(CLASSES) + 0.5) / CLASSES * 256).astype(int)
    ends = np.linspace(scale.low, scale.high, CLASSES + 1)
    steps = tuple(
        (f"{place:02d}_from_{ends[place]:.6g}_to_{ends[place + 1]:.6g}", _as_colour(scale.table()[middle[place]]))
        for place in range(CLASSES)
    )
    return (*steps, ("no_result", LIGHT_NO_RESULT), ("stale", LIGHT_STALE))


def _as_colour(row: ColourArray) -> Colour:
    red, green, blue = (int(value) for value in row)
    return red, green, blue
