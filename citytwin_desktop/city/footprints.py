"""The plan of each building: footprint polygons, base, eaves, ridge and mean height."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.roof_planes import plan_centroids
from citytwin_desktop.errors import BugError

SIMPLIFY_TOLERANCE_M = 0.05
_MINIMUM_AREA_M2 = 1.0
_HEIGHT_SLACK_M = 0.25
_OPEN_SHARE = 0.02
_STEEP = 0.1


@dataclass(frozen=True)
class Footprint:
    """Plan and heights of one building row, in local coordinates.

    Parameters
    ----------
    row : int
        Row in the table of buildings.
    polygons : tuple of shapely.Polygon
        Valid, outer rings counter-clockwise, holes (courtyards) clockwise; more than one when the
        building stands on separate plots.
    area_m2 : float [m2]
    base_z_m, eave_z_m, ridge_z_m : float [m]
        Lowest ground, lowest and highest point of the roof.
    mean_height_m : float [m]
        Enclosed volume over footprint area: the height of the flat-roofed body of the same volume. The volume is
        that between the surfaces above and those below, so walls that a source leaves out between houses are not
        missed.
    plan_origin : str
        ``"ground"``, or ``"projected"`` when there is no ground surface and the roofs were projected.
    height_origin : str
        ``"volume"``, or ``"roof"`` when what is above and below does not close a body and the mean height of
        the roof was taken instead.
    """

    row: int
    polygons: tuple[shapely.Polygon, ...]
    area_m2: float
    base_z_m: float
    eave_z_m: float
    ridge_z_m: float
    mean_height_m: float
    plan_origin: str
    height_origin: str

    @property
    def top_z_m(self) -> float:
        """Height of the flat-roofed body of the same volume above the local datum [m]."""
        return self.base_z_m + self.mean_height_m

    @property
    def geometry(self) -> shapely.MultiPolygon:
        """All polygons as one geometry."""
        return shapely.MultiPolygon(self.polygons)


def footprints(city: CityModel, rows: Sequence[int] | IntArray | None = None) -> dict[int, Footprint]:
    """Footprints of building rows.

    Parameters
    ----------
    city : CityModel
    rows : sequence of int, optional
        All rows with surfaces by default.

    Returns
    -------
    dict of int to Footprint
        By row; a row without any surface that has an area in plan is missing.

    Raises
    ------
    BugError
        When a row is outside the table.
    """
    wanted = np.asarray(city.rows_with_geometry if rows is None else rows, np.int64)
    if len(wanted) and (wanted.min() < 0 or wanted.max() >= len(city.buildings)):
        raise BugError("a footprint was asked for a row that does not exist")
    ground = _plans(city, wanted, (SurfaceKind.GROUND,))
    bare = np.array([row for row in wanted if row not in ground], np.int64)
    projected = _plans(city, bare, (SurfaceKind.ROOF, SurfaceKind.OUTER_FLOOR))
    bare = np.array([row for row in bare if row not in projected], np.int64)
    projected |= _plans(city, bare, tuple(SurfaceKind))
    heights = _Heights.of(city)
    return {
        int(row): heights.footprint(int(row), ground.get(int(row)) or projected[int(row)], row in ground)
        for row in wanted
        if row in ground or row in projected
    }


def _plans(city: CityModel, rows: IntArray, kinds: tuple[SurfaceKind, ...]) -> dict[int, tuple[shapely.Polygon, ...]]:
    """Union of the projections of some kinds of surfaces by row; rows without area are missing."""
    surfaces = city.surfaces
    mask = np.isin(surfaces.kind, kinds) & np.isin(surfaces.building, rows)
    mask &= np.abs(surfaces.polygons.area_vectors_m2[:, 2]) > 1e-3
    chosen = np.flatnonzero(mask)
    if not len(chosen):
        return {}
    shapes = plan_polygons(surfaces.polygons.take(chosen))
    owners = surfaces.building[chosen]
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    plans = {}
    for first, last in zip(starts, [*starts[1:], len(owners)], strict=True):
        plan = _clean(shapes[first:last])
        if plan:
            plans[int(owners[first])] = plan
    return plans


def plan_polygons(polygons: Polygons) -> NDArray[np.object_]:
    """(n,) object of shapely.Polygon: projections on the horizontal plane, made valid."""
    lengths = np.diff(polygons.ring_start)
    ring_of_vertex = np.repeat(np.arange(len(lengths)), lengths)
    solid = lengths >= 3
    enough = solid[ring_of_vertex]
    renumber = np.cumsum(solid) - 1
    rings = shapely.linearrings(polygons.vertices[enough, :2], indices=renumber[ring_of_vertex[enough]])
    polygon_of_ring = np.repeat(np.arange(len(polygons)), np.diff(polygons.polygon_start))[solid]
    shapes: NDArray[np.object_] = np.full(len(polygons), shapely.Polygon(), object)
    if len(rings):
        shapely.polygons(rings, indices=polygon_of_ring, out=shapes)
    invalid = ~shapely.is_valid(shapes)
    shapes[invalid] = shapely.make_valid(shapes[invalid])
    return shapes


def _clean(shapes: NDArray[np.object_]) -> tuple[shapely.Polygon, ...]:
    union = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes, grid_size=0.001)
    simple = shapely.simplify(union, SIMPLIFY_TOLERANCE_M, preserve_topology=True)
    parts = shapely.get_parts(simple)
    keep = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) >= _MINIMUM_AREA_M2)
    return tuple(shapely.orient_polygons(parts[keep]))


@dataclass(frozen=True)
class _Heights:
    """Heights of every row, computed at once."""

    high: FloatArray
    base: FloatArray
    eave: FloatArray
    roof_mean: FloatArray
    volume: FloatArray
    open_plan: FloatArray
    wall_area: FloatArray

    @classmethod
    def of(cls, city: CityModel) -> "_Heights":
        low, high = city.bounds_m
        count = len(city.buildings)
        surfaces = city.surfaces
        owner, z = surfaces.building[surfaces.polygons.vertex_polygon], surfaces.polygons.vertices[:, 2]
        kind = surfaces.kind[surfaces.polygons.vertex_polygon]
        eave = np.full(count, np.inf)
        with np.errstate(invalid="ignore"):  # what is not a number is refused later, by name
            np.minimum.at(eave, owner[kind == SurfaceKind.ROOF], z[kind == SurfaceKind.ROOF])
        eave = np.where(np.isfinite(eave), eave, high[:, 2])
        roof = surfaces.kind == SurfaceKind.ROOF
        plan = np.abs(surfaces.polygons.area_vectors_m2[roof, 2])
        weighted = np.bincount(surfaces.building[roof], plan * surfaces.polygons.centroids[roof, 2], minlength=count)
        total = np.bincount(surfaces.building[roof], plan, minlength=count)
        roof_mean = np.divide(weighted, total, out=high[:, 2].copy(), where=total > 0)
        wall_area = surfaces.building_area_m2(SurfaceKind.WALL, count)
        volume, open_plan = _upright_volumes_m3(city)
        return cls(high[:, 2], low[:, 2], eave, roof_mean, volume, open_plan, wall_area)

    def footprint(self, row: int, polygons: tuple[shapely.Polygon, ...], from_ground: bool) -> Footprint:
        area = sum(polygon.area for polygon in polygons)
        base, ridge = float(self.base[row]), float(self.high[row])
        mean, origin = float(self.volume[row]) / area, "volume"
        eave_height = float(self.eave[row]) - base
        # Roof and ground alone (2.5D) enclose a third of the body by their cones, which looks like a volume.
        open_sides = self.wall_area[row] <= 0.0 and eave_height > _HEIGHT_SLACK_M
        open_sides |= bool(self.open_plan[row] > _OPEN_SHARE * area)
        if open_sides or not 0.3 * eave_height <= mean <= ridge - base + _HEIGHT_SLACK_M or mean <= 0:
            mean, origin = float(self.roof_mean[row]) - base, "roof"
        return Footprint(
            row=row,
            polygons=polygons,
            area_m2=area,
            base_z_m=base,
            eave_z_m=float(self.eave[row]),
            ridge_z_m=ridge,
            mean_height_m=mean,
            plan_origin="ground" if from_ground else "projected",
            height_origin=origin,
        )


def _upright_volumes_m3(city: CityModel) -> tuple[FloatArray, FloatArray]:
    """Volume of each row by upright prisms [m3], and the area in plan by which it is open above or below [m2].

    The divergence theorem for the upright component alone: walls count for nothing, so they may be missing.
    """
    polygons, owner = city.surfaces.polygons, city.surfaces.building
    count = len(city.buildings)
    if not len(city.surfaces):
        return np.zeros(count), np.zeros(count)
    vectors = polygons.area_vectors_m2
    level = polygons.centroids.copy()
    shift = plan_centroids(polygons) - level[:, :2]
    upward = vectors[:, 2]
    sloped = np.abs(polygons.normals[:, 2]) > _STEEP
    slope = np.divide(vectors[:, :2], upward[:, None], out=np.zeros((len(upward), 2)), where=sloped[:, None])
    height = level[:, 2] - np.where(sloped, np.einsum("ij,ij->i", slope, shift), 0.0) - city.bounds_m[0][owner, 2]
    volume = np.bincount(owner, upward * height, minlength=count)
    return np.abs(volume), np.abs(np.bincount(owner, upward, minlength=count))
