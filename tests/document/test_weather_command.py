"""The weather of another place is said to be one."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from citytwin_desktop.document.commands.weather import FAR_KM, _distance_km
from citytwin_desktop.document.document import create_document
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path
from tests.conftest import box_city

ZURICH = SimpleNamespace(epsg=32632, origin=(465_300.0, 5_246_000.0, 0.0))  # 8.54° E, 47.37° N


def test_the_distance_is_along_a_great_circle() -> None:
    # To Heathrow, 51.48° N, 0.45° W, along a great circle: some 795 km.
    assert _distance_km(ZURICH, 51.48, -0.45) == pytest.approx(795.0, abs=12.0)
    assert _distance_km(ZURICH, 47.37, 8.54) < 1.0
    assert _distance_km(SimpleNamespace(epsg=0, origin=ZURICH.origin), 51.48, -0.45) == 0.0


def test_far_weather_is_named_in_the_title(tmp_path: Path) -> None:
    (tmp_path / "boxes.city.json").write_text(json.dumps(box_city(count=1)), encoding="utf-8")
    document = create_document(tmp_path / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(tmp_path / "boxes.city.json")])
    entry = document.execute("set_weather", path=str(chicago_weather_path()))
    away_km = document.last_report["distance_km"]
    assert away_km > FAR_KM
    assert entry.title.endswith(f", {away_km:.0f} km from the city")
    document.close()
