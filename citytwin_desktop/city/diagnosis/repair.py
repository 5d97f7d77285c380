"""Safe repairs: what is superfluous goes, what faces the wrong way is turned; no corner is ever moved."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.by_group import count_by
from citytwin_desktop.city.diagnosis.coincident_surfaces import superfluous
from citytwin_desktop.city.diagnosis.facing import facing_of
from citytwin_desktop.city.diagnosis.findings import FindingList, Findings
from citytwin_desktop.city.diagnosis.ground_loops import missing_grounds
from citytwin_desktop.city.diagnosis.outliers import far_m, impossible_surfaces, outlier_surfaces
from citytwin_desktop.city.diagnosis.ring_checks import RingChecks
from citytwin_desktop.city.diagnosis.shell_edges import ShellEdges
from citytwin_desktop.city.diagnosis.surface_edits import (
    with_rings_turned,
    with_surfaces_added,
    with_surfaces_turned,
    without_vertices,
)
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.surfaces import Surfaces

__all__ = ["outlier_surfaces", "repair"]

_FEWEST_CORNERS = 3
_MOST_ROUNDS = 8
"""Taking something out can bring out the next; real data need one round."""

BoolArray = NDArray[np.bool_]


def repair(city: CityModel, *, thorough: bool = False) -> tuple[CityModel, Findings]:
    """Mend what can be mended without doubt.

    Surfaces with impossible or stray coordinates, or given twice, are left out; so are repeated corners and holes of
    fewer than three. Surfaces without area do no harm and stay, for the model is the source's; a thorough repair
    takes them out too. Holes are turned against their outline, surfaces that keep their body from closing
    are turned, and bodies that are inside out as a whole. Bodies open at the bottom get a ground surface along the
    lower edges of their walls. Every corner of the result was a corner before; buildings stay even when they lose
    all surfaces. To repair what was repaired changes nothing. Kinds may still be unknown (255).

    Parameters
    ----------
    city : CityModel
    thorough : bool

    Returns
    -------
    CityModel
        The same object when nothing was to be done.
    Findings
        What was done, one for each building and kind of repair. Surfaces are those of the mended city where one
        alone is concerned and still there; the number is that of surfaces or corners concerned, of a ground surface
        its area [m2].
    """
    work = _Work(city.surfaces, len(city.buildings), thorough)
    if len(city.surfaces):
        work.drop_stray()
        for _ in range(_MOST_ROUNDS):
            if not work.tidy_rings():
                break
        work.drop_coincident()
        work.close_and_turn()
    mended = city if work.surfaces is city.surfaces else replace(city, surfaces=work.surfaces)
    return mended, work.found.table(repaired=True)


@dataclass
class _Work:
    """Surfaces under repair."""

    surfaces: Surfaces
    rows: int
    thorough: bool
    found: FindingList = field(default_factory=FindingList)

    def drop_stray(self) -> None:
        """Leave out surfaces that cannot be where they are."""
        bad = impossible_surfaces(self.surfaces.polygons)
        if bad.any():
            self._tell("not_a_number", self.surfaces.building[bad])
            self._keep(~bad)
        for _ in range(_MOST_ROUNDS):
            far, _ = far_m(self.surfaces.polygons, self.surfaces.building)
            if not far.any():
                break
            self._tell("outlier_coordinates", self.surfaces.building[far])
            self._keep(~far)

    def tidy_rings(self) -> bool:
        """Repeated corners, short rings, wrong holes and surfaces without area; False when there were none."""
        surfaces, checks = self.surfaces, RingChecks(self.surfaces.polygons)
        owner, of_ring = surfaces.building, checks.polygon_of_ring
        empty = np.diff(surfaces.polygons.polygon_start) == 0
        outer = np.zeros(len(of_ring), bool)
        outer[surfaces.polygons.polygon_start[:-1][~empty]] = True
        thin = checks.flat.copy()
        thin[of_ring[checks.short_rings & outer]] = True
        cut_short = (np.diff(surfaces.polygons.ring_start) < _FEWEST_CORNERS) & outer
        empty[of_ring[cut_short]] = True
        lost = thin | empty if self.thorough else empty
        hole = checks.short_rings & ~outer & ~(lost | thin)[of_ring]
        kept_vertex = ~(lost | thin)[surfaces.polygons.vertex_polygon]
        corner = checks.repeated & kept_vertex & ~hole[checks.ring_of_vertex]
        if lost.any() or hole.any() or corner.any():
            self._tell("zero_area", owner[lost])
            self._tell("too_few_points", owner[of_ring[hole]])
            self._tell("consecutive_points_same", owner[surfaces.polygons.vertex_polygon[corner]])
            polygons = surfaces.polygons
            if hole.any() or corner.any():
                polygons = without_vertices(polygons, corner, hole)
            self.surfaces = replace(surfaces, polygons=polygons)
            if lost.any():
                self._keep(~lost)
            return True
        return self._turn_holes(checks)

    def _turn_holes(self, checks: RingChecks) -> bool:
        wrong = checks.holes_like_outline
        if not wrong.any():
            return False
        self._tell("orientation_rings_same", self.surfaces.building[checks.polygon_of_ring[wrong]])
        self.surfaces = replace(self.surfaces, polygons=with_rings_turned(self.surfaces.polygons, wrong))
        return True

    def drop_coincident(self) -> None:
        """Keep surfaces that are given twice once."""
        again = superfluous(self.surfaces)
        if again.any():
            self._tell("duplicate_surface", self.surfaces.building[again])
            self._keep(~again)

    def close_and_turn(self) -> None:
        """Add missing ground surfaces, and turn what faces the wrong way."""
        edges = ShellEdges.of(self.surfaces)
        grounds = missing_grounds(self.surfaces, edges, self.rows)
        if grounds:
            rows = np.array([ground.row for ground in grounds], np.int64)
            rings = [ground.rings for ground in grounds]
            self.surfaces, place = with_surfaces_added(self.surfaces, rows, rings, SurfaceKind.GROUND)
            self.found.add("missing_ground", rows, place, np.array([ground.area_m2 for ground in grounds]))
            edges = ShellEdges.of(self.surfaces)
        facing = facing_of(self.surfaces, edges, self.rows)
        turned = facing.turned(self.surfaces)
        if turned.any():
            owner = self.surfaces.building
            inverted = facing.inverted(self.surfaces)[owner]
            self._tell("polygon_wrong_orientation", owner[turned & ~inverted])
            self._tell("inverted_body", owner[inverted])
            self.surfaces = with_surfaces_turned(self.surfaces, turned)

    def _keep(self, kept: BoolArray) -> None:
        self.surfaces = self.surfaces.take(np.flatnonzero(kept))

    def _tell(self, code: str, rows: IntArray) -> None:
        counts = count_by(rows, self.rows)
        concerned = np.flatnonzero(counts)
        self.found.add(code, concerned, number=counts[concerned])
