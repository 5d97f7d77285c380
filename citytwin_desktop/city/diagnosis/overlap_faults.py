"""Buildings that fill the same space, stand on each other, or are fragments of one house."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.diagnosis.by_group import sum_by
from citytwin_desktop.city.diagnosis.findings import FindingList
from citytwin_desktop.city.diagnosis.plan_pieces import PlanPieces
from citytwin_desktop.city.diagnosis.row_measures import RowMeasures
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.surfaces import Surfaces

SAME_SHARE = 0.9
"""As in `city.stacked`: what fills so much of the same space is the same building."""
_OVERLAP_SHARE = 0.1
_COMMON_HEIGHT_M = 0.5
_BELOW_SHARE = 0.5
_TINY_M2 = 8.0
_LEAST_FRAGMENTS = 5
_ADDRESS_WORDS = ("address", "adresse", "adres", "indirizzo", "addr:full", "postal_address", "housenumber")
_MOST_ADDRESS_LENGTH = 200


def add_overlap_faults(found: FindingList, surfaces: Surfaces, buildings: Buildings, measures: RowMeasures) -> IntArray:
    """Add buildings given twice, overlapping ones and fragments.

    Parameters
    ----------
    found : FindingList
    surfaces : Surfaces
        With finite coordinates.
    buildings : Buildings
    measures : RowMeasures

    Returns
    -------
    ndarray, (k,) int64
        Rows that have anything above or below them.
    """
    pieces = PlanPieces.of(surfaces, measures)
    one, other = pieces.near()
    _add_fragments(found, buildings, measures, pieces.row[one], pieces.row[other])
    common = pieces.common_m2(one, other)
    cut = common > 0
    return _add_overlaps(found, buildings, measures, pieces.row[one[cut]], pieces.row[other[cut]], common[cut])


def _add_overlaps(
    found: FindingList, buildings: Buildings, measures: RowMeasures, one: IntArray, other: IntArray, common: FloatArray
) -> IntArray:
    count = len(measures.surfaces)
    pair, place = np.unique(np.minimum(one, other) * count + np.maximum(one, other), return_inverse=True)
    a, b = pair // max(count, 1), pair % max(count, 1)
    area = sum_by(place, common, len(pair))
    plan, base, height = measures.plan_m2, measures.low_m[:, 2], measures.mean_height_m
    least, most = np.minimum(plan[a], plan[b]), np.maximum(plan[a], plan[b])
    top = base + height
    shared = np.minimum(top[a], top[b]) - np.maximum(base[a], base[b])
    lower, taller = np.minimum(height[a], height[b]), np.maximum(height[a], height[b])
    same = (area >= SAME_SHARE * most) & (shared >= SAME_SHARE * taller) & (taller > 0)
    parents = buildings.parent_row()
    family = parents[a] == parents[b]
    both = (area > _OVERLAP_SHARE * least) & (shared > np.maximum(_COMMON_HEIGHT_M, _OVERLAP_SHARE * lower))
    _add_pairs(found, "duplicate_building", a, b, same & ~family, np.ones(len(pair)), np.ones(len(pair)))
    share = area / np.maximum(least, 1e-9)
    _add_pairs(found, "buildingparts_overlap", a, b, family & (same | both), share, share)
    crossing = both & ~same & ~family
    _add_pairs(found, "overlapping_building", a, b, crossing, area / plan[a], area / plan[b])
    stacked = (shared <= _COMMON_HEIGHT_M) & ~family
    low_row = np.where(top[a] < top[b], a, b)
    below = stacked & (area > _BELOW_SHARE * plan[low_row])
    _add_rows(found, "below_another", low_row[below], area[below] / plan[low_row[below]])
    return np.unique(np.concatenate([a, b]))


def _add_pairs(
    found: FindingList,
    code: str,
    a: IntArray,
    b: IntArray,
    chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    of_a: FloatArray,
    of_b: FloatArray,
) -> None:
    """One finding for each building of the chosen pairs, with its greatest number."""
    _add_rows(found, code, np.concatenate([a[chosen], b[chosen]]), np.concatenate([of_a[chosen], of_b[chosen]]))


def _add_rows(found: FindingList, code: str, rows: IntArray, numbers: FloatArray) -> None:
    order = np.lexsort((-numbers, rows))
    rows, first = np.unique(rows[order], return_index=True)
    found.add(code, rows, number=np.minimum(numbers[order][first], 1.0))


def _add_fragments(
    found: FindingList, buildings: Buildings, measures: RowMeasures, one: IntArray, other: IntArray
) -> None:
    """Clusters of tiny neighbours, and of neighbours of one address."""
    count = len(measures.surfaces)
    whole = buildings.parent_row() == np.arange(count)
    tiny = whole & (measures.surfaces > 0) & (measures.plan_m2 < _TINY_M2)
    together = tiny[one] & tiny[other]
    address = _addresses(buildings)
    if address is not None:
        together |= (address[one] >= 0) & (address[one] == address[other]) & whole[one] & whole[other]
    if together.sum() < _LEAST_FRAGMENTS - 1:
        return
    links = coo_array((np.ones(int(together.sum()), bool), (one[together], other[together])), shape=(count, count))
    label = connected_components(links, directed=False)[1]
    size = np.bincount(label)[label]
    rows = np.flatnonzero(size >= _LEAST_FRAGMENTS)
    found.add("fragments", rows, number=size[rows])


def _addresses(buildings: Buildings) -> IntArray | None:
    """(n_buildings,) int64: number of each building's address, -1 where it has none; None where nobody has one."""
    attributes = buildings.columns["attributes"]
    keys = {key for values in attributes[:1000] for key in values if str(key).lower() in _ADDRESS_WORDS}
    if not keys:
        return None
    key = sorted(keys, key=lambda name: _ADDRESS_WORDS.index(str(name).lower()))[0]
    texts = [values.get(key) for values in attributes]
    texts = [text.strip()[:_MOST_ADDRESS_LENGTH] if isinstance(text, str) else "" for text in texts]
    known: dict[str, int] = {}
    return np.array([known.setdefault(text, len(known)) if text else -1 for text in texts], np.int64)
