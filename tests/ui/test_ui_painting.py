from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.ui.painting import Painter


class Legend:
    def __init__(self) -> None:
        self.scale: Any = None

    def show_scale(self, scale: Any, *_: Any) -> None:
        self.scale = scale

    def hide(self) -> None:
        self.scale = None


def painter(values: list[float], variable: str, period: str) -> tuple[Painter, Any, Legend]:
    numbers = np.array(values, np.float32)
    found = SimpleNamespace(
        variable=variable, unit="kWh", values=numbers, stale=np.zeros(len(numbers), bool), estimate=None
    )
    session = SimpleNamespace(
        variable=variable, period=period, map_name="viridis", classes=0, values=lambda: found,
        request=lambda: (variable, period), detail=SimpleNamespace(shown=False, values=lambda _: None),
        guarded=lambda call: call(), document=SimpleNamespace(hour=0), year_hours=8760,
    )  # fmt: skip
    legend = Legend()
    scene = SimpleNamespace(paint_values=lambda *_: None, paint_model=lambda: None)
    return Painter(session, scene, legend), found, legend


@pytest.mark.parametrize("period", ["day", "year"])
def test_the_scale_of_a_year_follows_new_results(period: str) -> None:
    made, found, legend = painter([200.0, 210.0], "heating_demand", period)
    made.paint()
    found.values = np.array([90.0, 400.0], np.float32)
    made.paint()
    assert legend.scale.low <= 90.0
    assert legend.scale.high >= 400.0
