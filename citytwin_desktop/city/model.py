"""The city in memory: arrays, and light views that give them names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.splicing import reshaped, spliced
from citytwin_desktop.city.surfaces import Surfaces


@dataclass(frozen=True, eq=False)
class ContextLayer:
    """Something drawn around the buildings: roads, water, green, trees, terrain.

    Parameters
    ----------
    name : str
    kind : ContextKind
    polygons : Polygons
        In the city's local coordinates [m].
    """

    name: str
    kind: ContextKind
    polygons: Polygons


@dataclass(frozen=True, eq=False)
class CityModel:
    """Buildings, their surfaces and the context around them.

    Parameters
    ----------
    epsg : int
        Code of the projected coordinate reference system, 0 for an empty city without one.
    origin : tuple of float [m]
        World coordinates of the local origin; large coordinates never reach float32.
    buildings : Buildings
    surfaces : Surfaces
    context : tuple of ContextLayer
    metadata : mapping
        About the source: file names, title, reference date.
    """

    epsg: int = 0
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    buildings: Buildings = field(default_factory=Buildings)
    surfaces: Surfaces = field(default_factory=Surfaces.empty)
    context: tuple[ContextLayer, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def building(self, identifier: str) -> "Building":
        """View of one building.

        Raises
        ------
        KnownError
            When there is no such building.
        """
        return Building(self, self.buildings.row(identifier))

    def volumes_m3(self) -> FloatArray:
        """(n_buildings,) float64 [m3]: volume enclosed by each row's own surfaces, 0 for none."""
        return np.abs(self.signed_volumes_m3())

    def signed_volumes_m3(self) -> FloatArray:
        """(n_buildings,) float64 [m3]: enclosed volume, negative for a body that is inside out (divergence theorem).

        Of the upright component alone, for which upright walls count nothing: real cities leave out those that two
        buildings share. A missing ground counts as lying where the body begins, a missing roof as where it ends.
        """
        if not len(self.surfaces):
            return np.zeros(len(self.buildings))
        polygons, owner, count = self.surfaces.polygons, self.surfaces.building, len(self.buildings)
        x, y, z = (polygons.vertices - polygons.vertices[polygons.first_vertex[polygons.vertex_polygon]]).T
        following = polygons.following_vertex
        # Each polygon as a fan from its first corner: area in plan of each triangle, and its mean height over that.
        area = (x * y[following] - x[following] * y) / 2.0
        moment = np.bincount(polygons.vertex_polygon, area * (z + z[following]) / 3.0, minlength=len(polygons))
        plan = np.bincount(polygons.vertex_polygon, area, minlength=len(polygons))
        low, high = (bound[:, 2] for bound in self.bounds_m)
        base = polygons.vertices[polygons.first_vertex, 2] - low[owner]
        volume = np.bincount(owner, moment + base * plan, minlength=count)
        open_above = np.minimum(np.bincount(owner, plan, minlength=count), 0.0)
        return np.asarray(volume - open_above * np.nan_to_num(high - low), np.float64)

    @cached_property
    def bounds_m(self) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest corner of each row, two (n_buildings, 3) float64 [m]; nan for none."""
        count = len(self.buildings)
        low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
        polygons = self.surfaces.polygons
        if len(polygons.vertices):
            # Surfaces stand sorted by their building, and so do their corners.
            rows = self.rows_with_geometry
            first = polygons.ring_start[polygons.polygon_start[np.searchsorted(self.surfaces.building, rows)]]
            filled = np.diff(first, append=len(polygons.vertices)) > 0
            rows, first = rows[filled], first[filled]
            low[rows] = np.minimum.reduceat(polygons.vertices, first, axis=0)
            high[rows] = np.maximum.reduceat(polygons.vertices, first, axis=0)
        bare = ~np.isfinite(low[:, 0])
        low[bare], high[bare] = np.nan, np.nan
        return low, high

    @cached_property
    def rows_with_geometry(self) -> IntArray:
        """(k,) int64: rows that own surfaces, the ones that engines can simulate."""
        # Surfaces stand sorted by their building.
        return self.surfaces.building[np.flatnonzero(np.diff(self.surfaces.building, prepend=-1))].astype(np.int64)

    def at_rows(self, rows: IntArray) -> "CityModel":
        """This city with some rows only, in the given ascending order, and their surfaces."""
        return self._assembled([self], np.zeros(len(rows), np.int64), rows, self.buildings.take(rows))

    def with_values(self, buildings: Buildings) -> "CityModel":
        """This city with other values of the same buildings; what is known of their shapes comes along.

        Parameters
        ----------
        buildings : Buildings
            With the same identifiers in the same order.
        """
        made = replace(self, buildings=buildings)
        for name in ("bounds_m", "rows_with_geometry"):
            if name in self.__dict__:
                made.__dict__[name] = self.__dict__[name]  # where `cached_property` looks
        return made

    def with_surfaces(self, rows: IntArray, surfaces: Surfaces) -> "CityModel":
        """This city with other surfaces for some rows.

        Parameters
        ----------
        rows : ndarray, (k,) int64
            Ascending.
        surfaces : Surfaces
            ``building`` counts along ``rows``, ascending.
        """
        others = CityModel(buildings=self.buildings.take(rows), surfaces=surfaces)
        if (same_numbers := reshaped(self.surfaces, rows, surfaces)) is not None:
            return self._reshaped(rows, others, same_numbers)
        part, row = np.zeros(len(self.buildings), np.int64), np.arange(len(self.buildings))
        part[rows], row[rows] = 1, np.arange(len(rows))
        return self._assembled([self, others], part, row, self.buildings)

    def _reshaped(self, rows: IntArray, others: "CityModel", surfaces: Surfaces) -> "CityModel":
        """The same rows with surfaces elsewhere; what is known of all others comes along."""
        made = replace(self, surfaces=surfaces)
        # Into where `cached_property` looks.
        if "rows_with_geometry" in self.__dict__:
            made.__dict__["rows_with_geometry"] = self.rows_with_geometry
        if "bounds_m" in self.__dict__:
            bounds = tuple(bound.copy() for bound in self.bounds_m)
            for bound, other in zip(bounds, others.bounds_m, strict=True):
                bound[rows] = other
            made.__dict__["bounds_m"] = bounds
        return made

    def with_buildings(self, fragment: "CityModel") -> "CityModel":
        """This city and the rows of a fragment, in the order of their ``fid``."""
        joined = Buildings.concatenate([self.buildings, fragment.buildings])
        order = np.argsort(joined.columns["fid"], kind="stable")
        part = (order >= len(self.buildings)).astype(np.int64)
        row = np.where(part == 0, order, order - len(self.buildings))
        return self._assembled([self, fragment], part, row, joined.take(order))

    def _assembled(
        self, cities: Sequence["CityModel"], part: IntArray, row: IntArray, buildings: Buildings
    ) -> "CityModel":
        """Rows of several cities with this city's frame; bounds that are known come along."""
        made = replace(self, buildings=buildings, surfaces=spliced([city.surfaces for city in cities], part, row))
        if "bounds_m" in self.__dict__:
            place = row + np.where(part > 0, len(self.buildings), 0)
            sides = zip(*(city.bounds_m for city in cities), strict=True)
            low, high = (np.concatenate(side)[place] for side in sides)
            made.__dict__["bounds_m"] = low, high  # where `cached_property` looks
        return made

    def without_buildings(self, identifiers: Sequence[str]) -> "CityModel":
        """This city less some rows and their surfaces."""
        keep = np.ones(len(self.buildings), bool)
        keep[self.buildings.rows(identifiers)] = False
        return self.at_rows(np.flatnonzero(keep))


@dataclass(frozen=True)
class Building:
    """One building or building part: names for its place in the columns."""

    city: CityModel
    row: int

    def __getattr__(self, name: str) -> Any:
        try:
            return self.city.buildings.columns[name][self.row]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def surfaces(self) -> slice:
        """Slice of its surfaces in ``city.surfaces``."""
        return self.city.surfaces.of_building(self.row)

    def area_m2(self, kind: SurfaceKind) -> float:
        """Area of its own surfaces of one kind [m2]."""
        mine = self.surfaces
        mask = self.city.surfaces.kind[mine] == kind
        return float(self.city.surfaces.polygons.areas_m2[mine][mask].sum())

    @property
    def roof_area_m2(self) -> float:
        """Roof area [m2]."""
        return self.area_m2(SurfaceKind.ROOF)

    @property
    def wall_area_m2(self) -> float:
        """Wall area [m2]."""
        return self.area_m2(SurfaceKind.WALL)

    @property
    def ground_area_m2(self) -> float:
        """Ground surface area [m2]."""
        return self.area_m2(SurfaceKind.GROUND)

    @property
    def volume_m3(self) -> float:
        """Enclosed volume [m3]."""
        return float(self.city.volumes_m3()[self.row])
