"""The catalogue of solar collectors: complete, sourced, plausible."""

import pytest

from citytwin_desktop.catalog.collectors import (
    collector_assumptions,
    inverter,
    inverters,
    mountings,
    photovoltaic_modules,
    thermal_collectors,
)
from citytwin_desktop.catalog.tables import table
from citytwin_desktop.errors import KnownError


@pytest.mark.parametrize("name", ["solar_collectors.csv", "solar_assumptions.csv"])
def test_every_value_has_a_source_a_year_and_a_licence(name: str) -> None:
    rows = table(name)
    assert len(rows) > 30
    for row in rows:
        assert len(row["source"]) > 10
        assert 1970 <= int(row["source_year"]) <= 2026
        assert row["licence"]
        float(row["value"])


def test_no_value_is_given_twice() -> None:
    for name, columns in (
        ("solar_collectors.csv", ("kind", "item", "field")),
        ("solar_assumptions.csv", ("group", "field")),
    ):
        keys = [tuple(row[column] for column in columns) for row in table(name)]
        assert len(keys) == len(set(keys))


def test_types_are_plausible() -> None:
    assert all(0.1 < item.efficiency < 0.25 for item in photovoltaic_modules().values())
    assert all(-0.005 < item.temperature_coefficient_1_k < -0.002 for item in photovoltaic_modules().values())
    assert all(0.94 < item.efficiency < 0.99 for item in inverters().values())
    assert set(mountings()) == {"flat_roof", "pitched_roof", "facade"}
    plate, tube = thermal_collectors()["flat_plate"], thermal_collectors()["evacuated_tube"]
    assert plate.zero_loss_efficiency > tube.zero_loss_efficiency
    assert plate.heat_loss_a1_w_m2k > tube.heat_loss_a1_w_m2k


def test_the_module_values_are_those_of_the_list_they_cite() -> None:
    from pathlib import Path

    import pvlib

    path = Path(pvlib.__file__).parent / "data" / "sam-library-cec-modules-2019-03-05.csv"
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    area, power, coefficient = (lines[0].index(name) for name in ("A_c", "STC", "gamma_r"))
    listed = {line[0]: line for line in lines[3:]}
    for identifier, name in (
        ("mono_perc", "Hanwha Q CELLS Q.PEAK DUO-G5 325"),
        ("mono_back_contact", "SunPower SPR-X22-360"),
        ("cdte", "First Solar_ Inc. FS-6420"),
        ("cis", "Solar Frontier SF175-S"),
        ("multi", "Canadian Solar Inc. CS3K-300P-AG"),
    ):
        item, row = photovoltaic_modules()[identifier], listed[name]
        assert item.efficiency == pytest.approx(float(row[power]) / float(row[area]) / 1000, abs=6e-5)
        assert item.temperature_coefficient_1_k == pytest.approx(float(row[coefficient]) / 100, abs=6e-6)


def test_an_unknown_inverter_is_named() -> None:
    with pytest.raises(KnownError, match="string_10_kw"):
        inverter("tractor")


def test_both_technologies_have_the_same_questions_of_placement() -> None:
    assert set(collector_assumptions("photovoltaic_placement")) == set(collector_assumptions("solar_thermal_placement"))
