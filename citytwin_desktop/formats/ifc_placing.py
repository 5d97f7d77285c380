"""Where an IFC model stands: its map conversion, or the latitude and longitude of its site."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.formats.ifc_elements import every


@dataclass(frozen=True, eq=False)
class Placing:
    """From the model's coordinates in metres to those of the source city.

    Parameters
    ----------
    reference : str
        Name of the projected system, empty for local coordinates.
    turn : ndarray, (2, 2) float64
    shift_m : ndarray, (3,) float64 [m]
    metadata : mapping
    remarks : tuple of str
    """

    reference: str
    turn: FloatArray
    shift_m: FloatArray
    metadata: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def placed(self, polygons: Polygons) -> Polygons:
        """Polygons turned and moved."""
        flat = polygons.vertices[:, :2] @ self.turn.T
        vertices = np.column_stack([flat, polygons.vertices[:, 2]]) + self.shift_m
        return Polygons(vertices, polygons.ring_start, polygons.polygon_start)


def placing_of(model: Any) -> Placing:
    """Placing of a model.

    The map conversion counts (IfcMapConversion with IfcProjectedCRS); a scale other than that of the units is taken
    for a mistake. Without it the model is turned to true north, and the site's place is told in the metadata.
    """
    conversion = next(iter(every(model, "IfcMapConversion")), None)
    crs = next(iter(every(model, "IfcProjectedCRS")), None)
    if conversion is not None and crs is not None and crs.Name:
        return _mapped(model, conversion, crs)
    return _local(model)


def _mapped(model: Any, conversion: Any, crs: Any) -> Placing:
    from ifcopenshell.util.unit import calculate_unit_scale

    unit_m = calculate_unit_scale(model)
    map_unit_m = unit_m if crs.MapUnit is None else _unit_m(crs.MapUnit)
    cosine = float(conversion.XAxisAbscissa if conversion.XAxisAbscissa is not None else 1.0)
    sine = float(conversion.XAxisOrdinate or 0.0)
    length = math.hypot(cosine, sine) or 1.0
    scale = float(conversion.Scale or 1.0) * map_unit_m / unit_m
    remarks: tuple[str, ...] = ()
    if not 0.98 <= scale <= 1.02:
        remarks = (
            f"The scale of its map conversion ({conversion.Scale or 1.0:g}) does not fit its units: 1 was taken.",
        )
        scale = 1.0
    turn = scale / length * np.array([[cosine, -sine], [sine, cosine]])
    shift = [conversion.Eastings, conversion.Northings, conversion.OrthogonalHeight]
    shift_m = np.array([float(value or 0.0) for value in shift]) * map_unit_m
    return Placing(str(crs.Name), turn, shift_m, {"vertical_datum": str(crs.VerticalDatum or "")}, remarks)


def _unit_m(unit: Any) -> float:
    from ifcopenshell.util import unit as units

    if unit.is_a("IfcSIUnit"):
        return float(cast("Any", units).get_prefix_multiplier(unit.Prefix))
    if unit.is_a("IfcConversionBasedUnit"):
        return float(unit.ConversionFactor.ValueComponent.wrappedValue)
    return 1.0


def _local(model: Any) -> Placing:
    angle = 0.0
    for context in every(model, "IfcGeometricRepresentationContext"):
        north = getattr(context, "TrueNorth", None)
        if not context.is_a("IfcGeometricRepresentationSubContext") and north is not None:
            angle = math.atan2(float(north.DirectionRatios[0]), float(north.DirectionRatios[1]))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    metadata: dict[str, Any] = {"local": True}
    site = next(iter(every(model, "IfcSite")), None)
    if site is not None and site.RefLatitude and site.RefLongitude:
        latitude, longitude = _degrees(site.RefLatitude), _degrees(site.RefLongitude)
        if abs(latitude) <= 90.0 and abs(longitude) <= 180.0 and (latitude or longitude):
            metadata.update(latitude_deg=latitude, longitude_deg=longitude)
    return Placing("", turn, np.zeros(3), metadata)


def _degrees(parts: Any) -> float:
    """Degrees, minutes, seconds and millionths of seconds as degrees."""
    weights = (1.0, 60.0, 3600.0, 3.6e9)
    return float(sum(float(part) / weight for part, weight in zip(parts, weights, strict=False)))
