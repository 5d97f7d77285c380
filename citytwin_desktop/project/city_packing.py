"""Cities, single buildings and context layers as packed bytes, with identical content on return."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS, Buildings
from citytwin_desktop.city.changes import Frame
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.packing import pack, unpack
from citytwin_desktop.project.soundness import check_polygons, check_surfaces

Arrays = dict[str, NDArray[Any]]


def polygon_arrays(polygons: Polygons) -> Arrays:
    """Arrays of a set of polygons."""
    return {
        "vertices": polygons.vertices,
        "ring_start": polygons.ring_start.astype(np.uint32),
        "polygon_start": polygons.polygon_start.astype(np.uint32),
    }


def polygons_of(arrays: Arrays) -> Polygons:
    """Build a set of polygons from its arrays; ValueError when they do not belong together."""
    starts = arrays["ring_start"].astype(np.int64), arrays["polygon_start"].astype(np.int64)
    polygons = Polygons(arrays["vertices"].astype(np.float64), *starts)
    check_polygons(polygons)
    return polygons


def pack_surfaces(surfaces: Surfaces) -> bytes:
    """Surfaces of one building, in local coordinates; the owner is known from the row."""
    arrays = {**polygon_arrays(surfaces.polygons), "kind": surfaces.kind}
    return pack({"source_id": list(surfaces.source_id)}, arrays)


def unpack_surfaces(data: bytes, row: int, name: str) -> Surfaces:
    """Surfaces that `pack_surfaces` packed, owned by one row."""
    header, arrays = unpack(data, f"geometry of building “{name}”")
    try:
        kind = arrays["kind"].astype(np.uint8)
        surfaces = Surfaces(polygons_of(arrays), kind, np.full(len(kind), row, np.int64), _objects(header["source_id"]))
        check_surfaces(surfaces)
    except (ValueError, TypeError, KeyError) as error:
        msg = f"The stored geometry of building “{name}” is damaged ({error}): restore the project from a backup."
        raise KnownError(msg) from None
    return surfaces


def pack_owned_surfaces(surfaces: Surfaces) -> bytes:
    """Surfaces of some buildings, with the place of the owner of each."""
    arrays = {**polygon_arrays(surfaces.polygons), "kind": surfaces.kind, "building": surfaces.building}
    return pack({"source_id": list(surfaces.source_id)}, arrays)


def unpack_owned_surfaces(data: bytes) -> Surfaces:
    """Surfaces that `pack_owned_surfaces` packed."""
    header, arrays = unpack(data, "history of an edit of geometry")
    kind, building = arrays["kind"].astype(np.uint8), arrays["building"].astype(np.int64)
    return Surfaces(polygons_of(arrays), kind, building, _objects(header["source_id"]))


def pack_fragment(fragment: CityModel) -> bytes:
    """Rows and surfaces of some buildings."""
    columns, arrays = {}, {}
    for name, definition in COLUMNS.items():
        column = fragment.buildings.columns[name]
        if definition.kind == "number":
            arrays[f"column {name}"] = column
        else:
            columns[name] = list(column)
    surfaces = fragment.surfaces
    arrays |= {**polygon_arrays(surfaces.polygons), "kind": surfaces.kind, "building": surfaces.building}
    return pack({"columns": columns, "source_id": list(surfaces.source_id)}, arrays)


def unpack_fragment(data: bytes) -> CityModel:
    """Rows and surfaces that `pack_fragment` packed."""
    header, arrays = unpack(data, "history of an import")
    columns: dict[str, Any] = {name: _objects(values) for name, values in header["columns"].items()}
    columns |= {
        name.removeprefix("column "): array.copy() for name, array in arrays.items() if name.startswith("column ")
    }
    kind, building = arrays["kind"].astype(np.uint8), arrays["building"].astype(np.int64)
    surfaces = Surfaces(polygons_of(arrays), kind, building, _objects(header["source_id"]))
    return CityModel(buildings=Buildings(columns), surfaces=surfaces)


def pack_layer(layer: ContextLayer) -> bytes:
    """One context layer."""
    return pack({"name": layer.name, "kind": layer.kind.value}, polygon_arrays(layer.polygons))


def unpack_layer(data: bytes) -> ContextLayer:
    """Context layer that `pack_layer` packed."""
    header, arrays = unpack(data, "context layer")
    return ContextLayer(header["name"], ContextKind(header["kind"]), polygons_of(arrays))


def pack_frame(frame: Frame) -> bytes:
    """Frame of a city with its context layers."""
    arrays: Arrays = {}
    for place, layer in enumerate(frame.context):
        arrays |= {f"{place} {name}": array for name, array in polygon_arrays(layer.polygons).items()}
    layers = [[layer.name, layer.kind.value] for layer in frame.context]
    header = {"epsg": frame.epsg, "origin": list(frame.origin), "metadata": frame.metadata, "layers": layers}
    return pack(header, arrays)


def unpack_frame(data: bytes) -> Frame:
    """Frame that `pack_frame` packed."""
    header, arrays = unpack(data, "history of an import")
    layers = []
    for place, (name, kind) in enumerate(header["layers"]):
        own = {key.split(" ", 1)[1]: array for key, array in arrays.items() if key.startswith(f"{place} ")}
        layers.append(ContextLayer(name, ContextKind(kind), polygons_of(own)))
    origin = (float(header["origin"][0]), float(header["origin"][1]), float(header["origin"][2]))
    return Frame(int(header["epsg"]), origin, tuple(layers), header["metadata"])


def _objects(values: list[Any]) -> NDArray[np.object_]:
    column = np.empty(len(values), object)
    column[:] = values
    return column
