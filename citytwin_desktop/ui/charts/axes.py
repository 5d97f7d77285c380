"""Axes of charts: numbers with tabular figures, the hours of the year, the hours of a day, the months."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, MONTH_NAMES, hour_label, month_days
from citytwin_desktop.ui.charts.units import tick_text

HOURS_OF_A_DAY = 24
LABEL_PX, ROW_PX, MONTH_PX = 56.0, 26.0, 28
OVERHANG_PX = 16.0
"""How far a label may stand out over the end of its axis."""
_STEPS_H = (1, 3, 6, 12, 24, 48, 7 * 24)


class EndedAxis(pg.AxisItem):
    """Shows its labels at both ends too: with a grid, pyqtgraph leaves out those that stand out over the plot."""

    def boundingRect(self) -> QRectF:
        """A little more than the axis."""
        return super().boundingRect().adjusted(-OVERHANG_PX, -OVERHANG_PX / 2, OVERHANG_PX, OVERHANG_PX / 2)


class ValueAxis(EndedAxis):
    """Numbers in the unit that the chart says; never with prefixes of its own.

    Parameters
    ----------
    orientation : str
        ``left``, ``right`` or ``bottom``.
    plain : bool
        For years, which have no spaces between thousands.
    """

    def __init__(self, orientation: str, plain: bool = False) -> None:
        super().__init__(orientation, maxTickLength=0)
        self._plain = plain
        self.enableAutoSIPrefix(False)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """One distance, 1, 2 or 5 times a power of ten, with room for a label at each."""
        room = LABEL_PX if self.orientation == "bottom" else ROW_PX
        least = (high - low) / max(size / room, 1.0)
        power = 10.0 ** np.floor(np.log10(max(least, 1e-12)))
        step = next(item * power for item in (1.0, 2.0, 5.0, 10.0) if item * power >= least)
        return [(max(step, 1.0) if self._plain else step, 0.0)]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Numbers with the decimals that their distance needs."""
        if self._plain:
            return [str(round(value * scale)) for value in values]
        return [tick_text(value * scale, spacing * scale) for value in values]


class YearAxis(EndedAxis):
    """Hours of the year as months, days or times of day, whatever there is room for.

    Parameters
    ----------
    hours_per_step : float
        Hours that one step of the axis stands for: 24 where it counts days.
    """

    def __init__(self, hours_per_step: float = 1.0) -> None:
        super().__init__("bottom", maxTickLength=0)
        self.hours, self._per_step = COMMON_YEAR_HOURS, hours_per_step

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Round places of one kind: time of day, day, week or month."""
        low, high = max(low * self._per_step, 0.0), min(high * self._per_step, float(self.hours))
        least = (high - low) / max(size / LABEL_PX, 1.0)
        step = next((item for item in _STEPS_H if item >= least), 0)
        if step:
            places = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
        else:
            places = np.cumsum([0, *month_days(self.hours)[:-1]]) * HOURS_OF_A_DAY
            places = places[(places >= low - 1) & (places <= high)]
        return [(float(step), (places / self._per_step).tolist())]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Month, date or time; the date stands at midnight."""
        texts = []
        for value in values:
            hour = round(value * scale * self._per_step)
            date, _, time = hour_label(min(hour, self.hours - 1), self.hours).rpartition(" ")
            if hour >= self.hours:
                texts.append("")
            elif not spacing:
                texts.append(self._month(date.partition(" ")[2]))
            else:
                texts.append(date if hour % HOURS_OF_A_DAY == 0 else time)
        return texts

    def _month(self, name: str) -> str:
        return name if self.size().width() >= 12 * MONTH_PX else name[:1]


class DayAxis(EndedAxis):
    """Hours of a day."""

    def __init__(self, orientation: str = "bottom") -> None:
        super().__init__(orientation, maxTickLength=0)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Every hour that there is room for."""
        room = 20.0 if self.orientation == "left" else LABEL_PX
        step = next((item for item in (1, 2, 3, 6, 12) if size / max(high - low, 1.0) * item >= room), 24)
        return [(float(step), np.arange(np.ceil(low / step), np.floor(high / step) + 1).dot(step).tolist())]

    def tickStrings(self, values: Any, _scale: float, _spacing: float) -> list[str]:
        """Times."""
        return [f"{round(value):02d}:00" for value in values]


class MonthAxis(EndedAxis):
    """The twelve months, each in the middle of its bars."""

    def __init__(self) -> None:
        super().__init__("bottom", maxTickLength=0)

    def tickValues(self, low: float, high: float, _size: float) -> list[tuple[float, list[float]]]:
        """Always all."""
        return [(1.0, [float(month) for month in range(12) if low <= month <= high])]

    def tickStrings(self, values: Any, _scale: float, _spacing: float) -> list[str]:
        """Three letters, or one where there is no room for them."""
        wide = self.size().width() >= 12 * MONTH_PX
        return [MONTH_NAMES[round(value)][: 3 if wide else 1] for value in values]
