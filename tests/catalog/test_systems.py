"""Energy systems: curves as published, the set's own efficiency, defaults by set and function."""

import pytest

from citytwin_desktop.catalog.archetypes import archetype, archetype_id, archetype_sets, year_classes
from citytwin_desktop.catalog.carriers import CARRIERS, carrier_title
from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.measures import measures, package
from citytwin_desktop.catalog.resolution import energy_spec
from citytwin_desktop.catalog.systems import hot_water_beside, system, systems
from citytwin_desktop.errors import KnownError


def cop(coefficients: tuple[float, ...], lift_k: float) -> float:
    a, b, c = coefficients
    return a + b * lift_k + c * lift_k**2


def test_heat_pump_curves_are_those_of_ruhnau_and_others() -> None:
    # doi:10.1038/s41597-019-0199-y: at 40 K 6.08 - 3.6 + 0.8 for air, 10.29 - 8.4 + 1.92 for the ground.
    air, ground = (system("DE", "heating", f"{source}_source_heat_pump") for source in ("air", "ground"))
    assert cop(air.cop_coefficients, 40) == pytest.approx(3.28)
    assert cop(ground.cop_coefficients, 40) == pytest.approx(3.81)
    assert (air.efficiency, air.heat_source, ground.heat_source) == (0.85, "air", "ground")
    assert hot_water_beside("DE", air.code).cop_coefficients == air.cop_coefficients


@pytest.mark.parametrize("chosen", archetype_sets())
@pytest.mark.parametrize("kind", ["heating", "hot_water", "cooling"])
def test_every_system_is_whole(chosen: str, kind: str) -> None:
    for code, item in systems(chosen, kind).items():
        assert item.code == code
        assert item.carrier in CARRIERS
        assert bool(item.heat_source) == (len(item.cop_coefficients) == 3)
        assert (item.supply_temperature_c is not None) == (kind == "heating")
        assert (item.efficiency > 0) == (code != "none")


def test_a_set_has_its_own_efficiency_before_the_common_one() -> None:
    assert system("GB", "heating", "condensing_boiler").efficiency == pytest.approx(1 / 1.19, abs=0.0005)
    assert system("NL", "heating", "condensing_boiler").efficiency == pytest.approx(0.95, abs=0.0005)
    assert system("DE", "heating", "condensing_boiler").efficiency == pytest.approx(1 / 1.16, abs=0.0005)


def test_water_is_heated_with_the_heating_but_beside_electric_heaters_by_a_storage() -> None:
    assert hot_water_beside("NL", "district_heat").carrier == "district_heat"
    assert hot_water_beside("CA", "electric_heaters").code == "electric_storage"


@pytest.mark.parametrize("chosen", ["GB", "NL", "DE", "FR", "IT"])
def test_european_dwellings_are_not_cooled_but_offices_are(chosen: str) -> None:
    for first, last in year_classes(chosen):
        year = last if first == 0 else first
        cooled = {name for name in FUNCTIONS if energy_spec(archetype(archetype_id(chosen, name, year))).cooled}
        assert cooled == {"office", "retail", "hotel", "healthcare"}
        home = energy_spec(archetype(archetype_id(chosen, "residential", year)))
        assert (home.cooling_system, home.cooling_efficiency) == ("none", 0.0)


def test_american_dwellings_are_cooled() -> None:
    assert energy_spec(archetype("US-residential-before-1979")).cooled
    assert energy_spec(archetype("US-education-before-1979")).cooling_system == "chiller"


def test_defaults_follow_the_class_and_say_why() -> None:
    new, old = (archetype(f"DE-residential-{span}") for span in ("2023-today", "1958-1968"))
    assert (new.heating.system.code, old.heating.system.code) == ("air_source_heat_pump", "condensing_boiler")
    assert new.hot_water.system.code == "air_source_heat_pump"
    assert new.heating.reason.startswith("Assumption of CityTwin Desktop: new buildings")
    assert archetype("CA-residential-1980-2011").heating.system.carrier == "electricity"
    assert archetype("CA-office-1980-2011").heating.system.carrier == "natural_gas"


def test_a_new_heating_brings_its_hot_water_and_leaves_the_demand() -> None:
    found = archetype("NL-residential-1975-1991")
    before, after = energy_spec(found), energy_spec(found, package=package("district_heat"))
    assert (after.heating_carrier, after.hot_water_carrier) == ("district_heat", "district_heat")
    assert (after.heat_source, after.cop_coefficients) == ("", ())
    assert after.thermal_values() == before.thermal_values()
    ground = energy_spec(found, package=package("ground_heat_pump"))
    assert (ground.heat_source, ground.hot_water_system) == ("ground", "ground_source_heat_pump")


def test_cooling_comes_only_where_there_is_none() -> None:
    home = energy_spec(archetype("FR-residential-1975-1981"), package=package("cooling"))
    assert (home.cooling_system, home.cooling_efficiency) == ("split_air_conditioner", 3.0)
    office = energy_spec(archetype("FR-office-1975-1981"), package=package("cooling"))
    assert office.cooling_system == "chiller"


def test_measures_name_systems_that_every_set_has() -> None:
    for measure in measures().values():
        for kind, code in measure.systems.items():
            for chosen in archetype_sets():
                assert system(chosen, kind, code).code == code
        assert set(measure.keeps) <= set(systems("DE", "heating"))
        assert not measure.improves or measure.improves in measure.changes


def test_what_there_is_not_is_refused() -> None:
    with pytest.raises(KnownError, match="no hot water system “geyser”"):
        system("NL", "hot_water", "geyser")
    with pytest.raises(KnownError, match="no kind of system “cooking”"):
        systems("NL", "cooking")
    with pytest.raises(KnownError, match="no energy carrier “coal”"):
        carrier_title("coal")
    assert carrier_title("district_heat") == "District heat"
