"""What the solar engine needs of a city: plain arrays that travel between processes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.context_triangles import crown_triangles, terrain_triangles
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.surface_reflectance import surface_reflectance
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.coincidence import coincidence, first_of_each
from citytwin_desktop.sim.solar.ground import ground_under
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.terrain import height_on_triangles_m

FloatArray = NDArray[np.float64]

SMALLEST_TRIANGLE_M2 = 1e-6
_INSIDE_OUT_SHARE = -0.2
_OPEN_SHARE = 0.6
_MOST_CELLS = 20_000_000
_MIDDLE_STEP_M = 128.0
_FLOATING_M = 1.0
_MOST_FOLDED = 60.0
"""Area of a building's faces by that of the box around it; real ones, with all storeys and rooms, stay under ten."""


@dataclass(frozen=True, eq=False)
class SolarScene:
    """Triangles of the city and of the ground around it.

    Rows are the surfaces of the city in their order, then the cells of the ground. Terrain beyond those cells stands
    in the way, but is not a row.

    Parameters
    ----------
    middle_m : ndarray, (3,) float64 [m]
        Where the origin of the triangles lies in the coordinates of the city; in whole steps, so that an edit seldom
        moves it.
    triangles_m : ndarray, (t, 3, 3) float32 [m]
        Corners about the middle, wound outwards.
    triangle_row : ndarray, (t,) int32
        Row of each triangle, ascending; the number of rows for terrain beyond.
    crowns_m : ndarray, (c, 3, 3) float32 [m]
        Triangles of the crowns of trees, which dim the light that passes them.
    normals : ndarray, (rows, 3) float64
        Unit vectors outwards; zero for a surface without area.
    areas_m2 : ndarray, (rows,) float64 [m2]
    reflectance : ndarray, (rows,) float32
    sensors : ndarray, (rows,) bool
        Rows that are looked at. The others get nothing: surfaces on soil, walls fully shared, no area.
    on_soil : ndarray, (rows,) bool
        Undersides that lie on the ground; no light comes from beneath them.
    surface_count : int
        Number of surfaces of the city, the rows before the ground.
    twin : ndarray, (surface_count,) int64
        First surface with the very same corners and side, itself for most; only those first ones have triangles.
    """

    middle_m: FloatArray
    triangles_m: NDArray[np.float32]
    triangle_row: NDArray[np.int32]
    crowns_m: NDArray[np.float32]
    normals: FloatArray
    areas_m2: FloatArray
    reflectance: NDArray[np.float32]
    sensors: NDArray[np.bool_]
    on_soil: NDArray[np.bool_]
    surface_count: int
    twin: NDArray[np.int64]

    @property
    def row_count(self) -> int:
        """Number of surfaces and ground cells."""
        return len(self.areas_m2)


def solar_scene(city: CityModel, settings: SolarSettings, conditions: SolarConditions | None = None) -> SolarScene:
    """Build the scene of a whole city.

    Buildings that enclose a negative volume are taken as inside out and turned. Single surfaces that
    face inwards are found later, by rays.

    Parameters
    ----------
    city : CityModel
    settings : SolarSettings
    conditions : SolarConditions, optional
        For the reflectances; the usual ones by default.

    Returns
    -------
    SolarScene

    Raises
    ------
    KnownError
        When there is no surface, a vertex is not a number, or the city is too large for its cells.
    """
    conditions = conditions or SolarConditions()
    surfaces, polygons = city.surfaces, city.surfaces.polygons
    _require_geometry(city, settings.cell_size_m)
    middle = (polygons.vertices.min(axis=0) + polygons.vertices.max(axis=0)) / 2
    middle = np.rint(middle / _MIDDLE_STEP_M) * _MIDDLE_STEP_M
    triangles = triangulate(polygons)
    corners = (polygons.vertices[triangles.indices] - middle).astype(np.float32)
    solid = triangle_areas_m2(corners) >= SMALLEST_TRIANGLE_M2
    corners, row = corners[solid], triangles.polygon[solid]
    turned = inside_out_buildings(city)[surfaces.building]
    corners = np.where(turned[row, None, None], corners[:, ::-1], corners)
    normals = np.where(turned[:, None], -polygons.normals, polygons.normals)
    same = coincidence(polygons, normals)
    only = same.twin == np.arange(len(surfaces))
    corners, row = corners[only[row]], row[only[row]]
    _require_bodies(city, corners, row)
    reflectance = surface_reflectance(city, conditions)
    terrain = terrain_triangles(city) - middle
    ground, beyond = ground_under(
        corners, _base_points(city) - middle, terrain, settings.ground_cell_m, settings.ground_margin_m
    )
    ground_triangles = ground[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3, 3)
    on_soil = _on_soil(city, middle, ground_triangles)
    seen = np.isin(np.arange(len(surfaces)), row) & ~on_soil & ~same.shared
    count = len(ground)
    ground_row = np.repeat(np.arange(count), 2) + len(surfaces)
    beyond_row = np.full(len(beyond), len(surfaces) + count)
    areas = triangle_areas_m2(ground_triangles).reshape(-1, 2).sum(axis=1)
    return SolarScene(
        middle_m=middle,
        triangles_m=np.concatenate([corners, ground_triangles, beyond]).astype(np.float32),
        triangle_row=np.concatenate([row, ground_row, beyond_row]).astype(np.int32),
        crowns_m=(crown_triangles(city) - middle).astype(np.float32),
        normals=np.concatenate([normals, _quad_normals(ground)]),
        areas_m2=np.concatenate([polygons.areas_m2, areas]),
        reflectance=np.append(reflectance, np.full(count, conditions.ground_reflectance)).astype(np.float32),
        sensors=np.append(seen, np.ones(count, bool)),
        on_soil=np.append(on_soil, np.zeros(count, bool)),
        surface_count=len(surfaces),
        twin=same.twin,
    )


def triangle_areas_m2(corners: NDArray[np.float32] | FloatArray) -> FloatArray:
    """Areas of triangles.

    Parameters
    ----------
    corners : ndarray, (t, 3, 3) [m]

    Returns
    -------
    ndarray, (t,) float64 [m2]
    """
    corners = corners.astype(np.float64)
    double = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.asarray(np.linalg.norm(double, axis=1) / 2)


def inside_out_buildings(city: CityModel) -> NDArray[np.bool_]:
    """Find rows whose surfaces enclose a clearly negative volume.

    Loose sheets, where one side of the body is open, enclose nothing and are left alone.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    ndarray, (n_buildings,) bool
    """
    polygons, owner = city.surfaces.polygons, city.surfaces.building
    low, high = city.bounds_m
    cones = np.einsum("ij,ij->i", polygons.centroids - ((low + high) / 2)[owner], polygons.area_vectors_m2)
    count = len(city.buildings)
    volume = np.bincount(owner, cones, minlength=count)
    negative = volume < _INSIDE_OUT_SHARE * np.bincount(owner, np.abs(cones), minlength=count)
    gap = np.stack([np.bincount(owner, polygons.area_vectors_m2[:, axis], minlength=count) for axis in range(3)])
    closed = np.linalg.norm(gap, axis=0) < _OPEN_SHARE * np.bincount(owner, polygons.areas_m2, minlength=count)
    return np.asarray(negative & closed)


def _on_soil(city: CityModel, middle_m: FloatArray, ground_m: FloatArray) -> NDArray[np.bool_]:
    """Ground surfaces, but for those of buildings that clearly float above the ground."""
    on_soil = city.surfaces.kind == SurfaceKind.GROUND
    place = city.surfaces.polygons.centroids[on_soil] - middle_m
    if len(place) and len(ground_m):
        height = height_on_triangles_m(place[:, :2], ground_m)
        on_soil[on_soil] = ~(place[:, 2] - height > _FLOATING_M)
    return np.asarray(on_soil)


def _quad_normals(quads: FloatArray) -> FloatArray:
    """(n, 3) float64 unit normals of quadrilaterals that are about plane."""
    normals = np.cross(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1])
    return np.asarray(normals / np.linalg.norm(normals, axis=1, keepdims=True))


def _require_geometry(city: CityModel, cell_m: float) -> None:
    polygons = city.surfaces.polygons
    if not len(city.surfaces):
        raise KnownError("The city has no surfaces, so there is nothing for the sun to shine on; import a city first.")
    broken = np.flatnonzero(~np.isfinite(polygons.vertices).all(axis=1))
    if len(broken):
        surface = int(polygons.vertex_polygon[broken[0]])
        name = city.surfaces.source_id[surface]
        raise KnownError(f"Surface {name} has a corner that is not a number; repair or remove it before the solar run.")
    hectares = polygons.areas_m2.sum() / 1e4
    millions = hectares / cell_m**2 / 100
    if millions * 1e6 > _MOST_CELLS:
        raise KnownError(
            f"The surfaces of the city measure {hectares:,.0f} ha, which makes {millions:,.0f} million solar cells; "
            "check its units, choose larger cells or import a smaller part."
        )


def _require_bodies(city: CityModel, corners_m: NDArray[np.float32], row: NDArray[np.int64]) -> None:
    """Refuse heaps of faces through each other: rays would need hours to find their way."""
    first = first_of_each(corners_m)
    owner = city.surfaces.building[row[first]]
    area = np.bincount(owner, triangle_areas_m2(corners_m[first]), minlength=len(city.buildings))
    low, high = city.bounds_m
    wide, deep, tall = np.maximum(high - low, 1.0).T
    worst = area / (2 * (wide * deep + deep * tall + tall * wide))
    if len(worst) and worst.max() > _MOST_FOLDED:
        building = int(worst.argmax())
        count = int((city.surfaces.building == building).sum())
        raise KnownError(
            f"Building {city.buildings.ids[building]} has {count:,} surfaces that fill its own outline "
            f"{worst[building]:,.0f} times; repair or remove it before the solar run."
        )


def _base_points(city: CityModel) -> FloatArray:
    """Corners of the ground surfaces; for buildings without one, their lowest corners."""
    polygons = city.surfaces.polygons
    vertex_row = city.surfaces.building[polygons.vertex_polygon]
    on_ground = city.surfaces.kind[polygons.vertex_polygon] == SurfaceKind.GROUND
    has_ground = np.zeros(len(city.buildings), bool)
    has_ground[vertex_row[on_ground]] = True
    lowest = city.bounds_m[0][vertex_row, 2]
    return np.asarray(polygons.vertices[on_ground | (~has_ground[vertex_row] & (polygons.vertices[:, 2] <= lowest))])
