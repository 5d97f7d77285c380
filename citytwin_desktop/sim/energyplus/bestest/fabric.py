"""Layers, windows and overhang of the standard on the surfaces that the product has written."""

from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus.bestest import cases
from citytwin_desktop.sim.energyplus.bestest.cases import Case, Layer, Pane
from citytwin_desktop.sim.energyplus.document import IdfDocument

_REPLACED = ("Material", "Material:NoMass", "Construction", "InternalMass")
_SURFACES, _WINDOW = "BuildingSurface:Detailed", "Window"
_OUTWARD = {"south": (0.0, -1.0), "east": (1.0, 0.0), "west": (-1.0, 0.0)}


def set_fabric(document: IdfDocument, case: Case) -> None:
    """Put the fabric of a case in place of the product's own.

    Raises
    ------
    BugError
        When the product writes other surfaces than the six of the room.
    """
    for kind in _REPLACED:
        objects(document, kind).clear()
    _set_layers(document, case)
    _add_glazing(document, Pane())
    for side in case.glazed:
        _add_windows(document, side)
    if case.overhang:
        _add_overhang(document)


def objects(document: IdfDocument, kind: str) -> Any:
    """The objects of a class, as eppy keeps them: to look at, change, delete."""
    return document.idf.idfobjects[kind.upper()]


def _set_layers(document: IdfDocument, case: Case) -> None:
    for name, layers in (cases.HEAVY if case.heavy else cases.LIGHT).items():
        for layer in layers:
            _add_layer(document, layer)
        document.add("Construction", Name=name, extra=[layer.name for layer in layers])
    surfaces = objects(document, _SURFACES)
    if sorted(surface.Surface_Type for surface in surfaces) != ["Floor", "Roof", *["Wall"] * 4]:
        raise BugError("the product wrote other surfaces than the six of the test room")
    for surface in surfaces:
        surface.Construction_Name = surface.Surface_Type


def _add_layer(document: IdfDocument, layer: Layer) -> None:
    both: dict[str, Any] = {
        "Name": layer.name,
        "Roughness": "Rough",
        "Thermal_Absorptance": cases.EMISSIVITY,
        "Solar_Absorptance": cases.SOLAR_ABSORPTANCE,
        "Visible_Absorptance": cases.SOLAR_ABSORPTANCE,
    }
    if layer.resistance_m2k_w:
        document.add("Material:NoMass", **both, Thermal_Resistance=layer.resistance_m2k_w)
        return
    document.add(
        "Material",
        **both,
        Thickness=layer.thickness_m,
        Conductivity=layer.conductivity_w_mk,
        Density=layer.density_kg_m3,
        Specific_Heat=layer.specific_heat_j_kgk,
    )


def _add_glazing(document: IdfDocument, pane: Pane) -> None:
    document.add(
        "WindowMaterial:Glazing",
        Name="Pane",
        Optical_Data_Type="SpectralAverage",
        Thickness=pane.thickness_m,
        Solar_Transmittance_at_Normal_Incidence=pane.solar_transmittance,
        Front_Side_Solar_Reflectance_at_Normal_Incidence=pane.solar_reflectance,
        Back_Side_Solar_Reflectance_at_Normal_Incidence=pane.solar_reflectance,
        Visible_Transmittance_at_Normal_Incidence=pane.visible_transmittance,
        Front_Side_Visible_Reflectance_at_Normal_Incidence=pane.visible_reflectance,
        Back_Side_Visible_Reflectance_at_Normal_Incidence=pane.visible_reflectance,
        Infrared_Transmittance_at_Normal_Incidence=0.0,
        Front_Side_Infrared_Hemispherical_Emissivity=pane.emissivity,
        Back_Side_Infrared_Hemispherical_Emissivity=pane.emissivity,
        Conductivity=pane.conductivity_w_mk,
    )
    document.add("WindowMaterial:Gas", Name="Gap", Gas_Type="Air", Thickness=pane.gap_m)
    document.add("Construction", Name=_WINDOW, extra=["Pane", "Gap", "Pane"])


def _add_windows(document: IdfDocument, side: str) -> None:
    wall = _wall(document, side)
    _, left, right, _ = _corners(wall)
    along = (right - left) / np.linalg.norm(right - left)
    up, over = np.array([0.0, 0.0, cases.WINDOW_HEIGHT_M]), cases.WINDOW_WIDTH_M * along
    for number, start in enumerate(cases.WINDOW_STARTS_M[side], start=1):
        low = left + start * along + (0.0, 0.0, cases.SILL_M)
        document.add(
            "FenestrationSurface:Detailed",
            Name=f"{side.capitalize()} window {number}",
            Surface_Type="Window",
            Construction_Name=_WINDOW,
            Building_Surface_Name=wall.Name,
            Multiplier=1,
            Number_of_Vertices=4,
            extra=np.round([low + up, low, low + over, low + over + up], 4).ravel().tolist(),
        )


def _add_overhang(document: IdfDocument) -> None:
    left, _, _, right = _corners(_wall(document, "south"))
    depth = cases.OVERHANG_M * np.array([*_OUTWARD["south"], 0.0])
    document.add(
        "Shading:Building:Detailed",
        Name="Overhang",
        Number_of_Vertices=4,
        # Counter-clockwise from below: a shade that is not mirrored works on the side that its face looks to.
        extra=np.round([left, right, right + depth, left + depth], 4).ravel().tolist(),
    )


def _wall(document: IdfDocument, side: str) -> Any:
    for surface in objects(document, _SURFACES):
        if surface.Surface_Type == "Wall":
            _, left, right, _ = _corners(surface)
            along = (right - left)[:2] / np.linalg.norm(right - left)
            if np.allclose((along[1], -along[0]), _OUTWARD[side], atol=1e-6):
                return surface
    raise BugError(f"the product wrote no {side} wall")


def _corners(surface: Any) -> FloatArray:
    """(4, 3) float64 [m]: upper left first, counter-clockwise from outside."""
    first = surface.fieldnames.index("Number_of_Vertices") + 1
    return np.array(surface.obj[first:], np.float64).reshape(4, 3)
