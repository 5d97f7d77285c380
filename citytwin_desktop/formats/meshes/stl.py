"""From a city to the bytes of a binary STL file."""

import struct

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.meshes.triangle_mesh import city_corners, require_surfaces

_HEADER_BYTES = 80


def write_stl(city: CityModel) -> bytes:
    """Write all buildings as one binary STL: metres from the city's local origin, z up.

    STL has neither colours nor names. The place of the local origin stands in the header.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    bytes

    Raises
    ------
    KnownError
        When the city is empty.
    """
    require_surfaces(city)
    corners, surface = city_corners(city)
    records = np.zeros(len(corners), [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    records["normal"] = city.surfaces.polygons.normals[surface]
    records["corners"] = corners
    x, y, z = city.origin
    # A header that starts with “solid” would pass for a text file.
    header = f"CityTwin m z-up EPSG:{city.epsg} + {x:.3f} {y:.3f} {z:.3f}".encode("ascii")
    return b"".join([
        header[:_HEADER_BYTES].ljust(_HEADER_BYTES), struct.pack("<I", len(records)), records.tobytes()
    ])  # fmt: skip
