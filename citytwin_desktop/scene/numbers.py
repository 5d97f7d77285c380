"""Texts of the ends of scales; all other numbers are told by `citytwin_desktop.city.numbers`."""

from citytwin_desktop.city.numbers import MINUS, THIN_SPACE, number_text

__all__ = ["MINUS", "THIN_SPACE", "number_text", "scale_labels"]


def scale_labels(low: float, high: float) -> tuple[str, str]:
    """Texts of the two ends of a scale, with the digits that tell them apart."""
    texts = [(number_text(low, digits), number_text(high, digits)) for digits in range(3, 10)]
    return next((pair for pair in texts if pair[0] != pair[1]), texts[-1])
