"""A whole city as a CityGML document, written object by object."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from lxml import etree

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.citygml.axes import AxisOrder
from citytwin_desktop.formats.citygml.writing.attributes import clean
from citytwin_desktop.formats.citygml.writing.buildings import BuildingWriter, Values
from citytwin_desktop.formats.citygml.writing.context import context_element
from citytwin_desktop.formats.citygml.writing.dialect import DIALECTS, Dialect
from citytwin_desktop.formats.citygml.writing.identifiers import Identifiers


def write_citygml(city: CityModel, version: str = "3.0", values: Values | None = None) -> bytes:
    """Write a city as CityGML.

    Every surface becomes a boundary surface of its kind (in 2.0 below LoD 2 a plain one), closed bodies get a solid
    that refers to them. All attributes of the source are kept, most as generic attributes. Coordinates stand in the
    order of axes of their system, northings first where it has them first.

    Parameters
    ----------
    city : CityModel
    version : str
        ``3.0`` or ``2.0``.
    values : mapping, optional
        Results to write as generic measures: by building and name the number and its unit.

    Returns
    -------
    bytes
        UTF-8.

    Raises
    ------
    KnownError
        When the city is empty or the version is none that is written.
    """
    dialect = DIALECTS.get(version)
    if dialect is None:
        msg = f"CityGML {version} is not written: choose {' or '.join(DIALECTS)}."
        raise KnownError(msg)
    if not len(city.surfaces) and not city.context:
        raise KnownError("The project has nothing to write: import a city first.")
    ids, buffer = Identifiers(), io.BytesIO()
    root, member = f"{{{dialect.core}}}CityModel", f"{{{dialect.core}}}cityObjectMember"
    with etree.xmlfile(buffer, encoding="utf-8") as file, _root(file, root, dialect):
        file.write(*_title(city, dialect), _envelope(city, dialect), "\n")
        writer = BuildingWriter(city, dialect, ids, values or {})
        for row in writer.outermost():
            _write_member(file, member, writer.element(row))
        for layer in city.context:
            element = context_element(city, layer, dialect, ids)
            if element is not None:
                _write_member(file, member, element)
    return buffer.getvalue()


@contextmanager
def _root(file: Any, tag: str, dialect: Dialect) -> Iterator[None]:
    file.write_declaration()
    with file.element(tag, nsmap=dialect.prefixes):
        file.write("\n")
        yield


def _write_member(file: Any, member: str, element: etree._Element) -> None:
    with file.element(member):
        file.write(element)
    file.write("\n")


def _title(city: CityModel, dialect: Dialect) -> list[etree._Element]:
    """Title of the only source, if it has one."""
    sources = city.metadata.get("sources", [])
    title = sources[0].get("metadata", {}).get("title") if len(sources) == 1 else None
    if not title:
        return []
    name = etree.Element(f"{{{dialect.gml}}}name", nsmap={"gml": dialect.gml})
    name.text = clean(str(title))
    return [name]


def _envelope(city: CityModel, dialect: Dialect) -> etree._Element:
    gml = dialect.gml
    bounded = etree.Element(f"{{{gml}}}boundedBy", nsmap={"gml": gml})
    envelope = etree.SubElement(bounded, f"{{{gml}}}Envelope")
    envelope.set("srsName", f"http://www.opengis.net/def/crs/EPSG/0/{city.epsg}")
    envelope.set("srsDimension", "3")
    axes = AxisOrder.of(city.epsg)
    if axes.labels:
        envelope.set("axisLabels", axes.labels)
        envelope.set("uomLabels", "m m m")
    parts = [city.surfaces.polygons.vertices, *(layer.polygons.vertices for layer in city.context)]
    corners = [part for part in parts if len(part)]
    low = np.min([part.min(axis=0) for part in corners], axis=0) + city.origin
    high = np.max([part.max(axis=0) for part in corners], axis=0) + city.origin
    for name, corner in zip(("lowerCorner", "upperCorner"), axes.ordered(np.array([low, high])), strict=True):
        etree.SubElement(envelope, f"{{{gml}}}{name}").text = " ".join(repr(round(x, 6)) for x in corner.tolist())
    return bounded
