"""From a city to the bytes of a Wavefront OBJ file and of its materials."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import numpy as np
import orjson

from citytwin_desktop.analysis.neutral_colours import Colour
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.formats.meshes.painting import Painting
from citytwin_desktop.formats.meshes.triangle_mesh import place_text, require_surfaces

_UNESCAPED = ":,()"
_LONGEST_NAME = 200
_LINES_AT_ONCE = 100_000
_CUT_CODE = re.compile(r"%[0-9A-F]?$")


def write_obj(
    city: CityModel, painting: Painting, notes: Mapping[str, Any], materials_name: str
) -> tuple[bytes, bytes]:
    """Write all buildings, each an object of its own: metres from the city's local origin, z up.

    Parameters
    ----------
    city : CityModel
    painting : Painting
        Its few materials are used.
    notes : mapping
        About the project and the results; in comments.
    materials_name : str
        Name of the file of materials, without blanks.

    Returns
    -------
    tuple of bytes
        The OBJ file and the MTL file.

    Raises
    ------
    KnownError
        When the city is empty.
    """
    require_surfaces(city)
    head = _head(city, painting, notes)
    pieces = [head, f"mtllib {materials_name}\n".encode()]
    pieces += _vertex_lines(city.surfaces.polygons.vertices)
    pieces += _faces(city, painting)
    return b"".join(pieces), head + _materials(painting.materials)


def _head(city: CityModel, painting: Painting, notes: Mapping[str, Any]) -> bytes:
    """Comments; JSON, so that no text can break out of its line."""
    about = {**notes, **({"legend": painting.legend} if painting.legend else {})}
    lines = [f"# {place_text(city)}", *(f"# {name}: {orjson.dumps(value).decode()}" for name, value in about.items())]
    return "".join(f"{line}\n" for line in lines).encode()


def _vertex_lines(vertices: FloatArray) -> list[bytes]:
    """Coordinates to a tenth of a millimetre."""
    pieces = []
    for first in range(0, len(vertices), _LINES_AT_ONCE):
        part = vertices[first : first + _LINES_AT_ONCE]
        pieces.append((("v %.4f %.4f %.4f\n" * len(part)) % tuple(part.reshape(-1).tolist())).encode("ascii"))
    return pieces


def _faces(city: CityModel, painting: Painting) -> list[bytes]:
    """Triangles by building and material, each run of them under its names."""
    found = triangulate(city.surfaces.polygons)
    building, material = city.surfaces.building[found.polygon], painting.material[found.polygon]
    order = np.lexsort((material, building))
    building, material = building[order], material[order]
    corners = found.indices[order] + 1
    starts = np.flatnonzero((np.diff(building, prepend=-1) != 0) | (np.diff(material, prepend=-1) != 0))
    pieces: list[bytes] = []
    last = -1
    for first, end in zip(starts.tolist(), [*starts[1:].tolist(), len(corners)], strict=True):
        row = int(building[first])
        if row != last:
            pieces.append(f"o {object_name(str(city.buildings.ids[row]), row)}\n".encode("ascii"))
            last = row
        pieces.append(f"usemtl {painting.materials[int(material[first])][0]}\n".encode("ascii"))
        pieces.append(_face_lines(corners[first:end]))
    return pieces


def _face_lines(corners: IntArray) -> bytes:
    return (("f %d %d %d\n" * len(corners)) % tuple(corners.reshape(-1).tolist())).encode("ascii")


def object_name(identifier: str, row: int) -> str:
    """Name of an object: blanks, controls and other letters percent-encoded; one that is too long ends in its row."""
    name = quote(identifier.encode("utf-8", "replace"), safe=_UNESCAPED) or f"row_{row}"
    return name if len(name) <= _LONGEST_NAME else f"{_CUT_CODE.sub('', name[:_LONGEST_NAME])}_row_{row}"


def _materials(materials: tuple[tuple[str, Colour], ...]) -> bytes:
    lines = []
    for name, colour in materials:
        red, green, blue = (value / 255.0 for value in colour)
        lines.append(f"newmtl {name}\nKd {red:.4f} {green:.4f} {blue:.4f}\nKa 0 0 0\nKs 0 0 0\nillum 1\n")
    return "\n".join(lines).encode("ascii")
