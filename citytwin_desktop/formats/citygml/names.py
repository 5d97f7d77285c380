"""Names of elements sorted by the family of their namespace, whatever prefix or version a file uses."""

from typing import Any, NamedTuple

from lxml import etree

_GML, _GML32 = "{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id"
HREF = "{http://www.w3.org/1999/xlink}href"
TITLE = "{http://www.w3.org/1999/xlink}title"

OWN_CODE_SPACE = "urn:citytwin:id"
"""Of ``gml:identifier`` in files of ours, where an identifier is no XML name."""

_ROOTS = (
    ("http://www.opengis.net/gml", "gml"),
    ("http://www.opengis.net/citygml", "citygml"),
    ("http://www.citygml.org/citygml", "citygml"),
    ("urn:oasis:names:tc:ciq", "xal"),
    ("http://www.w3.org/", "w3"),
)


class Name(NamedTuple):
    """An element's name and whose it is.

    Parameters
    ----------
    local : str
        Without namespace.
    family : str
        ``gml``, ``citygml``, ``xal``, ``energy``, ``w3``, or ``other`` for extensions and the unknown.
    """

    local: str
    family: str


class Names(dict[Any, Name]):
    """`Name` by tag, each worked out once."""

    def __missing__(self, tag: Any) -> Name:
        namespace, _, local = tag[1:].rpartition("}") if isinstance(tag, str) and tag[:1] == "{" else ("", "", str(tag))
        name = Name(local, _family(namespace))
        # A hostile file may have as many names as elements.
        if len(self) < 100_000:
            self[tag] = name
        return name


NAMES = Names()


def _family(namespace: str) -> str:
    plain = namespace.replace("https://", "http://")
    if "/energy/" in plain or plain.endswith("/energy") or "EnergyADE" in plain:
        return "energy"
    return next((family for root, family in _ROOTS if plain.startswith(root)), "other")


def gml_id(element: etree._Element) -> str:
    """Identifier of an element, empty for none."""
    found = element.get(_GML) or element.get(_GML32) or element.get("id")
    return str(found).strip() if found else ""


def text_of(element: etree._Element) -> str:
    """Text of an element without the white space around it."""
    return (element.text or "").strip()


def prefixed(element: etree._Element) -> str:
    """Name for people: with the file's own prefix where the element is an extension's."""
    local = NAMES[element.tag].local
    return f"{element.prefix}:{local}" if element.prefix and NAMES[element.tag].family in ("other", "energy") else local
