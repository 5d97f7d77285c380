"""The thematic kinds of surfaces and the origins of values."""

from enum import IntEnum, StrEnum


class SurfaceKind(IntEnum):
    """Thematic kind of a boundary surface, after CityGML 3.0 (OGC 20-010, Construction module)."""

    WALL = 0
    ROOF = 1
    GROUND = 2
    WINDOW = 3
    DOOR = 4
    OUTER_CEILING = 5
    OUTER_FLOOR = 6
    CLOSURE = 7

    @property
    def label(self) -> str:
        """Name used in JSON output and in column names, for example ``outer_floor``."""
        return self.name.lower()


class ContextKind(StrEnum):
    """What a context layer shows; context is drawn and may shade, but is never simulated."""

    TERRAIN = "terrain"
    ROAD = "road"
    WATER = "water"
    GREEN = "green"
    TREE = "tree"


class Origin(StrEnum):
    """Where a value of a building comes from, the key of the small mark shown beside it."""

    SOURCE = "source"
    ASSUMED = "assumed"
    DERIVED = "derived"
    ARCHETYPE = "archetype"
    EDITED = "edited"
    PACKAGE = "package"
    MISSING = ""
