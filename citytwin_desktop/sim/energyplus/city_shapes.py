"""The shapes of a city's buildings as thermal models need them: made when asked for, each once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from citytwin_desktop.city.footprint_edges import footprint_edges
from citytwin_desktop.city.footprints import Footprint, footprints, plan_polygons
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.outer_edges import OuterEdges, outer_edges
from citytwin_desktop.city.party_walls import find_party_walls
from citytwin_desktop.city.plan_faces import HalfEdges, half_edges
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.roof_pieces import RoofPieces, flat_pieces, roof_pieces
from citytwin_desktop.city.roof_planes import main_body_heights_m, roof_planes
from citytwin_desktop.city.stacked import Stacking, stacking

_LEAST_COVER = 0.5
MOST_VOLUME_ERROR = 0.1
"""A roofed body that differs more from the volume of a closed source is given up for a flat one of that volume."""


@dataclass(frozen=True, eq=False)
class RoofedPlan:
    """One building's roof over its plan.

    Parameters
    ----------
    pieces : RoofPieces
    edges : HalfEdges
        Of the pieces.
    outer : OuterEdges
        Of the same, by edge of the footprint.
    fallback : str
        Why the roof is flat instead of the real one, empty when it is real.
    """

    pieces: RoofPieces
    edges: HalfEdges
    outer: OuterEdges
    fallback: str


class CityShapes:
    """Footprints, edges and party walls of all buildings; roofs of those that are asked for.

    Parameters
    ----------
    city : CityModel
    rows : sequence of int
        Buildings whose place upon or below others is to be known.

    Attributes
    ----------
    plans : dict of int to Footprint
    edges : FootprintEdges
    party : PartyWalls
    body_height_m : ndarray, (n_buildings,) float64 [m]
    stacking : Stacking
    """

    def __init__(self, city: CityModel, rows: Sequence[int]) -> None:
        self.city = city
        self.plans = footprints(city)
        self.edges = footprint_edges(self.plans.values())
        self.party = find_party_walls(self.edges)
        self._planes = roof_planes(city)
        self.body_height_m = main_body_heights_m(city, self._planes)
        self._roofed: dict[int, RoofedPlan] = {}
        self.stacking: Stacking = stacking(self.plans, rows, self._bare_pieces)

    def origin_m(self, row: int) -> FloatArray:
        """(3,) float64 [m]: middle of the plan, on centimetres, and base."""
        plan = self.plans[row]
        centre = np.round(shapely.get_coordinates(plan.geometry.centroid)[0], 2)
        return np.array([centre[0], centre[1], plan.base_z_m])

    def own_edges(self, row: int) -> slice:
        """Places of a building's edges in ``edges``."""
        first, last = np.searchsorted(self.edges.row, [row, row + 1])
        return slice(int(first), int(last))

    def roofed(self, row: int) -> RoofedPlan:
        """Roof of one building."""
        if row not in self._roofed:
            pieces, fallback = self._pieces(row, self.stacking.upon.get(row, ()))
            self._roofed[row] = self._with_edges(row, pieces, fallback)
        return self._roofed[row]

    def _with_edges(self, row: int, pieces: RoofPieces, fallback: str) -> RoofedPlan:
        edges = half_edges(pieces.polygons)
        return RoofedPlan(pieces, edges, self.outline(row, pieces, edges), fallback)

    def outline(self, row: int, pieces: RoofPieces, edges: HalfEdges) -> OuterEdges:
        """Outline of any partition of a building's footprint by its edges."""
        own, origin = self.own_edges(row), self.origin_m(row)[:2]
        return outer_edges(pieces, edges, self.edges.start[own] - origin, self.edges.end[own] - origin)

    def _bare_pieces(self, row: int) -> tuple[RoofPieces, FloatArray]:
        """Roof without what stands on it, and its origin."""
        return self._pieces(row, ())[0], self.origin_m(row)

    def _pieces(self, row: int, upon: Sequence[shapely.Geometry]) -> tuple[RoofPieces, str]:
        plan, origin = self.plans[row], self.origin_m(row)
        footprint = moved(plan.geometry, -origin[:2])
        covers = [moved(cover, -origin[:2]) for cover in upon]
        found = self._real_pieces(row, plan, origin, footprint, covers)
        if isinstance(found, RoofPieces):
            return found, ""
        return flat_pieces(shapely.set_precision(footprint, 0.01), plan.mean_height_m), found

    def _real_pieces(
        self,
        row: int,
        plan: Footprint,
        origin: FloatArray,
        footprint: shapely.MultiPolygon,
        covers: Sequence[shapely.Geometry],
    ) -> RoofPieces | str:
        places = self._planes.of_building(row)
        surface = self._planes.surface[places]
        if not len(surface):
            return "it has no roof surface"
        shapes = plan_polygons(self.city.surfaces.polygons.take(surface).moved(-origin))
        shapes = np.array([_only_polygons(shape) for shape in shapes], object)
        covered_m2 = float(shapely.area(shapes).sum())
        if covered_m2 < _LEAST_COVER * plan.area_m2:
            return f"its roof surfaces cover only {covered_m2 / plan.area_m2:.0%} of the footprint"
        planes = self._planes.planes(places, origin)
        try:
            pieces = roof_pieces(footprint, shapes, planes, surface, plan.mean_height_m, covers)
        except shapely.errors.GEOSException:  # one building's tangled lines must not stop the others
            pieces = None
        if pieces is None:
            return "its roof surfaces reach below the ground or cannot be cut into pieces"
        volume = plan.mean_height_m * plan.area_m2
        if plan.height_origin == "volume" and abs(pieces.volume_m3 - volume) > MOST_VOLUME_ERROR * volume:
            return f"the space below its roof is {pieces.volume_m3:.0f} m³, but its surfaces enclose {volume:.0f} m³"
        return pieces


def moved(shape: shapely.Geometry, offset_m: FloatArray) -> shapely.Geometry:
    """A shape shifted in plan."""
    return shapely.transform(shape, lambda points: points + offset_m)


def _only_polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape without the points and lines that mending may leave."""
    if isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)])
