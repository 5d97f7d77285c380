"""Where the line that says what to do has room between the cards that lie on the view."""

from typing import Any

from PySide6.QtCore import QObject, QPointF, QRect
from PySide6.QtWidgets import QWidget

MARGIN_PX, STRIP_PX, LEAST_HINT_PX = 12, 56, 360


def hint_place(view: Any, *, first_above: bool = False) -> tuple[QPointF, float, bool]:
    """Middle of the hint's edge, the widest it may be [px], and whether it hangs from there.

    At the bottom between the cards that lie there, or else at the top; where neither has room, below the cards at the
    top.

    Parameters
    ----------
    view : CityView
    first_above : bool
        Try the top before the bottom.
    """
    cards = [child.geometry() for child in view.children() if _is_card(view, child)]
    for below in (not first_above, first_above):
        left, right = _gap(view, cards, below)
        if right - left >= LEAST_HINT_PX:
            edge = view.height() - MARGIN_PX if below else MARGIN_PX
            return QPointF((left + right) / 2.0, edge), right - left, not below
    top = max((card.bottom() for card in cards if card.top() < STRIP_PX), default=0)
    top = max(
        (card.bottom() for card in cards if card.top() <= top + MARGIN_PX and card.bottom() < view.height() / 2),
        default=top,
    )
    return QPointF(view.width() / 2.0, top + MARGIN_PX), view.width() - 2.0 * MARGIN_PX, True


def _gap(view: Any, cards: list[QRect], below: bool) -> tuple[float, float]:
    """Free room of the lower or upper strip, from left to right [px]."""
    left, right = float(MARGIN_PX), float(view.width() - MARGIN_PX)
    strip = (view.height() - STRIP_PX, view.height()) if below else (0, STRIP_PX)
    for card in cards:
        if card.bottom() < strip[0] or card.top() > strip[1]:
            continue
        if card.center().x() < view.width() / 2:
            left = max(left, card.right() + MARGIN_PX)
        else:
            right = min(right, card.left() - MARGIN_PX)
    return left, right


def _is_card(view: Any, child: QObject) -> bool:
    """Whether something lies on the view that a hint must not cover."""
    shown = isinstance(child, QWidget) and child is not view.overlay and child.isVisible()
    return shown and child.width() < view.width() * 0.9
