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
    rows : ndarray, (k,) int64
        All buildings that have the text anywhere.
    """

    best: tuple[Find, ...]
    rows: IntArray


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

    def hits(self, wanted: str) -> tuple[IntArray, NDArray[np.int64]]:
        """Entries that have a text, and how well each fits: 0 whole, 1 beginning, 2 beginning of a word, 3 within."""
        places: list[int] = []
        place = self.text.find(wanted)
        while place >= 0:
            places.append(place)
            # On to the next entry: one hit in each is enough.
            end = self.text.find(_GAP, place)
            place = self.text.find(wanted, end)
        found = np.asarray(places, np.int64)
        entries = np.searchsorted(self.starts, found, side="right") - 1
        at_start = found == self.starts[entries]
        whole = at_start & (self.lengths[entries] == len(wanted))
        after_gap = np.fromiter((not self.text[at - 1].isalnum() for at in places), bool, len(places))
        fit = np.select([whole, at_start, after_gap], [0, 1, 2], 3)
        return entries, fit


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
        wanted = " ".join(text.casefold().split())
        if not wanted:
            return Found((), np.zeros(0, np.int64))
        keys, rows, layers, entries = [], [], [], []
        for number, layer in enumerate(self._layers):
            found, fit = layer.hits(wanted)
            keys.append((layer.rank + fit) * 1000 + np.minimum(layer.lengths[found], 999))
            rows.append(layer.rows[found])
            layers.append(np.full(len(found), number))
            entries.append(found)
        if not rows:
            return Found((), np.zeros(0, np.int64))
        every = np.concatenate(rows)
        order = np.argsort(np.concatenate(keys), kind="stable")
        all_layers, all_entries = np.concatenate(layers), np.concatenate(entries)
        best: dict[int, Find] = {}
        for place in order[: most * 8].tolist():
            row = int(every[place])
            if row not in best:
                layer, entry = self._layers[int(all_layers[place])], int(all_entries[place])
                best[row] = Find(row, layer.where[entry], layer.values[entry])
            if len(best) == most:
                break
        return Found(tuple(best.values()), np.unique(every).astype(np.int64))


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
