"""Cases of ASHRAE Standard 140: what is written, and that a wrong room leaves its ranges."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from energy_samples import chicago

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.sim.energyplus.bestest import case_idf, fabric, room
from citytwin_desktop.sim.energyplus.bestest.case_idf import case_document
from citytwin_desktop.sim.energyplus.bestest.cases import CASES, HEAVY, LIGHT, Case
from citytwin_desktop.sim.energyplus.bestest.engine import CaseInputs, run
from citytwin_desktop.sim.energyplus.bestest.fabric import objects
from citytwin_desktop.sim.energyplus.bestest.ranges import RANGES_MWH, is_standard_weather, within
from citytwin_desktop.sim.energyplus.bestest.validation import QUANTITIES, validate_bestest, verdict
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.jobs import run_folders
from citytwin_desktop.sim.jobs.context import JobContext

BY_NUMBER = {case.number: case for case in CASES}


@pytest.fixture(scope="module")
def anywhere() -> Weather:
    return read_epw(chicago(), "chicago.epw")


@pytest.fixture
def denver(shared_data: Path) -> Weather:
    path = shared_data / "bestest" / "725650TYCST.epw"
    if not path.is_file():
        pytest.skip("the weather file of ASHRAE Standard 140 is not in shared/data")
    return read_epw(path.read_bytes(), path.name)


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    return JobContext(run_folders.create_job_folder(tmp_path, 1))


def corners(found) -> np.ndarray:
    first = found.fieldnames.index("Number_of_Vertices") + 1
    return np.array(found.obj[first:], float).reshape(-1, 3)


def area_vector(points: np.ndarray) -> np.ndarray:
    return np.cross(points[1] - points[0], points[2] - points[0])  # twice the triangle: the rectangle


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.number))
def test_the_room_has_the_shape_windows_and_layers_of_the_standard(case: Case, anywhere: Weather) -> None:
    document = case_document(case, anywhere)
    (zone,) = objects(document, "Zone")
    assert float(zone.Volume) == pytest.approx(129.6)
    assert float(zone.Floor_Area) == pytest.approx(48.0)
    surfaces = {found.Name: found for found in objects(document, "BuildingSurface:Detailed")}
    layers = HEAVY if case.heavy else LIGHT
    constructions = {
        found.Name: [value for value in found.obj[2:] if value] for found in objects(document, "Construction")
    }
    for surface in surfaces.values():
        wanted = [layer.name for layer in layers[surface.Surface_Type]]
        assert constructions[surface.Construction_Name] == wanted
    glazed = dict.fromkeys(case.glazed, 0.0)
    for window in objects(document, "FenestrationSurface:Detailed"):
        points, wall = corners(window), corners(surfaces[window.Building_Surface_Name])
        outward = area_vector(points)
        assert area_vector(wall) @ outward > 0.0, "a window looks out as its wall does"
        assert points[:, 2].min() == pytest.approx(0.2)
        assert (points >= wall.min(axis=0) - 1e-9).all()
        assert (points <= wall.max(axis=0) + 1e-9).all()
        side = {(0, -1): "south", (1, 0): "east", (-1, 0): "west"}[tuple(np.sign(outward[:2].round(6)).astype(int))]
        glazed[side] += float(np.linalg.norm(outward))
    assert sum(glazed.values()) == pytest.approx(12.0)
    assert set(glazed) == set(case.glazed)
    shades = objects(document, "Shading:Building:Detailed")
    assert len(shades) == case.overhang
    for shade in shades:
        assert area_vector(corners(shade)) == pytest.approx([0.0, 0.0, -8.0]), "8 m2 that look down"
    (ground,) = objects(document, "Site:GroundTemperature:BuildingSurface")
    assert {float(value) for value in ground.obj[1:]} == {10.0}


def test_the_layers_have_the_u_values_of_the_standard() -> None:
    """Air to air with the films of the standard's tables: 0.514, 0.318 and 0.039 W/m2K of the light case."""
    films = {"Wall": 1 / 8.29 + 1 / 29.3, "Roof": 1 / 8.29 + 1 / 29.3, "Floor": 1 / 8.29}
    wanted = {"Wall": 0.514, "Roof": 0.318, "Floor": 0.039}
    for name, layers in LIGHT.items():
        resistance = sum(layer.resistance_m2k_w or layer.thickness_m / layer.conductivity_w_mk for layer in layers)
        assert 1.0 / (resistance + films[name]) == pytest.approx(wanted[name], abs=5e-4)


def test_gains_air_and_set_points(anywhere: Weather) -> None:
    document = case_document(BY_NUMBER[600], anywhere)
    (gain,) = objects(document, "ElectricEquipment")
    assert (float(gain.Design_Level), float(gain.Fraction_Radiant)) == (200.0, 0.6)
    assert not objects(document, "People")
    assert not objects(document, "ZoneVentilation:DesignFlowRate")
    (air,) = objects(document, "ZoneInfiltration:DesignFlowRate")
    assert float(air.Air_Changes_per_Hour) == 0.5
    assert daily(document, "Heating")[-1] == ("24:00", 20.0)
    assert {value for _, value in daily(document, "Heating")} == {20.0}
    ramp = daily(case_document(BY_NUMBER[640], anywhere), "Heating")
    assert [until for until, _ in ramp] == ["07:00", *(f"07:{m}0" for m in range(1, 6)), "23:00", "24:00"]
    assert [value for _, value in ramp] == pytest.approx(
        [10.0, *(10.0 + 10.0 * m / 6.0 for m in range(1, 6)), 20.0, 10.0]
    )
    night = case_document(BY_NUMBER[950], anywhere)
    (fan,) = objects(night, "ZoneVentilation:DesignFlowRate")
    assert float(fan.Design_Flow_Rate) * 3600.0 == pytest.approx(1703.16)
    assert daily(night, "Cooling")[1] == ("18:00", 27.0)


def daily(document: IdfDocument, name: str) -> list[tuple[str, float]]:
    for kind in ("Schedule:Compact", "Schedule:Constant"):
        for found in objects(document, kind):
            if found.Name == name:
                if kind == "Schedule:Constant":
                    return [("24:00", float(found.Hourly_Value))]
                fields = found.obj[3:]
                untils = [place for place, value in enumerate(fields) if str(value).startswith("Until")]
                return [(fields[place].removeprefix("Until: "), float(fields[place + 1])) for place in untils]
    raise AssertionError(name)


def test_every_case_has_two_ranges_and_their_limits_belong_to_them() -> None:
    assert {(case.number, name) for case in CASES for name in QUANTITIES} == set(RANGES_MWH)
    assert within(950, "heating", 0.0)
    assert not within(950, "heating", 0.001)
    assert within(600, "cooling", 6.162)
    assert not within(600, "cooling", 6.163)


def annual(case: Case, weather: Weather, context: JobContext) -> dict[str, float]:
    return run(CaseInputs(case, weather), context)


def test_a_wrong_room_leaves_its_range(denver: Weather, context: JobContext) -> None:
    loads = annual(replace(BY_NUMBER[910], overhang=False), denver, context)
    assert not within(910, "cooling", loads["cooling"]), "the overhang is what 910 is about"
    assert within(900, "cooling", loads["cooling"]), "without it, 910 is 900"


def test_a_step_instead_of_the_ramp_leaves_its_range(
    denver: Weather, context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = case_idf._add_daily

    def step(document: IdfDocument, name: str, steps: case_idf.Steps) -> None:
        add(document, name, [(until, value) for until, value in steps if until.endswith("00")])

    monkeypatch.setattr(case_idf, "_add_daily", step)
    assert annual(BY_NUMBER[640], denver, context)["heating"] == pytest.approx(2.775, abs=0.01)


def test_other_weather_validates_nothing(anywhere: Weather) -> None:
    said: list[str] = []
    document = validate_bestest(anywhere, cases=CASES[:1], workers=1, say=said.append)
    assert (document["ranges_apply"], document["passed"], document["of"]) == (False, 0, 2)
    assert all(row["value_mwh"] > 0.0 and not row["pass"] for row in document["cases"])
    assert said[0].startswith("Case 600 (1 of 1)")
    assert "Chicago" in verdict(document)
    assert "nothing is validated" in verdict(document)


def test_weather_is_known_by_its_hours(denver: Weather, anywhere: Weather) -> None:
    assert is_standard_weather(denver)
    other_lines = b"\n".join(line.rstrip(b"\r") for line in denver.raw.split(b"\n"))
    assert is_standard_weather(read_epw(other_lines, "renamed.epw"))
    warmer = denver.dry_bulb_c.copy()
    warmer[4000] += 0.1
    assert not is_standard_weather(replace(denver, dry_bulb_c=warmer))
    assert not is_standard_weather(anywhere)


def test_a_case_without_result_is_a_sentence(anywhere: Weather) -> None:
    with pytest.raises(KnownError, match="Case 600"):
        validate_bestest(replace(anywhere, raw=b"no weather"), cases=CASES[:1], workers=1)


def test_the_sentence_names_what_is_outside() -> None:
    rows = [{"case": 600, "quantity": name, "pass": name == "heating"} for name in QUANTITIES]
    document = {"ranges_apply": True, "of": 2, "weather": "Denver", "cases": rows}
    assert verdict(document).startswith("1 of 2 values lie outside")
    assert "(600 cooling)" in verdict(document)
    rows[1]["pass"] = True
    assert verdict(document) == ""


def test_a_product_that_writes_another_room_is_a_bug(anywhere: Weather, monkeypatch: pytest.MonkeyPatch) -> None:
    document = room.room_document(anywhere)
    del objects(document, "BuildingSurface:Detailed")[0]
    with pytest.raises(BugError, match="six"):
        fabric.set_fabric(document, BY_NUMBER[600])
    empty = room.room_document(anywhere)
    objects(empty, "Schedule:Constant").clear()
    objects(empty, "Schedule:Compact").clear()
    monkeypatch.setattr(case_idf, "room_document", lambda _weather: empty)
    with pytest.raises(BugError, match="no schedule"):
        case_document(BY_NUMBER[640], anywhere)
