"""Matching by address: the same house number, and a street written much alike."""

from collections.abc import Sequence

import numpy as np

from citytwin_desktop.analysis.table_matching.addresses import Address
from citytwin_desktop.analysis.table_matching.matches import FloatArray, IntArray, Matches, collected

_TOO_CLOSE = 0.02
"""Difference of confidence below which a second building makes a match ambiguous."""
_LEAST_LIKENESS = 0.7
_LONGEST_RANGE = 50
"""House numbers of a range that are looked at."""
_MOST_PAIRS_AT_ONCE = 4_000_000
_OTHER_POSTCODE, _NO_POSTCODE, _OTHER_TOWN = 0.7, 0.95, 0.7
_IN_RANGE, _OTHER_LETTER, _NO_NUMBER = 0.95, 0.85, 0.9


def match_addresses(rows: Sequence[Address], buildings: Sequence[Address], group: IntArray) -> Matches:
    """Match rows by address.

    Confidence is 1 for the same street, number and postcode. It falls with the likeness of the streets, twice as fast
    without a common postcode; a missing or another postcode, another town, a number within a range such as 12-14 and
    a missing letter lower it further. Other numbers never match.

    Parameters
    ----------
    rows : sequence of Address
    buildings : sequence of Address
    group : ndarray, (n_buildings,) int64
        Row of the building that each one is a part of; parts of one building are no ambiguity.
    """
    likeness = _StreetLikeness([row.street for row in rows], [item.street for item in buildings])
    by_number = _by_number(buildings)
    found: list[tuple[int, float, bool, str]] = [(-1, 0.0, False, "the row has no address")] * len(rows)
    # Street by street, so that no likeness is worked out twice.
    for place in likeness.row_order.tolist():
        row = rows[place]
        if row.known:
            alike = _alike(row, by_number, likeness.of_row(place), likeness.of_building)
            found[place] = _best(row, alike, buildings, group)
    return collected(found)


def _alike(
    row: Address, by_number: dict[int, IntArray], likeness: FloatArray, street_of: IntArray
) -> list[tuple[int, float]]:
    """Buildings of the right number in a street written alike, with the likeness of the streets."""
    alike: dict[int, float] = {}
    for number in range(row.low, min(row.high, row.low + _LONGEST_RANGE) + 1):
        candidates = by_number.get(number)
        if candidates is not None:
            values = likeness[street_of[candidates]]
            near = values >= _LEAST_LIKENESS
            alike.update(zip(candidates[near].tolist(), values[near].tolist(), strict=True))
    return sorted(alike.items())


def _best(
    row: Address, alike: list[tuple[int, float]], buildings: Sequence[Address], group: IntArray
) -> tuple[int, float, bool, str]:
    scored = [(_confidence(row, buildings[other], value), other) for other, value in alike]
    if not scored:
        return -1, 0.0, False, "no building has this number in such a street"
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    confidence, best = scored[0]
    own = int(group[best])
    rivals = {int(group[other]) for score, other in scored if score > confidence - _TOO_CLOSE} - {own}
    if rivals:
        return best, confidence, True, f"{len(rivals) + 1} buildings have such an address"
    item = buildings[best]
    same = "same address" if confidence > 0.999 else f"like “{item.street} {item.low or ''}{item.letter}".rstrip() + "”"
    return best, confidence, False, same


def _confidence(row: Address, item: Address, likeness: float) -> float:
    same_postcode = bool(row.postcode) and row.postcode == item.postcode
    confidence = 1.0 - (0.5 if same_postcode else 2.0) * (1.0 - likeness)
    if row.postcode and item.postcode and not same_postcode:
        confidence *= _OTHER_POSTCODE
    elif not same_postcode:
        confidence *= _NO_POSTCODE
        if row.town and item.town and row.town != item.town:
            confidence *= _OTHER_TOWN
    if (row.low, row.high) != (item.low, item.high):
        confidence *= _IN_RANGE
    if row.letter != item.letter:
        confidence *= _OTHER_LETTER if row.letter and item.letter else (1.0 + _OTHER_LETTER) / 2.0
        confidence = min(confidence, 0.84) if row.letter and item.letter else confidence
    if not row.low:
        confidence *= _NO_NUMBER
    return max(confidence, 0.0)


def _by_number(buildings: Sequence[Address]) -> dict[int, IntArray]:
    """Buildings by each of their house numbers; 0 for those without one."""
    places: dict[int, list[int]] = {}
    for row, item in enumerate(buildings):
        if item.known:
            for number in range(item.low, min(item.high, item.low + _LONGEST_RANGE) + 1):
                places.setdefault(number, []).append(row)
    return {number: np.array(rows, np.int64) for number, rows in places.items()}


class _StreetLikeness:
    """Likeness of all streets of a table to all of a city, worked out once for each pair of names."""

    def __init__(self, rows: list[str], buildings: list[str]) -> None:
        self._row_names, self._of_row = _numbered(rows)
        self.row_order = np.argsort(self._of_row, kind="stable")
        self._building_names, self.of_building = _numbered(buildings)
        self._block: tuple[int, FloatArray] = (-1, np.zeros((0, 0)))
        self._height = max(_MOST_PAIRS_AT_ONCE // max(len(self._building_names), 1), 1)

    def of_row(self, row: int) -> FloatArray:
        """(n_streets,) float64: likeness 0-1 of one row's street to each of the city's."""
        name = int(self._of_row[row])
        number, inside = divmod(name, self._height)
        if self._block[0] != number:
            self._block = (number, self._computed(number))
        return np.asarray(self._block[1][inside])

    def _computed(self, number: int) -> FloatArray:
        from rapidfuzz import fuzz, process

        names = self._row_names[number * self._height : (number + 1) * self._height]
        squeezed = [name.replace(" ", "") for name in names]
        others = [name.replace(" ", "") for name in self._building_names]
        # One writes “Haupt Strasse”, the other “Hauptstrasse”, and some put the words in another order.
        closed = process.cdist(squeezed, others, scorer=fuzz.ratio, dtype=np.float32)
        sorted_words = process.cdist(names, self._building_names, scorer=fuzz.token_sort_ratio, dtype=np.float32)
        return np.asarray(np.maximum(closed, sorted_words) / 100.0, np.float64)


def _numbered(names: list[str]) -> tuple[list[str], IntArray]:
    places: dict[str, int] = {}
    numbers = [places.setdefault(name, len(places)) for name in names]
    return list(places), np.array(numbers, np.int64)
