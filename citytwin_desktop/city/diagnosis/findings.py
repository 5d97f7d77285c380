"""Findings of an examination or a repair as a table: what, at which building, at which surface, how much."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.by_group import largest_by, least_by, runs
from citytwin_desktop.city.diagnosis.faults import CODES, FAULTS, Fault
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray

_PLACE = {code: place for place, code in enumerate(CODES)}


class _Number(float):
    """A measure that chooses between words for one and for many: ``{number:one|many}``."""

    def __format__(self, form: str) -> str:
        one, parted, many = form.partition("|")
        if parted:
            return one if round(self) == 1 else many
        return super().__format__(form)


@dataclass(frozen=True)
class FindingItem:
    """One finding in words.

    Parameters
    ----------
    building_id : str
    code : str
    val3dity : int or None
    level : str
    sentence, remedy : str
    surface_id : str
        Empty for a finding on the whole building.
    point_m : tuple of float [m] or None
        Where to look, in local coordinates; None where there is no geometry.
    """

    building_id: str
    code: str
    val3dity: int | None
    level: str
    sentence: str
    remedy: str
    surface_id: str
    point_m: tuple[float, float, float] | None


@dataclass(frozen=True, eq=False)
class Findings:
    """Findings, sorted by building row.

    Parameters
    ----------
    place : ndarray, (n,) int64
        Index in `CODES`.
    row : ndarray, (n,) int64
        Building row.
    surface : ndarray, (n,) int64
        Surface of the city that was examined (of a repair: of the city after it), -1 for none.
    number : ndarray, (n,) float64
        The measure that the fault's sentence names.
    repaired : bool
        Whether they tell of repairs.
    """

    place: IntArray
    row: IntArray
    surface: IntArray
    number: FloatArray
    repaired: bool = False

    def __len__(self) -> int:
        return len(self.place)

    @property
    def code(self) -> NDArray[np.object_]:
        """(n,) object of str: code of each finding."""
        return np.array(CODES, object)[self.place]

    def fault(self, index: int) -> Fault:
        """Kind of one finding."""
        return FAULTS[CODES[self.place[index]]]

    def of_row(self, row: int) -> "Findings":
        """The findings on one building."""
        first, last = np.searchsorted(self.row, [row, row + 1])
        return self._take(np.arange(first, last))

    def of_rows(self, rows: IntArray) -> "Findings":
        """The findings on some buildings."""
        return self._take(np.flatnonzero(np.isin(self.row, rows)))

    def of_code(self, *codes: str) -> "Findings":
        """The findings of some kinds."""
        return self._take(np.flatnonzero(np.isin(self.place, [_PLACE[code] for code in codes])))

    def without(self, *codes: str) -> "Findings":
        """The findings but those of some kinds."""
        return self._take(np.flatnonzero(~np.isin(self.place, [_PLACE[code] for code in codes])))

    def _take(self, chosen: IntArray) -> "Findings":
        columns = (self.place[chosen], self.row[chosen], self.surface[chosen], self.number[chosen])
        return Findings(*columns, self.repaired)

    def counts(self) -> dict[str, int]:
        """Number of findings by code, the commonest first."""
        found = Counter(self.place.tolist())
        return {CODES[place]: count for place, count in found.most_common()}

    def sentence(self, index: int) -> str:
        """One finding as a sentence."""
        fault = self.fault(index)
        text = fault.repaired if self.repaired and fault.repaired else fault.meaning
        return text.format(number=_Number(self.number[index]))

    def sentences(self, city: CityModel) -> list[str]:
        """All findings as sentences that name the building."""
        ids = city.buildings.ids
        return [f"Building “{ids[row]}”: {self.sentence(index)}" for index, row in enumerate(self.row)]

    def items(self, city: CityModel) -> Iterator[FindingItem]:
        """All findings in words.

        Parameters
        ----------
        city : CityModel
            The city that was examined; of a repair, the city after it.
        """
        ids, names = city.buildings.ids, city.surfaces.source_id
        for index, point in enumerate(self._points_m(city)):
            fault, surface = self.fault(index), int(self.surface[index])
            yield FindingItem(
                building_id=str(ids[self.row[index]]),
                code=fault.code,
                val3dity=fault.val3dity,
                level=fault.level,
                sentence=self.sentence(index),
                remedy=fault.remedy,
                surface_id=str(names[surface]) if surface >= 0 else "",
                point_m=(point[0], point[1], point[2]) if all(map(math.isfinite, point)) else None,
            )

    def _points_m(self, city: CityModel) -> list[list[float]]:
        """Where to look: the middle of the surface, of the building where there is none; nan for nowhere."""
        low, high = (corner[self.row] for corner in city.bounds_m)
        known = self.surface >= 0
        if known.any():
            surfaces, place = np.unique(self.surface[known], return_inverse=True)
            polygons = city.surfaces.polygons.take(surfaces)
            owner = polygons.vertex_polygon
            low[known] = least_by(owner, polygons.vertices, len(surfaces))[place]
            high[known] = largest_by(owner, polygons.vertices, len(surfaces))[place]
        with np.errstate(invalid="ignore"):  # what is not a number is nowhere
            points: list[list[float]] = (low / 2.0 + high / 2.0).tolist()
        return points


@dataclass
class FindingList:
    """Findings while they are gathered."""

    parts: list[tuple[IntArray, IntArray, IntArray, FloatArray]] = field(default_factory=list)

    def add(
        self, code: str, row: IntArray, surface: IntArray | None = None, number: FloatArray | IntArray | None = None
    ) -> None:
        """Add findings of one kind.

        Parameters
        ----------
        code : str
        row : ndarray, (k,) int64
        surface : ndarray, (k,) int64, optional
        number : ndarray, (k,), optional
        """
        if not len(row):
            return
        count = len(row)
        surface = np.full(count, -1, np.int64) if surface is None else surface
        number = np.zeros(count) if number is None else np.asarray(number, np.float64)
        self.parts.append((np.full(count, _PLACE[code], np.int64), np.asarray(row, np.int64), surface, number))

    def with_surfaces_renumbered(self, places: IntArray) -> "FindingList":
        """The same findings with ``places[surface]`` for each surface."""
        # The last place of the table stands for -1, what concerns a whole building.
        table = np.append(places, -1)
        return FindingList([(place, row, table[surface], number) for place, row, surface, number in self.parts])

    def table(self, *, repaired: bool = False) -> Findings:
        """All of them, sorted by building row."""
        if not self.parts:
            nothing = np.zeros(0, np.int64)
            return Findings(nothing, nothing, nothing, np.zeros(0), repaired)
        place, row, surface, number = (np.concatenate(columns) for columns in zip(*self.parts, strict=True))
        order = np.lexsort((surface, place, row))
        place, row, surface, number = place[order], row[order], surface[order], number[order]
        if not repaired:
            return Findings(place, row, surface, number)
        # What several rounds of a repair did is told once.
        first = runs((row * len(CODES) + place) * 2 + (surface >= 0))
        return Findings(place[first], row[first], surface[first], np.add.reduceat(number, first), repaired=True)
