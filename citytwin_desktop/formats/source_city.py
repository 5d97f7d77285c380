"""What a reader found in a file, before coordinates are brought home and faults are looked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import IntArray, Polygons

UNKNOWN_KIND = 255
"""In `SourceCity.kind`: the source does not say what a surface is."""


@dataclass(frozen=True)
class SourceReference:
    """How a source names its coordinates.

    Parameters
    ----------
    name : str
        Reference as in the source: a URL, URN, ``EPSG:N``, WKT or an agency's own name; empty for none.
    east_first : bool, optional
        True where the format itself fixes the order east, north (GeoJSON, CityJSON, Shapefile, OSM); None where
        the system's own order counts (GML), which is checked against its area of use; False where the file itself
        says that north comes first.
    """

    name: str = ""
    east_first: bool | None = True


@dataclass(eq=False)
class SourceCity:
    """Objects of a source in the source's own coordinates.

    Parameters
    ----------
    name : str
        File name, for messages.
    format : str
        Such as ``CityGML 2.0``.
    reference : SourceReference
    rows : list of dict
        One for each building and part, parents and parts in any order. Keys: ``id``, ``parent_id`` (empty for
        none), ``lod``, ``attributes`` (dict of the source's own, JSON), and where known ``name``, ``function``,
        ``year_built``, ``storeys``, values of override columns (``wall_u_value_w_m2k`` …), ``COLUMN_origin``
        (an `Origin` other than ``source``), ``value_origins`` (see the column of that name), and for outlines
        without a body ``measured_height_m`` [m], ``ground_elevation_m`` [m] and, True where the outline is that
        of the roof and lies at its edge, ``outline_from_roof_edge``.
    polygons : Polygons
        All surfaces; vertices as in the source (order of axes included), float64, not shifted.
    kind : ndarray, (n_surfaces,) uint8
        `SurfaceKind` or `UNKNOWN_KIND`.
    owner : ndarray, (n_surfaces,) int64
        Place in ``rows``; ascending.
    source_id : ndarray, (n_surfaces,) object of str, optional
        Identifier of each surface in the source, empty where it has none.
    context : list of (ContextKind, Polygons)
        In the source's coordinates.
    has_elevations : bool
        False when the source is a flat map, whose z is a made-up 0: buildings then stand on the terrain if any.
    metadata : mapping
        About the source, JSON: title, dates, identifiers, vertical datum.
    objects : mapping of str to int
        How many objects of each type the source holds, read or not.
    """

    name: str
    format: str
    reference: SourceReference
    rows: list[dict[str, Any]] = field(default_factory=list)
    polygons: Polygons = field(default_factory=Polygons.empty)
    kind: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    owner: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    source_id: NDArray[np.object_] | None = None
    context: list[tuple[ContextKind, Polygons]] = field(default_factory=list)
    has_elevations: bool = True
    metadata: Mapping[str, Any] = field(default_factory=dict)
    objects: Mapping[str, int] = field(default_factory=dict)
