"""Numbers for people: three significant digits, thin spaces between thousands."""

import math

THIN_SPACE = "\u2009"
MINUS = "\u2212"


def number_text(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, never in powers of ten; an en dash for nan."""
    if not math.isfinite(value):
        return "–"
    if value == 0.0:
        return "0"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    rounded = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{abs(rounded):,.{min(decimals, 6)}f}".replace(",", THIN_SPACE)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if rounded < 0 else "") + text


def scale_labels(low: float, high: float) -> tuple[str, str]:
    """Texts of the two ends of a scale, with the digits that tell them apart."""
    texts = [(number_text(low, digits), number_text(high, digits)) for digits in range(3, 10)]
    return next((pair for pair in texts if pair[0] != pair[1]), texts[-1])
