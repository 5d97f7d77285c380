"""From a city to the bytes of a glTF 2.0 binary file (Khronos Group, ISO/IEC 12113:2022)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop import __version__
from citytwin_desktop.analysis.neutral_colours import LIGHT_CONTEXT, ColourArray
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.formats.meshes.gltf_buffer import INDEX_TARGET, GltfBuffer
from citytwin_desktop.formats.meshes.painting import Painting
from citytwin_desktop.formats.meshes.property_table import property_table
from citytwin_desktop.formats.meshes.triangle_mesh import TriangleMesh, require_surfaces, y_up

Columns = Mapping[str, Sequence[Any]]

_SHORT_INDEX_VERTICES = 65_535
_EXTENSIONS = ["EXT_mesh_features", "EXT_structural_metadata"]


def write_glb(city: CityModel, painting: Painting, columns: Columns, notes: Mapping[str, Any]) -> bytes:
    """Write buildings and what lies around them as one glTF binary file.

    Metres from the city's local origin, y up, east to the right. Every corner carries the number of its building, by
    which the values of the building stand in a property table (EXT_mesh_features, EXT_structural_metadata).

    Parameters
    ----------
    city : CityModel
    painting : Painting
    columns : mapping of str to sequence
        Values of all rows of the building table.
    notes : mapping
        About the project and the results, JSON; they stand in ``asset.extras`` beside the place and the legend.

    Returns
    -------
    bytes

    Raises
    ------
    KnownError
        When the city is empty.
    """
    require_surfaces(city)
    rows = city.rows_with_geometry
    feature = np.searchsorted(rows, city.surfaces.building)
    buildings = TriangleMesh.of_polygons(city.surfaces.polygons, painting.colours, feature)
    around = [(f"context-{layer.name}", _context_mesh(layer)) for layer in city.context if len(layer.polygons)]
    extras = {**place_notes(city), **notes, **({"legend": painting.legend} if painting.legend else {})}
    return glb_bytes(
        buildings, rows_of(columns, rows), len(rows), extras, around=[item for item in around if len(item[1])]
    )


def rows_of(columns: Columns, rows: NDArray[np.int64]) -> dict[str, list[Any]]:
    """Columns of some rows only."""
    places = rows.tolist()
    return {name: [column[place] for place in places] for name, column in columns.items()}


def place_notes(city: CityModel) -> dict[str, Any]:
    """Where the local origin of a mesh lies."""
    return {
        "epsg": city.epsg,
        "origin_m": list(city.origin),
        "placement": "world = origin_m + (x, -z, y); metres, y up",
    }


def glb_bytes(
    buildings: TriangleMesh,
    columns: Columns,
    count: int,
    extras: Mapping[str, Any],
    *,
    translation: FloatArray | None = None,
    around: Sequence[tuple[str, TriangleMesh]] = (),
) -> bytes:
    """Bytes of a file with one mesh of buildings, their table, and meshes without values.

    Parameters
    ----------
    buildings : TriangleMesh
        ``feature`` counts the rows of the table.
    columns : mapping of str to sequence
    count : int
        Rows of the table.
    extras : mapping
        For ``asset.extras``.
    translation : ndarray, (3,) float64 [m], optional
        Of all buildings, z up; kept out of their positions, which are single numbers.
    around : sequence of (str, TriangleMesh)
        Name and mesh.

    Returns
    -------
    bytes
    """
    buffer = GltfBuffer()
    features = {"featureIds": [{"featureCount": count, "attribute": 0, "propertyTable": 0, "label": "building"}]}
    main = _primitive(buffer, buildings)
    main["attributes"]["_FEATURE_ID_0"] = buffer.add_array(buildings.feature.astype(np.float32))
    main["extensions"] = {"EXT_mesh_features": features}
    node: dict[str, Any] = {"name": "buildings", "mesh": 0}
    if translation is not None:
        node["translation"] = y_up(translation[None, :])[0].astype(float).tolist()
    meshes = [{"name": "buildings", "primitives": [main]}]
    meshes += [{"name": name, "primitives": [_primitive(buffer, mesh)]} for name, mesh in around]
    nodes = [node, *({"name": name, "mesh": place} for place, (name, _) in enumerate(around, start=1))]
    return buffer.container({
        "asset": {"version": "2.0", "generator": f"CityTwin Desktop {__version__}", "extras": dict(extras)},
        "extensionsUsed": _EXTENSIONS,
        "extensions": {"EXT_structural_metadata": property_table(columns, count, buffer.add_view)},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(nodes)))}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": [{
            "name": "surface",
            "doubleSided": True,
            "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 1.0},
        }],
    })  # fmt: skip


def _primitive(buffer: GltfBuffer, mesh: TriangleMesh) -> dict[str, Any]:
    short = len(mesh.positions) <= _SHORT_INDEX_VERTICES
    indices = mesh.triangles.astype(np.uint16 if short else np.uint32).reshape(-1)
    return {
        "attributes": {
            "POSITION": buffer.add_array(y_up(mesh.positions), bounds=True),
            "NORMAL": buffer.add_array(y_up(mesh.normals)),
            "COLOR_0": buffer.add_array(linear_rgba(mesh.colours), normalised=True),
        },
        "indices": buffer.add_array(indices, INDEX_TARGET),
        "material": 0,
        "mode": 4,
    }


def linear_rgba(colours: ColourArray) -> NDArray[np.uint16]:
    """(n, 4) uint16: opaque linear colours, which glTF wants at vertices, of (n, 3) sRGB (IEC 61966-2-1)."""
    share = np.arange(256) / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    table = np.round(linear * 65535.0).astype(np.uint16)
    return np.column_stack([table[colours], np.full(len(colours), 65535, np.uint16)])


def _context_mesh(layer: ContextLayer) -> TriangleMesh:
    count = len(layer.polygons)
    colours = np.tile(np.array(LIGHT_CONTEXT[layer.kind], np.uint8), (count, 1))
    return TriangleMesh.of_polygons(layer.polygons, colours, np.full(count, -1, np.int64))
