"""From a city's coordinates back to those of the source it came from."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.structure import reference_name
from citytwin_desktop.formats.reference_names import named_system

_LARGEST_ERROR_M = 1e-5


@dataclass(frozen=True)
class WayBack:
    """From the city's coordinates to those of the source.

    Parameters
    ----------
    transformer : pyproj.Transformer, optional
        None where both are in one system.
    tolerance : ndarray, (3,) float64
        A hundredth of a millimetre in the units of the source.
    missing : str
        Why there is no way back; the sentence that `of` refuses with.
    """

    transformer: Any
    tolerance: FloatArray
    missing: str = ""

    def of(self, world: FloatArray) -> FloatArray:
        """Coordinates in the source's system, (n, 3) float64.

        Raises
        ------
        KnownError
            When there is no way back.
        """
        if self.missing:
            raise KnownError(self.missing)
        if self.transformer is None:
            return world
        east, north = self.transformer.transform(world[:, 0], world[:, 1])
        return np.column_stack([east, north, world[:, 2]])


def way_back(city: CityModel, header: dict[str, Any], crs: str | None, name: str) -> WayBack:
    """How to bring changed shapes to the coordinates of a source.

    Parameters
    ----------
    city : CityModel
    header : dict
        Of the source; names its system.
    crs : str, optional
        System stated at import, in place of that.
    name : str
        Of the file, for messages.
    """
    import pyproj

    same = np.full(3, _LARGEST_ERROR_M)
    reference = crs or reference_name(header.get("metadata") or {})
    system = named_system(reference) if reference else None
    if system is None:
        msg = f"“{name}” names no known coordinate system, so changed shapes cannot be written: write a new file."
        return WayBack(None, same, msg)
    if system.height_factor != 1.0:
        msg = f"“{name}” counts heights in other units than metres: write a new file in place of it."
        return WayBack(None, same, msg)
    if system.epsg == city.epsg:
        return WayBack(None, same)
    transformer = pyproj.Transformer.from_crs(city.epsg, system.crs, always_xy=True)
    # A degree has some 111 km.
    unit_m = 111_000.0 if system.crs.is_geographic else system.crs.axis_info[0].unit_conversion_factor
    across = _LARGEST_ERROR_M / unit_m
    return WayBack(transformer, np.array([across, across, _LARGEST_ERROR_M]))
