"""Order of the axes of coordinates in GML: that of the system, as labels beside its name say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.reference_names import named_system

_NORTH = frozenset(("n", "north", "northing", "lat", "latitude", "geodetic latitude"))
_EAST = frozenset(("e", "east", "easting", "lon", "long", "longitude", "geodetic longitude"))


@dataclass(frozen=True)
class AxisOrder:
    """Order in which coordinates are written.

    Parameters
    ----------
    north_first : bool
    labels : str
        Abbreviations of the axes as the system has them, and of the height; empty where they cannot be written.
    """

    north_first: bool
    labels: str

    @classmethod
    def of(cls, epsg: int) -> Self:
        """Order that the authority of a system gives it (ISO 19136, 12.3: positions follow the axes of the system).

        Parameters
        ----------
        epsg : int
        """
        system = named_system(f"EPSG:{epsg}")
        if system is None:
            return cls(False, "")
        axes = system.crs.axis_info[:2]
        # Labels are a list of XML names: “E(X)” is none.
        names = [axis.abbrev for axis in axes] if all(axis.abbrev.isalpha() for axis in axes) else []
        return cls(axes[0].direction == "north", " ".join([*names, "h"]) if names else "")

    def ordered(self, vertices: FloatArray) -> FloatArray:
        """(n, 3) float64 in this order of vertices with their easting first."""
        return vertices[:, [1, 0, 2]] if self.north_first else vertices


def stated_east_first(reference: str, labels: Sequence[str]) -> bool | None:
    """Whether a file says that its first coordinate points east, None where it does not say.

    Parameters
    ----------
    reference : str
        Name of the coordinate system.
    labels : sequence of str
        ``axisLabels`` of an envelope: words such as ``N E``, or the abbreviations that the system has itself, which
        then stand for its axes.
    """
    first, second = (label.strip().lower() for label in (*labels, "", "")[:2])
    if (first in _NORTH and second in _EAST) or (first in _EAST and second in _NORTH):
        return first in _EAST
    try:
        system = named_system(reference)
    except KnownError:
        return None
    if system is None or [axis.abbrev for axis in system.crs.axis_info[:2]] != list(labels[:2]):
        return None
    directions = [axis.direction for axis in system.crs.axis_info[:2]]
    return directions[0] == "east" if set(directions) == {"east", "north"} else None
