"""New buildings: drawn by hand, and what all new ones need to know of their place."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import shapely

from citytwin_desktop.catalog.archetypes import archetype, archetype_id
from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.city.buildings import COLUMNS, VALUE_ORIGINS
from citytwin_desktop.city.district import District
from citytwin_desktop.city.geometry_mark import GEOMETRY
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.roof_planes import storey_count
from citytwin_desktop.city.shaping.bodies import named_body
from citytwin_desktop.city.shaping.ground import terrain_of
from citytwin_desktop.city.shaping.outlines import checked_outline, plans_of
from citytwin_desktop.city.shaping.roofs import RoofShape, roof_over
from citytwin_desktop.city.terrain_drop import TerrainSurface
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.new_rows import free_id, inserted
from citytwin_desktop.document.commands.shaping import HIGHEST_M, LOWEST_M, check_number, metres, report_of
from citytwin_desktop.document.commands.shaping_outlines import HIGHEST_PITCH_DEG, LOWEST_PITCH_DEG, roof_shape
from citytwin_desktop.errors import KnownError

_NEIGHBOURS, _NEAR_M = 25, 500.0
_STEP_M = 5.0
_COMMON_M2 = 1.0
_LEAST_WALL_M = 0.5
DRAWN = "drawn in the project"


@register
@dataclass(frozen=True)
class AddBuilding(Command):
    """Draw a new building: a footprint, a total height, a roof.

    It stands on the lowest ground along its outline where there is terrain, else on the level of its neighbours. Its
    archetype follows from function and year in the set that its neighbours have; without both it has none.
    """

    id: ClassVar[str] = "add_building"
    summary: ClassVar[str] = "Draw a new building"

    footprint: tuple[float, ...]
    height_m: float
    base_m: float | None = None
    name: str = ""
    function: str = ""
    year_built: float | None = None
    storeys: float | None = None
    roof: str = "flat"
    pitch_deg: float = 35.0
    ridge_deg: float | None = None
    holes: tuple[float, ...] = ()
    hole_sizes: tuple[float, ...] = ()

    def prepare(self, district: District) -> Preparation:
        """Work out the body and the columns."""
        plan = checked_outline(self.footprint, "The footprint", self.holes, self.hole_sizes)
        check_number(self.height_m, "The height", LOWEST_M, HIGHEST_M, "m")
        site = Site.of(district.city, plan)
        base = site.base_m if self.base_m is None else check_number(self.base_m, "The base", -1e4, 1e4, "m")
        shape = roof_shape(self.roof)
        check_number(self.pitch_deg, "The pitch", LOWEST_PITCH_DEG, HIGHEST_PITCH_DEG, "°")
        if self.ridge_deg is not None:
            check_number(self.ridge_deg, "The direction of the ridge", -360.0, 360.0, "°")
        roof = roof_over(plan, shape, self.ridge_deg)
        slope = math.tan(math.radians(self.pitch_deg))
        wall = self.height_m - slope * roof.rise_m
        if wall < _LEAST_WALL_M:
            msg = (
                f"The roof alone would be {slope * roof.rise_m:.1f} m high: give more height than that, or less pitch."
            )
            raise KnownError(msg)
        identifier = free_id("new", district.city.buildings)
        body_height = wall + slope * roof.volume_m3 / plan.area
        columns = new_columns(site, self.function, self.year_built, self.storeys, body_height)
        columns |= {"id": identifier, "name": " ".join(self.name.split()), "height_m": self.height_m}
        columns["lod"] = "1" if shape is RoofShape.FLAT else "2"
        columns[VALUE_ORIGINS] = {GEOMETRY: ["", DRAWN], "height_m": [self.height_m, DRAWN]}
        body = named_body(roof.body(base, base + wall, slope), identifier, 0)
        title = f"Draw {columns['name'] or identifier}, {round(plan.area):g} m² and {metres(self.height_m)} high"
        report = report_of(
            id=identifier, base_m=base, base_from="given" if self.base_m is not None else site.base_from,
            archetype_id=columns["archetype_id"] or None, overlaps=overlapped(district.city, [plan]),
        )  # fmt: skip
        return Preparation((inserted(district, [columns], [body]),), title, report=report)


@dataclass(frozen=True)
class Site:
    """What the surroundings of a place tell about a new building.

    Parameters
    ----------
    base_m : float [m]
        Lowest ground along its outline, in local coordinates.
    base_from : str
        ``terrain``, ``neighbours`` or ``datum``.
    archetype_set : str
        That most neighbours have; empty where none has one.
    """

    base_m: float
    base_from: str
    archetype_set: str

    @classmethod
    def of(cls, city: CityModel, plan: shapely.Polygon) -> "Site":
        """Look around a plan."""
        near = _neighbours(city, plan)
        base, source = _base_m(city, plan, near, terrain_of(city))
        names = [str(name) for name in city.buildings.columns["archetype_id"][near] if name]
        sets = Counter(archetype(name).archetype_set for name in names).most_common(1)
        return cls(base, source, sets[0][0] if sets else "")


def new_columns(
    site: Site, function: str, year_built: float | None, storeys: float | None, body_height_m: float
) -> dict[str, Any]:
    """Columns of a new building with the origins of their values.

    Parameters
    ----------
    site : Site
    function : str
        Empty for unknown.
    year_built, storeys : float, optional
    body_height_m : float [m]
        Mean height of the body, which storeys are derived from where there is an archetype.

    Raises
    ------
    KnownError
        When the function does not exist, or a number is not plausible.
    """
    if function and function not in FUNCTIONS:
        msg = f"There is no function “{function}”: choose one of {', '.join(FUNCTIONS)}."
        raise KnownError(msg)
    given = {"year_built": year_built, "storeys": storeys}
    for column, value in given.items():
        definition = COLUMNS[column]
        if value is not None:
            check_number(value, f"The {definition.title.lower()}", definition.low, definition.high)
            if value != round(value):
                msg = f"The {definition.title.lower()} is {value:g}: give a whole number."
                raise KnownError(msg)
    chosen = ""
    if site.archetype_set and function and year_built is not None:
        chosen = archetype_id(site.archetype_set, function, year_built)
    row: dict[str, Any] = {"function": function, "archetype_id": chosen, **given}
    row |= {f"{name}_origin": Origin.EDITED.value for name in ("function", *given) if row[name] not in (None, "")}
    if storeys is None and chosen:
        usual = archetype(chosen).values["storey_height_m"].value
        row["storeys"] = float(storey_count(math.nan, body_height_m, usual))
        row["storeys_origin"] = Origin.DERIVED.value
    return row


def overlapped(city: CityModel, plans: list[shapely.Polygon]) -> list[str]:
    """Buildings with which new ones have more than 1 m² in plan in common, by identifier."""
    low, high = city.bounds_m
    x0, y0, x1, y1 = shapely.total_bounds(np.array(plans, object))
    with np.errstate(invalid="ignore"):
        near = (low[:, 0] < x1) & (high[:, 0] > x0) & (low[:, 1] < y1) & (high[:, 1] > y0)
    tree = shapely.STRtree(plans)
    found = []
    for row in np.flatnonzero(near).tolist():
        there = plans_of(city.surfaces.stretch(city.surfaces.of_building(row)))
        pairs = ((plan, plans[k]) for plan in there for k in tree.query(plan, predicate="intersects"))
        if sum(plan.intersection(new).area for plan, new in pairs) > _COMMON_M2:
            found.append(str(city.buildings.ids[row]))
    return found


def _neighbours(city: CityModel, plan: shapely.Polygon) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Rows of the nearest buildings, at most 25 within 500 m."""
    low, high = city.bounds_m
    middle = (low[:, :2] + high[:, :2]) / 2.0
    away = np.hypot(*(middle - shapely.get_coordinates(plan.centroid)[0]).T)
    away = np.where(np.isfinite(away), away, np.inf)
    nearest = np.argsort(away, kind="stable")[:_NEIGHBOURS]
    return np.asarray(nearest[away[nearest] <= _NEAR_M], np.int64)


def _base_m(
    city: CityModel, plan: shapely.Polygon, near: "np.ndarray[Any, np.dtype[np.int64]]", terrain: TerrainSurface | None
) -> tuple[float, str]:
    if terrain is not None:
        outline = shapely.segmentize(plan, _STEP_M)
        ground = terrain.height_at(shapely.get_coordinates(outline))
        if np.isfinite(ground).any():
            return float(np.nanmin(ground)), "terrain"
    if len(near):
        return float(np.median(city.bounds_m[0][near, 2])), "neighbours"
    return 0.0, "datum"
