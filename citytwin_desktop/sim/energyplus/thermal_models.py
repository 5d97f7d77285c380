"""From the city to thermal models: plans, storeys, party walls, neighbours and ground of each building."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.footprint_edges import FootprintEdges, footprint_edges
from citytwin_desktop.city.footprints import Footprint, footprints
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.neighbours import shading_walls
from citytwin_desktop.city.party_walls import PartyWalls, find_party_walls
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.ground import ground_resistance_m2k_w, ground_temperatures_c
from citytwin_desktop.sim.energyplus.inputs import EnergySettings, PartyStretch, Rings, ThermalModel

MINIMUM_HEIGHT_M = 0.5
_LIMITS: dict[str, tuple[float, float]] = {
    "wall_u_value_w_m2k": (0.02, 5.5),
    "roof_u_value_w_m2k": (0.02, 6.5),
    "floor_u_value_w_m2k": (0.02, 5.5),
    "window_u_value_w_m2k": (0.1, 7.0),
    "window_g_value": (0.01, 0.99),
    "window_share": (0.0, 0.95),
    "infiltration_ach": (0.0, 20.0),
    "heating_setpoint_c": (5.0, 35.0),
    "heating_setback_c": (0.0, 35.0),
    "cooling_setpoint_c": (10.0, 50.0),
    "people_per_m2": (0.0, 5.0),
    "lighting_w_m2": (0.0, 500.0),
    "equipment_w_m2": (0.0, 5000.0),
    "storey_height_m": (1.5, 20.0),
}

_LOWEST_STOREY_M = 2.3
"""Below this a storey is no room: the given number of storeys does not go with the shape."""


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
class _Surroundings:
    plans: Mapping[int, Footprint]
    edges: FootprintEdges
    party: PartyWalls
    shading: Mapping[int, FloatArray]


def thermal_models(
    city: CityModel,
    rows: Sequence[int],
    specs: Mapping[str, EnergySpec],
    weather: Weather,
    settings: EnergySettings | None = None,
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
    around = _surroundings(city, rows, settings)
    models: list[ThermalModel] = []
    refused: dict[str, str] = {}
    for row in rows:
        identifier = str(city.buildings.ids[row])
        try:
            spec = _checked(identifier, specs.get(identifier))
            plan = _checked_plan(identifier, around.plans.get(int(row)))
        except KnownError as error:
            refused[identifier] = str(error)
            continue
        storeys = _storeys(float(city.buildings.column("storeys")[row]), plan, spec)
        models.append(_model(identifier, plan, storeys, spec, around, settings, temperatures, note))
    return ThermalModels(models, refused)


def _surroundings(city: CityModel, rows: Sequence[int], settings: EnergySettings) -> _Surroundings:
    plans = footprints(city)
    edges = footprint_edges(plans.values())
    party = find_party_walls(edges)
    shading = shading_walls(
        plans, edges, party, rows, settings.shading_radius_m, settings.shading_minimum_elevation_deg
    )
    return _Surroundings(plans, edges, party, shading)


def _checked(identifier: str, spec: EnergySpec | None) -> EnergySpec:
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


def _storeys(given: float, plan: Footprint, spec: EnergySpec) -> int:
    if math.isfinite(given) and given >= 1:
        return round(given)
    return max(1, round(plan.mean_height_m / spec.storey_height_m))


def _model(
    identifier: str,
    plan: Footprint,
    storeys: int,
    spec: EnergySpec,
    around: _Surroundings,
    settings: EnergySettings,
    temperatures: tuple[float, ...],
    note: str,
) -> ThermalModel:
    centre = np.round(np.asarray(plan.geometry.centroid.coords[0]), 2)
    origin = (float(centre[0]), float(centre[1]), plan.base_z_m)
    party, exposed = _party(plan, around)
    resistance = -1.0
    if settings.ground_coupling == "iso13370":
        resistance = ground_resistance_m2k_w(plan.area_m2, exposed, spec.floor_u_value_w_m2k)
    return ThermalModel(
        building_id=identifier,
        plan=_plan(plan, centre),
        origin_m=origin,
        storeys=storeys,
        storey_height_m=plan.mean_height_m / storeys,
        party=party,
        shading=_shading(around.shading[plan.row], origin),
        spec=spec,
        ground_temperatures_c=temperatures,
        ground_resistance_m2k_w=resistance,
        notes=_notes(plan, storeys, note),
    )


def _plan(plan: Footprint, centre: FloatArray) -> tuple[Rings, ...]:
    """Rings of all polygons around the centre; the closing vertex goes."""
    return tuple(
        tuple(np.asarray(ring.coords)[:-1, :2] - centre for ring in (polygon.exterior, *polygon.interiors))
        for polygon in plan.polygons
    )


def _party(plan: Footprint, around: _Surroundings) -> tuple[tuple[PartyStretch, ...], float]:
    """Party stretches of a footprint, and the length of its edges that stands free at the ground [m]."""
    edges, party = around.edges, around.party
    first, last = np.searchsorted(edges.row, [plan.row, plan.row + 1])
    low, high = np.searchsorted(party.edge, [first, last])
    stretches = tuple(
        PartyStretch(
            polygon=int(edges.polygon[edge]),
            ring=int(edges.ring[edge]),
            position=int(edges.position[edge]),
            start_m=float(party.start_m[index]),
            end_m=float(party.end_m[index]),
            bottom_m=float(party.bottom_z_m[index] - plan.base_z_m),
            top_m=float(party.top_z_m[index] - plan.base_z_m),
        )
        for index, edge in zip(range(low, high), party.edge[low:high], strict=True)
    )
    at_ground = party.bottom_z_m[low:high] - plan.base_z_m < 1.0
    shared = float((party.end_m - party.start_m)[low:high][at_ground].sum())
    return stretches, max(float(edges.length_m[first:last].sum()) - shared, 0.0)


def _shading(quads: FloatArray, origin: tuple[float, float, float]) -> FloatArray:
    """Quads from the origin, in an order that does not depend on the order of import."""
    local: FloatArray = np.round(quads - np.array(origin), 3)
    if not len(local):
        return local
    return np.asarray(local[np.lexsort(local.reshape(len(local), 12).T)])


def _notes(plan: Footprint, storeys: int, note: str) -> tuple[str, ...]:
    notes = [note] if note else []
    if plan.mean_height_m / storeys < _LOWEST_STOREY_M:
        height = f"{plan.mean_height_m / storeys:.1f} m"
        notes.append(
            f"Storeys are only {height} high on average: the floor area may be overstated; check their number."
        )
    if plan.plan_origin == "projected":
        notes.append("The building has no ground surface: its footprint is the projection of its roofs.")
    if plan.height_origin == "roof":
        notes.append("The surfaces do not close a body: the mean height of the roof stands for the height.")
    return tuple(notes)
