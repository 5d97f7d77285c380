"""What stands at the top of a file: version, title, coordinate system, extent."""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from citytwin_desktop.formats.citygml.implicit import numbers
from citytwin_desktop.formats.citygml.names import NAMES, gml_id, text_of

_VERSION = re.compile(r"/citygml/(?:[a-z]+/)?(\d\.\d)")


@dataclass(eq=False)
class Header:
    """The top of a file.

    Parameters
    ----------
    version : str
        ``1.0``, ``2.0``, ``3.0``; empty when no namespace says it.
    reference : str
        ``srsName`` of the envelope, empty for none.
    axis_labels : list of str
        ``axisLabels`` of the envelope.
    dimension : int
        2 or 3 where the envelope states it, else 0.
    extent : tuple of float, optional
        Lower and upper corner as in the file.
    metadata : dict
    """

    version: str = ""
    reference: str = ""
    axis_labels: list[str] = field(default_factory=list)
    dimension: int = 0
    extent: tuple[float, ...] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def header_of(member: etree._Element) -> Header:
    """Read the top of a file while its first member is there."""
    root = member.getparent()
    if root is None:
        root = member
    header = Header(version_of(root) or version_of(member))
    if identifier := gml_id(root):
        header.metadata["identifier"] = identifier
    for child in root:
        local = NAMES[child.tag].local
        if local == "name" and text_of(child):
            header.metadata.setdefault("title", text_of(child)[:500])
        elif local == "description" and text_of(child):
            header.metadata.setdefault("description", text_of(child)[:2000])
        elif local == "boundedBy":
            _read_envelope(child, header)
        elif child is member:
            break
    return header


def version_of(element: etree._Element) -> str:
    """Version of CityGML that an element's namespaces are of, the latest where there are several."""
    found = [match.group(1) for uri in element.nsmap.values() if uri and (match := _VERSION.search(uri))]
    return max(found, default="")


def _read_envelope(bounded: etree._Element, header: Header) -> None:
    for envelope in bounded:
        header.reference = (envelope.get("srsName") or header.reference).strip()
        header.axis_labels = envelope.get("axisLabels", "").split()
        stated = envelope.get("srsDimension", "")
        corners: list[float] = []
        for corner in envelope:
            if NAMES[corner.tag].local in ("lowerCorner", "upperCorner", "pos"):
                corners.extend(numbers(text_of(corner).replace(",", " ")))
        if stated in ("2", "3"):
            header.dimension = int(stated)
        if len(corners) == 6:
            header.extent = tuple(corners)
        elif len(corners) == 4:
            header.extent = (corners[0], corners[1], 0.0, corners[2], corners[3], 0.0)
