"""Assumptions of a project over those of the catalogue; windows of walls."""

import numpy as np
import pytest

from citytwin_desktop.analysis.collector_set import CollectorAssumptions, assumption_names
from citytwin_desktop.analysis.wall_windows import wall_window_share
from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.collector_choices import CollectorChoices
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError


def test_every_name_reaches_its_value() -> None:
    standard = CollectorAssumptions.standard()
    assert standard.choices() == CollectorChoices()
    assert set(standard.values()) == set(assumption_names()) == set(standard.origins())
    layouts = {"photovoltaic_rack_layout": "flat", "solar_thermal_rack_layout": "east_west"}
    types = {"module": "cdte", "inverter": "micro", "collector": "evacuated_tube"}
    numbers = {name: 0.9 if "coverage" in name or "share" in name else 1.25 for name in assumption_names()}
    wanted = {**{name: numbers[name] for name, kind in assumption_names().items() if kind is float}, **layouts, **types}
    found = CollectorAssumptions.of(CollectorChoices.from_mapping(wanted))
    assert found.values() == wanted
    assert set(found.origins().values()) == {"edited in this project"}
    assert found.choices().as_mapping() == wanted
    assert found.as_mapping() != standard.as_mapping()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("colour", 1.0, "no assumption “colour”"),
        ("module", 1.0, "give a name"),
        ("dc_ac_ratio", "wide", "give a number"),
        ("dc_ac_ratio", 50.0, "give 0.2 to 5"),
        ("module", "x" * 200, "short text"),
        ("dc_ac_ratio", float("inf"), "number or a short text"),
        ("dc_ac_ratio", True, "number or a short text"),
    ],
)
def test_what_cannot_be_assumed_is_refused(name: str, value: object, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        CollectorAssumptions.of(CollectorChoices.from_mapping({name: value}))


def test_equal_choices_are_equal() -> None:
    first = CollectorChoices.from_mapping({"module": "cdte", "dc_ac_ratio": 1})
    assert first == CollectorChoices.from_mapping({"dc_ac_ratio": np.float64(1.0), "module": "cdte"})
    assert hash(first) == hash(CollectorChoices.from_mapping(first.as_mapping()))


def _square(x: float, z: float, side: float) -> np.ndarray:
    return np.array([[x, 0, z], [x + side, 0, z], [x + side, 0, z + side], [x, 0, z + side]], float)


def test_windows_of_walls() -> None:
    wall, window = SurfaceKind.WALL, SurfaceKind.WINDOW
    hole = _square(1, 1, 2)[::-1]
    faces = [
        (0, wall, [_square(0, 0, 10)]),  # nothing known
        (1, wall, [_square(0, 0, 10)]),  # edited
        (2, wall, [_square(0, 0, 10)]),  # archetype
        (3, wall, [_square(0, 0, 10)]),  # a part of 1
        (4, wall, [_square(0, 0, 10), hole]), (4, wall, [_square(20, 0, 10)]), (4, window, [_square(1, 1, 2)]),
        (5, wall, [_square(0, 0, 10)]), (5, window, [_square(1, 1, 5)]),  # drawn over the wall
    ]  # fmt: skip
    surfaces = Surfaces(
        Polygons.from_rings([rings for _, _, rings in faces]), np.array([kind for _, kind, _ in faces], np.uint8),
        np.array([owner for owner, _, _ in faces]), np.array([f"S{k}" for k in range(len(faces))], object),
    )  # fmt: skip
    columns = {
        "id": np.array([f"B{k}" for k in range(6)], object),
        "parent_id": np.array(["", "", "", "B1", "", ""], object),
        "window_share": np.array([np.nan, 0.4, np.nan, np.nan, 0.9, np.nan]),
        "archetype_id": np.array(["", "", "GB-residential-1945-1964", "", "", ""], object),
    }
    city = CityModel(28992, (0.0, 0.0, 0.0), Buildings(columns), surfaces)
    share = wall_window_share(city)
    assert share[[1, 3]] == pytest.approx(0.4)
    assert np.isnan(share[0])
    assert share[2] == pytest.approx(0.18)
    assert share[[4, 5]] == pytest.approx(0.0), "walls with holes show their windows themselves"
    assert share[7] == pytest.approx(0.25)
