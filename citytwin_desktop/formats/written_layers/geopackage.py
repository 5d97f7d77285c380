"""From a city to a GeoPackage of layers (OGC 12-128r19) through GDAL: outlines, surfaces in space, surroundings."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.written_layers.layer_columns import Column, layer_columns
from citytwin_desktop.formats.written_layers.outlines import outlines, projected, with_heights

_HORIZONTAL = 0.999
"""A normal steeper than this faces nowhere."""


def write_geopackage(
    path: Path,
    city: CityModel,
    columns: Mapping[str, Sequence[Any]],
    surface_columns: Mapping[str, NDArray[Any]],
    notes: Mapping[str, Any],
    epsg: int | None = None,
) -> dict[str, int]:
    """Write layers into a new GeoPackage, all of it or nothing.

    Layer ``buildings`` has the outlines with all columns, heights and the source's attributes as JSON; ``surfaces``
    every wall and roof as a polygon in space; ``surroundings`` roads, water and so on; the table ``about`` what is
    known of the results.

    Parameters
    ----------
    path : Path
    city : CityModel
    columns : mapping of str to sequence
        Values of all rows of the building table.
    surface_columns : mapping of str to ndarray, (n_surfaces,)
    notes : mapping
        About the project and the results, JSON.
    epsg : int, optional
        System of the file; the city's own by default.

    Returns
    -------
    dict of str to int
        Features of each layer.

    Raises
    ------
    KnownError
        When the city is empty, has no place in the system, or the file cannot be written.
    """
    target = epsg or city.epsg
    plans = outlines(city)
    rows = np.flatnonzero(plans.shapes != None)  # noqa: E711 - by element
    shapes = np.full(len(city.buildings), None, object)
    shapes[rows] = projected(plans.shapes[rows], city.epsg, target)
    table: dict[str, Column] = {**columns, **plans.columns, "height_m": with_heights(city, plans)}
    table["attributes"] = city.buildings.columns["attributes"]
    with _Draft(path, target) as draft:
        draft.layer("buildings", "MultiPolygon", shapes, table)
        faces = projected(polygon_shapes(city.surfaces.polygons, city.origin), city.epsg, target)
        draft.layer("surfaces", "Polygon Z", faces, {**surface_geometry_columns(city), **surface_columns})
        around = [layer for layer in city.context if len(layer.polygons)]
        if around:
            counts = [len(layer.polygons) for layer in around]
            joined = Polygons.concatenate([layer.polygons for layer in around])
            about: dict[str, Column] = {
                "kind": np.repeat(np.array([str(layer.kind) for layer in around], object), counts),
                "name": np.repeat(np.array([layer.name for layer in around], object), counts),
            }
            shapes = projected(polygon_shapes(joined, city.origin), city.epsg, target)
            draft.layer("surroundings", "Polygon Z", shapes, about)
        texts = [value if isinstance(value, str) else orjson.dumps(value).decode() for value in notes.values()]
        draft.layer("about", None, None, {"name": list(notes), "value": texts})
    return draft.counts


def polygon_shapes(polygons: Polygons, origin: tuple[float, float, float]) -> NDArray[np.object_]:
    """(n,) object of shapely.Polygon in world coordinates, with heights; None where a ring has under three corners."""
    lengths = np.diff(polygons.ring_start)
    ring_polygon = np.repeat(np.arange(len(polygons)), np.diff(polygons.polygon_start))
    shapes = np.full(len(polygons), None, object)
    solid = np.ones(len(polygons), bool)
    solid[ring_polygon[lengths < 3]] = False
    solid[np.diff(polygons.polygon_start) == 0] = False
    kept = np.flatnonzero(solid)
    if len(kept):
        chosen = polygons.take(kept)
        corner_ring = np.repeat(np.arange(len(chosen.ring_start) - 1), np.diff(chosen.ring_start))
        rings = shapely.linearrings(chosen.vertices + np.array(origin), indices=corner_ring)
        owner = np.repeat(np.arange(len(chosen)), np.diff(chosen.polygon_start))
        shapes[kept] = shapely.polygons(rings, indices=owner)
    return shapes


def surface_geometry_columns(city: CityModel) -> dict[str, Column]:
    """What the geometry says of every surface.

    Azimuth counts clockwise from grid north, nan for a level surface; tilt is 0 for a flat roof, 90 for a wall and
    180 for an underside [deg].
    """
    surfaces = city.surfaces
    normals = surfaces.polygons.normals
    azimuth = np.degrees(np.arctan2(normals[:, 0], normals[:, 1])) % 360.0
    faces_nowhere = (np.abs(normals[:, 2]) > _HORIZONTAL) | (surfaces.polygons.areas_m2 <= 0.0)
    tilt = np.degrees(np.arccos(np.clip(normals[:, 2], -1.0, 1.0)))
    labels = np.array([kind.label for kind in SurfaceKind], object)
    return {
        "id": surfaces.source_id,
        "building_id": city.buildings.ids[surfaces.building],
        "kind": labels[surfaces.kind],
        "area_m2": surfaces.polygons.areas_m2,
        "azimuth_deg": np.where(faces_nowhere, np.nan, azimuth),
        "tilt_deg": np.where(surfaces.polygons.areas_m2 <= 0.0, np.nan, tilt),
    }


class _Draft:
    """A GeoPackage that takes its name when it is whole."""

    def __init__(self, path: Path, epsg: int) -> None:
        self._path, self._epsg = path, epsg
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        try:
            self._folder = tempfile.TemporaryDirectory(prefix=f".{self._path.stem[:40]}.", dir=self._path.parent)
        except OSError as error:
            raise self._refused(error.strerror) from None
        self._draft = Path(self._folder.name) / "layers.gpkg"
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                os.replace(self._draft, self._path)
        except OSError as error:
            raise self._refused(error.strerror) from None
        finally:
            self._folder.cleanup()

    def layer(
        self, name: str, geometry_type: str | None, shapes: NDArray[np.object_] | None, columns: Mapping[str, Column]
    ) -> None:
        """Add one layer."""
        import pyogrio

        found = layer_columns(columns)
        try:
            pyogrio.raw.write(
                self._draft,
                None if shapes is None else shapely.to_wkb(shapes),
                [column.values for column in found.values()],
                list(found),
                field_mask=[column.unknown for column in found.values()],
                layer=name,
                driver="GPKG",
                geometry_type=geometry_type,
                crs=None if shapes is None else f"EPSG:{self._epsg}",
                append=bool(self.counts),
                nan_as_null=True,
            )
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
            raise self._refused(str(error)[:200]) from None
        self.counts[name] = len(next(iter(found.values())).values)

    def _refused(self, reason: object) -> KnownError:
        return KnownError(f"“{self._path}” cannot be written ({reason}): choose another place.")
