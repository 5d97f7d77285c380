"""From what a reader found to a city: coordinates, choices, outlines, identifiers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pyproj import Transformer

from citytwin_desktop.city.diagnosis.examination import examine
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.assembly import assemble
from citytwin_desktop.formats.attribute_filter import attribute_condition
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.report import MOST_REMARKS, ImportReport
from citytwin_desktop.formats.source_city import UNKNOWN_KIND, SourceCity, SourceReference

HERE = np.array([85_000.0, 446_000.0, 0.0])
Assembled = tuple[CityModel, ImportReport]


def outline(x: float, size: float = 10.0, z: float = 0.0) -> np.ndarray[Any, Any]:
    ring = np.array([(x, 0, z), (x + size, 0, z), (x + size, size, z), (x, size, z)], float)
    return np.asarray(ring + HERE)


def source(rows: list[dict[str, Any]], rings: list[Any], **changes: Any) -> SourceCity:
    values: dict[str, Any] = {
        "name": "f.geojson",
        "format": "test",
        "reference": SourceReference("EPSG:28992"),
        "rows": [{"parent_id": "", "lod": "0", "attributes": {}, **row} for row in rows],
        "polygons": Polygons.from_rings([ring] if isinstance(ring, np.ndarray) else ring for ring in rings),
        "kind": np.full(len(rings), UNKNOWN_KIND, np.uint8),
        "owner": np.arange(len(rings)),
    }
    return SourceCity(**{**values, **changes})


def made(given: SourceCity, **choices: Any) -> Assembled:
    report = ImportReport()
    return assemble(given, ImportOptions(**choices), report), report


def codes(report: ImportReport) -> set[str]:
    return {item.code for item in report.items}


def test_an_outline_with_a_height_becomes_a_body() -> None:
    hole = outline(2.0, 4.0)[::-1] + np.array([0.0, 2.0, 0.0])
    city, report = made(source([{"id": "A", "measured_height_m": 6.0}], [[outline(0.0), hole]]))
    assert city.building("A").lod == "1"
    assert city.building("A").height_m == pytest.approx(6.0)
    assert city.volumes_m3()[0] == pytest.approx((100.0 - 16.0) * 6.0)
    assert city.surfaces.area_by_kind_m2() == pytest.approx({"wall": 56.0 * 6.0, "roof": 84.0, "ground": 84.0})
    assert (city.signed_volumes_m3() > 0.0).all()
    assert "raised_to_height" in codes(report)


@pytest.mark.parametrize("backwards", [False, True])
def test_an_outline_drawn_either_way_round_has_its_walls_outside(backwards: bool) -> None:
    ring = outline(0.0)[::-1] if backwards else outline(0.0)
    city, _ = made(source([{"id": "A", "measured_height_m": 3.0}], [ring]))
    assert city.signed_volumes_m3()[0] == pytest.approx(300.0)


def test_storeys_stand_in_for_a_height_and_the_assumption_is_kept_with_the_building() -> None:
    city, report = made(source([{"id": "A", "storeys": 4}], [outline(0.0)]), storey_height_m=3.5)
    assert city.building("A").height_m == pytest.approx(14.0)
    value, sentence = city.building("A").value_origins["height_m"]
    assert value == pytest.approx(14.0)
    assert "assumed" in sentence
    assert "raised_by_storeys" in codes(report)


def test_an_outline_without_a_height_stays_flat_and_is_named() -> None:
    city, report = made(source([{"id": "A"}, {"id": "B", "measured_height_m": -9999.0}], [outline(0.0), outline(30.0)]))
    assert [SurfaceKind(kind) for kind in city.surfaces.kind] == [SurfaceKind.GROUND] * 2
    assert {item.building_id for item in examine(city).of_code("no_height").items(city)} == {"A", "B"}
    assert "value_impossible" in codes(report)


def test_the_ground_of_a_body_is_where_the_source_puts_it() -> None:
    rows = [{"id": "A", "measured_height_m": 5.0, "ground_elevation_m": 12.0}, {"id": "B", "measured_height_m": 5.0}]
    city, _ = made(source(rows, [outline(0.0), outline(30.0, z=7.0)]))
    low, high = city.bounds_m
    assert low[:, 2].tolist() == [12.0, 7.0]
    assert high[:, 2].tolist() == [17.0, 12.0]


def test_coordinates_keep_their_last_digit_when_nothing_needs_to_move_them() -> None:
    ring = outline(0.123456789)
    city, _ = made(source([{"id": "A"}], [ring]))
    assert (city.surfaces.polygons.vertices + city.origin == ring).all()


def test_a_box_takes_a_building_with_its_parts_by_their_common_middle() -> None:
    rows = [
        {"id": "A"},
        {"id": "A1", "parent_id": "A", "measured_height_m": 3.0},
        {"id": "A2", "parent_id": "A", "measured_height_m": 3.0},
        {"id": "B", "measured_height_m": 3.0},
    ]
    rings = [outline(0.0), outline(12.0), outline(100.0)]
    given = source(rows, rings, owner=np.array([1, 2, 3]))
    x, y = HERE[0], HERE[1]
    city, report = made(given, bbox=(x + 5.0, y, x + 20.0, y + 20.0))
    assert list(city.buildings.ids) == ["A", "A1", "A2"]
    assert "not_chosen" in codes(report)


def test_a_condition_on_attributes_takes_what_meets_it() -> None:
    rows = [
        {"id": name, "measured_height_m": 3.0, "attributes": {"year": year}}
        for name, year in (("A", 1950), ("B", 2001))
    ]
    city, _ = made(source(rows, [outline(0.0), outline(30.0)]), where="year > 1990")
    assert list(city.buildings.ids) == ["B"]
    with pytest.raises(KnownError, match="no building at this place or with these attributes"):
        made(source(rows, [outline(0.0), outline(30.0)]), where="year > 2020")


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("", True),
        ("year > 1990", True),
        ("year = '2001' and use = 'OFFICE'", True),
        ('"Roof type" != flat', True),
        ("year <= 1990", False),
        ("missing = 1", False),
        ("missing != 1", False),
        ("use < 3", False),
    ],
)
def test_conditions(text: str, met: bool) -> None:
    assert attribute_condition(text)({"year": 2001, "use": "office", "Roof type": "gabled"}) is met


@pytest.mark.parametrize("text", ["year", "year >", "year > 1 or x = 2", "year > 1 and", "= 3", "import os"])
def test_conditions_that_cannot_be_read(text: str) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        attribute_condition(text)


def test_identifiers_that_are_used_twice_get_names_of_their_own() -> None:
    rows = [
        {"id": "A", "measured_height_m": 3.0},
        {"id": "A", "measured_height_m": 3.0},
        {"id": "A~2", "measured_height_m": 3.0},
    ]
    city, report = made(source(rows, [outline(0.0), outline(30.0), outline(60.0)]))
    assert list(city.buildings.ids) == ["A", "A~3", "A~2"]
    assert "duplicate_identifier" in codes(report)


def test_a_stray_point_does_not_carry_the_city_away() -> None:
    rings = [outline(30.0 * number) for number in range(6)]
    rings[2][1, 2] = -2_147_483.648
    rows = [{"id": f"B{number}", "measured_height_m": 3.0} for number in range(6)]
    city, report = made(source(rows, rings))
    assert np.abs(city.surfaces.polygons.vertices).max() < 1000.0
    assert "outlier_coordinates" in codes(report)
    assert len(city.buildings) == 5


def test_context_alone_is_a_city_too_and_nothing_at_all_is_refused() -> None:
    road = Polygons.from_rings([[outline(0.0)]])
    city, _ = made(source([], [], context=[(ContextKind.ROAD, road), (ContextKind.ROAD, road)]))
    assert [(layer.kind, len(layer.polygons)) for layer in city.context] == [(ContextKind.ROAD, 2)]
    with pytest.raises(KnownError, match="holds no building"):
        made(source([], []))


def test_a_value_that_its_column_cannot_hold_is_left_out_and_named() -> None:
    city, report = made(
        source([{"id": "A", "measured_height_m": 3.0, "year_built": 20, "storeys": 900}], [outline(0.0)])
    )
    assert np.isnan(city.building("A").year_built)
    assert city.building("A").year_built_origin == ""
    assert "value_impossible" in codes(report)


def test_many_remarks_of_one_kind_are_counted() -> None:
    report = ImportReport()
    for number in range(MOST_REMARKS + 500):
        report.add(f"B{number}", "sliver", "It is thin.", "repaired")
    whole = ImportReport()
    whole.extend(report)
    for found in (report, whole):
        content = found.to_json()
        assert content["totals"]["repaired"] == MOST_REMARKS + 500
        assert len(content["items"]) == MOST_REMARKS + 1
        assert content["items"][-1]["message"].startswith("500 more")


def test_an_import_can_be_watched_and_ended() -> None:
    from citytwin_desktop.formats.import_options import watched

    class StoppedError(Exception):
        pass

    def stop(_share: float, _what: str) -> None:
        raise StoppedError

    calls: list[tuple[float, str]] = []
    record: Callable[[float, str], None] = lambda share, what: calls.append((share, what))  # noqa: E731
    with watched(record):
        made(source([{"id": "A", "measured_height_m": 3.0}], [outline(0.0)]))
    assert calls
    assert all(0.0 <= share <= 1.0 for share, _ in calls)
    with watched(stop), pytest.raises(StoppedError):
        made(source([{"id": "A", "measured_height_m": 3.0}], [outline(0.0)]))


@pytest.mark.parametrize("stated", [None, "EPSG:4326", "EPSG:2263", "EPSG:3857", "EPSG:28992"])
@pytest.mark.parametrize("project", [0, 28992])
def test_a_site_in_metres_of_its_own_keeps_its_size_whatever_is_stated(stated: str | None, project: int) -> None:
    about = {"local": True, "longitude_deg": 5.387, "latitude_deg": 52.155}
    ring = outline(0.0) - HERE
    site = source([{"id": "A", "measured_height_m": 6.0}], [ring], reference=SourceReference(), metadata=about)
    city, report = made(site, crs=stated, project_epsg=project)
    assert city.volumes_m3()[0] == pytest.approx(600.0, rel=2e-3)
    assert city.epsg == (28992 if project or stated == "EPSG:28992" else 32631)
    longitude, latitude = Transformer.from_crs(city.epsg, 4326, always_xy=True).transform(*city.origin[:2])
    assert (longitude, latitude) == pytest.approx((5.387, 52.155), abs=2e-4)
    assert "placed_by_latitude_longitude" in codes(report)


def test_an_outline_of_the_roof_stands_below_its_edge_in_metres() -> None:
    feet = np.array([[990_000.0, 200_000.0, 120.0]]) + np.array([[0, 0, 0], [50, 0, 0], [50, 40, 0], [0, 40, 0]], float)
    row = {"id": "A", "measured_height_m": 9.0, "outline_from_roof_edge": True}
    city, _ = made(source([row], [feet], reference=SourceReference("EPSG:2263")))
    low, high = city.bounds_m
    assert (low[0, 2], high[0, 2]) == pytest.approx((120.0 * 0.3048 - 9.0, 120.0 * 0.3048), abs=1e-3)


def test_an_outline_on_a_slope_is_raised_from_its_lowest_corner() -> None:
    slope = outline(0.0) + np.array([[0, 0, 0], [0, 0, 3], [0, 0, 3], [0, 0, 0]], float)
    steep = outline(40.0) + np.array([[0, 0, 0], [0, 0, 8], [0, 0, 8], [0, 0, 0]], float)
    rows = [{"id": "A", "measured_height_m": 7.0}, {"id": "B", "measured_height_m": 7.0}]
    city, report = made(source(rows, [slope, steep]))
    assert city.building("A").lod == "1"
    assert city.volumes_m3()[0] == pytest.approx(700.0)
    assert city.bounds_m[0][0, 2] == 0.0
    assert [item.object for item in report.items if item.code == "raised_to_height"] == ["A"]


def test_pieces_side_by_side_on_a_slope_are_raised_together_but_floor_and_roof_are_not() -> None:
    row = [{"id": "A", "measured_height_m": 7.0}]
    pieces = [outline(0.0), outline(10.0, z=1.0)]
    city, _ = made(source(row, pieces, owner=np.zeros(2, np.int64)))
    assert (city.bounds_m[0][0, 2], city.bounds_m[1][0, 2]) == (0.0, 7.0)
    stacked, report = made(source(row, [outline(0.0), outline(0.0, z=6.0)], owner=np.zeros(2, np.int64)))
    assert len(stacked.surfaces) == 2
    assert "raised_to_height" not in codes(report)
