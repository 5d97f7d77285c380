"""From the city to thermal models: plans, storeys, party walls, neighbours and ground of each building."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS
from citytwin_desktop.city.energy_spec import SYSTEM_FIELDS, EnergySpec
from citytwin_desktop.city.footprints import Footprint
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.neighbours import shading_walls
from citytwin_desktop.city.plan_faces import half_edges
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.roof_planes import storey_count
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.storey_bodies import storey_body
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.city_shapes import CityShapes, moved
from citytwin_desktop.sim.energyplus.crown_shading import CrownField, crown_field, crown_quads
from citytwin_desktop.sim.energyplus.ground import ground_resistance_m2k_w, ground_temperatures_c
from citytwin_desktop.sim.energyplus.inputs import EnergySettings, Storey, ThermalModel
from citytwin_desktop.sim.energyplus.party_stretches import exposed_edge_m, party_stretches
from citytwin_desktop.sim.energyplus.storey_faces import BodyOutline, storeys_of
from citytwin_desktop.sim.energyplus.surface_links import linked
from citytwin_desktop.sim.energyplus.terrain_shading import ridge_points, ridge_quads
from citytwin_desktop.sim.energyplus.windows import glazing

MINIMUM_HEIGHT_M = 0.5
_MET_BY_LAYERS: dict[str, tuple[float, float]] = {
    "wall_u_value_w_m2k": (0.02, 5.5),
    "roof_u_value_w_m2k": (0.02, 6.5),
    "floor_u_value_w_m2k": (0.02, 5.5),
    "window_u_value_w_m2k": (0.1, 7.0),
    "storey_height_m": (1.5, 20.0),
}
"""Above them the air films alone insulate better than the whole is to, see `constructions`."""
_LIMITS = {
    name: (COLUMNS[name].low, COLUMNS[name].high) for name in OVERRIDE_COLUMNS if name not in SYSTEM_FIELDS
} | _MET_BY_LAYERS
"""Values that a building may have: as in the building table, which bounds only what is edited there."""

_LEAST_STOREY_M = 1.0
"""Several storeys lower than this are no storeys: their floor area would be a multiple of the true one."""
_LOWEST_STOREY_M = 2.3
"""Below this a storey is no room: the given number of storeys does not go with the shape."""
_GLASS_WORTH_A_WORD = 0.01


@dataclass(frozen=True)
class ThermalModels:
    """Models of the buildings that can be simulated, and why the others cannot.

    Parameters
    ----------
    models : list of ThermalModel
        In the order of the rows that were asked for.
    refused : dict of str to str
        One sentence by building id.
    """

    models: list[ThermalModel]
    refused: dict[str, str]


@dataclass(frozen=True)
class _Site:
    """What all buildings of a run share."""

    shapes: CityShapes
    walls: Mapping[int, FloatArray]
    crowns: CrownField
    ridges: FloatArray
    crown_light: tuple[float, ...]
    settings: EnergySettings
    ground_c: tuple[float, ...]
    note: str


def thermal_models(
    city: CityModel,
    rows: Sequence[int],
    specs: Mapping[str, EnergySpec],
    weather: Weather,
    settings: EnergySettings | None = None,
    conditions: SolarConditions | None = None,
) -> ThermalModels:
    """Prepare buildings for EnergyPlus.

    Parameters
    ----------
    city : CityModel
        All of it: the other buildings shade and share walls.
    rows : sequence of int
        Rows of the buildings or building parts to simulate.
    specs : mapping of str to EnergySpec
        By building id.
    weather : Weather
    settings : EnergySettings, optional
    conditions : SolarConditions, optional
        Say how much light crowns let through.

    Raises
    ------
    KnownError
        When the weather is of a leap year. A building that cannot be simulated raises nothing; it is named in
        ``refused``.
    """
    settings = settings or EnergySettings()
    if weather.hours != 8760:
        raise KnownError(
            f"The weather “{weather.name}” has {weather.hours} hours: choose one of a common year (8,760)."
        )
    temperatures, note = ground_temperatures_c(weather)
    shapes = CityShapes(city, rows)
    limits = settings.shading_radius_m, settings.shading_minimum_elevation_deg
    walls = shading_walls(shapes.plans, shapes.edges, shapes.party, rows, *limits)
    light = (conditions or SolarConditions()).monthly_crown_transmittance
    site = _Site(
        shapes,
        walls,
        crown_field(city),
        ridge_points(city),
        tuple(float(share) for share in light),
        settings,
        temperatures,
        note,
    )
    models: list[ThermalModel] = []
    refused: dict[str, str] = {}
    for row in rows:
        identifier = str(city.buildings.ids[row])
        try:
            spec = checked(identifier, specs.get(identifier))
            plan = _checked_plan(identifier, shapes.plans.get(int(row)))
            model = _model(identifier, plan, spec, site)
        except KnownError as error:
            refused[identifier] = str(error)
            continue
        models.append(model)
    return ThermalModels(models, refused)


def checked(identifier: str, spec: EnergySpec | None) -> EnergySpec:
    """A specification that EnergyPlus can be given.

    Raises
    ------
    KnownError
        When there is none, or a value of it is beyond reason; it names the building.
    """
    if spec is None:
        raise KnownError(f"Building “{identifier}” has no archetype yet: run enrich, or choose one for it.")
    for name, (low, high) in _LIMITS.items():
        value = getattr(spec, name)
        if not (math.isfinite(value) and low <= value <= high):
            msg = f"Building “{identifier}” has {name} = {value:g}, outside {low:g} to {high:g}: correct it."
            raise KnownError(msg)
    if spec.cooling_efficiency > 0 and spec.cooling_setpoint_c <= spec.heating_setpoint_c:
        msg = f"Building “{identifier}” is to be cooled below its heating set-point: set cooling above heating."
        raise KnownError(msg)
    return spec


def _checked_plan(identifier: str, plan: Footprint | None) -> Footprint:
    if plan is None:
        msg = f"Building “{identifier}” has no surface with an area in plan: give it a ground or a roof surface."
        raise KnownError(msg)
    if not plan.mean_height_m >= MINIMUM_HEIGHT_M:
        msg = f"Building “{identifier}” is only {plan.mean_height_m:.2f} m high: correct its geometry, or leave it out."
        raise KnownError(msg)
    return plan


def _model(identifier: str, plan: Footprint, spec: EnergySpec, site: _Site) -> ThermalModel:
    shapes, row = site.shapes, plan.row
    origin = shapes.origin_m(row)
    height_m = float(shapes.body_height_m[row])
    given = float(shapes.city.buildings.column("storeys")[row])
    fallback = shapes.roofed(row).fallback
    if fallback or not height_m >= MINIMUM_HEIGHT_M:
        height_m = plan.mean_height_m
    count = storey_count(given, height_m, spec.storey_height_m)
    if count > 1 and height_m < count * _LEAST_STOREY_M:
        what = f"{count} storeys in a height of {height_m:.1f} m"
        raise KnownError(f"Building “{identifier}” has {what}: correct its number of storeys, or clear it.")
    storeys = linked(_storeys(shapes, row, count, height_m), shapes.city, row, origin)
    resistance = -1.0
    if site.settings.ground_coupling == "iso13370":
        exposed = exposed_edge_m(shapes, row)
        resistance = ground_resistance_m2k_w(plan.area_m2, exposed, spec.floor_u_value_w_m2k)
    opaque = np.concatenate([site.walls[row] - origin, _ridges(plan, origin, site)])
    crowns = _crowns(plan, origin, site)
    place = (float(origin[0]), float(origin[1]), float(origin[2]))
    return ThermalModel(
        building_id=identifier,
        origin_m=place,
        storeys=storeys,
        footprint_area_m2=plan.area_m2,
        shading=_in_order(opaque),
        spec=spec,
        ground_temperatures_c=site.ground_c,
        ground_resistance_m2k_w=resistance,
        notes=_notes(shapes, plan, storeys, spec, height_m / count, site.note),
        vegetation_shading=crowns,
        vegetation_transmittance=site.crown_light if len(crowns) else (),
    )


def _ridges(plan: Footprint, origin: FloatArray, site: _Site) -> FloatArray:
    if not len(site.ridges):
        return np.zeros((0, 4, 3))
    corners = shapely.get_coordinates(plan.geometry) - origin[:2]
    return ridge_quads(site.ridges, origin, float(np.hypot(*corners.T).max()))


def _crowns(plan: Footprint, origin: FloatArray, site: _Site) -> FloatArray:
    if not len(site.crowns):
        return np.zeros((0, 4, 3))
    settings = site.settings
    quads = crown_quads(
        site.crowns, plan.geometry, plan.base_z_m, settings.shading_radius_m, settings.shading_minimum_elevation_deg
    )
    return _in_order(quads - origin)


def _storeys(shapes: CityShapes, row: int, count: int, height_m: float) -> tuple[Storey, ...]:
    roofed, own = shapes.roofed(row), shapes.own_edges(row)
    origin = shapes.origin_m(row)[:2]
    body = storey_body(roofed.pieces, count, height_m)
    edges, outer = roofed.edges, roofed.outer
    if body.pieces is not roofed.pieces:
        edges = half_edges(body.pieces.polygons)
        outer = shapes.outline(row, body.pieces, edges)
    rests = shapes.stacking.rests.get(row)
    outline = BodyOutline(
        body=body,
        edges=edges,
        outer=outer,
        start=shapes.edges.start[own] - origin,
        end=shapes.edges.end[own] - origin,
        stretches=party_stretches(shapes, row),
        rests=None if rests is None else moved(rests, -origin),
    )
    return storeys_of(outline)


def _in_order(quads: FloatArray) -> FloatArray:
    """Quads in an order that does not depend on the order of import."""
    local: FloatArray = np.round(quads, 3)
    if not len(local):
        return local
    return np.asarray(local[np.lexsort(local.reshape(len(local), 12).T)])


def _notes(
    shapes: CityShapes, plan: Footprint, storeys: Sequence[Storey], spec: EnergySpec, height_m: float, note: str
) -> tuple[str, ...]:
    notes = [note] if note else []
    if height_m < _LOWEST_STOREY_M:
        notes.append(
            f"Storeys are only {height_m:.1f} m high on average: the floor area may be overstated; check their number."
        )
    if plan.plan_origin == "projected":
        notes.append("The building has no ground surface: its footprint is the projection of its roofs.")
    if plan.height_origin == "roof":
        notes.append("The surfaces do not close a body: the mean height of the roof stands for the height.")
    if fallback := shapes.roofed(plan.row).fallback:
        notes.append(f"The roof is taken as flat at the mean height, because {fallback}.")
    for twin in shapes.stacking.twins.get(plan.row, ()):
        other = shapes.city.buildings.ids[twin]
        notes.append(f"Building “{other}” fills the same space: its demand is counted twice; remove one of them.")
    glass = glazing((face for storey in storeys for face in storey.faces), spec.window_share)
    if glass.lost_m2 > _GLASS_WORTH_A_WORD * glass.wanted_m2:
        notes.append(f"{glass.lost_m2:.1f} m² of windows find no place, for the outdoor walls are too small.")
    return tuple(notes)
