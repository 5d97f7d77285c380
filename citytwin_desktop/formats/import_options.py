"""What a user asks of an import, beside the file."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in the coordinates of the source."""

STOREY_HEIGHT_M = 3.0
"""Height of a storey where a source gives storeys and no height; our assumption, recorded with each building."""


CHOSEN_COLUMNS = (
    "height_m",
    "storeys",
    "year_built",
    "function",
    "name",
    "id",
    "ground_elevation_m",
    "top_elevation_m",
    "base_height_m",
    "surface_type",
)
"""Columns whose attribute a user can choose; the last four of footprints only."""


def unwatched(_share: float, _what: str) -> None:
    """Watch nothing."""


_watcher: ContextVar[Callable[[float, str], None]] = ContextVar("import watcher", default=unwatched)


@contextmanager
def watched(watch: Callable[[float, str], None]) -> Iterator[None]:
    """Let imports of this thread tell how far they are; an exception that ``watch`` raises ends them.

    Parameters
    ----------
    watch : callable
        Told the share done, 0 to 1, and what is being done.
    """
    token = _watcher.set(watch)
    try:
        yield
    finally:
        _watcher.reset(token)


@dataclass(frozen=True)
class ImportOptions:
    """Choices that hold for all sources of one import.

    Parameters
    ----------
    crs : str, optional
        ``EPSG:N`` of the sources; wins over their own and is needed when they name none.
    project_epsg : int
        System of the project that the city is brought to; 0 keeps a fitting one of the source.
    lod : str, optional
        Level of detail to take, the highest of each object when not given.
    bbox : tuple of float, optional
        Buildings whose middle lies outside are left out, and context that lies outside as a whole.
    types : tuple of str
        Types of objects to take, by their names in `SourceScan.types`; all when empty.
    where : str
        Filter on source attributes, such as ``YEAR > 1990 and USE = 'office'``; see `attribute_filter`.
    columns : mapping of str to str
        Attribute that fills a building column (``height_m``, ``storeys``, ``year_built``, ``function``, ``name``,
        ``id``), overruling the guess; an empty name takes none.
    storey_height_m : float [m]
        For bodies of buildings whose storeys are known and whose height is not.
    watch : callable
        Told the share done, 0 to 1, and what is being done; an exception that it raises ends the import.
    """

    crs: str | None = None
    project_epsg: int = 0
    lod: str | None = None
    bbox: Box | None = None
    types: tuple[str, ...] = ()
    where: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    storey_height_m: float = STOREY_HEIGHT_M
    watch: Callable[[float, str], None] = field(default_factory=lambda: _watcher.get(), compare=False)

    def takes(self, kind: str) -> bool:
        """Whether objects of a type are wanted; parts go with their buildings."""
        return not self.types or kind in self.types or (kind.endswith("Part") and kind[:-4] in self.types)
