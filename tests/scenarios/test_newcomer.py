"""A newcomer comes from the start page to a first result of an own city with at most five clicks."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

MOST_CLICKS = 5


def test_from_the_start_page_to_a_first_result(
    visitor: Any, weather_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = visitor.demo_city()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(city)], ""))
    visitor.picture("newcomer-1-start")
    visitor.click(visitor.window.start.openers["startOpenCity"])
    # The file is chosen: clicks count from here.
    visitor.clicks = 0
    visitor.until(lambda: visitor.primary().isEnabled())
    visitor.picture("newcomer-2-import")
    visitor.click(visitor.primary())
    visitor.until(lambda: visitor.document is not None and visitor.workspace.view.frames_drawn > 0)
    card = visitor.window.starting.card
    visitor.until(card.isVisible)
    visitor.picture("newcomer-3-card")
    assert not card.run.isEnabled(), "there is no weather yet"
    assert card.run.toolTip() == "No weather file: choose one"

    def choose_weather(*_: Any) -> tuple[str, str]:
        visitor.clicks += 1  # the button of the system's dialog
        return str(weather_file), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose_weather)
    visitor.click(card.weather_button)
    assert card.weather_words.text() == visitor.document.weather.name
    assert card.sets.currentData() == "US", "the place tells the country"
    visitor.picture("newcomer-4-ready")
    visitor.click(card.run)
    visitor.until(lambda: visitor.window.session.variable == "heating_demand")
    assert visitor.clicks <= MOST_CLICKS
    assert not card.isVisible()
    values = visitor.document.surface_values("heating_demand", "baseline")
    assert np.isfinite(values.values).any()
    assert values.estimate is not None, "what is an estimate is said to be one"
    visitor.until(visitor.workspace.legend.isVisible)
    assert "stimate" in visitor.workspace.legend.badge.badge.text
    visitor.picture("newcomer-5-result")
