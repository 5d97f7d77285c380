"""Attributes of a CityGML object as plain JSON: its own, generic ones, addresses, and those of extensions."""

import math
from typing import Any

from lxml import etree

from citytwin_desktop.formats.citygml.names import NAMES, TITLE, text_of

_NUMBERS = frozenset(("measuredHeight", "storeysAboveGround", "storeysBelowGround", "height", "trunkDiameter",
                      "crownDiameter", "rootBallDiameter", "maxRootBallDepth", "averageHeight"))  # fmt: skip
_METRES = frozenset(("", "m", "#m", "metre", "meter", "urn:adv:uom:m", "urn:ogc:def:uom:UCUM::m"))
_MOST_VALUES = 2_000
_DEEPEST = 12


def add_simple(attributes: dict[str, Any], element: etree._Element, name: str) -> None:
    """Add an element that holds a single value; a repeated one becomes a list."""
    text = text_of(element)
    if not text:
        text = element.get(TITLE, "")
        if not text:
            return
    value: Any = text
    if name in _NUMBERS:
        value = number(text)
        if value is None:
            value = text
        elif (unit := element.get("uom", "")) not in _METRES:
            attributes[f"{name}_uom"] = unit
    put(attributes, name, value)


def put(attributes: dict[str, Any], name: str, value: Any) -> None:
    """Set a value, or make a list where there is one already."""
    if name not in attributes:
        if len(attributes) < _MOST_VALUES:
            attributes[name] = value
        return
    there = attributes[name]
    if isinstance(there, list):
        if len(there) < _MOST_VALUES:
            there.append(value)
    elif there != value:
        attributes[name] = [there, value]


def number(text: str) -> float | int | None:
    """Finite number in a text, whole where it is written so; None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return int(text) if text.lstrip("+-").isdecimal() and abs(value) < 2**53 else value


def add_generic(attributes: dict[str, Any], element: etree._Element, local: str) -> None:
    """Add a generic attribute of CityGML 1.0 and 2.0 (``stringAttribute name=…``) or 3.0 (``StringAttribute``)."""
    if local.lower().endswith("attributeset"):
        _add_set(attributes, element)
        return
    name, value, unit = str(element.get("name", "")), "", ""
    for child in element:
        part = NAMES[child.tag].local
        if part == "name":
            name = text_of(child)
        elif part == "value":
            value, unit = text_of(child), child.get("uom", "")
    if not name or not value:
        return
    typed = number(value) if local[:3].lower() in ("int", "dou", "mea") else None
    put(attributes, name, value if typed is None else typed)
    if unit and typed is not None:
        attributes.setdefault(f"{name}_uom", unit)


def _add_set(attributes: dict[str, Any], element: etree._Element) -> None:
    """Add a set of generic attributes as one mapping."""
    name = str(element.get("name", ""))
    members: dict[str, Any] = {}
    for child in element:
        inner = child[0] if len(child) and NAMES[child.tag].local == "genericAttribute" else child
        if "ttribute" in NAMES[inner.tag].local:
            add_generic(members, inner, NAMES[inner.tag].local)
        elif NAMES[inner.tag].local == "name":
            name = text_of(inner)
    if name and members:
        put(attributes, name, members)


def flatten(attributes: dict[str, Any], element: etree._Element, name: str, depth: int = 0) -> None:
    """Add everything below an extension's element under names such as ``uro:buildingIDAttribute/buildingID``."""
    if not len(element):
        text = text_of(element) or element.get(TITLE, "")
        if text:
            plain = number(text) if element.get("uom") is not None else None
            put(attributes, name, text if plain is None else plain)
        return
    if depth > _DEEPEST:
        return
    for child in element:
        local = NAMES[child.tag].local
        # Types stand in capitals between properties and say nothing that the property does not.
        flatten(attributes, child, name if local[:1].isupper() and len(child) else f"{name}/{local}", depth + 1)


def address_of(element: etree._Element) -> dict[str, str]:
    """Address (xAL 2.0 or 3.0) as CityJSON names its parts; empty when nothing is given."""
    found: dict[str, str] = {}
    for part in element.iter():
        name = NAMES[part.tag]
        text = text_of(part)
        if name.family != "xal" or not text:
            continue
        local = name.local
        if local == "NameElement":
            above = part.getparent()
            local = f"{NAMES[above.tag].local}Name" if above is not None else local
        elif local in ("Number", "Identifier"):
            above = part.getparent()
            local = f"{NAMES[above.tag].local}Number" if above is not None else local
        found.setdefault(_PARTS.get(local, local), text)
    return found


_PARTS = {"PostalCodeNumber": "PostalCode", "PostCodeNumber": "PostalCode", "CountryNameName": "CountryName",
          "PostCode": "PostalCode", "ThoroughfareNumberNumber": "ThoroughfareNumber"}  # fmt: skip


def external_reference(element: etree._Element) -> dict[str, str]:
    """Reference to another information system: its system, and name or address there."""
    found: dict[str, str] = {}
    for part in element.iter():
        local, text = NAMES[part.tag].local, text_of(part)
        if text and local in ("informationSystem", "name", "uri", "targetResource"):
            found[local] = text
    return found


def construction_height(element: etree._Element) -> tuple[float | None, str]:
    """Value [m] of a ``con:height`` of CityGML 3.0 and its status (measured, estimated)."""
    value, status = None, ""
    for part in element.iter():
        local = NAMES[part.tag].local
        if local == "value" and part.get("uom", "") in _METRES:
            value = number(text_of(part))
        elif local == "status":
            status = text_of(part)
    return (None if value is None else float(value)), status
