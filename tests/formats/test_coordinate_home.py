"""Coordinates come home from every kind of system that city files use."""

import math

import numpy as np
import pytest
import shapely

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.coordinate_home import Way, way_home
from citytwin_desktop.formats.fitting_grid import fitting_epsg
from citytwin_desktop.formats.reference_names import named_system
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceReference


def way(
    name: str, place: tuple[float, ...], *, east_first: bool | None = True, stated: str | None = None, project: int = 0
) -> tuple[Way, set[str]]:
    report = ImportReport()
    found = way_home(SourceReference(name, east_first), stated, project, np.array([place]), "f.gml", report)
    return found, {item.code for item in report.items}


@pytest.mark.parametrize(
    ("name", "epsg", "vertical"),
    [
        ("EPSG:25832", 25832, ""),
        ("urn:ogc:def:crs:EPSG::28992", 28992, ""),
        ("urn:ogc:def:crs:EPSG:6.12:31467", 31467, ""),
        ("http://www.opengis.net/def/crs/EPSG/0/7415", 28992, "NAP height"),
        ("http://www.opengis.net/gml/srs/epsg.xml#2056", 2056, ""),
        ("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783", 25832, "DHHN92 height"),
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN92_NH", 25832, "DHHN92 height"),
        ("urn:adv:crs:ETRS89_UTM33*DE_DHHN2016_NH", 25833, "DHHN2016 height"),
        ("urn:adv:crs:DE_DHDN_3GK3", 31467, ""),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, ""),
        ("EPSG:6697", 6668, "JGD2011 (vertical) height"),
    ],
)
def test_names_of_systems(name: str, epsg: int, vertical: str) -> None:
    system = named_system(name)
    assert (system.epsg if system else 0) == epsg
    assert system is None or system.vertical == vertical


@pytest.mark.parametrize("name", ["", "my own grid", "urn:adv:crs:Mars_UTM1", 'LOCAL_CS["site"]', "x" * 30_000])
def test_names_that_say_nothing(name: str) -> None:
    assert named_system(name) is None


def test_a_grid_in_metres_is_kept_as_it_is() -> None:
    found, remarks = way("EPSG:2056", (2683000.0, 1247000.0, 400.0))
    corners = np.array([[2683000.123456, 1247000.654321, 400.5]])
    assert found.epsg == 2056
    assert (found.home(corners) == corners).all()
    assert not remarks


def test_degrees_become_the_zone_of_the_same_datum_latitude_first_or_not() -> None:
    japan, remarks = way("EPSG:6697", (35.68, 139.76, 3.0), east_first=None)
    assert japan.epsg == 6691
    assert japan.swapped
    assert remarks == {"crs_converted"}
    other, remarks = way("EPSG:6697", (139.76, 35.68, 3.0), east_first=None)
    assert not other.swapped
    assert "axis_order" in remarks
    one, two = japan.home(np.array([[35.68, 139.76, 3.0]])), other.home(np.array([[139.76, 35.68, 3.0]]))
    assert np.allclose(one, two, atol=1e-6)
    assert one[0, 2] == 3.0


def test_northings_before_eastings_are_read_where_only_they_fit() -> None:
    found, remarks = way("EPSG:31467", (5369957.0, 3416947.0, 0.0), east_first=None)
    assert found.swapped
    assert "axis_order" in remarks
    assert found.home(np.array([[5369957.0, 3416947.0, 1.0]])).tolist() == [[3416947.0, 5369957.0, 1.0]]


def test_a_northern_site_in_a_southern_zone_is_moved_to_the_northern_one() -> None:
    found, remarks = way("EPSG:32732", (465000.0, 15224800.0, 420.0))
    assert found.epsg == 32632
    assert "crs_other_hemisphere" in remarks
    assert np.allclose(found.home(np.array([[465000.0, 15224800.0, 420.0]])), [[465000.0, 5224800.0, 420.0]], atol=1e-3)


def test_feet_become_metres_heights_too() -> None:
    found, remarks = way("EPSG:2263", (990000.0, 200000.0, 100.0))
    assert found.epsg == 26918
    assert remarks == {"heights_in_unit", "crs_converted"}
    corners = found.home(np.array([[990000.0, 200000.0, 100.0], [991000.0, 200000.0, 100.0]]))
    assert corners[1, 2] == pytest.approx(30.48, rel=1e-5)
    assert np.linalg.norm(corners[1] - corners[0]) == pytest.approx(304.8006, rel=1e-3)


@pytest.mark.parametrize(
    "place", [(13.4, 52.5), (-73.6, 45.5), (8.95, 47.4), (5.99, 60.0), (139.7, 35.7), (-70.6, -33.4)]
)
def test_areas_of_degrees_are_true_within_a_thousandth(place: tuple[float, float]) -> None:
    """Against the area on the ellipsoid (pyproj.Geod), for a square of about 100 m."""
    import pyproj

    lat = math.radians(place[1])
    dx, dy = 50.0 / (111320.0 * math.cos(lat)), 50.0 / 110574.0
    ring = [(place[0] + sx * dx, place[1] + sy * dy, 0.0) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    true = abs(pyproj.Geod(ellps="WGS84").polygon_area_perimeter([p[0] for p in ring], [p[1] for p in ring])[0])
    for name in ("EPSG:4326", "EPSG:3857"):
        corners = np.array(ring)
        if name == "EPSG:3857":
            x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(corners[:, 0], corners[:, 1])
            corners = np.column_stack([x, y, corners[:, 2]])
        found, _ = way(name, tuple(corners[0]))
        assert shapely.Polygon(found.home(corners)[:, :2]).area == pytest.approx(true, rel=1e-3)


def test_at_the_edge_of_a_zone_near_the_equator_the_best_grid_is_taken_or_the_zone() -> None:
    assert fitting_epsg((103.8, 1.35)) in (32648, 3414)
    assert fitting_epsg((9.0, 45.0)) == 32632


def test_a_projects_own_system_wins_and_is_reached_exactly() -> None:
    found, remarks = way("EPSG:28992", (84000.0, 446000.0, 1.0), project=25831)
    assert found.epsg == 25831
    assert remarks == {"crs_converted"}


@pytest.mark.parametrize(
    ("name", "place", "stated", "words"),
    [
        ("", (1.0, 2.0, 3.0), None, "names no coordinate reference system"),
        ("site grid", (1.0, 2.0, 3.0), None, "site grid"),
        ("EPSG:28992", (6000000.0, 5000000.0, 0.0), None, "lies outside EPSG:28992"),
        ("EPSG:28992", (84000.0, 446000.0, 0.0), "EPSG:999999", "no coordinate reference system that is known"),
        ("EPSG:28992", (84000.0, 446000.0, 0.0), "Amsterdam", "is no coordinate reference system"),
    ],
)
def test_what_cannot_be_placed_is_refused_by_name(
    name: str, place: tuple[float, float, float], stated: str | None, words: str
) -> None:
    with pytest.raises(KnownError, match=words):
        way(name, place, stated=stated)


def test_a_place_outside_the_area_of_a_grid_is_kept_with_a_warning_where_it_still_measures() -> None:
    found, remarks = way("EPSG:28992", (1000.0, 2000.0, 0.0))
    assert found.epsg == 28992
    assert remarks == {"crs_doubtful"}


def test_what_the_user_states_wins_and_is_noted() -> None:
    found, remarks = way("EPSG:25832", (84000.0, 446000.0, 1.0), stated="EPSG:28992")
    assert found.epsg == 28992
    assert remarks == {"crs_stated"}


@pytest.mark.parametrize("epsg", [2950, 32188])
@pytest.mark.parametrize("east_first", [True, None])
def test_the_transverse_mercator_of_quebec_stays_as_it_is(epsg: int, east_first: bool | None) -> None:
    """Montréal, 45.5017° N 73.5673° W, in zone 8 (EPSG:2950 and EPSG:32188 share their axes: east, north)."""
    found, remarks = way(f"EPSG:{epsg}", (299_792.0, 5_040_212.0, 20.0), east_first=east_first)
    assert (found.epsg, found.swapped, found.transformer, remarks) == (epsg, False, None, set())


def test_an_order_of_axes_that_cannot_be_told_is_remarked() -> None:
    """Zone IX of Japan puts north first, and near its origin either order fits."""
    near = (-5_000.0, -30_000.0, 3.0)
    found, remarks = way("EPSG:6677", near, east_first=None)
    assert not found.swapped
    assert remarks == {"axis_order_assumed"}
    for stated in (True, False):
        found, remarks = way("EPSG:6677", near, east_first=stated)
        assert found.swapped is not stated
        assert not remarks
    _, remarks = way("EPSG:31467", (3_416_947.0, 5_369_957.0, 0.0), east_first=None)
    assert not remarks, "only one order fits"
