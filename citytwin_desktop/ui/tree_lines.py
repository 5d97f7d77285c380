"""The lines of the tree of buildings: groups, buildings and their parts, as arrays."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.similarity import AGE_ENDS
from citytwin_desktop.document.querying.fields import FIELDS
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.document.querying.text_column import TextColumn

GROUPINGS = {
    "function": "By function",
    "age": "By age class",
    "archetype_id": "By archetype",
    "package_id": "By package",
    "lod": "By level of detail",
    "none": "Buildings and parts",
}
"""Ways to group, with their titles."""

UNKNOWN = "Unknown"


@dataclass(frozen=True, eq=False)
class TreeGroup:
    """Some buildings under a heading.

    Parameters
    ----------
    title : str
    rows : ndarray, (k,) int64
        Rows with geometry, in the order in which they are listed.
    """

    title: str
    rows: IntArray


@dataclass(eq=False)
class TreeLines:
    """Lines that are seen now; made anew when a heading is opened or closed.

    Attributes
    ----------
    group : ndarray, (n_lines,) int64
    row : ndarray, (n_lines,) int64
        Building row, -1 for headings.
    """

    groups: list[TreeGroup] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    group: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    row: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))

    def arrange(self) -> None:
        """Lay the lines out: every heading, and the buildings of those that are open."""
        groups, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for number, item in enumerate(self.groups):
            shown = item.rows if item.title in self.opened else item.rows[:0]
            groups.append(np.full(len(shown) + 1, number))
            rows.append(np.concatenate([[-1], shown]))
        self.group, self.row = np.concatenate(groups).astype(np.int64), np.concatenate(rows).astype(np.int64)

    def rows_of(self, first: int, last: int) -> IntArray:
        """(k,) int64: building rows of some lines; a heading among them stands for all of its group."""
        rows = self.row[first : last + 1]
        headings = self.group[first : last + 1][rows < 0]
        if not len(headings):
            return rows
        every = [rows[rows >= 0], *(self.groups[number].rows for number in headings.tolist())]
        return np.unique(np.concatenate(every)).astype(np.int64)

    def line_of(self, row: int) -> int:
        """Line of a building, -1 when its heading is closed."""
        found = np.flatnonzero(self.row == row)
        return int(found[0]) if len(found) else -1


def grouped(reader: FieldReader, city: CityModel, grouping: str) -> list[TreeGroup]:
    """Headings with the buildings under them, the largest first; by name within each.

    Parameters
    ----------
    reader : FieldReader
    city : CityModel
    grouping : str
        Key of `GROUPINGS`.
    """
    rows = city.rows_with_geometry
    order = rows[np.argsort(reader.texts(FIELDS["id"]).ranks()[rows], kind="stable")]
    if grouping == "none":
        return _parts(city, order)
    if grouping == "age":
        return _ages(city, order)
    column = reader.texts(FIELDS[grouping])
    return _by_codes(column, order)


def _by_codes(column: TextColumn, order: IntArray) -> list[TreeGroup]:
    codes = column.codes[order]
    counts = np.bincount(codes, minlength=len(column.different))
    names = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (not column.different[code], -counts[code]))
    by_code = order[np.argsort(codes, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(counts)])
    return [TreeGroup(column.different[code] or UNKNOWN, by_code[starts[code] : starts[code + 1]]) for code in names]


def _ages(city: CityModel, order: IntArray) -> list[TreeGroup]:
    years = city.buildings.columns["year_built"][order]
    classes = np.where(np.isnan(years), len(AGE_ENDS) + 1, np.searchsorted(AGE_ENDS, years, side="right"))
    ends = [int(end) for end in AGE_ENDS]
    titles = [f"before {ends[0]}", *(f"{a}–{b - 1}" for a, b in pairwise(ends)), f"from {ends[-1]}"]
    found = [(title, order[classes == number]) for number, title in enumerate([*titles, UNKNOWN])]
    return [TreeGroup(title, rows) for title, rows in found if len(rows)]


def _parts(city: CityModel, order: IntArray) -> list[TreeGroup]:
    """Buildings with parts as headings over them, then all that have none."""
    parents = city.buildings.parent_row()[order]
    ids = city.buildings.ids
    parted = parents != order
    # A building that has surfaces of its own beside parts stands with them.
    with_parts: NDArray[np.bool_] = np.isin(order, parents[parted])
    alone = order[~parted & ~with_parts]
    groups = []
    key = parents[parted | with_parts]
    members = order[parted | with_parts]
    by_parent = np.argsort(key, kind="stable")
    heads, starts = np.unique(key[by_parent], return_index=True)
    for head, rows in zip(heads.tolist(), np.split(members[by_parent], starts[1:]), strict=False):
        groups.append(TreeGroup(str(ids[head]), rows))
    return [*([TreeGroup("Without parts", alone)] if len(alone) else []), *groups]
