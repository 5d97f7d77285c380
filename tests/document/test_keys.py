"""Keys of EnergyPlus results: they follow what the answer depends on, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.catalog.archetypes import archetype, archetype_id
from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.resolution import energy_spec
from citytwin_desktop.catalog.usage_profiles import profile_year
from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document import keys
from citytwin_desktop.document.keys import ShapeKeys, calibration_key, energy_key, estimate_key
from citytwin_desktop.errors import BugError
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.sim.energyplus.inputs import RECIPE_VERSION, EnergySettings
from citytwin_desktop.sim.estimate.version import CALIBRATION_TABLE, ERROR_TABLE

SPEC = energy_spec(archetype(archetype_id("GB", "residential", 1935)))
RADIUS_M = 100.0


@pytest.fixture(scope="module")
def weather() -> Weather:
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    return read_epw(chicago_weather_path().read_bytes(), "chicago.epw")


def shapes(*boxes: tuple[float, float]) -> ShapeKeys:
    """Keys of roofs of 10 m at some places [m]."""
    square = np.array([[0.0, 0, 9], [10, 0, 9], [10, 10, 9], [0, 10, 9]])
    polygons = Polygons.from_rings([[square + np.array([x, y, 0.0])] for x, y in boxes])
    count = len(boxes)
    ids = np.array([f"B{row}" for row in range(count)], object)
    kinds = np.full(count, SurfaceKind.ROOF, np.uint8)
    return ShapeKeys(Surfaces(polygons, kinds, np.arange(count), ids), Buildings({"id": ids}).ids)


CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "shape": lambda given: given | {"shape_key": "other"},
    "trees": lambda given: given | {"around": "other"},
    "storeys": lambda given: given | {"storeys": 3.0},
    "unknown storeys": lambda given: given | {"storeys": float("nan")},
    "a value": lambda given: given | {"spec": replace(SPEC, wall_u_value_w_m2k=0.51)},
    "function": lambda given: given | {"spec": replace(SPEC, function="office")},
    "weather": lambda given: given | {"weather": replace(given["weather"], content_hash="other")},
    "timesteps": lambda given: given | {"settings": EnergySettings(timesteps_per_hour=6)},
    "radius": lambda given: given | {"settings": EnergySettings(shading_radius_m=50.0)},
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_every_input_counts(change: str, weather: Weather) -> None:
    given = {
        "shape_key": "s",
        "around": "a",
        "storeys": 2.0,
        "spec": SPEC,
        "weather": weather,
        "settings": EnergySettings(),
    }
    assert energy_key(**given) == energy_key(**given)
    assert energy_key(**CHANGES[change](given)) != energy_key(**given)


def test_origins_and_patience_do_not_count(weather: Weather) -> None:
    key = energy_key("s", "a", 2.0, SPEC, weather, EnergySettings())
    assert energy_key("s", "a", 2.0, replace(SPEC, origins={}), weather, EnergySettings(timeout_s=5.0)) == key


def test_neighbours_within_the_radius_count_and_no_others() -> None:
    alone = shapes((0, 0)).surrounded(RADIUS_M)[0]
    assert shapes((0, 0), (50, 0)).surrounded(RADIUS_M)[0] != alone
    assert shapes((0, 0), (111, 0)).surrounded(RADIUS_M)[0] == alone
    assert shapes((0, 0), (109, 0)).surrounded(RADIUS_M)[0] != alone


def test_the_order_of_import_does_not_count() -> None:
    one, other = shapes((0, 0), (50, 0), (0, 70)), shapes((0, 70), (50, 0), (0, 0))
    assert sorted(one.surrounded(RADIUS_M)) == sorted(other.surrounded(RADIUS_M))
    assert one.surrounded(RADIUS_M)[0] == other.surrounded(RADIUS_M)[2]


@pytest.mark.parametrize("wrong", [{"ground_coupling": "iso"}, {"timesteps_per_hour": 7}, {"timesteps_per_hour": 0}])
def test_settings_that_the_recipe_does_not_know_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BugError):
        EnergySettings(**wrong)


def test_every_input_of_an_estimate_counts() -> None:
    made = {
        estimate_key("e", "s", "b"),
        estimate_key("x", "s", "b"),
        estimate_key("e", "", "b"),
        estimate_key("e", "s", ""),
    }
    assert len(made) == 4
    assert calibration_key("b", "s") != calibration_key("b", "")


@pytest.mark.parametrize("name", [CALIBRATION_TABLE, ERROR_TABLE])
def test_tables_of_the_estimate_count(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = estimate_key("e", "s", "b")
    known = keys.table
    monkeypatch.setattr(keys, "table", lambda asked: () if asked == name else known(asked))
    keys._estimate_tables.cache_clear()
    changed = estimate_key("e", "s", "b")
    keys._estimate_tables.cache_clear()
    assert changed != before


def test_profiles_of_use_do_not_change_unnoticed() -> None:
    """The key names the function, not its hours: whoever changes them raises RECIPE_VERSION, then this hash."""
    quantities = ("people", "lighting", "equipment", "heated", "ventilated")
    used = [profile_year(function, name) for function in sorted(FUNCTIONS) for name in quantities]
    assert (RECIPE_VERSION, content_key(*used)) == (3, "df7def9de52589faa8b458f83dfd1f28")
