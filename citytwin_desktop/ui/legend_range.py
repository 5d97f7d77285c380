"""Where the two handles of the legend's filter may stand."""

from citytwin_desktop.scene.colour_maps import ColourScale

END = 3.0e38
"""What an end of the filter is where it is open: beyond every painted value, and finite."""

Threshold = tuple[float, float] | None


def is_open(threshold: tuple[float, float], hand: int) -> bool:
    """Whether the low (0) or high (1) end lets everything through."""
    return abs(threshold[hand]) >= END


def nearer(handles: tuple[float, float], x: float) -> int:
    """Which of two handles is nearer to a place; where both stand together, the one that can move there."""
    low, high = handles
    if low == high:
        return int(x > low)
    return int(abs(x - high) < abs(x - low))


def filtered(threshold: Threshold, hand: int, value: float, scale: ColourScale) -> Threshold:
    """The filter with one end elsewhere; an end at that of the scale lets everything beyond it through.

    Parameters
    ----------
    threshold : tuple of float or None
    hand : int
        0 for the low end, 1 for the high one.
    value : float
    scale : ColourScale
    """
    low, high = threshold or (-END, END)
    if hand == 0:
        low = -END if value <= scale.low else min(value, min(high, scale.high))
    else:
        high = END if value >= scale.high else max(value, max(low, scale.low))
    return None if low <= -END and high >= END else (low, high)


def moved(threshold: Threshold, hand: int, step: float, scale: ColourScale) -> Threshold:
    """The filter with one end moved by a step, as a share of the scale."""
    low, high = threshold or (-END, END)
    place = max(low, scale.low) if hand == 0 else min(high, scale.high)
    return filtered(threshold, hand, scale.value_at(scale.share(place) + step), scale)
