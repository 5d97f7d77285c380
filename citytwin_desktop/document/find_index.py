"""Find buildings by any text that belongs to them: identifiers, names, functions, attributes of the source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.polygons import IntArray

IDENTIFIER, NAME, FUNCTION = "Identifier", "Name", "Function"
LONGEST_VALUE = 200
MOST_HITS = 6_000
"""In each kind of text while one types; whoever types one letter wants no full count."""

_GAP = "\n"


@dataclass(frozen=True)
class Find:
    """One building that was found.

    Parameters
    ----------
    row : int
    where : str
        Column or attribute in which the text was found.
    value : str
        What stands there.
    """

    row: int
    where: str
    value: str


@dataclass(frozen=True, eq=False)
class Found:
    """What was found.

    Parameters
    ----------
    best : tuple of Find
        The best first, every building once.
    count : int
        Buildings that have the text anywhere.
    complete : bool
        False when there are still more than that.
    """

    best: tuple[Find, ...]
    count: int
    complete: bool = True


class _Layer:
    """Texts of one kind, joined into one, so that looking through them is a search in a single text."""

    def __init__(self, rows: Sequence[int], values: list[str], where: list[str], rank: int) -> None:
        self.rows = np.asarray(rows, np.int64)
        self.values, self.where, self.rank = values, where, rank
        folded = [value.casefold().replace(_GAP, " ") for value in values]
        self.text = _GAP + _GAP.join(folded) + _GAP
        lengths = np.fromiter(map(len, folded), np.int64, len(folded)) + 1
        self.starts = np.concatenate([[1], 1 + np.cumsum(lengths)])[:-1].astype(np.int64)
        self.lengths = lengths - 1

    def hits(self, wanted: str, most: int) -> tuple[IntArray, NDArray[np.int64]]:
        """Entries that have a text, and how well each fits: 0 whole, 1 beginning, 2 beginning of a word, 3 within.

        Of more than ``most`` those that begin with it are looked for first.
        """
        places = self._places(_GAP + wanted, most)
        found = np.asarray(places, np.int64) + 1
        if len(places) < most:
            within = np.asarray(self._places(wanted, most), np.int64)
            found = np.concatenate([found, within])
        entries = np.searchsorted(self.starts, found, side="right") - 1
        at_start = found == self.starts[entries]
        whole = at_start & (self.lengths[entries] == len(wanted))
        after_gap = np.fromiter((not self.text[at - 1].isalnum() for at in found.tolist()), bool, len(found))
        return entries, np.select([whole, at_start, after_gap], [0, 1, 2], 3)

    def rows_with(self, wanted: str) -> IntArray:
        """(k,) int64: rows of all entries that have a text, some more than once."""
        places = np.asarray(self._places(wanted, len(self.rows)), np.int64)
        return self.rows[np.searchsorted(self.starts, places, side="right") - 1]

    def _places(self, wanted: str, most: int) -> list[int]:
        """Where a text stands, once in each entry."""
        places: list[int] = []
        place = self.text.find(wanted)
        while place >= 0 and len(places) < most:
            places.append(place)
            # On to the next entry: one hit in each is enough.
            place = self.text.find(wanted, self.text.find(_GAP, place + 1))
        return places


class FindIndex:
    """Made once for a table of buildings; knows nothing of later edits.

    Parameters
    ----------
    buildings : Buildings
    rows : ndarray, (k,) int64
        Rows that can be found.
    """

    def __init__(self, buildings: Buildings, rows: IntArray) -> None:
        listed = rows.tolist()
        columns = buildings.columns
        layers = [
            _plain(listed, columns["id"][rows].tolist(), IDENTIFIER, 0),
            _plain(listed, columns["name"][rows].tolist(), NAME, 0),
            _plain(listed, [FUNCTIONS.get(item, item) for item in columns["function"][rows].tolist()], FUNCTION, 8),
            _attributes(listed, columns["attributes"][rows].tolist()),
        ]
        self._layers = [layer for layer in layers if len(layer.rows)]

    def rows(self, text: str) -> IntArray:
        """(k,) int64: all buildings that have a text anywhere, ascending."""
        wanted = _folded(text)
        if not wanted:
            return np.zeros(0, np.int64)
        found = [layer.rows_with(wanted) for layer in self._layers]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *found])).astype(np.int64)

    def find(self, text: str, most: int = 50) -> Found:
        """Buildings that have a text, the best first.

        Identifiers and names go before attributes, these before functions; whole texts before beginnings, before
        beginnings of words; short texts before long ones.

        Parameters
        ----------
        text : str
        most : int
            Of the best.
        """
        wanted = _folded(text)
        keys, rows, layers, entries, complete = [], [], [], [], True
        for number, layer in enumerate(self._layers if wanted else ()):
            found, fit = layer.hits(wanted, MOST_HITS)
            complete = complete and len(found) < MOST_HITS
            keys.append((layer.rank + fit) * 1000 + np.minimum(layer.lengths[found], 999))
            rows.append(layer.rows[found])
            layers.append(np.full(len(found), number))
            entries.append(found)
        if not rows:
            return Found((), 0)
        every = np.concatenate(rows)
        order = np.argsort(np.concatenate(keys), kind="stable")
        all_layers, all_entries = np.concatenate(layers), np.concatenate(entries)
        best: dict[int, Find] = {}
        for place in order.tolist():
            row = int(every[place])
            if row not in best:
                layer, entry = self._layers[int(all_layers[place])], int(all_entries[place])
                best[row] = Find(row, layer.where[entry], layer.values[entry])
            if len(best) == most:
                break
        return Found(tuple(best.values()), len(np.unique(every)), complete)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


class _OneName(Sequence[str]):
    """The same name for every entry."""

    def __init__(self, name: str, count: int) -> None:
        self._name, self._count = name, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: object) -> str:
        return self._name


def _plain(rows: list[int], values: Iterable[str], where: str, rank: int) -> _Layer:
    pairs = [(row, str(value)) for row, value in zip(rows, values, strict=True) if value]
    texts = [value for _, value in pairs]
    return _Layer([row for row, _ in pairs], texts, _OneName(where, len(texts)), rank)  # type: ignore[arg-type]


def _attributes(rows: list[int], tables: list[dict[str, object]]) -> _Layer:
    found, values, names = [], [], []
    for row, table in zip(rows, tables, strict=True):
        for name, value in table.items():
            text = str(value)
            if value is not None and text:
                found.append(row)
                values.append(text[:LONGEST_VALUE])
                names.append(name)
    return _Layer(found, values, names, 4)
