"""Units of length as people and files write them."""

FOOT_M = 0.3048
_US_SURVEY_FOOT_M = 1200.0 / 3937.0
UNITS_M = {
    "": 1.0, "m": 1.0, "m.": 1.0, "metres": 1.0, "meters": 1.0, "metre": 1.0, "meter": 1.0, "mt": 1.0, "ml": 1.0,
    "mtr": 1.0, "ft": FOOT_M, "ft.": FOOT_M, "feet": FOOT_M, "foot": FOOT_M, "'": FOOT_M, "cm": 0.01, "mm": 0.001,
    "in": FOOT_M / 12, '"': FOOT_M / 12, "km": 1000.0, "dm": 0.1, "us-ft": _US_SURVEY_FOOT_M,
    "us survey foot": _US_SURVEY_FOOT_M, "us survey feet": _US_SURVEY_FOOT_M, "ftus": _US_SURVEY_FOOT_M,
    "[ft_i]": FOOT_M, "[ft_us]": _US_SURVEY_FOOT_M, "[in_i]": FOOT_M / 12,
}  # fmt: skip
"""Metres in one unit, by its name in small letters; those in brackets are UCUM's."""


def unit_m(name: str) -> float | None:
    """Metres in one unit of length, None for one that is not known.

    Parameters
    ----------
    name : str
        Such as ``ft``, ``#m``, ``urn:adv:uom:m`` or ``urn:ogc:def:uom:UCUM::m``; nothing stands for metres.
    """
    return UNITS_M.get(name.strip().lower().rpartition(":")[2].removeprefix("#"))
