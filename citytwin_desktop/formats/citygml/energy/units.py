"""Quantities of the Energy ADE in the units of the program; a unit that is not known gives no value."""

import math
import re

from citytwin_desktop.formats.citygml.plain_tree import PlainNode

_NOISE = re.compile(r"[^a-z0-9°%]")
_SUPERSCRIPTS = str.maketrans({"²": "2", "³": "3", "·": "", "µ": "u"})

U_VALUE = {"": 1.0, "wkm2": 1.0, "wm2k": 1.0, "wm2xk": 1.0}
CONDUCTIVITY = {"": 1.0, "wkm": 1.0, "wmk": 1.0}
RESISTANCE = {"": 1.0, "km2w": 1.0, "m2kw": 1.0}
LENGTH = {"": 1.0, "m": 1.0, "metre": 1.0, "meter": 1.0, "cm": 0.01, "mm": 0.001, "urnadvuomm": 1.0}
AREA = {"": 1.0, "m2": 1.0, "sqm": 1.0, "ft2": 0.09290304, "squaremetre": 1.0, "squaremeter": 1.0}
VOLUME = {"": 1.0, "m3": 1.0, "ft3": 0.028316846592, "cubicmetre": 1.0, "cubicmeter": 1.0}
FRACTION = {"": 1.0, "scale": 1.0, "ratio": 1.0, "1": 1.0, "unity": 1.0, "%": 0.01, "percent": 0.01}
AIR_CHANGE = {"": 1.0, "1h": 1.0, "h1": 1.0, "ach": 1.0, "h": 1.0, "airchangeratehour": 1.0}
POWER_DENSITY = {"wm2": 1.0, "kwm2": 1000.0}
POWER = {"w": 1.0, "kw": 1000.0, "watt": 1.0}
ANGLE = {"": 1.0, "deg": 1.0, "degree": 1.0, "°": 1.0, "decimaldegrees": 1.0, "rad": 180.0 / math.pi}
_CELSIUS = frozenset(
    ("", "c", "°c", "degc", "degreecelsius", "degreescelsius", "celsius", "cel", "degreec", "celsiusdegree")
)


def plain_unit(text: str) -> str:
    """A unit without signs: ``W/(K*m^2)`` becomes ``wkm2``."""
    return _NOISE.sub("", text.translate(_SUPERSCRIPTS).lower())


def quantity(node: PlainNode | None, factors: dict[str, float]) -> float | None:
    """Number of a node in our unit, None where it is no finite number or its unit is not known.

    Parameters
    ----------
    node : PlainNode, optional
    factors : dict of str to float
        Our unit in one of the node's, by `plain_unit`.
    """
    if node is None:
        return None
    factor = factors.get(plain_unit(node.unit))
    value = finite(node.text)
    return None if factor is None or value is None else value * factor


def finite(text: str) -> float | None:
    """Finite number in a text, None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def celsius(value: float, unit: str) -> float | None:
    """Temperature [°C], None for a unit that is not known."""
    plain = plain_unit(unit)
    if plain in _CELSIUS:
        return value
    if plain in ("k", "kelvin"):
        return value - 273.15
    if plain in ("f", "°f", "degf", "fahrenheit", "degreefahrenheit"):
        return (value - 32.0) / 1.8
    return None
