"""Thermal transmittance of constructions, as stated or by their layers (ISO 6946:2017, 6.7)."""

import itertools
import math

from citytwin_desktop.formats.citygml.energy.index import EnergyIndex
from citytwin_desktop.formats.citygml.energy.units import CONDUCTIVITY, FRACTION, LENGTH, RESISTANCE, U_VALUE, quantity
from citytwin_desktop.formats.citygml.plain_tree import PlainNode

SURFACE_RESISTANCES_M2K_W = {"wall": 0.13 + 0.04, "roof": 0.10 + 0.04, "floor": 0.17 + 0.04, "ground": 0.17}
"""Inner plus outer resistance by where a construction lies (ISO 6946:2017, Table 7; ground by ISO 13370)."""

_MOST_SECTIONS = 512
_SUM_TOLERANCE = 0.02
_DEEPEST = 5
Layer = list[tuple[float, float]]
"""Area fraction and resistance [m2K/W] of each component."""


def base_of(construction: PlainNode | None, index: EnergyIndex) -> PlainNode | None:
    """Construction behind a reversed one."""
    for _ in range(_DEEPEST):
        if construction is None:
            return None
        prop = construction.child("baseConstruction")
        if prop is None:
            return construction
        construction = index.target(prop)
    return None


def u_value_w_m2k(construction: PlainNode, position: str, index: EnergyIndex) -> float | None:
    """Thermal transmittance, None where it is neither stated nor follows from the layers.

    Parameters
    ----------
    construction : PlainNode
    position : str
        ``wall``, ``roof``, ``floor`` or ``ground``.
    index : EnergyIndex
    """
    stated = quantity(construction.child("uValue"), U_VALUE)
    if stated is not None:
        return stated if stated > 0.0 else None
    layers = [_layer(layer, index) for layer in index.targets(construction, "layer")]
    known = [layer for layer in layers if layer]
    if not known or len(known) < len(layers):
        return None
    return 1.0 / total_resistance_m2k_w(known, SURFACE_RESISTANCES_M2K_W[position])


def total_resistance_m2k_w(layers: list[Layer], surfaces_m2k_w: float) -> float:
    """Mean of the upper and lower limit of the resistance of layers in parallel sections (ISO 6946:2017, 6.7.2).

    Parameters
    ----------
    layers : list
        Fractions of a layer sum up to 1.
    surfaces_m2k_w : float
        Surface resistances, inner and outer together.
    """
    lower = surfaces_m2k_w + sum(1.0 / sum(share / resistance for share, resistance in layer) for layer in layers)
    if math.prod(len(layer) for layer in layers) > _MOST_SECTIONS:
        return lower
    conductance = 0.0
    for section in itertools.product(*layers):
        share = math.prod(part[0] for part in section)
        conductance += share / (surfaces_m2k_w + sum(part[1] for part in section))
    return (1.0 / conductance + lower) / 2.0


def solar_transmittance(construction: PlainNode) -> float | None:
    """Solar transmittance of glass (g-value), None where it is not stated."""
    for properties in construction.all("opticalProperties"):
        for holder in properties.children:
            for prop in holder.all("transmittance"):
                for value in prop.children:
                    if value.text_at("wavelengthRange").lower() in ("solar", "total"):
                        fraction = quantity(value.child("fraction"), FRACTION)
                        return fraction if fraction is not None and 0.0 < fraction < 1.0 else None
    return None


def is_glazed(construction: PlainNode) -> bool:
    """Whether light comes through."""
    return any(True for properties in construction.all("opticalProperties") for holder in properties.children
               if holder.child("transmittance") is not None)  # fmt: skip


def _layer(layer: PlainNode, index: EnergyIndex) -> Layer | None:
    found: Layer = []
    for component in index.targets(layer, "layerComponent"):
        share = quantity(component.child("areaFraction"), FRACTION)
        resistance = _resistance(component, index)
        if resistance is None or resistance <= 0.0:
            return None
        found.append((1.0 if share is None else share, resistance))
    total = sum(share for share, _ in found)
    if not found or abs(total - 1.0) > _SUM_TOLERANCE or any(share <= 0.0 for share, _ in found):
        return None
    return [(share / total, resistance) for share, resistance in found]


def _resistance(component: PlainNode, index: EnergyIndex) -> float | None:
    """Resistance [m2K/W] of a component by its thickness and conductivity, or as stated for a gas."""
    material = index.target(component.child("material"))
    if material is None:
        return None
    stated = quantity(material.child("rValue"), RESISTANCE)
    if stated is not None:
        return stated
    thickness = quantity(component.child("thickness"), LENGTH)
    conductivity = quantity(material.child("conductivity"), CONDUCTIVITY)
    if thickness is None or conductivity is None or conductivity <= 0.0:
        return None
    return thickness / conductivity
