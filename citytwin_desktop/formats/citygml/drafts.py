"""What has been read of one object, before its level of detail is chosen and references are followed."""

from dataclasses import dataclass, field
from typing import Any

from citytwin_desktop.formats.citygml.geometry import Reference
from citytwin_desktop.formats.citygml.plain_tree import PlainNode

Faces = list["int | Reference"]


@dataclass(slots=True)
class Group:
    """Faces that belong together.

    Parameters
    ----------
    role : str
        ``body`` (a solid), ``shell`` (surfaces without a theme), ``theme`` (a boundary surface), ``opening``,
        ``outline``, ``roof_edge`` or ``installation``.
    lod : str
    kind : int
        `SurfaceKind` or `UNKNOWN_KIND`.
    identifier : str
        Of the boundary surface.
    faces : list
        See `citytwin_desktop.formats.citygml.geometry`.
    """

    role: str
    lod: str
    kind: int
    identifier: str
    faces: Faces


@dataclass(slots=True)
class Placement:
    """A template of geometry that is to be set at a place.

    Parameters
    ----------
    lod : str
    faces : list
        Of the template; a reference where another object holds it.
    matrix : list of float
        16 numbers row by row, empty for none.
    point : list of float
        x, y, z in the source's coordinates; empty when there is none.
    external : bool
        Whether the template lies in a file of its own, which is not read.
    """

    lod: str
    faces: Faces
    matrix: list[float]
    point: list[float]
    external: bool = False


@dataclass(slots=True)
class Draft:
    """One object and what hangs on it.

    Parameters
    ----------
    identifier : str
        Never empty; made up and stable where the file gives none.
    kind : str
        Type in CityGML.
    attributes : dict
    groups : list of Group
    placements : list of Placement
    parts : list of Draft
        Building parts; sections, traffic areas and components of a relief.
    code_function : str
        Function that a code of a known code list means.
    energy : list of PlainNode
        Elements of the Energy ADE.
    point : list of float
        Where a plant stands.
    """

    identifier: str
    kind: str
    attributes: dict[str, Any] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    parts: list["Draft"] = field(default_factory=list)
    code_function: str = ""
    energy: list[PlainNode] = field(default_factory=list)
    point: list[float] = field(default_factory=list)

    def family(self) -> list["Draft"]:
        """This object and all parts of it, the outermost first."""
        found = [self]
        for part in self.parts:
            found.extend(part.family())
        return found
