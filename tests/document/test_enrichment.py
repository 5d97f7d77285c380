"""Enrich lists what was missing, what was assumed and why, and leaves nothing out."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.district import District
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document.archetype_choice import archetype_set_at
from citytwin_desktop.document.commands.enrichment import Enrich
from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile


@pytest.fixture
def district(tmp_path: Path, city_file: CityFile) -> Iterator[District]:
    made: Document = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(count=3))])
    yield bare(made.project.district)
    made.close()


def bare(district: District) -> District:
    """The district with function, year and storeys of every building unknown."""
    columns = dict(district.city.buildings.columns)
    count = len(district.city.buildings)
    for name in ("function", "function_origin", "year_built_origin", "storeys_origin"):
        columns[name] = np.array([""] * count, object)
    for name in ("year_built", "storeys"):
        columns[name] = np.full(count, np.nan)
    return replace(district, city=replace(district.city, buildings=Buildings(columns)))


def report(district: District, **parameters: Any) -> dict[str, Any]:
    found = Enrich(archetype_set="NL", **parameters).prepare(district).report
    assert found is not None
    return dict(found)


def messages(found: dict[str, Any], code: str) -> list[str]:
    return [item["message"] for item in found["items"] if item["code"] == code]


def test_everything_missing_is_listed_for_every_building(district: District) -> None:
    found = report(district)
    assert found["archetypes_assigned"] == 0
    assert found["counts"] == {"function_missing": 3, "year_built_missing": 3, "storeys_missing": 3}
    assert all("state an assumption or edit it" in text for text in messages(found, "function_missing"))


def test_an_assumption_says_what_and_why(district: District) -> None:
    found = report(district, assume_function="residential", assume_year=1960)
    assert found["counts"] == {"function_assumed": 3, "year_built_assumed": 3, "storeys_derived": 3}
    assert messages(found, "year_built_assumed")[0] == (
        "Year built is not in the source and was assumed to be 1960: as this command was told."
    )
    text = messages(found, "storeys_derived")[0]
    assert "in storeys of 2.8 m, the usual storey of residential buildings" in text
    assert "mean height of the main body" in text


def test_a_flat_building_has_no_height_and_one_assumed_storey(district: District) -> None:
    found = report(flattened(district), assume_function="office", assume_year=1960)
    assert found["counts"] == {
        "function_assumed": 3,
        "year_built_assumed": 3,
        "height_m_missing": 3,
        "storeys_assumed": 3,
    }
    assert "the geometry has no height" in messages(found, "storeys_assumed")[0]
    assert "correct it before a simulation" in messages(found, "height_m_missing")[0]


def flattened(district: District) -> District:
    surfaces: Surfaces = district.city.surfaces
    vertices = surfaces.polygons.vertices.copy()
    vertices[:, 2] = 0.0
    polygons = replace(surfaces.polygons, vertices=vertices)
    return replace(district, city=replace(district.city, surfaces=replace(surfaces, polygons=polygons)))


def test_nothing_is_listed_of_what_the_source_knows(district: District) -> None:
    columns = dict(district.city.buildings.columns)
    count = len(district.city.buildings)
    known = {"function": np.array(["office"] * count, object), "year_built": np.full(count, 1990.0)}
    known["storeys"] = np.full(count, 4.0)
    columns |= known | {f"{name}_origin": np.array(["source"] * count, object) for name in known}
    whole = replace(district, city=replace(district.city, buildings=Buildings(columns)))
    found = report(whole)
    assert (found["items"], found["archetypes_assigned"]) == ([], 3)


PLACES: list[tuple[str, float, float, str]] = [
    ("Toulouse", 43.604, 1.444, "FR"),
    ("Lille", 50.633, 3.060, "FR"),
    ("Nice", 43.700, 7.270, "FR"),
    ("Ajaccio", 41.926, 8.736, "FR"),
    ("Calais", 50.951, 1.858, "FR"),
    ("Dover", 51.128, 1.313, "GB"),
    ("Belfast", 54.597, -5.930, "GB"),
    ("Lerwick", 60.155, -1.145, "GB"),
    ("Berlin", 52.520, 13.405, "DE"),
    ("Freiburg", 47.995, 7.850, "DE"),
    ("Trier", 49.757, 6.641, "DE"),
    ("Emden", 53.367, 7.206, "DE"),
    ("Rotterdam", 51.910, 4.470, "NL"),
    ("Groningen", 53.219, 6.567, "NL"),
    ("Rome", 41.903, 12.496, "IT"),
    ("Trieste", 45.650, 13.770, "IT"),
    ("Cagliari", 39.224, 9.122, "IT"),
    ("Montréal", 45.502, -73.567, "CA"),
    ("Toronto", 43.653, -79.383, "CA"),
    ("Chicago", 41.878, -87.630, "US"),
    ("Boston", 42.360, -71.059, "US"),
    ("Denver", 39.739, -104.990, "US"),
]


@pytest.mark.parametrize(("name", "latitude", "longitude", "expected"), PLACES, ids=[row[0] for row in PLACES])
def test_places_have_the_set_of_their_country(name: str, latitude: float, longitude: float, expected: str) -> None:
    assert archetype_set_at(latitude, longitude) == expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "named"),
    [
        (50.776, 6.084, ("DE (Germany)", "NL (Netherlands)")),  # Aachen
        (48.584, 7.745, ("FR (France)", "DE (Germany)")),  # Strasbourg
        (47.558, 7.588, ("FR (France)", "DE (Germany)")),  # Basel
        (42.331, -83.046, ("US (United States)", "CA (Canada)")),  # Detroit
        (46.204, 6.143, ("FR (France)",)),  # Geneva
        (50.851, 5.690, ("NL (Netherlands)",)),  # Maastricht, Belgium is near
    ],
)
def test_places_near_a_border_are_refused_with_the_choices(
    latitude: float, longitude: float, named: tuple[str, ...]
) -> None:
    with pytest.raises(KnownError, match="too near to") as caught:
        archetype_set_at(latitude, longitude)
    assert all(text in str(caught.value) for text in named)
    assert "--archetypes" in str(caught.value)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(47.377, 8.541), (50.850, 4.352), (53.350, -6.260), (40.713, -74.006), (25.762, -80.192), (-33.87, 151.21)],
    ids=["Zurich", "Brussels", "Dublin", "New York", "Miami", "Sydney"],
)
def test_places_without_a_set_are_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(KnownError, match=r"no archetype set for .* choose one of GB, NL, DE, FR, IT, CA, US"):
        archetype_set_at(latitude, longitude)
