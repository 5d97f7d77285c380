"""A gbXML document: finding elements, and values in SI units."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.xml_safety import local_name, parse_tree

_LENGTH_M = {
    "meters": 1.0, "feet": 0.3048, "inches": 0.0254, "centimeters": 0.01, "millimeters": 0.001, "kilometers": 1000.0,
    "yards": 0.9144, "miles": 1609.344,
}  # fmt: skip
_AREA_M2 = {
    "squaremeters": 1.0, "squarefeet": 0.3048**2, "squareinches": 0.0254**2, "squarecentimeters": 1e-4,
    "squaremillimeters": 1e-6, "squareyards": 0.9144**2,
}  # fmt: skip
_VOLUME_M3 = {"cubicmeters": 1.0, "cubicfeet": 0.3048**3, "cubicinches": 0.0254**3, "cubicyards": 0.9144**3}
_BTU_H_FT2_F = 5.678263
_UNITS: dict[str, float] = {
    "wpersquaremeterk": 1.0, "btuperhoursquareftf": _BTU_H_FT2_F,
    "squaremeterkperw": 1.0, "hrsquareftfperbtu": 1.0 / _BTU_H_FT2_F,
    "wpermeterk": 1.0, "wpercmc": 100.0,
    "btuperhourftf": 1.730735, "btuperhourinchf": 20.76882, "btuinchperhoursquareftf": 0.1442279,
    "wattpersquaremeter": 1.0, "wattpersquarefoot": 1.0 / 0.3048**2,
    "fraction": 1.0, "percent": 0.01,
    **_LENGTH_M,
}  # fmt: skip
"""Factors to SI of the units that the schema's enumerations name, in small letters."""


@dataclass(eq=False)
class Document:
    """A parsed file.

    Parameters
    ----------
    root : lxml element
    name : str
        Of the file, for messages.
    metres, square_metres, cubic_metres : float
        Length, area and volume that a plain 1 stands for.
    """

    root: Any
    name: str
    metres: float
    square_metres: float
    cubic_metres: float

    def every(self, tag: str) -> list[Any]:
        """All elements of a name anywhere."""
        return list(self.root.iter(f"{{*}}{tag}"))

    def by_id(self, tag: str) -> dict[str, Any]:
        """Elements of a name by their identifier."""
        return {str(item.get("id")): item for item in self.every(tag) if item.get("id")}


def open_document(data: bytes, name: str) -> Document:
    """Parse a file.

    Raises
    ------
    KnownError
        When it is no XML, no gbXML, or counts in a unit that is none of the schema's.
    """
    root = parse_tree(data, name)
    if local_name(root) != "gbXML":
        msg = f"“{name}” is XML but no gbXML (it begins with {local_name(root)[:40]!r}): check the file."
        raise KnownError(msg)
    return Document(
        root,
        name,
        _factor(root.get("lengthUnit", "Meters"), _LENGTH_M, name),
        _factor(root.get("areaUnit", "SquareMeters"), _AREA_M2, name),
        _factor(root.get("volumeUnit", "CubicMeters"), _VOLUME_M3, name),
    )


def _factor(unit: str, factors: dict[str, float], name: str) -> float:
    try:
        return factors[unit.strip().lower()]
    except KeyError:
        msg = f"“{name}” counts in {unit[:30]!r}, which is no unit of gbXML: correct the unit in its first element."
        raise KnownError(msg) from None


def children(item: Any, tag: str) -> Iterator[Any]:
    """Direct children of a name."""
    yield from item.iterchildren(f"{{*}}{tag}")


def child(item: Any, tag: str) -> Any:
    """First direct child of a name, None for none."""
    return next(children(item, tag), None)


def text(item: Any, tag: str) -> str:
    """Text of the first direct child of a name, empty for none."""
    found = child(item, tag)
    return (found.text or "").strip() if found is not None else ""


def number(value: str | None) -> float:
    """A number, nan for none."""
    try:
        found = float(value or "")
    except ValueError:
        return math.nan
    return found if math.isfinite(found) else math.nan


def quantity(item: Any, default: float = 1.0) -> float:
    """Number of an element in SI units, nan where it or its unit is not known.

    Parameters
    ----------
    item : lxml element or None
    default : float
        Factor where the element names no unit.
    """
    if item is None:
        return math.nan
    unit = item.get("unit")
    factor = default if unit is None else _UNITS.get(unit.strip().lower(), math.nan)
    return number(item.text) * factor


def celsius(item: Any) -> float:
    """Temperature [°C] of an element, nan for none."""
    if item is None:
        return math.nan
    value = number(item.text)
    unit = str(item.get("unit", "C")).strip().upper()
    return {"C": value, "F": (value - 32.0) / 1.8, "K": value - 273.15, "R": value / 1.8 - 273.15}.get(unit, math.nan)
