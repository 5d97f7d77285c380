"""What a quick look at a file tells before anything is loaded."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class AttributeSummary:
    """One attribute of the buildings of a source.

    Parameters
    ----------
    name : str
    count : int
        Buildings that have it.
    samples : tuple of str
        Up to five different values.
    """

    name: str
    count: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceScan:
    """Counts, levels of detail, coordinates and types of a source.

    Parameters
    ----------
    name, format : str
    size_bytes : int
        Of the file as it lies on disk.
    types : mapping of str to int
        Objects by type, ``Building`` first where there are any.
    lods : mapping of str to int
        Geometries of buildings by level of detail.
    reference : str
        As the source names it, empty for none.
    epsg : int
        What that stands for, 0 when it cannot be told.
    extent : tuple of float, optional
        x0, y0, z0, x1, y1, z1 in the source's coordinates, east first.
    attributes : tuple of AttributeSummary
    columns : mapping of str to str
        Attribute that would fill a building column, by column.
    remarks : tuple of str
        Sentences on what is odd, such as a missing CRS or a part of the file that cannot be read.
    exact : bool
        False when only the beginning of a large file was looked at; counts are then those of what was seen.
    """

    name: str
    format: str
    size_bytes: int = 0
    types: Mapping[str, int] = field(default_factory=dict)
    lods: Mapping[str, int] = field(default_factory=dict)
    reference: str = ""
    epsg: int = 0
    extent: tuple[float, float, float, float, float, float] | None = None
    attributes: tuple[AttributeSummary, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    exact: bool = True

    def to_json(self) -> dict[str, Any]:
        """The shape that ``citytwin scan --json`` prints."""
        return asdict(self)
