"""A city put together from stretches is the city put together corner by corner, with all that was known of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.city import splicing
from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.extrusion import extrude
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces

CACHED = ("area_vectors_m2", "areas_m2", "normals", "centroids")


def city_of(corners: list[int], prefix: str, fids: list[float], seed: int = 0) -> CityModel:
    """One prism for each count of corners; none for a count of 0."""
    chance = np.random.default_rng(seed)
    rows, rings = [], []
    for row, count in enumerate(corners):
        if count:
            turns = np.arange(count) / count * 2 * np.pi
            ring = np.column_stack([np.cos(turns), np.sin(turns), np.zeros(count)]) * chance.uniform(1, 9)
            rings.append([ring + np.array([row * 30.0, 0.0, 0.0])])
            rows.append(row)
    body = extrude(Polygons.from_rings(rings), np.zeros(len(rows)), chance.uniform(2, 20, len(rows)))
    ids = np.array([f"{prefix}{row}" for row in range(len(corners))], object)
    owner = np.array(rows, np.int64)[body.outline] if rows else np.zeros(0, np.int64)
    names = np.array([f"{prefix}{number}" for number in range(len(body.kind))], object)
    buildings = Buildings({"id": ids, "fid": np.array(fids, float)})
    return CityModel(buildings=buildings, surfaces=Surfaces(body.polygons, body.kind, owner, names))


def same(one: CityModel, other: CityModel) -> None:
    for first, second in zip(arrays(one), arrays(other), strict=True):
        np.testing.assert_array_equal(first, second)
    assert one.surfaces.source_id.tolist() == other.surfaces.source_id.tolist()
    assert one.buildings.ids.tolist() == other.buildings.ids.tolist()


def arrays(city: CityModel) -> list[np.ndarray]:
    polygons = city.surfaces.polygons
    plain = [polygons.vertices, polygons.ring_start, polygons.polygon_start, city.surfaces.kind, city.surfaces.building]
    return plain + [getattr(polygons, name) for name in CACHED] + list(city.bounds_m) + [city.rows_with_geometry]


def forgotten(city: CityModel) -> CityModel:
    """The same city with nothing worked out yet."""
    old = city.surfaces
    polygons = Polygons(old.polygons.vertices, old.polygons.ring_start, old.polygons.polygon_start)
    return replace(city, surfaces=Surfaces(polygons, old.kind, old.building, old.source_id))


COUNTS = st.lists(st.sampled_from([0, 3, 4, 7]), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.data(), st.booleans())
def test_replacing_taking_out_and_putting_in(counts: list[int], data: st.DataObject, known: bool) -> None:
    city = city_of(counts, "B", [2.0 * row for row in range(len(counts))])
    if known:
        arrays(city)
    chosen = sorted(data.draw(st.sets(st.sampled_from(range(len(counts))), min_size=1)))
    other = city_of([data.draw(st.sampled_from([0, 3, 5])) for _ in chosen], "N", [0.0] * len(chosen), seed=7)
    edited = city.with_surfaces(np.array(chosen), other.surfaces)
    same(edited, forgotten(edited))
    for place, row in enumerate(chosen):
        mine, new = edited.surfaces.of_building(row), other.surfaces.of_building(place)
        assert edited.surfaces.source_id[mine].tolist() == other.surfaces.source_id[new].tolist()
    same(edited.with_surfaces(np.array(chosen), city.at_rows(np.array(chosen)).surfaces), city)
    left = city.without_buildings([f"B{row}" for row in chosen])
    same(left, forgotten(left))
    same(left.with_buildings(city.at_rows(np.array(chosen))), city)


def test_many_stretches_are_gathered_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    city = city_of([4, 0, 3, 5, 4, 0], "B", [0, 1, 2, 3, 4, 5])
    other = city_of([6, 0, 3], "N", [0, 0, 0], seed=3)
    rows = np.array([0, 2, 4])
    quick = city.with_surfaces(rows, other.surfaces), city.at_rows(rows), city.with_surfaces(rows, Surfaces.empty())
    monkeypatch.setattr(splicing, "_MOST_STRETCHES", 0)
    slow = city.with_surfaces(rows, other.surfaces), city.at_rows(rows), city.with_surfaces(rows, Surfaces.empty())
    for one, another in zip(quick, slow, strict=True):
        same(one, another)


def test_an_edit_carries_what_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    city = city_of([4] * 6, "B", list(range(6)))
    arrays(city)
    edited = city.with_surfaces(np.array([3]), city_of([5], "N", [0]).surfaces)
    assert set(CACHED) <= set(edited.surfaces.polygons.__dict__)
    assert "bounds_m" in edited.__dict__


def test_moving_shares_what_counts_and_copies_the_corners_alone() -> None:
    city = city_of([4, 0, 5, 3, 4], "B", list(range(5)))
    arrays(city)
    rows = np.array([2, 4])
    moved = city.at_rows(rows).surfaces
    moved = replace(moved, polygons=moved.polygons.moved(np.array([1.0, 2.0, 0.5])))
    before = city.surfaces.polygons.vertices.copy()
    edited = city.with_surfaces(rows, moved)
    assert edited.surfaces.building is city.surfaces.building
    assert edited.surfaces.polygons.ring_start is city.surfaces.polygons.ring_start
    np.testing.assert_array_equal(city.surfaces.polygons.vertices, before)
    same(edited, forgotten(edited))
    shift = edited.bounds_m[0] - city.bounds_m[0]
    np.testing.assert_allclose(shift[[2, 4]], [[1.0, 2.0, 0.5]] * 2)
    np.testing.assert_array_equal(shift[[0, 3]], 0.0)
    named = replace(moved, source_id=np.array(["other"] * len(moved), object))
    assert city.with_surfaces(rows, named).surfaces.source_id[city.surfaces.of_building(4)].tolist() == ["other"] * 6
    assert "other" not in city.surfaces.source_id.tolist()
