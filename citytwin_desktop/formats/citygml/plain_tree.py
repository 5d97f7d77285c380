"""Elements without geometry as small objects that outlive the document they came from."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from citytwin_desktop.formats.citygml.names import HREF, NAMES, gml_id, text_of

_GEOMETRY = frozenset(("surfaceGeometry", "volumeGeometry", "Envelope", "referencePoint", "MultiSurface",
                       "Solid", "Polygon", "CompositeSurface", "MultiCurve"))  # fmt: skip
_DEEPEST = 60


@dataclass(slots=True)
class PlainNode:
    """One element.

    Parameters
    ----------
    name : str
        Without namespace.
    text : str
    identifier : str
        ``gml:id``, empty for none.
    href : str
        Target of an ``xlink:href`` without its ``#``, empty for none.
    unit : str
        ``uom`` or ``unit``.
    children : list of PlainNode
    """

    name: str
    text: str = ""
    identifier: str = ""
    href: str = ""
    unit: str = ""
    children: list["PlainNode"] = field(default_factory=list)

    def child(self, *names: str) -> "PlainNode | None":
        """First child with one of the names."""
        return next((node for node in self.children if node.name in names), None)

    def all(self, *names: str) -> list["PlainNode"]:
        """Children with one of the names."""
        return [node for node in self.children if node.name in names]

    def walk(self) -> Iterator["PlainNode"]:
        """This node and everything below it."""
        yield self
        for node in self.children:
            yield from node.walk()

    def text_at(self, *path: str) -> str:
        """Text of the node at the end of a path of names, empty when it is not there."""
        node: PlainNode | None = self
        for name in path:
            node = node.child(name) if node is not None else None
        return node.text if node is not None else ""


def plain(element: etree._Element, depth: int = 0) -> PlainNode:
    """An element and everything below it but geometry."""
    href = element.get(HREF, "")
    node = PlainNode(
        NAMES[element.tag].local,
        text_of(element) if not len(element) else "",
        gml_id(element),
        href.rpartition("#")[2] if href else "",
        element.get("uom") or element.get("unit") or "",
    )
    if depth < _DEEPEST:
        node.children = [plain(child, depth + 1) for child in element if NAMES[child.tag].local not in _GEOMETRY]
    return node
