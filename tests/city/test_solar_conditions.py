"""Solar conditions: ranges, canonical form, months; reflectance of each surface; crowns and terrain as triangles."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.context_triangles import crown_triangles, terrain_triangles
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.surface_reflectance import surface_reflectance
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError

SQUARE = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ground_reflectance": -0.01}, "ground reflectance is -0.01"),
        ({"wall_reflectance": 0.951}, "from 0 to 0.95"),
        ({"snow_reflectance": float("nan")}, "snow reflectance is nan"),
        ({"roof_reflectance": "0.3"}, "roof reflectance is '0.3'"),
        ({"roof_reflectance": True}, "give a number"),
        ({"crown_transmittance_leaf_off": 1.2}, "from 0 to 1"),
        ({"crown_transmittance_leaf_on": 0.5}, "right way round"),
        ({"snow_months": (0,)}, "snow months hold 0"),
        ({"snow_months": (13,)}, "snow months hold 13"),
        ({"snow_months": (1.5,)}, "snow months hold 1.5"),
        ({"snow_months": "12"}, "list of numbers"),
        ({"leaf_on_months": 4}, "list of numbers"),
        ({"leaf_on_months": (float("nan"),)}, "leaf on months hold nan"),
        ({"fog": 1}, "no solar condition “fog”"),
    ],
)
def test_impossible_conditions_are_refused_by_name(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(KnownError, match=sentence):
        SolarConditions.from_mapping(values)


@given(st.lists(st.integers(1, 12)), st.sampled_from([0, 0.0, -0.0, np.float32(0.5), 0.95]))
def test_equal_conditions_have_one_form(months: list[int], share: Any) -> None:
    first = SolarConditions(snow_months=tuple(months), ground_reflectance=share)
    other = SolarConditions(snow_months=tuple(float(m) for m in reversed(months)), ground_reflectance=float(share) + 0)
    assert first == other
    assert hash(first) == hash(other)
    assert content_key(first.as_mapping()) == content_key(other.as_mapping())
    assert SolarConditions.from_mapping(first.as_mapping()) == first
    assert list(first.snow_months) == sorted(set(months))


def test_months_of_snow_and_leaves() -> None:
    conditions = SolarConditions(snow_months=(12, 1), snow_reflectance=0.7, ground_reflectance=0.2)
    assert conditions.monthly_ground_reflectance.tolist() == [0.7, *[0.2] * 10, 0.7]
    assert conditions.monthly_crown_transmittance.tolist() == [*[0.46] * 3, *[0.033] * 7, *[0.46] * 2]


def _city(columns: dict[str, Any], kinds: list[SurfaceKind], owner: list[int]) -> CityModel:
    polygons = Polygons.from_rings([[SQUARE]] * len(kinds))
    names = np.array([f"s{k}" for k in range(len(kinds))], object)
    surfaces = Surfaces(polygons, np.array(kinds, np.uint8), np.array(owner, np.int64), names)
    return CityModel(buildings=Buildings(columns), surfaces=surfaces)


def test_a_surface_has_its_buildings_reflectance_or_that_of_its_kind() -> None:
    columns = {
        "id": np.array(["A", "part", "plain"], object),
        "parent_id": np.array(["", "A", ""], object),
        "wall_reflectance": np.array([0.6, np.nan, np.nan]),
        "roof_reflectance": np.array([np.nan, 0.0, np.nan]),
    }
    kinds = [*SurfaceKind] * 3
    city = _city(columns, kinds, [0] * 8 + [1] * 8 + [2] * 8)
    found = surface_reflectance(city, SolarConditions(roof_reflectance=0.5, door_reflectance=0.11))
    assert found.dtype == np.float32
    table = found.reshape(3, 8)
    assert table[:, SurfaceKind.WALL] == pytest.approx([0.6, 0.6, 0.3])
    assert table[:, SurfaceKind.ROOF] == pytest.approx([0.5, 0.0, 0.5])
    assert (table[:, SurfaceKind.GROUND] == 0.0).all()
    assert table[:, SurfaceKind.WINDOW] == pytest.approx([0.15] * 3)
    assert table[:, SurfaceKind.DOOR] == pytest.approx([0.11] * 3)


def test_a_city_without_surfaces_has_no_reflectances() -> None:
    assert surface_reflectance(CityModel(), SolarConditions()).shape == (0,)


def test_triangles_of_crowns_and_terrain() -> None:
    needle = np.array([[0.0, 0, 0], [1, 0, 0], [2, 1e-10, 0]])
    layers = (
        ContextLayer("Tree", ContextKind.TREE, Polygons.from_rings([[SQUARE + 5.0], [needle]])),
        ContextLayer("Tree", ContextKind.TREE, Polygons.from_rings([[SQUARE[:3]]])),
        ContextLayer("Terrain", ContextKind.TERRAIN, Polygons.from_rings([[SQUARE]])),
        ContextLayer("Green", ContextKind.GREEN, Polygons.from_rings([[SQUARE]])),
    )
    city = CityModel(context=layers)
    crowns = crown_triangles(city)
    assert crowns.shape == (3, 3, 3)
    areas = np.linalg.norm(np.cross(crowns[:, 1] - crowns[:, 0], crowns[:, 2] - crowns[:, 0]), axis=1) / 2
    assert areas.sum() == pytest.approx(1.5)
    assert crowns[:, :, 2].max() == 5.0
    assert terrain_triangles(city).shape == (2, 3, 3)
    assert crown_triangles(CityModel()).shape == (0, 3, 3)
