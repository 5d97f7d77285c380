"""The input file: names cannot break out, U-values are exact, schedules cover the year."""

import numpy as np
import pytest
from energy_samples import model, spec

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.usage_profiles import usage_profiles
from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.ground import ground_resistance_m2k_w
from citytwin_desktop.sim.energyplus.idf import build_idf, building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergySettings
from citytwin_desktop.sim.energyplus.safety import check_idf_text, check_objects
from citytwin_desktop.sim.energyplus.serialise import escaped, idf_text


def test_a_hostile_name_stays_one_field() -> None:
    hostile = "House, 1; PythonPlugin:Instance\n,evil! é"
    text = building_idf(model(building_id=hostile), EnergySettings())
    check_idf_text(text)
    (building,) = [part for part in text.split(";\n") if part.startswith("BUILDING,")]
    assert building.split(",\n")[1].strip() == "House_ 1_ PythonPlugin:Instance _evil_ é"
    assert len(escaped("x" * 500)) == 100


def test_the_text_is_what_eppy_holds() -> None:
    document = build_idf(model(storeys=2), EnergySettings())
    text = idf_text(document.rows())
    counts = {kind: len(objects) for kind, objects in document.idf.idfobjects.items() if len(objects)}
    for kind, count in counts.items():
        assert text.count(f"\n{kind},") + text.startswith(f"{kind},") == count, kind
    assert counts["ZONE"] == 2
    assert document.idf.idfobjects["ZONE"][1].Name == "Storey 2"
    assert "HVACTEMPLATE" not in text.upper()


def test_unknown_fields_and_classes_are_bugs_and_numbers_must_be_finite() -> None:
    document = IdfDocument()
    with pytest.raises(BugError, match="no field"):
        document.add("Zone", Nmae="x")
    with pytest.raises(BugError, match="no Zoen"):
        document.add("Zoen")
    document.add("Zone", Volume=float("nan"))
    with pytest.raises(BugError, match="not finite"):
        idf_text(document.rows())


@pytest.mark.parametrize("u_value", [0.1, 0.5, 1.5, 2.5, 4.0])
@pytest.mark.parametrize(("name", "films"), [("Wall", 0.17), ("Roof", 0.14), ("Ground floor", 0.17)])
def test_layers_and_films_give_the_u_value(u_value: float, name: str, films: float) -> None:
    values = {f"{part}_u_value_w_m2k": u_value for part in ("wall", "roof", "floor")}
    idf = build_idf(model(spec=spec(**values)), EnergySettings()).idf
    resistance = {row.Name: row.Thickness / row.Conductivity for row in idf.idfobjects["MATERIAL"]}
    resistance |= {row.Name: row.Thermal_Resistance for row in idf.idfobjects["MATERIAL:NOMASS"]}
    (construction,) = [row for row in idf.idfobjects["CONSTRUCTION"] if row.Name == name]
    total = sum(resistance[layer] for layer in construction.obj[2:])
    assert 1.0 / (total + films) == pytest.approx(u_value, rel=1e-6)


def test_every_profile_has_24_fractions() -> None:
    for usage in map(usage_profiles, FUNCTIONS):
        for day in (usage.weekday, usage.weekend):
            for profile in (day.people, day.lighting, day.equipment):
                assert len(profile) == 24
                assert 0.0 <= min(profile) <= max(profile) <= 1.0
            assert len(day.heated) == 24
    assert np.mean(usage_profiles("residential").weekday.lighting) == pytest.approx(0.24)


def test_a_building_without_active_cooling_gets_a_heating_thermostat() -> None:
    idf = build_idf(model(spec=spec(cooling_efficiency=0.0)), EnergySettings()).idf
    assert len(idf.idfobjects["THERMOSTATSETPOINT:SINGLEHEATING"]) == 1
    assert len(idf.idfobjects["THERMOSTATSETPOINT:DUALSETPOINT"]) == 0


def test_ground_resistance_against_iso_13370() -> None:
    """Steady U-value of a slab by hand: B' = 5 m, U floor 0.4: d_t = 0.3 + 2 (0.17 + 2.33 + 0.04) = 5.38 > B'."""
    floor = 1.0 / 0.4 - 0.17
    u_value = 2.0 / (0.457 * 5.0 + 0.3 + 2.0 * (0.17 + floor + 0.04))
    wanted = 1.0 / u_value - 0.17 - floor - 0.25
    assert ground_resistance_m2k_w(100.0, 40.0, 0.4) == pytest.approx(wanted, rel=1e-9)
    thin = ground_resistance_m2k_w(400.0, 80.0, 2.0)  # B' = 10 m, d_t = 0.3 + 2 (0.5 + 0.04) = 1.38
    logarithmic = 2.0 * 2.0 / (np.pi * 10.0 + 1.38) * np.log(np.pi * 10.0 / 1.38 + 1.0)
    assert thin == pytest.approx(1.0 / logarithmic - 0.5 - 0.25, rel=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "PythonPlugin:Instance,a,No,module,Class;",
        "! a comment\n  EnergyManagementSystem:Program,p,SET x = 1;",
        "Zone,z;\nexternalinterface:functionalmockupunitimport,a.fmu;",
        "Schedule:File,s,,/etc/passwd,1,0;",
        "Schedule:File,s,,..\\..\\secret.csv,1,0;",
        "Schedule:File,s,,C:\\secret.csv,1,0;",
        "Schedule:File,s,,~/secret.csv,1,0;",
        "Schedule:File,s,,file:///etc/passwd,1,0;",
        "##include /etc/passwd\nZone,z;",
    ],
)
def test_foreign_input_that_reaches_out_is_refused(text: str) -> None:
    with pytest.raises(KnownError):
        check_idf_text(text)
    if not text.startswith("##"):
        rows = [part.split(",") for part in text.replace("! a comment\n", "").replace("\n", "").split(";") if part]
        with pytest.raises(KnownError):
            check_objects(rows)


def test_harmless_foreign_input_passes() -> None:
    check_idf_text("Version,25.2; ! ../comment\nSchedule:File,s,,schedule.csv,1,0;\nMaterial,a/b,Rough,0.1;")
