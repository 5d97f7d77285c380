"""From a city to thermal models: storeys, party walls, shading, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from energy_samples import SPEC, spec

from citytwin_desktop.catalog.archetypes import archetype, archetype_id, archetype_sets, year_classes
from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.measures import packages
from citytwin_desktop.catalog.resolution import energy_spec
from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.ground import ground_temperatures_c
from citytwin_desktop.sim.energyplus.inputs import EnergySettings
from citytwin_desktop.sim.energyplus.thermal_models import checked, thermal_models


def weather(hours: int = 8760, ground: np.ndarray | None = None) -> Weather:
    hour = np.arange(hours)
    air = 10.0 - 12.0 * np.cos(2.0 * np.pi * (hour - 15 * 24) / hours)
    zero = np.zeros(hours)
    ground = np.linspace(5.0, 16.0, 12) if ground is None else ground
    return Weather(
        "Test", 41.9, -87.6, -6.0, 200.0, air, *([zero] * 7), ground_temperatures_c=ground, content_hash="w", raw=b""
    )


def box_city(*boxes: tuple[float, float, float, float, float, float]) -> CityModel:
    """Boxes as (x, y, width, depth, base, top)."""
    polygons, kinds, rows = [], [], []
    for row, (x, y, width, depth, base, top) in enumerate(boxes):
        ring = np.array([(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)], float)
        low, high = (np.column_stack([ring, np.full(4, z)]) for z in (base, top))
        faces = [(SurfaceKind.GROUND, low[::-1]), (SurfaceKind.ROOF, high)]
        for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            faces.append((SurfaceKind.WALL, np.array([[*a, base], [*b, base], [*b, top], [*a, top]])))
        for kind, points in faces:
            polygons.append([points])
            kinds.append(kind)
            rows.append(row)
    surfaces = Surfaces(
        Polygons.from_rings(polygons), np.array(kinds, np.uint8), np.array(rows), np.array([""] * len(rows), object)
    )
    ids = np.array([f"B{row}" for row in range(len(boxes))], object)
    return CityModel(epsg=26916, buildings=Buildings({"id": ids}), surfaces=surfaces)


def specs(city: CityModel):
    return dict.fromkeys(city.buildings.ids, SPEC)


def test_a_house_in_a_terrace() -> None:
    city = box_city((0, 0, 6, 10, 0, 9), (6, 0, 6, 10, 0, 6), (6, 30, 6, 10, 0, 9))
    made = thermal_models(city, [0], specs(city), weather())
    (house,) = made.models
    assert [(storey.bottom_m, storey.height_m) for storey in house.storeys] == [(0.0, 3.0), (3.0, 3.0), (6.0, 3.0)]
    assert house.volume_m3 == pytest.approx(540.0)
    assert sum(face.area_vector_m2 for face in house.party) == pytest.approx([60.0, 0.0, 0.0])
    assert len(house.shading) == 2, "the house across the street, not the party wall nor what lies behind it"
    assert house.shading[:, :, 1].min() == 25.0, "measured from the middle of the house"
    assert house.ground_temperatures_c[0] == 5.0


def test_storeys_given_win_over_height() -> None:
    city = box_city((0, 0, 6, 10, 0, 9))
    city.buildings.columns["storeys"][0] = 2
    (house,) = thermal_models(city, [0], specs(city), weather()).models
    assert [storey.height_m for storey in house.storeys] == [4.5, 4.5]


def test_storeys_that_no_height_holds_are_refused() -> None:
    city = box_city((0, 0, 6, 10, 0, 9), (20, 0, 6, 10, 0, 9), (40, 0, 6, 10, 0, 0.8))
    city.buildings.columns["storeys"][:] = [200, 9, 1]
    made = thermal_models(city, [0, 1, 2], specs(city), weather())
    assert [house.building_id for house in made.models] == ["B1", "B2"]
    sentence = "Building “B0” has 200 storeys in a height of 9.0 m: correct its number of storeys, or clear it."
    assert made.refused == {"B0": sentence}


def test_what_cannot_be_simulated_is_named_and_stops_nothing() -> None:
    city = box_city((0, 0, 6, 10, 0, 9), (20, 0, 6, 10, 0, 0.3), (40, 0, 6, 10, 0, 9), (60, 0, 6, 10, 0, 9))
    given = {**specs(city), "B3": spec(wall_u_value_w_m2k=float("nan"))}
    del given["B2"]
    made = thermal_models(city, [0, 1, 2, 3], given, weather())
    assert [house.building_id for house in made.models] == ["B0"]
    assert set(made.refused) == {"B1", "B2", "B3"}
    for identifier, sentence in made.refused.items():
        assert identifier in sentence
        assert "\n" not in sentence
    with pytest.raises(KnownError, match="8784"):
        thermal_models(city, [0], given, weather(8784))


def test_the_model_depends_on_neither_place_nor_order_of_import() -> None:
    boxes = [(0, 0, 6, 10, 0, 9), (20, 0, 6, 10, 0, 6), (0, 30, 6, 10, 0, 9)]
    city = box_city(*boxes)
    moved = box_city(*[(x + 1000.0, y - 500.0, *rest) for x, y, *rest in [boxes[2], boxes[1], boxes[0]]])
    moved = replace(moved, buildings=Buildings({"id": np.array(["B2", "B1", "B0"], object)}))
    (one,) = thermal_models(city, [0], specs(city), weather()).models
    (other,) = thermal_models(moved, [2], specs(moved), weather()).models
    assert len(one.shading) > 0
    for mine, others in zip(one.faces, other.faces, strict=True):
        assert mine.name == others.name
        np.testing.assert_allclose(mine.corners, others.corners, atol=1e-6)
    np.testing.assert_allclose(one.shading, other.shading, atol=1e-6)
    assert one.ground_resistance_m2k_w == pytest.approx(other.ground_resistance_m2k_w, rel=1e-9)


def test_a_terraced_house_loses_less_to_the_ground() -> None:
    alone = box_city((0, 0, 6, 10, 0, 9))
    terrace = box_city((0, 0, 6, 10, 0, 9), (6, 0, 6, 10, 0, 9), (-6, 0, 6, 10, 0, 9))
    (single,) = thermal_models(alone, [0], specs(alone), weather()).models
    (middle,) = thermal_models(terrace, [0], specs(terrace), weather()).models
    assert middle.ground_resistance_m2k_w > single.ground_resistance_m2k_w > 0.0
    direct = thermal_models(alone, [0], specs(alone), weather(), EnergySettings(ground_coupling="direct"))
    assert direct.models[0].ground_resistance_m2k_w == -1.0


def test_ground_temperatures_are_derived_only_when_missing_and_say_so() -> None:
    given, note = ground_temperatures_c(weather())
    assert given == pytest.approx(np.linspace(5.0, 16.0, 12))
    assert note == ""
    derived, note = ground_temperatures_c(weather(ground=np.zeros(0)))
    assert "derived" in note
    assert np.mean(derived) == pytest.approx(10.0, abs=0.1)
    amplitude = (max(derived) - min(derived)) / 2.0
    # Kusuda: exp(-0.5 sqrt(pi / (alpha x year))), alpha = 2 / 2e6 m2/s: 0.854; the wave lags by 9 days.
    assert amplitude == pytest.approx(12.0 * 0.854, rel=0.03)
    assert int(np.argmin(derived)) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("heat_capacity_kj_m2k", 0.0),
        ("ventilation_l_s_m2", float("nan")),
        ("heat_recovery_efficiency", 1.2),
        ("window_opening_ach", -1.0),
    ],
)
def test_air_and_mass_beyond_reason_are_refused_by_name(field: str, value: float) -> None:
    city = box_city((0, 0, 10, 8, 0, 6))
    made = thermal_models(city, [0], {"B0": spec(**{field: value})}, weather())
    assert not made.models
    assert field in made.refused["B0"]


def test_every_archetype_with_every_package_is_within_the_limits() -> None:
    city, air = box_city((0, 0, 10, 8, 0, 6)), weather()
    chosen = [
        (archetype(archetype_id(code, function, max(first, 1800))), package)
        for code in archetype_sets()
        for function in FUNCTIONS
        for first, _ in year_classes(code)
        for package in (None, *packages().values())
    ]
    assert len(chosen) > 1000
    beyond = {}
    for kind, package in chosen:
        try:
            checked("B0", energy_spec(kind, {}, package))
        except KnownError as error:
            beyond[kind.identifier, package and package.id] = str(error)
    assert not beyond
    assert thermal_models(city, [0], {"B0": energy_spec(chosen[0][0])}, air).models
