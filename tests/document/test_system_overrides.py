"""A building's own systems: checked against the catalogue, with no demand made stale."""

from pathlib import Path

import pytest

from citytwin_desktop.document.demo_district import open_demo
from citytwin_desktop.document.document import Document
from citytwin_desktop.errors import KnownError


@pytest.fixture
def document(tmp_path: Path):
    opened = open_demo(tmp_path)
    yield opened
    opened.close()


def first(document: Document) -> str:
    return str(document.city.buildings.ids[document.city.rows_with_geometry[0]])


def keys(document: Document) -> dict[str, str]:
    return dict(document.keys.energy(document.project.district, document.weather, "baseline"))


def test_another_heating_brings_its_hot_water_and_leaves_demand_fresh(document: Document) -> None:
    name, before = first(document), keys(document)
    document.execute("edit_buildings", building_ids=(name,), column="heating_system", value="air_source_heat_pump")
    spec = document.energy_spec(name)
    assert (spec.heating_carrier, spec.heat_source, spec.hot_water_carrier) == ("electricity", "air", "electricity")
    assert spec.hot_water_system == "air_source_heat_pump"
    assert spec.origins["heating_system"].startswith("edited in this project")
    assert keys(document) == before
    document.execute("edit_buildings", building_ids=(name,), column="heating_system", value="district_heat")
    assert document.energy_spec(name).heat_source == ""
    assert document.energy_spec(name).cop_coefficients == ()
    document.undo()
    document.undo()
    assert document.energy_spec(name).heating_system != "air_source_heat_pump"


def test_ventilation_and_cooling_make_demand_stale(document: Document) -> None:
    name = first(document)
    seen = {keys(document)[name]}
    for column, value in (("ventilation_l_s_m2", 0.9), ("cooling_system", "none"), ("heat_capacity_kj_m2k", 370.0)):
        document.execute("edit_buildings", building_ids=(name,), column=column, value=value)
        assert keys(document)[name] not in seen, column
        seen.add(keys(document)[name])


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("heating_system", "perpetual_motion", "perpetual_motion"),
        ("cooling_system", "gas_boiler", "no cooling system"),
        ("heat_recovery_efficiency", 1.2, "Heat recovery"),
    ],
)
def test_nonsense_is_refused(document: Document, column: str, value: object, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        document.execute("edit_buildings", building_ids=(first(document),), column=column, value=value)
