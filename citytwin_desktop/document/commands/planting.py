"""Commands that plant trees and take them out."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from citytwin_desktop.city.changes import Frame, SetFrame
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.shaping.ground import terrain_of
from citytwin_desktop.city.shaping.outlines import checked_points
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.shaping import check_number, metres
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.derived_plants import unit_crown

PLANTED = "Planted trees"
"""Layer of trees that were planted in the project; those of sources stay in their own."""
MOST_TREES = 50_000
_LOWEST_M, _TALLEST_M, _WIDEST_CROWN_M = 0.5, 120.0, 70.0
_NEIGHBOURS, _NEAR_M = 25, 300.0
_MARGIN_M = 0.5


@register
@dataclass(frozen=True)
class PlantTrees(Command):
    """Plant trees of one size: round crowns that let part of the sun through, as those of imported trees."""

    id: ClassVar[str] = "plant_trees"
    summary: ClassVar[str] = "Plant trees"

    positions: tuple[float, ...]
    height_m: float = 8.0
    crown_diameter_m: float = 5.0

    def prepare(self, district: District) -> Preparation:
        """Work out the crowns."""
        places = np.unique(checked_points(self.positions, "The list of trees"), axis=0)
        if len(places) > MOST_TREES:
            msg = f"{len(places)} trees are too many at once: plant {MOST_TREES} at most."
            raise KnownError(msg)
        check_number(self.height_m, "The height of the trees", _LOWEST_M, _TALLEST_M, "m")
        check_number(self.crown_diameter_m, "The diameter of the crowns", _LOWEST_M, _WIDEST_CROWN_M, "m")
        city = district.city
        ground, on_terrain = ground_m(city, places)
        polygons = crowns(np.column_stack([places, ground]), self.height_m, self.crown_diameter_m)
        layers = list(city.context)
        own = next((k for k, layer in enumerate(layers) if layer.name == PLANTED), None)
        if own is None:
            layers.append(ContextLayer(PLANTED, ContextKind.TREE, polygons))
        else:
            layers[own] = replace(layers[own], polygons=Polygons.concatenate([layers[own].polygons, polygons]))
        title = f"Plant {_trees(len(places))} of {metres(self.height_m)}"
        report = {"planted": len(places), "on_terrain": on_terrain}
        return Preparation((_with_layers(city, layers),), title, report=report)


@register
@dataclass(frozen=True)
class RemoveTrees(Command):
    """Take out the trees that stand at some places, planted or imported."""

    id: ClassVar[str] = "remove_trees"
    summary: ClassVar[str] = "Take out the trees at some places"

    positions: tuple[float, ...]

    def prepare(self, district: District) -> Preparation:
        """Work out which crowns go."""
        places = checked_points(self.positions, "The list of trees")
        found = trees_at(district.city, places)
        missing = np.flatnonzero(found[:, 0] < 0)
        if len(missing):
            x, y = places[missing[0]]
            msg = f"There is no tree at {x:.1f}, {y:.1f}: choose a place below a crown."
            raise KnownError(msg)
        layers = []
        gone = {(int(layer), int(crown)) for layer, crown in found}
        for number, layer in enumerate(district.city.context):
            crowns_gone = np.array([crown for one, crown in gone if one == number], np.int64)
            if len(crowns_gone):
                label, _ = crowns_in(layer.polygons)
                kept = np.flatnonzero(~np.isin(label, crowns_gone))
                if not len(kept):
                    continue
                layer = replace(layer, polygons=layer.polygons.take(kept))
            layers.append(layer)
        return Preparation((_with_layers(district.city, layers),), f"Take out {_trees(len(gone))}")


def crowns(places_m: FloatArray, height_m: float, diameter_m: float) -> Polygons:
    """Crowns as the import makes them of trees that state their size: 80 triangles each.

    Parameters
    ----------
    places_m : ndarray, (n, 3) float64 [m]
        Where the trees stand.
    height_m, diameter_m : float [m]

    Returns
    -------
    Polygons
    """
    half = np.array([diameter_m, diameter_m, min(diameter_m, height_m)]) / 2.0
    middle = places_m + np.array([0.0, 0.0, height_m - half[2]])
    vertices = (unit_crown() * half + middle[:, None]).reshape(-1, 3)
    count = len(vertices) // 3
    return Polygons(vertices, np.arange(count + 1) * 3, np.arange(count + 1))


def ground_m(city: CityModel, places_m: FloatArray) -> tuple[FloatArray, int]:
    """Ground below places, and how many of them lie on terrain.

    Parameters
    ----------
    city : CityModel
    places_m : ndarray, (n, 2) float64 [m]

    Returns
    -------
    heights : ndarray, (n,) float64 [m]
        Of the terrain; beside it the median base of up to 25 buildings within 300 m, else 0.
    on_terrain : int
    """
    heights = np.full(len(places_m), np.nan)
    terrain = terrain_of(city)
    if terrain is not None:
        heights = terrain.height_at(places_m)
    beside = np.flatnonzero(np.isnan(heights))
    low, high = city.bounds_m
    known = np.flatnonzero(np.isfinite(low[:, 0]))
    middle = (low[known, :2] + high[known, :2]) / 2.0
    if len(beside) and len(known):
        count = min(_NEIGHBOURS, len(known))
        away, near = cKDTree(middle).query(places_m[beside], k=count, distance_upper_bound=_NEAR_M)
        away, near = away.reshape(len(beside), -1), near.reshape(len(beside), -1)
        base = np.where(np.isfinite(away), low[known, 2][np.minimum(near, len(known) - 1)], np.nan)
        some = np.isfinite(base).any(axis=1)
        heights[beside[some]] = np.nanmedian(base[some], axis=1)
    return np.nan_to_num(heights), len(places_m) - len(beside)


def trees_at(city: CityModel, places_m: FloatArray) -> IntArray:
    """(n, 2) int64: number of the layer and of the crown in it that stands at each place, -1 for none.

    Parameters
    ----------
    city : CityModel
    places_m : ndarray, (n, 2) float64 [m]
        The crown whose middle is nearest counts, among those whose box in plan holds the place.
    """
    found, best = np.full((len(places_m), 2), -1, np.int64), np.full(len(places_m), np.inf)
    for number, layer in enumerate(city.context):
        if layer.kind is not ContextKind.TREE or not len(layer.polygons):
            continue
        label, count = crowns_in(layer.polygons)
        owner, corners = label[layer.polygons.vertex_polygon], layer.polygons.vertices[:, :2]
        low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
        np.minimum.at(low, owner, corners)
        np.maximum.at(high, owner, corners)
        middle = (low + high) / 2.0
        for place, point in enumerate(places_m):
            inside = ((low - _MARGIN_M <= point) & (point <= high + _MARGIN_M)).all(axis=1)
            away = np.where(inside, np.hypot(*(middle - point).T), np.inf)
            nearest = int(np.argmin(away))
            if away[nearest] < best[place]:
                best[place], found[place] = away[nearest], (number, nearest)
    return found


def crowns_in(polygons: Polygons) -> tuple[IntArray, int]:
    """Number of the crown that each polygon belongs to, by common corners, and how many there are."""
    _, corner = np.unique(np.round(polygons.vertices, 3), axis=0, return_inverse=True)
    corner = corner.ravel() + len(polygons)
    size = int(corner.max()) + 1
    links = coo_array((np.ones(len(corner), np.int8), (polygons.vertex_polygon, corner)), shape=(size, size))
    label = connected_components(links, directed=False)[1][: len(polygons)]
    used, dense = np.unique(label, return_inverse=True)
    return dense.ravel().astype(np.int64), len(used)


def _with_layers(city: CityModel, layers: list[ContextLayer]) -> SetFrame:
    before = Frame.of(city)
    return SetFrame(before, replace(before, context=tuple(layers)))


def _trees(count: int) -> str:
    return f"{count:,} tree{'' if count == 1 else 's'}".replace(",", "\u2009")
