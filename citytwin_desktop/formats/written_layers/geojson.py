"""From a city to the bytes of a GeoJSON file (RFC 7946): outlines with heights, attributes and results."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.written_layers.layer_columns import is_unknown
from citytwin_desktop.formats.written_layers.outlines import outlines, projected, with_heights

_WGS84 = 4326
_DECIMALS = 7
"""Of degrees: a centimetre, as far as RFC 7946 (11.2) finds sensible."""


def write_geojson(city: CityModel, columns: Mapping[str, Sequence[Any]], notes: Mapping[str, Any]) -> bytes:
    """Write buildings as a collection of features.

    Longitude and latitude of WGS 84, outer rings counter-clockwise. ``height_m`` is the height of the building table,
    or where that is unknown the ridge's above the ground. A building whose parts have the geometry has none itself.

    Parameters
    ----------
    city : CityModel
    columns : mapping of str to sequence
        Values of all rows of the building table; unknown ones are left out.
    notes : mapping
        About the project and the results, JSON; a foreign member ``citytwin``.

    Returns
    -------
    bytes

    Raises
    ------
    KnownError
        When the city is empty or has no place on the globe.
    """
    plans = outlines(city)
    rows = np.flatnonzero(plans.shapes != None)  # noqa: E711 - by element
    shapes = np.full(len(city.buildings), None, object)
    shapes[rows] = _right_handed(projected(plans.shapes[rows], city.epsg, _WGS84))
    table = {**columns, **{name: column.tolist() for name, column in plans.columns.items()}}
    table["height_m"] = with_heights(city, plans).tolist()
    attributes = city.buildings.columns["attributes"]
    features = [
        _feature(str(identifier), shapes[row], {name: column[row] for name, column in table.items()}, attributes[row])
        for row, identifier in enumerate(city.buildings.ids)
    ]
    return orjson.dumps(
        {"type": "FeatureCollection", "citytwin": dict(notes), "features": features},
        option=orjson.OPT_SERIALIZE_NUMPY,
    )


def _right_handed(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Outer rings counter-clockwise, holes clockwise, degrees rounded."""
    rounded = shapely.transform(shapes, lambda corners: np.round(corners, _DECIMALS))
    return np.asarray(shapely.orient_polygons(rounded), object)


def _feature(
    identifier: str, shape: shapely.MultiPolygon | None, values: Mapping[str, Any], attributes: Mapping[str, Any]
) -> dict[str, Any]:
    properties = {name: value for name, value in values.items() if not is_unknown(value)}
    if attributes:
        properties["attributes"] = attributes
    return {"type": "Feature", "id": identifier, "geometry": _geometry(shape), "properties": properties}


def _geometry(shape: shapely.MultiPolygon | None) -> dict[str, Any] | None:
    if shape is None:
        return None
    polygons = [
        [np.asarray(ring.coords)[:, :2].tolist() for ring in (part.exterior, *part.interiors)] for part in shape.geoms
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}
