"""Attributes of a building as elements: those CityGML knows by its own names, all others as generic attributes."""

import math
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from citytwin_desktop.formats.citygml.writing.dialect import Dialect

NATIVE = frozenset(
    ("name", "description", "class", "function", "usage", "roofType", "yearOfConstruction", "dateOfConstruction",
     "measuredHeight", "storeysAboveGround", "storeysBelowGround", "address")
)  # fmt: skip
"""Attributes that are not written as generic ones."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_DEPTH = 4
_INTEGERS = 2**31


def clean(text: str) -> str:
    """Text without what XML cannot hold."""
    return _NO_XML.sub("", text)


def generic_attributes(dialect: Dialect, attributes: Mapping[str, Any]) -> list[etree._Element]:
    """Generic attributes of everything that CityGML has no own name for.

    Parameters
    ----------
    dialect : Dialect
    attributes : mapping
        Of the source; lists give one attribute for each value, mappings a set.
    """
    found: list[etree._Element] = []
    for name, value in attributes.items():
        if name in NATIVE or (name.endswith("_uom") and name.removesuffix("_uom") in attributes):
            continue
        unit = attributes.get(f"{name}_uom")
        found.extend(_generic(dialect, name, value, str(unit) if unit else "", 0))
    return found


def measure_attribute(dialect: Dialect, name: str, value: float, unit: str) -> etree._Element:
    """One generic measure, such as a result."""
    return _attribute(dialect, "Measure", name, repr(float(value)), unit or "1")


def _generic(dialect: Dialect, name: str, value: Any, unit: str, depth: int) -> list[etree._Element]:
    if value is None or depth > _MOST_DEPTH:
        return []
    if isinstance(value, list | tuple):
        return [element for item in value for element in _generic(dialect, name, item, unit, depth + 1)]
    if isinstance(value, Mapping):
        members = [part for key, item in value.items() for part in _generic(dialect, str(key), item, "", depth + 1)]
        return [_set(dialect, name, members)] if members else []
    kind, text = _kind_and_text(value)
    if unit and kind != "String":
        return [_attribute(dialect, "Measure", name, text, unit)]
    return [_attribute(dialect, kind, name, text)]


def _kind_and_text(value: Any) -> tuple[str, str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "String", str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "String", str(value)
    if isinstance(value, int) and abs(value) < _INTEGERS:
        return "Int", str(value)
    return "Double", repr(float(value))


def _attribute(dialect: Dialect, kind: str, name: str, text: str, unit: str = "") -> etree._Element:
    generics = dialect.generics
    if dialect.is_three:
        outer = etree.Element(f"{{{dialect.core}}}genericAttribute")
        element = etree.SubElement(outer, f"{{{generics}}}{kind}Attribute")
        etree.SubElement(element, f"{{{generics}}}name").text = clean(name)
    else:
        outer = element = etree.Element(f"{{{generics}}}{kind.lower()}Attribute")
        element.set("name", clean(name))
    value = etree.SubElement(element, f"{{{generics}}}value")
    value.text = clean(text)
    if unit:
        value.set("uom", re.sub(r"\s+", "_", clean(unit)))
    return outer


def _set(dialect: Dialect, name: str, members: list[etree._Element]) -> etree._Element:
    generics = dialect.generics
    if not dialect.is_three:
        element = etree.Element(f"{{{generics}}}genericAttributeSet")
        element.set("name", clean(name))
        element.extend(members)
        return element
    outer = etree.Element(f"{{{dialect.core}}}genericAttribute")
    element = etree.SubElement(outer, f"{{{generics}}}GenericAttributeSet")
    etree.SubElement(element, f"{{{generics}}}name").text = clean(name)
    for member in members:
        holder = etree.SubElement(element, f"{{{generics}}}genericAttribute")
        holder.append(member[0])
    return outer


def address_element(dialect: Dialect, parts: Mapping[str, Any]) -> etree._Element | None:
    """An address by the names that CityJSON uses; None when no part of it is known."""
    texts = {name: clean(str(parts.get(name) or "")) for name in _ADDRESS_PARTS}
    if not any(texts.values()):
        return None
    address = etree.Element(f"{{{dialect.core}}}Address")
    holder = etree.SubElement(address, f"{{{dialect.core}}}xalAddress")
    if dialect.is_three:
        _address_three(holder, dialect.address, texts)
    else:
        _address_two(holder, dialect.address, texts)
    return address


_ADDRESS_PARTS = ("CountryName", "LocalityName", "ThoroughfareName", "ThoroughfareNumber", "PostalCode")


def _address_three(holder: etree._Element, xal: str, texts: Mapping[str, str]) -> None:
    """Add an address of xAL 3."""
    inner = etree.SubElement(holder, f"{{{xal}}}Address")
    for tag in ("Country", "Locality", "Thoroughfare"):
        name, number = texts[f"{tag}Name"], texts.get(f"{tag}Number", "")
        if name or number:
            part = etree.SubElement(inner, f"{{{xal}}}{tag}")
            _add_text(part, f"{{{xal}}}NameElement", name)
            _add_text(part, f"{{{xal}}}Number", number)
    if texts["PostalCode"]:
        code = etree.SubElement(inner, f"{{{xal}}}PostCode")
        _add_text(code, f"{{{xal}}}Identifier", texts["PostalCode"])


def _address_two(holder: etree._Element, xal: str, texts: Mapping[str, str]) -> None:
    """Add an address of xAL 2."""
    details = etree.SubElement(holder, f"{{{xal}}}AddressDetails")
    country = etree.SubElement(details, f"{{{xal}}}Country")
    _add_text(country, f"{{{xal}}}CountryName", texts["CountryName"])
    place = etree.SubElement(country, f"{{{xal}}}Locality")
    place.set("Type", "Town")
    _add_text(place, f"{{{xal}}}LocalityName", texts["LocalityName"])
    if texts["ThoroughfareName"] or texts["ThoroughfareNumber"]:
        road = etree.SubElement(place, f"{{{xal}}}Thoroughfare")
        road.set("Type", "Street")
        _add_text(road, f"{{{xal}}}ThoroughfareNumber", texts["ThoroughfareNumber"])
        _add_text(road, f"{{{xal}}}ThoroughfareName", texts["ThoroughfareName"])
    if texts["PostalCode"]:
        code = etree.SubElement(place, f"{{{xal}}}PostalCode")
        _add_text(code, f"{{{xal}}}PostalCodeNumber", texts["PostalCode"])


def _add_text(parent: etree._Element, tag: str, text: str) -> None:
    if text:
        etree.SubElement(parent, tag).text = text
