"""Layers of walls, roofs, floors and windows that give the U-values of an `EnergySpec`."""

from dataclasses import dataclass, replace

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.ground import (
    SOIL_CONDUCTIVITY_W_MK,
    SOIL_DEPTH_M,
    SOIL_HEAT_CAPACITY_J_M3K,
)
from citytwin_desktop.sim.energyplus.inputs import ThermalModel
from citytwin_desktop.sim.energyplus.thermal_mass import mass_thickness_m

WALL, ROOF, FLOOR, SLAB, PARTY_WALL, WINDOW = "Wall", "Roof", "Ground floor", "Slab", "Party wall", "Window"

CONSTRUCTION_OF = {
    ("wall", "outdoors"): WALL,
    ("wall", "adiabatic"): PARTY_WALL,
    ("wall", "storey"): PARTY_WALL,
    ("roof", "outdoors"): ROOF,
    ("roof", "adiabatic"): SLAB,
    ("floor", "ground"): FLOOR,
    ("floor", "adiabatic"): SLAB,
    ("floor", "storey"): SLAB,
    ("ceiling", "storey"): SLAB,
}
"""Construction of a face by its kind and what is beyond it."""

_FILMS_M2K_W = {WALL: 0.17, ROOF: 0.14, FLOOR: 0.17}
"""Inner and outer surface resistances that a U-value contains, ISO 6946:2017 Table 7; a floor has the inner only."""
_THINNEST_INSULATION_M2K_W = 0.001


@dataclass(frozen=True)
class _Layer:
    name: str
    thickness_m: float
    conductivity_w_mk: float
    density_kg_m3: float
    specific_heat_j_kgk: float

    @property
    def resistance_m2k_w(self) -> float:
        return self.thickness_m / self.conductivity_w_mk


_FACADE = _Layer("Facade", 0.02, 0.9, 1800.0, 1000.0)
_PLASTER = _Layer("Plaster", 0.013, 0.16, 800.0, 1090.0)
_SOIL = _Layer("Soil", SOIL_DEPTH_M, SOIL_CONDUCTIVITY_W_MK, 2000.0, SOIL_HEAT_CAPACITY_J_M3K / 2000.0)

_MASSIVE = _Layer("Concrete", 0.0, 1.7, 2300.0, 900.0)
_LAYERS: dict[str, tuple[_Layer | None, ...]] = {
    WALL: (_FACADE, None, _MASSIVE, _PLASTER),
    ROOF: (_FACADE, None, _MASSIVE, _PLASTER),
    FLOOR: (None, _MASSIVE),
}
"""From outside to inside; None is the insulation that makes up the U-value; the massive layer has no thickness yet."""


def add_constructions(document: IdfDocument, model: ThermalModel) -> None:
    """Add the materials and constructions that a building uses; EnergyPlus warns of unused ones."""
    spec, thickness = model.spec, mass_thickness_m(model)
    concrete = _concrete(thickness)
    used = {CONSTRUCTION_OF[face.kind, face.beyond] for face in model.faces}
    u_values = {WALL: spec.wall_u_value_w_m2k, ROOF: spec.roof_u_value_w_m2k, FLOOR: spec.floor_u_value_w_m2k}
    for name in sorted(used & set(u_values)):
        below: list[str] = []
        if name == FLOOR and model.ground_resistance_m2k_w >= 0:
            below = _ground_layers(document, model.ground_resistance_m2k_w)
        _opaque(document, name, u_values[name], below, concrete)
    if SLAB in used:
        _construction(document, SLAB, [_material(document, _concrete(2.0 * thickness), SLAB)])
    if PARTY_WALL in used:
        _construction(document, PARTY_WALL, [_material(document, concrete, PARTY_WALL)])
    if spec.window_share > 0 and WALL in used:
        _add_glazing(document, spec)


def _add_glazing(document: IdfDocument, spec: EnergySpec) -> None:
    document.add(
        "WindowMaterial:SimpleGlazingSystem",
        Name="Glazing",
        U_Factor=spec.window_u_value_w_m2k,
        Solar_Heat_Gain_Coefficient=spec.window_g_value,
    )
    _construction(document, WINDOW, ["Glazing"])


def _concrete(thickness_m: float) -> _Layer:
    return replace(_MASSIVE, thickness_m=thickness_m)


def _opaque(document: IdfDocument, name: str, u_value_w_m2k: float, below: list[str], concrete: _Layer) -> None:
    """A construction whose resistance with its films is exactly 1 / U.

    Where the massive layers alone already insulate more than that, they are made more conductive in
    proportion: the U-value is kept, and so is the mass.
    """
    layers = [concrete if layer is _MASSIVE else layer for layer in _LAYERS[name]]
    wanted = max(1.0 / u_value_w_m2k - _FILMS_M2K_W[name], 2.0 * _THINNEST_INSULATION_M2K_W)
    massive = sum(layer.resistance_m2k_w for layer in layers if layer)
    insulation = max(wanted - massive, _THINNEST_INSULATION_M2K_W)
    factor = max(massive / (wanted - insulation), 1.0)
    names = []
    for layer in layers:
        if layer is None:
            names.append(_resistance(document, f"{name} insulation", insulation))
        else:
            names.append(_material(document, layer, name, factor))
    _construction(document, name, [*below, *names])


def _ground_layers(document: IdfDocument, resistance_m2k_w: float) -> list[str]:
    virtual = _resistance(document, "Virtual ground layer", max(resistance_m2k_w, _THINNEST_INSULATION_M2K_W))
    return [virtual, _material(document, _SOIL, FLOOR)]


def _resistance(document: IdfDocument, name: str, resistance_m2k_w: float) -> str:
    document.add("Material:NoMass", Name=name, Roughness="MediumSmooth", Thermal_Resistance=resistance_m2k_w)
    return name


def _material(document: IdfDocument, layer: _Layer, of: str, conductivity_factor: float = 1.0) -> str:
    name = f"{of} {layer.name.lower()}"
    document.add(
        "Material",
        Name=name,
        Roughness="MediumRough",
        Thickness=layer.thickness_m,
        Conductivity=layer.conductivity_w_mk * conductivity_factor,
        Density=layer.density_kg_m3,
        Specific_Heat=layer.specific_heat_j_kgk,
    )
    return name


def _construction(document: IdfDocument, name: str, layers: list[str]) -> None:
    document.add("Construction", Name=name, extra=layers)
