"""What became of the buildings of a source since they were imported."""

from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray

_SAME_PLACE_M = 1e-6
"""Two sums of a local coordinate and an origin may differ by their last digits."""


@dataclass(frozen=True)
class CityChanges:
    """Identifiers of buildings and parts by what happened to them.

    Parameters
    ----------
    removed : frozenset of str
        Imported, and no longer there.
    added : tuple of str
        There, and not imported from the source.
    reshaped : frozenset of str
        With other surfaces, or other kinds of surfaces.
    """

    removed: frozenset[str]
    added: tuple[str, ...]
    reshaped: frozenset[str]


def city_changes(current: CityModel, as_imported: CityModel) -> CityChanges:
    """Compare a city with what its source gave.

    Parameters
    ----------
    current, as_imported : CityModel
        In the same coordinate system; origins may differ.
    """
    now, then = list(current.buildings.ids), list(as_imported.buildings.ids)
    shift = np.array(as_imported.origin) - np.array(current.origin)
    reshaped = [name for name in now if name in as_imported.buildings and not _same(name, current, as_imported, shift)]
    there, known = set(now), set(then)
    return CityChanges(frozenset(known - there), tuple(name for name in now if name not in known), frozenset(reshaped))


def _same(name: str, current: CityModel, as_imported: CityModel, shift: FloatArray) -> bool:
    one, other = (city.surfaces.of_building(city.buildings.row(name)) for city in (current, as_imported))
    if one.stop - one.start != other.stop - other.start:
        return False
    if not np.array_equal(current.surfaces.kind[one], as_imported.surfaces.kind[other]):
        return False
    vertices = []
    for city, span in ((current, one), (as_imported, other)):
        polygons = city.surfaces.polygons
        rings = polygons.polygon_start[span.start : span.stop + 1]
        starts = polygons.ring_start[rings[0] : rings[-1] + 1]
        vertices.append((np.diff(rings), np.diff(starts), polygons.vertices[starts[0] : starts[-1]]))
    (rings_1, corners_1, here), (rings_2, corners_2, there) = vertices
    if not np.array_equal(rings_1, rings_2) or not np.array_equal(corners_1, corners_2):
        return False
    return not len(here) or bool(np.abs(here - (there + shift)).max() <= _SAME_PLACE_M)
