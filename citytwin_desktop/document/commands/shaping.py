"""What all commands that shape buildings share: whom they concern, and how their new surfaces are noted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import VALUE_ORIGINS
from citytwin_desktop.city.changes import Change, ReplaceSurfaces, SetCells
from citytwin_desktop.city.district import District
from citytwin_desktop.city.geometry_mark import GEOMETRY, geometry_marks
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.shaping.levels import Levels, by_family
from citytwin_desktop.city.shaping.outlines import FARTHEST_M
from citytwin_desktop.city.shaping.selected_rows import families_of, surfaces_of_rows
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document.commands.editing import set_cells
from citytwin_desktop.errors import KnownError

LOWEST_M, HIGHEST_M = 0.5, 1_000.0
_LEAST_CHANGE_M = 1e-6
_THIN_SPACE = "\u2009"


@dataclass(frozen=True, eq=False)
class Chosen:
    """Chosen buildings with the parts that follow them.

    Parameters
    ----------
    ids : tuple of str
        As chosen, each once.
    rows : ndarray, (k,) int64
        Rows of them and their parts, ascending.
    leader : ndarray, (k,) int64
        Place in ``rows`` of the chosen building that each belongs to.
    surfaces : Surfaces
        ``building`` counts along ``rows``.
    levels : Levels
        Of ``rows``.
    """

    ids: tuple[str, ...]
    rows: IntArray
    leader: IntArray
    surfaces: Surfaces
    levels: Levels

    @classmethod
    def of(cls, district: District, building_ids: Sequence[str]) -> "Chosen":
        """Look up chosen buildings.

        Raises
        ------
        KnownError
            When none is chosen, one does not exist, or one has no geometry.
        """
        city = district.city
        if not building_ids:
            raise KnownError("No building is chosen: select some first.")
        ids = tuple(dict.fromkeys(building_ids))
        families = families_of(city.buildings, city.buildings.rows(ids))
        leader = np.searchsorted(families.row, families.leader)
        surfaces = surfaces_of_rows(city.surfaces, families.row)
        solid = np.zeros(len(families.row), bool)
        solid[leader[surfaces.building]] = True
        bare = np.unique(leader[~solid[leader]])
        if len(bare):
            msg = f"Building “{city.buildings.ids[families.row[bare[0]]]}” has no geometry: choose one that has."
            raise KnownError(msg)
        return cls(ids, families.row, leader, surfaces, Levels.of(surfaces, len(families.row)))

    @classmethod
    def of_row(cls, district: District, row: int) -> "Chosen":
        """One row without its parts, whether it has geometry or not."""
        rows = np.array([row], np.int64)
        surfaces = surfaces_of_rows(district.city.surfaces, rows)
        return cls(ids_of(district.city, rows), rows, np.zeros(1, np.int64), surfaces, Levels.of(surfaces, 1))

    @property
    def height_m(self) -> FloatArray:
        """(k,) float64 [m]: of each row's whole family, highest over lowest corner."""
        return family_height_m(self.levels, self.leader)


def family_height_m(levels: Levels, leader: IntArray) -> FloatArray:
    """(k,) float64 [m]: highest over lowest corner of each row's family."""
    return by_family(levels.top_m, leader, lowest=False) - by_family(levels.base_m, leader, lowest=True)


def surface_changes(district: District, chosen: Chosen, after: Surfaces, sentence: str) -> tuple[Change, ...]:
    """Other surfaces for chosen rows, with their origin and the heights that follow.

    The mark of the geometry that a delivery brought stays, or is taken now, so that a newer delivery knows that
    these surfaces were edited and keeps them. Heights in the column ``height_m`` that were known follow the
    geometry.

    Parameters
    ----------
    district : District
    chosen : Chosen
    after : Surfaces
        ``building`` counts along ``chosen.rows``.
    sentence : str
        What was done, for the origin.

    Raises
    ------
    KnownError
        When a corner would lie outside the project.
    """
    check_extent(after)
    ids = ids_of(district.city, chosen.rows)
    solid = np.unique(np.concatenate([chosen.surfaces.building, after.building]))
    before, new = _for_rows(chosen.surfaces, solid), _for_rows(after, solid)
    changes: list[Change] = [ReplaceSurfaces(tuple(ids[place] for place in solid), before, new)]
    heights = _heights_after(district, chosen, after)
    return (*changes, *noted(district, chosen.rows, chosen.surfaces, heights, sentence))


def noted(
    district: District, rows: IntArray, before: Surfaces, heights: dict[int, float], sentence: str
) -> tuple[Change, ...]:
    """Origins of edited geometry and heights.

    Parameters
    ----------
    district : District
    rows : ndarray, (k,) int64
    before : Surfaces
        As they were; ``building`` counts along ``rows``.
    heights : mapping of int to float [m]
        New values of ``height_m`` by place in ``rows``.
    sentence : str
    """
    city = district.city
    ids, column = ids_of(city, rows), city.buildings.columns[VALUE_ORIGINS]
    old = [column[row] for row in rows.tolist()]
    unmarked = not all(isinstance(item.get(GEOMETRY, [None])[0], str) for item in old)
    marks = geometry_marks(CityModel(buildings=city.buildings.take(rows), surfaces=before)) if unmarked else None
    new = []
    for place, item in enumerate(old):
        mark = item.get(GEOMETRY, [None])[0]
        if not isinstance(mark, str):
            mark = marks[place] if marks else ""
        entry = {**item, GEOMETRY: [mark, sentence]}
        if place in heights:
            entry["height_m"] = [heights[place], sentence]
        new.append(entry)
    changes: list[Change] = [SetCells(VALUE_ORIGINS, ids, tuple(old), tuple(new))]
    if heights:
        named = tuple(ids[place] for place in heights)
        changes.append(set_cells(district, "height_m", named, list(heights.values())))
    return tuple(changes)


def _heights_after(district: District, chosen: Chosen, after: Surfaces) -> dict[int, float]:
    """New heights by place of rows whose height is known and has changed."""
    levels = Levels.of(after, len(chosen.rows))
    known = np.isfinite(district.city.buildings.columns["height_m"][chosen.rows])
    leads = chosen.leader == np.arange(len(chosen.rows))
    height = np.where(leads, family_height_m(levels, chosen.leader), levels.height_m)
    before = np.where(leads, chosen.height_m, chosen.levels.height_m)
    with np.errstate(invalid="ignore"):
        changed = known & np.isfinite(height) & ~(np.abs(height - before) <= _LEAST_CHANGE_M)
    return {int(place): round(float(height[place]), 6) for place in np.flatnonzero(changed)}


def _for_rows(surfaces: Surfaces, places: IntArray) -> Surfaces:
    """Surfaces with their rows counted along fewer places, which are all that have any."""
    return Surfaces(surfaces.polygons, surfaces.kind, np.searchsorted(places, surfaces.building), surfaces.source_id)


def ids_of(city: CityModel, rows: IntArray) -> tuple[str, ...]:
    """Identifiers of rows."""
    return tuple(str(name) for name in city.buildings.ids[rows])


def check_extent(surfaces: Surfaces) -> None:
    """Refuse corners outside the project, and heights beyond reason.

    Raises
    ------
    KnownError
        With one sentence.
    """
    vertices = surfaces.polygons.vertices
    if len(vertices) and not np.abs(vertices).max() <= FARTHEST_M:
        raise KnownError("The buildings would lie more than 1,000 km away: give a shorter way.")


def check_number(value: float, title: str, low: float, high: float, unit: str = "") -> float:
    """Refuse a number outside a range, or none at all.

    Parameters
    ----------
    value : float
    title : str
        Beginning of the sentence, such as “The height”.
    low, high : float
    unit : str

    Raises
    ------
    KnownError
        With one sentence.
    """
    if not (math.isfinite(value) and low <= value <= high):
        word = f" {unit}" if unit else ""
        msg = f"{title} is {value:g}{word}: give a number from {_thousands(low)} to {_thousands(high)}{word}."
        raise KnownError(msg)
    return value


def _thousands(value: float) -> str:
    return f"{value:,.0f}".replace(",", _THIN_SPACE) if abs(value) >= 1000 else f"{value:g}"


def metres(value: float) -> str:
    """Length for a title, “12.5 m”, to the millimetre at most."""
    return f"{round(value, 3):g} m"


def report_of(**values: Any) -> dict[str, Any]:
    """Report of a command without what it has nothing to say about."""
    return {name: value for name, value in values.items() if value not in (None, [], {})}
