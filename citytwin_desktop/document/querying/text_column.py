"""A column of texts as codes into its different values, so that each is looked at once."""

from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import IntArray


class TextColumn:
    """Texts of all rows; empty ones are unknown.

    Parameters
    ----------
    values : iterable of str
        One for each row.
    """

    def __init__(self, values: Iterable[str]) -> None:
        listed = list(values)
        self.different: list[str] = list(dict.fromkeys(listed))
        place = {value: number for number, value in enumerate(self.different)}
        self.codes: IntArray = np.fromiter(map(place.__getitem__, listed), np.int64, len(listed))

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def known(self) -> NDArray[np.bool_]:
        """(n,) bool: rows with a text."""
        return self.where(bool)

    @cached_property
    def folded(self) -> list[str]:
        """The different values regardless of case."""
        return [value.casefold() for value in self.different]

    def where(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """(n,) bool: rows whose text passes a test."""
        return self._spread(np.fromiter(map(test, self.different), bool, len(self.different)))

    def where_folded(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """(n,) bool: rows whose text passes a test regardless of case."""
        return self._spread(np.fromiter(map(test, self.folded), bool, len(self.folded)))

    def common(self, most: int) -> list[tuple[str, int]]:
        """The commonest known values with how many rows have them, the commonest first."""
        counts = np.bincount(self.codes, minlength=len(self.different))
        order = np.argsort(-counts, kind="stable")
        found = ((self.different[number], int(counts[number])) for number in order.tolist() if self.different[number])
        return [item for item, _ in zip(found, range(most), strict=False)]

    def ranks(self) -> IntArray:
        """(n,) int64: places in alphabetical order regardless of case, unknown ones -1."""
        order = sorted(range(len(self.different)), key=lambda number: (self.folded[number], self.different[number]))
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        if "" in self.different:
            ranks[self.different.index("")] = -1
        return ranks[self.codes] if len(order) else self.codes

    def _spread(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return flags[self.codes] if len(flags) else np.zeros(0, bool)
