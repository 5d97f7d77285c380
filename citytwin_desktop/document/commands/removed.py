"""Buildings that were taken out of the city: noted with their place, so that a newer delivery leaves them out."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import VALUE_ORIGINS
from citytwin_desktop.city.changes import Change, SetNamed
from citytwin_desktop.city.district import District
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.named import REMOVED
from citytwin_desktop.document.commands.kept_edits import MERGED
from citytwin_desktop.document.delivered_values import DELIVERED, source_of

Box = tuple[float, float, float, float]
_IDS = "buildings"


def removal_notes(district: District, fragment: CityModel) -> list[Change]:
    """What is noted of buildings that go, by the file that they came with; of drawn ones nothing need be known.

    Parameters
    ----------
    district : District
    fragment : CityModel
        The buildings that go, as they are.
    """
    boxes = _boxes(fragment, district.city.origin)
    gone: dict[str, dict[str, list[float] | None]] = {}
    columns = fragment.buildings.columns
    for row, (name, noted) in enumerate(zip(columns["id"].tolist(), columns[VALUE_ORIGINS].tolist(), strict=True)):
        if DELIVERED in noted:
            # Those that were merged into it go with it: a delivery holds them still.
            names = [str(name), *map(str, noted.get(MERGED, [[]])[0])]
            gone.setdefault(source_of(fragment.buildings, row), {}).update(dict.fromkeys(names, boxes[row]))
    kept = district.named.get(REMOVED, {})
    return [
        SetNamed(REMOVED, source, kept.get(source), {_IDS: {**kept.get(source, {}).get(_IDS, {}), **found}})
        for source, found in gone.items()
    ]


def removed_buildings(district: District) -> dict[str, Box | None]:
    """Identifiers of buildings that were removed, with the box in plan that they stood in [m], where it is known."""
    found: dict[str, Box | None] = {}
    for content in district.named.get(REMOVED, {}).values():
        for name, box in content.get(_IDS, {}).items():
            usable = isinstance(box, list | tuple) and len(box) == 4 and {*map(type, box)} <= {int, float}
            found[name] = (float(box[0]), float(box[1]), float(box[2]), float(box[3])) if usable else None
    return found


def forgotten(district: District, names: Iterable[str]) -> list[Change]:
    """Changes that note some buildings as removed no longer.

    Parameters
    ----------
    district : District
    names : iterable of str
    """
    back, changes = set(names), list[Change]()
    for source, content in district.named.get(REMOVED, {}).items():
        left = {name: box for name, box in content.get(_IDS, {}).items() if name not in back}
        if len(left) < len(content.get(_IDS, {})):
            changes.append(SetNamed(REMOVED, source, content, {_IDS: left} if left else None))
    return changes


def stay_away(
    removed: Mapping[str, Box | None], addition: CityModel, origin: tuple[float, float, float], near_m: float
) -> NDArray[np.bool_]:
    """(n_added,) bool: buildings of a delivery that were removed where they stand.

    Parameters
    ----------
    removed : mapping
        As `removed_buildings` gives it.
    addition : CityModel
    origin : tuple of float [m]
        Of the city that the delivery is in.
    near_m : float [m]
        How far apart two boxes of the same building may be.
    """
    away = np.zeros(len(addition.buildings), bool)
    if not removed:
        return away
    boxes = _boxes(addition, origin)
    for row, name in enumerate(addition.buildings.ids.tolist()):
        away[row] = name in removed and _meet(removed[name], boxes[row], near_m)
    return away


def _meet(one: Box | None, other: list[float] | None, near_m: float) -> bool:
    if one is None or other is None:
        return True
    return all(one[axis] <= other[axis + 2] + near_m and other[axis] <= one[axis + 2] + near_m for axis in (0, 1))


def _boxes(city: CityModel, origin: tuple[float, float, float]) -> list[list[float] | None]:
    """Box in plan of each row [m], of a row without surfaces that of its parts; None where there is none at all."""
    low, high = city.bounds_m
    wholes, bounds = city.buildings.parent_row(), [low[:, :2].copy(), high[:, :2].copy()]
    for bound, gather in zip(bounds, (np.fmin, np.fmax), strict=True):
        bare = np.isnan(bound[wholes, 0]) & ~np.isnan(bound[:, 0])
        gather.at(bound, wholes[bare], bound[bare].copy())
    corners: NDArray[np.float64] = np.round(np.hstack(bounds) + np.tile(origin[:2], 2), 3)
    return [_plain(row) for row in corners.tolist()]


def _plain(box: list[Any]) -> list[float] | None:
    return box if np.isfinite(box).all() else None
