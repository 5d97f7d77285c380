"""Keys followed from edit to edit are those that are worked out from the start, and cost what the edit touches."""

import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.catalog.measures import packages
from citytwin_desktop.city.changes import ReplaceSurfaces
from citytwin_desktop.city.district import District
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document import keys, shape_keys
from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.document.freshness import CurrentKeys
from citytwin_desktop.document.shape_keys import ShapeKeys
from citytwin_desktop.document.shared_specifications import shared_specifications
from citytwin_desktop.document.specifications import specification
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile

COUNT = 40
IDS = [f"B{number}" for number in range(COUNT)]


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile, weather_file: Path) -> Iterator[Document]:
    """Boxes in a row, 20 m apart, ready to run, and a second scenario."""
    made = create_document(tmp_path / "row.citytwin.gpkg")
    attributes = {"function": "residential", "yearOfConstruction": 1935}
    made.execute("import_city", sources=[str(city_file(count=COUNT, attributes=attributes))])
    made.execute("set_weather", path=str(weather_file))
    made.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    made.execute("add_scenario", name="Deep", parent_id="baseline")
    yield made
    made.close()


def move(document: Document, names: list[str], way_m: tuple[float, float, float]) -> None:
    """Shift buildings, as an edit of geometry does."""
    rows = np.sort(document.city.buildings.rows(names))
    before = document.city.at_rows(rows).surfaces
    after = replace(before, polygons=before.polygons.moved(np.array(way_m)))
    ids = tuple(str(name) for name in document.city.buildings.ids[rows])
    document.project.execute("move", "Move", {}, (ReplaceSurfaces(ids, before, after),))


def told(known: CurrentKeys, document: Document) -> dict[str, Any]:
    """Everything that keys tell of a document."""
    district, weather, simulated = document.project.district, document.weather, frozenset[str]()
    found: dict[str, Any] = {
        "solar": known.solar(district, weather),
        "collectors": known.collectors(district, weather),
    }
    for scenario in district.scenarios:
        energy = dict(known.energy(district, weather, scenario))
        # As if every third building had been simulated.
        simulated |= frozenset(list(energy.values())[::3])
        found[f"energy {scenario}"] = energy
        found[f"specs {scenario}"] = {
            name: (spec, dict(spec.origins)) for name, spec in known.specs(district, scenario).items()
        }
    for scenario in district.scenarios:
        found[f"estimates {scenario}"] = dict(known.estimates(district, weather, scenario, simulated, "sun"))
    return found


def any_edit(document: Document, chance: random.Random) -> None:
    """One edit of any kind, or a step back or forth."""
    here = [str(name) for name in document.city.buildings.ids]
    chosen = chance.sample(here, min(chance.choice([1, 2, 7]), len(here)))
    scenario = chance.choice([item.id for item in document.scenarios])
    edits: list[Callable[[], Any]] = [
        lambda: document.execute("edit_buildings", building_ids=chosen, column="wall_u_value_w_m2k", value=0.3),
        lambda: document.execute("edit_buildings", building_ids=chosen, column="wall_u_value_w_m2k", value=None),
        lambda: document.execute("edit_buildings", building_ids=chosen, column="photovoltaic_share", value=-0.0),
        lambda: document.execute("edit_buildings", building_ids=chosen, column="year_built", value=1985),
        lambda: document.execute("edit_buildings", building_ids=chosen, column="storeys", value=chance.choice([2, 3])),
        lambda: document.execute("edit_buildings", building_ids=chosen, column="archetype_id", value=None),
        lambda: document.execute("edit_buildings", building_ids=chosen, column="name", value="House"),
        lambda: document.execute("edit_buildings", building_ids=chosen, column="roof_reflectance", value=0.5),
        lambda: document.execute("assign_package", scenario_id=scenario, building_ids=chosen,
                                 package_id=chance.choice([None, *packages()])),
        lambda: move(document, chosen[:2], (3.0, chance.choice([0.0, 90.0]), 0.0)),
        lambda: move(document, chosen[:2], (0.0, 0.0, chance.choice([1.0, -1.0]))),
        lambda: document.execute("remove_buildings", building_ids=chosen[:2]),
        lambda: document.execute("set_solar_conditions", ground_reflectance=chance.choice([0.2, 0.3])),
        document.undo,
        document.undo,
        document.redo,
    ]  # fmt: skip
    # What does not fit these buildings changes nothing.
    with contextlib.suppress(KnownError):
        chance.choice(edits)()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_followed_is_what_is_worked_out_from_the_start(document: Document, seed: int) -> None:
    chance = random.Random(seed)
    for step in range(25):
        any_edit(document, chance)
        if chance.random() < 0.7:
            # Sometimes several edits come before anybody asks, and sometimes only a part is asked for.
            assert told(document.keys, document) == told(CurrentKeys(), document), f"seed {seed}, step {step}"
        elif chance.random() < 0.5:
            document.keys.solar(document.project.district, document.weather)


def test_what_comes_back_among_others_leaves_their_keys_as_they_were(document: Document) -> None:
    before = told(document.keys, document)
    document.execute("remove_buildings", building_ids=[IDS[5], IDS[17]])
    assert told(document.keys, document) == told(CurrentKeys(), document)
    document.undo()
    assert told(document.keys, document) == before


def test_specifications_of_rows_that_share_are_their_own(document: Document) -> None:
    document.execute("edit_buildings", building_ids=IDS[:5], column="wall_u_value_w_m2k", value=0.2)
    document.execute("assign_package", scenario_id="deep", building_ids=IDS[3:9], package_id=next(iter(packages())))
    district = document.project.district
    for scenario in district.scenarios.values():
        rows = np.arange(COUNT)
        shared = shared_specifications(district, scenario, rows)
        single = [specification(district, row, scenario) for row in rows.tolist()]
        assert shared == single
        assert [spec.origins for spec in shared if spec] == [spec.origins for spec in single if spec]
        assert len({id(spec) for spec in shared}) <= 4


def test_an_edit_makes_the_keys_of_what_it_touches(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> Any:
        return document.keys.energy(document.project.district, document.weather, "baseline")

    made: list[int] = []
    before = asked()
    whole = keys.energy_keys
    monkeypatch.setattr(keys, "energy_keys", lambda *a: made.append(len(a[0])) or whole(*a))
    hashed: list[int] = []
    rows_hashed = shape_keys.own_keys
    monkeypatch.setattr(shape_keys, "own_keys", lambda s, rows: hashed.append(len(rows)) or rows_hashed(s, rows))
    document.execute("edit_buildings", building_ids=IDS[:3], column="wall_u_value_w_m2k", value=0.3)
    after = asked()
    assert made == [3]
    assert [name for name in IDS if before[name] != after[name]] == IDS[:3]
    document.execute("edit_buildings", building_ids=IDS[:3], column="name", value="House")
    assert asked() is after
    assert made == [3]
    move(document, ["B20"], (1.0, 0.0, 0.0))
    moved = asked()
    # Those whose boxes are within 100 m and the gap of the old place or the new one.
    near = [f"B{number}" for number in range(15, 26)]
    assert hashed == [1]
    assert [name for name in IDS if moved[name] != after[name]] == near
    document.undo()
    assert asked() == after


def test_a_corner_that_moves_by_a_bit_is_another_shape(document: Document) -> None:
    city = document.city
    first = ShapeKeys(city.surfaces, city.buildings.ids)
    known = first.own
    vertices = city.surfaces.polygons.vertices.copy()
    vertices[5, 0] = np.nextafter(vertices[5, 0], 1e9)
    vertices[-1, 2] = 0.0 * -1.0 if vertices[-1, 2] == 0.0 else np.nextafter(vertices[-1, 2], 1e9)
    polygons = type(city.surfaces.polygons)(
        vertices, city.surfaces.polygons.ring_start, city.surfaces.polygons.polygon_start
    )
    changed = Surfaces(polygons, city.surfaces.kind, city.surfaces.building, city.surfaces.source_id)
    after = ShapeKeys(changed, city.buildings.ids, first).own
    assert [row for row in range(COUNT) if after[row] != known[row]] == [0, COUNT - 1]
    assert after == ShapeKeys(changed, city.buildings.ids).own


def test_another_kind_of_surface_is_another_shape(document: Document) -> None:
    city = document.city
    first = ShapeKeys(city.surfaces, city.buildings.ids)
    known = first.own
    kind = city.surfaces.kind.copy()
    kind[8] = (kind[8] + 1) % 3
    changed = Surfaces(city.surfaces.polygons, kind, city.surfaces.building, city.surfaces.source_id)
    after = ShapeKeys(changed, city.buildings.ids, first).own
    assert [row for row in range(COUNT) if after[row] != known[row]] == [1]


def test_keys_of_a_district_without_weather_are_empty(document: Document) -> None:
    district: District = document.project.district
    assert set(CurrentKeys().energy(district, None, "baseline").values()) == {""}
