"""What tags say: sizes, storeys, functions, names."""

import math

import numpy as np
import pytest

from citytwin_desktop.formats.osm.local_metres import metres_per_degree
from citytwin_desktop.formats.osm.tags import function_of, name_of, sizes_of, storeys_of, year_built
from tests.formats.osm_samples import EAST_M, LATITUDE, NORTH_M


def test_sizes_in_all_spellings() -> None:
    sizes, wrong = sizes_of(
        {"height": "12'6\"", "building:levels": "3.5", "roof:height": "2,5 m", "roof:levels": "1", "min_height": "1"},
        3.0,
    )
    found = (sizes.height_m, sizes.levels, sizes.roof_height_m, sizes.roof_levels, sizes.base_m)
    assert found == pytest.approx((3.81, 3.5, 2.5, 1.0, 1.0))
    assert not wrong
    assert storeys_of(sizes) == 4


def test_an_underside_in_storeys() -> None:
    sizes, _ = sizes_of({"building:levels": "5", "building:min_level": "2"}, 3.2)
    assert sizes.base_m == pytest.approx(6.4)
    assert storeys_of(sizes) == 3, "those below the underside are not there"
    above = {"building:levels": "10", "building:min_level": "5"}
    assert storeys_of(sizes_of(above, 3.0)[0]) == 5
    assert storeys_of(sizes_of({**above, "min_height": "14", "height": "30"}, 3.0)[0]) == 5
    floating = {"building:levels": "10", "min_height": "15", "height": "30"}
    assert math.isnan(storeys_of(sizes_of(floating, 3.0)[0])), "nothing says how many lie below"
    contradiction = {"building:levels": "4", "building:min_level": "4", "height": "9"}
    sizes, wrong = sizes_of(contradiction, 3.0)
    assert (storeys_of(sizes), wrong) == (4, ["min_height"])


def test_senseless_sizes_are_named() -> None:
    sizes, wrong = sizes_of({"height": "tall", "building:levels": "-3", "min_height": "0"}, 3.0)
    assert math.isnan(sizes.height_m)
    assert math.isnan(storeys_of(sizes))
    assert wrong == ["height", "building:levels"]
    assert sizes_of({"height": "5", "min_height": "9"}, 3.0)[1] == ["min_height"]


@pytest.mark.parametrize(
    ("tags", "function"),
    [
        ({"building": "apartments"}, "residential"),
        ({"building": "yes"}, ""),
        ({"building": "yes", "amenity": "school"}, "education"),
        ({"building": "yes", "shop": "bakery"}, "retail"),
        ({"building": "warehouse"}, "industrial"),
        ({"building": "Wohnhaus"}, "residential"),
        ({"building": "yes", "building:use": "office"}, "office"),
        ({"building": "house;garage"}, "residential"),
        ({"building": "church"}, "other"),
    ],
)
def test_functions(tags: dict[str, str], function: str) -> None:
    assert function_of(tags) == function


def test_years_and_names() -> None:
    assert year_built({"start_date": "C19"}) == 1850
    assert year_built({"start_date": "1890s"}) == 1895
    assert name_of({"addr:street": "Main Street", "addr:housenumber": "5a"}) == "Main Street 5a"
    assert name_of({"addr:street": "Main Street"}) == ""


def test_degrees_against_the_published_series() -> None:
    found = metres_per_degree(np.array([LATITUDE]))[0]
    assert found == pytest.approx([EAST_M, NORTH_M], rel=1e-6)
