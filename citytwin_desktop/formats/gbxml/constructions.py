"""Thermal values of gbXML constructions and windows."""

import math
from dataclasses import dataclass, field
from typing import Any

from citytwin_desktop.formats.gbxml.document import Document, child, children, quantity, text

RESISTANCES_M2K_W = {"wall": (0.13, 0.04), "roof": (0.10, 0.04), "floor": (0.17, 0.04)}
"""Inner and outer surface resistance by direction of the heat flow (ISO 6946:2017, table 7)."""
_NORMAL_DEG = 0.0


@dataclass(eq=False)
class Constructions:
    """Constructions of a document by identifier.

    Parameters
    ----------
    document : Document
    """

    document: Document
    _opaque: dict[str, Any] = field(init=False)
    _windows: dict[str, Any] = field(init=False)
    _layers: dict[str, Any] = field(init=False)
    _materials: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Find everything once."""
        self._opaque = self.document.by_id("Construction")
        self._windows = self.document.by_id("WindowType")
        self._layers = self.document.by_id("Layer")
        self._materials = self.document.by_id("Material")

    def u_value_w_m2k(self, identifier: str, position: str) -> tuple[float, str]:
        """U-value of an opaque construction, stated or of its layers; nan for unknown; and its name.

        Parameters
        ----------
        identifier : str
        position : str
            ``wall``, ``roof`` or ``floor``.
        """
        item = self._opaque.get(identifier)
        if item is None:
            return math.nan, ""
        name = text(item, "Name") or identifier
        stated = quantity(child(item, "U-value"))
        if stated > 0.0:
            return stated, name
        layers = self._resistance_m2k_w(item)
        return (
            (1.0 / (layers + sum(RESISTANCES_M2K_W[position])), f"{name} (of its layers)")
            if layers > 0.0
            else (
                math.nan,
                name,
            )
        )

    def _resistance_m2k_w(self, construction: Any) -> float:
        """Sum of the layers, nan as soon as one is not known."""
        found = [self._layers.get(str(item.get("layerIdRef"))) for item in children(construction, "LayerId")]
        names = [
            str(item.get("materialIdRef"))
            for layer in found
            if layer is not None
            for item in children(layer, "MaterialId")
        ]
        if None in found or not names:
            return math.nan
        return sum(self._material_m2k_w(self._materials.get(name)) for name in names)

    def _material_m2k_w(self, material: Any) -> float:
        if material is None:
            return math.nan
        resistance = quantity(child(material, "R-value"))
        if resistance > 0.0:
            return resistance
        thickness = quantity(child(material, "Thickness"), self.document.metres)
        conductivity = quantity(child(material, "Conductivity"))
        return thickness / conductivity if conductivity > 0.0 else math.nan

    def window(self, identifier: str) -> tuple[float, float, str]:
        """U-value [W/m2K] and g-value of a window type, nan for unknown, and its name."""
        item = self._windows.get(identifier)
        if item is None:
            return math.nan, math.nan, ""
        return quantity(child(item, "U-value")), self._g_value(item), text(item, "Name") or identifier

    def _g_value(self, window: Any) -> float:
        """Solar heat gain at normal incidence, where angles are told."""
        given = [
            (abs(float(item.get("solarIncidentAngle") or _NORMAL_DEG)), quantity(item))
            for item in children(window, "SolarHeatGainCoeff")
            if _is_number(item.get("solarIncidentAngle") or "0")
        ]
        return min(given, default=(0.0, math.nan))[1]


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
