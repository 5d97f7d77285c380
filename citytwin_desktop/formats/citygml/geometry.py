"""GML geometry of any version as flat lists of faces: numbers of polygons, and references still to be followed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from citytwin_desktop.formats.citygml.corners import PLANE, Corners
from citytwin_desktop.formats.citygml.geometry_roles import NOTHING, PLANS, ROLES, Plan
from citytwin_desktop.formats.citygml.names import HREF, NAMES

Face = "int | Reference"
"""A polygon by its number, ``~number`` for one walked the other way round, or a `Reference`."""

GML_IDS = frozenset(("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id", "id"))
_ANYWHERE = 1 << 62


@dataclass(frozen=True, slots=True)
class Reference:
    """An ``xlink:href`` to geometry elsewhere.

    Parameters
    ----------
    target : str
        Identifier without the leading ``#``.
    turned : bool
        Whether what it points to is to be walked the other way round.
    """

    target: str
    turned: bool = False


Span = tuple["list[int | Reference]", int, int, bool]
"""A stretch of a list of faces that an identifier stands for: list, first, last, whether the list has it turned."""


@dataclass(eq=False)
class GeometryReader:
    """Reads geometry of any kind into `Corners`, and remembers what has an identifier.

    Elements are taken in the order of the document, whatever they are nested in: a polygon lasts until something
    begins that cannot be a part of it. That is quick and needs no recursion.

    Parameters
    ----------
    fault : callable
        Told the code of each polygon that cannot be read.
    corners : Corners
    named : dict of str to int or Span
        What each identifier stands for.
    dimension : int
        2 or 3 where the file states it for all its geometry, else 0.
    references : dict of str to int
        Coordinate systems that geometries name, and how often.
    id_name : str
        Of ``gml:id`` of boundary surfaces in this file.
    """

    fault: Callable[[str], None]
    corners: Corners = field(default_factory=Corners)
    named: dict[str, int | Span] = field(default_factory=dict)
    dimension: int = 0
    references: dict[str, int] = field(default_factory=dict)
    id_name: str = "{http://www.opengis.net/gml}id"
    _place: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._takers: tuple[Callable[[etree._Element], None], ...] = (
            self._take_nothing,
            self._take_places,
            self._take_ring,
            self._take_outer,
            self._take_property,
            self._take_polygon,
            self._take_container,
            self._take_inner,
            self._take_other_places,
            self._take_bent,
        )
        self._begin()

    def faces(self, element: etree._Element) -> list["int | Reference"]:
        """Faces of a property such as ``lod2Solid``, or of what it refers to."""
        elements = list(element.iter())
        plan = PLANS[bytes([ROLES[child.tag] for child in elements])]
        return (self.plain_faces(elements, plan) if plan else None) or self._nested_faces(elements)

    def plain_faces(self, elements: list[etree._Element], plan: "Plan") -> list["int | Reference"]:
        """Faces of well-formed polygons inside nothing but containers; empty when anything is unusual.

        Parameters
        ----------
        elements : list of element
            In the order of the document.
        plan : Plan
            Which of them matter.
        """
        names = [self._noted(elements[place]) for place in plan.containers]
        given = [self._noted(elements[place]) for place in plan.polygons]
        if None in names or None in given:
            return []
        ids = [identifier or "" for identifier in given]
        first = len(self.corners.ids)
        if not self._add_plain([elements[place] for place in plan.places], ids, plan.rings):
            return []
        found: list[int | Reference] = list(range(first, first + len(ids)))
        for number, identifier in enumerate(ids, first):
            if identifier:
                self.named.setdefault(identifier, number)
        for name in names:
            if name:
                self.named.setdefault(name, (found, 0, len(found), False))
        return found

    def _noted(self, element: etree._Element) -> str | None:
        """Identifier of a container or polygon, None where its attributes ask for more than that."""
        identifier = ""
        for key, value in _items(element):
            if key in GML_IDS:
                identifier = value
            elif key == "srsName":
                self.references[value] = self.references.get(value, 0) + 1
            elif key == "orientation" or value == "2":
                return None
        return identifier

    def _add_plain(self, places: list[etree._Element], ids: list[str], rings: tuple[int, ...]) -> bool:
        """Add polygons in space; False, and nothing added, when any of them is a plan or unusual."""
        if self.dimension == PLANE or "2" in [place.get("srsDimension") for place in places]:
            return False
        if len(places) == 1:
            return self.corners.add_polygon(ids[0], places[0].text or "")
        return self.corners.add_polygons(ids, [place.text or "" for place in places], rings)

    def _nested_faces(self, elements: list[etree._Element]) -> list["int | Reference"]:
        """Faces of any geometry, one element after another."""
        self._begin()
        takers, ends = self._takers, self._ends
        for child in elements:
            self._place += 1
            if ends and self._place > ends[-1][0]:
                self._leave()
            takers[ROLES[child.tag] - NOTHING](child)
        self._place = _ANYWHERE
        self._end_polygon()
        self._leave()
        return self._found

    def forget_beyond(self, count: int) -> None:
        """Forget the identifiers that were added after there were so many."""
        while len(self.named) > count:
            self.named.popitem()

    def _begin(self) -> None:
        self._found: list[int | Reference] = []
        self._ends: list[tuple[int, str, int, bool, int]] = []
        self._place, self._turned, self._stated = 0, False, self.dimension
        self._polygon: str | None = None
        self._texts: list[str] | None = None
        self._wrong, self._rings, self._mark, self._ring_stated = "", 0, (0, 0, 0), 0

    def _take_nothing(self, element: etree._Element) -> None:
        """Pass over what says nothing about faces."""

    def _take_property(self, element: etree._Element) -> None:
        self._end_polygon()
        href = element.get(HREF)
        if href and not len(element):
            self._found.append(Reference(_target(href), self._turned))

    def _take_outer(self, element: etree._Element) -> None:
        if self._polygon is None:
            self._take_property(element)

    def _take_inner(self, element: etree._Element) -> None:
        if self._polygon is None:
            self._take_property(element)
        elif self._texts is None and not self._rings:
            self._wrong = "surface_without_corners"

    def _take_container(self, element: etree._Element) -> None:
        self._end_polygon()
        identifier, turned, stated = "", self._turned, self._stated
        for key, value in _items(element):
            if key == "srsName":
                self.references[value] = self.references.get(value, 0) + 1
            elif key in ("srsDimension", "dimension"):
                stated = int(value) if value in ("2", "3") else stated
            elif key == "orientation" and value == "-" and NAMES[element.tag].local == "OrientableSurface":
                turned = not turned
            elif key in GML_IDS:
                identifier = value.strip()
        if identifier or turned != self._turned:
            # The property itself is the first; a container that fills it needs no counting.
            end = _ANYWHERE if self._place == 2 and element.getnext() is None else self._place + _size(element) - 1
            self._ends.append((end, identifier, len(self._found), self._turned, self._stated))
        self._turned, self._stated = turned, stated

    def _leave(self) -> None:
        """Leave the containers that end here."""
        self._end_polygon()
        while self._ends and (self._place > self._ends[-1][0] or self._place == _ANYWHERE):
            _, identifier, first, self._turned, self._stated = self._ends.pop()
            if identifier:
                self.named.setdefault(identifier, (self._found, first, len(self._found), self._turned))

    def _take_polygon(self, element: etree._Element) -> None:
        self._end_polygon()
        self._polygon, self._ring_stated = "", self._stated
        for key, value in _items(element):
            if key in GML_IDS:
                self._polygon = value.strip()
            elif key == "srsDimension" and value in ("2", "3"):
                self._ring_stated = int(value)
            elif key == "srsName":
                self.references[value] = self.references.get(value, 0) + 1
        self._mark, self._wrong, self._rings = self.corners.mark(), "", 0

    def _take_ring(self, _element: etree._Element) -> None:
        if self._polygon is not None:
            if self._texts is not None:
                self._end_ring()
            self._texts = []

    def _take_places(self, element: etree._Element) -> None:
        if self._texts is not None:
            self._texts.append(element.text or "")
            stated = element.get("srsDimension")
            if stated in ("2", "3"):
                self._ring_stated = int(stated)

    def _take_other_places(self, element: etree._Element) -> None:
        if self._texts is not None:
            local = NAMES[element.tag].local
            if local == "coordinates":
                self._texts.append(coordinates_text(element))
            else:
                self._texts.append(
                    " ".join(part.text or "" for part in element) if len(element) else element.text or ""
                )

    def _take_bent(self, element: etree._Element) -> None:
        if self._texts is not None and (NAMES[element.tag].local != "curveMember" or element.get(HREF)):
            self._wrong = "curve_not_read"

    def _end_ring(self) -> None:
        texts, self._texts = self._texts or [], None
        self._rings += 1
        if not self._wrong:
            text = texts[0] if len(texts) == 1 else " ".join(texts)
            self._wrong = self.corners.add_text(text, self._ring_stated)

    def _end_polygon(self) -> None:
        if self._polygon is None:
            return
        if self._texts is not None:
            self._end_ring()
        identifier, self._polygon = self._polygon, None
        if self._wrong or not self._rings:
            self.corners.back_to(self._mark)
            self.fault(self._wrong or "surface_without_corners")
            return
        number = self.corners.end_polygon(identifier)
        self._found.append(~number if self._turned else number)
        if identifier:
            self.named.setdefault(identifier, number)


def _items(element: Any) -> list[tuple[str, str]]:
    """Attributes of an element."""
    found: list[tuple[str, str]] = element.items()
    return found


def _target(href: str) -> str:
    return href.rpartition("#")[2] if "#" in href else href


def coordinates_text(element: etree._Element) -> str:
    """Text of a ``gml:coordinates`` element as plain numbers (GML 2, with its own separators)."""
    decimal, within, between = element.get("decimal", "."), element.get("cs", ","), element.get("ts", " ")
    text = element.text or ""
    if between not in ("", " "):
        text = text.replace(between, " ")
    if within not in ("", " "):
        text = text.replace(within, " ")
    return text.replace(decimal, ".") if decimal not in ("", ".") else text


def _size(element: etree._Element) -> int:
    """How many elements there are in one, itself included."""
    return sum(1 for _ in element.iter())
