"""Polygons as GML."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from lxml import etree

from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.formats.citygml.axes import AxisOrder
from citytwin_desktop.formats.citygml.writing.dialect import XLINK, Dialect

_DECIMALS = 6
"""Of coordinates [m]: a thousandth of a millimetre, about what double precision holds of a northing."""


class RingTexts:
    """Texts of all rings of polygons, closed by their first corner.

    Parameters
    ----------
    polygons : Polygons
        In local coordinates [m].
    origin : tuple of float [m]
        Of the local coordinates.
    axes : AxisOrder
        Of the system that is written.
    """

    def __init__(self, polygons: Polygons, origin: tuple[float, float, float], axes: AxisOrder) -> None:
        world: FloatArray = np.round(polygons.vertices + np.array(origin), _DECIMALS) + 0.0
        world = axes.ordered(world)
        corners = [f"{x!r} {y!r} {z!r}" for x, y, z in world.tolist()]
        starts = polygons.ring_start.tolist()
        self._rings = [" ".join([*corners[first:last], corners[first]]) for first, last in pairwise(starts)]
        self._polygons = polygons.polygon_start.tolist()

    def of(self, polygon: int) -> Sequence[str]:
        """Rings of one polygon, the outer one first."""
        return self._rings[self._polygons[polygon] : self._polygons[polygon + 1]]


def polygon_element(
    dialect: Dialect, rings: Sequence[str], identifier: str = "", tag: str = "Polygon"
) -> etree._Element:
    """A polygon, or a triangle of a triangulated surface."""
    gml = dialect.gml
    polygon = etree.Element(f"{{{gml}}}{tag}")
    if identifier:
        polygon.set(f"{{{gml}}}id", identifier)
    for place, text in enumerate(rings):
        boundary = etree.SubElement(polygon, f"{{{gml}}}{'interior' if place else 'exterior'}")
        ring = etree.SubElement(boundary, f"{{{gml}}}LinearRing")
        places = etree.SubElement(ring, f"{{{gml}}}posList")
        places.set("srsDimension", "3")
        places.text = text
    return polygon


def multi_surface(dialect: Dialect, members: Iterable[etree._Element], identifier: str) -> etree._Element:
    """A multi-surface of polygons."""
    surface = etree.Element(f"{{{dialect.gml}}}MultiSurface")
    surface.set(f"{{{dialect.gml}}}id", identifier)
    for member in members:
        etree.SubElement(surface, f"{{{dialect.gml}}}surfaceMember").append(member)
    return surface


def solid_of(dialect: Dialect, identifiers: Iterable[str], solid_id: str, shell_id: str) -> etree._Element:
    """A solid whose shell refers to polygons by their identifiers."""
    gml = dialect.gml
    solid = etree.Element(f"{{{gml}}}Solid")
    solid.set(f"{{{gml}}}id", solid_id)
    exterior = etree.SubElement(solid, f"{{{gml}}}exterior")
    # GML 3.1 has composite surfaces where 3.2 has shells; only the former have identifiers.
    shell = etree.SubElement(exterior, f"{{{gml}}}{'Shell' if dialect.is_three else 'CompositeSurface'}")
    if not dialect.is_three:
        shell.set(f"{{{gml}}}id", shell_id)
    for identifier in identifiers:
        member = etree.SubElement(shell, f"{{{gml}}}surfaceMember")
        member.set(f"{{{XLINK}}}href", f"#{identifier}")
    return solid
