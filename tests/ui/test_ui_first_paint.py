"""What a project is painted with that was never looked at before."""

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject

from citytwin_desktop.ui.first_paint import FirstPaint, first_variable


def standing(**engines: tuple[int, int]) -> Any:
    """Counts (fresh, stale) by engine."""
    counted = {name: SimpleNamespace(fresh=pair[0], stale=pair[1]) for name, pair in engines.items()}
    none = SimpleNamespace(fresh=0, stale=0)
    return SimpleNamespace(counting=False, status=lambda engine: counted.get(engine, none))


@pytest.mark.parametrize(
    ("engines", "variable"),
    [
        ({}, ""),
        ({"solar": (1, 0), "energyplus": (5, 0)}, "solar_irradiation"),
        ({"solar": (0, 4), "estimate": (5, 0)}, "heating_demand"),
        ({"solar": (0, 4), "estimate": (0, 5)}, "solar_irradiation"),
    ],
)
def test_fresh_results_come_before_stale_ones(engines: dict[str, tuple[int, int]], variable: str) -> None:
    assert first_variable(standing(**engines)) == variable


@pytest.mark.parametrize(("kept", "chosen", "painted"), [(None, False, ["solar_irradiation"]), (None, True, []),
                                                         ({"variable": ""}, False, [])])  # fmt: skip
def test_what_was_kept_or_chosen_meanwhile_stays(kept: Any, chosen: bool, painted: list[str]) -> None:
    told: list[str] = []
    session = SimpleNamespace(standing=standing(solar=(1, 0)), set_variable=told.append, variable="")
    session.variable_chosen, session.document = False, SimpleNamespace(path="p")
    session.standing.counting = True
    window = QObject()
    window.session, window.settings = session, SimpleNamespace(view_of=lambda _: kept)
    first = FirstPaint(window)
    first.document_opened()
    assert told == []
    session.standing.counting, session.variable_chosen = False, chosen
    first._choose()
    first._choose()
    assert told == painted
