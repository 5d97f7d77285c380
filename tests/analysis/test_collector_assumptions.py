"""Assumptions: standard values with sources, ranges, keys."""

import dataclasses

import pytest

from citytwin_desktop.analysis.collector_assumptions import (
    PhotovoltaicAssumptions,
    PlacementAssumptions,
    SolarThermalAssumptions,
)
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.errors import KnownError

STANDARDS = [
    PlacementAssumptions.standard(),
    PlacementAssumptions.standard("solar_thermal"),
    PhotovoltaicAssumptions.standard(),
    SolarThermalAssumptions.standard(),
]


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_number_has_a_source_and_a_range(standard: PlacementAssumptions) -> None:
    origins = standard.origins()
    for item in dataclasses.fields(standard):
        if item.name in {"technology", "rack_layout"}:
            continue
        assert len(origins[item.name]) > 10, item.name
        if "low" in item.metadata:
            too_high = {item.name: item.metadata["high"] * 1.01 + 0.01}
            with pytest.raises(KnownError, match=item.name):
                dataclasses.replace(standard, **too_high)
            with pytest.raises(KnownError, match=item.name):
                dataclasses.replace(standard, **{item.name: float("nan")})


def test_an_edited_value_says_so() -> None:
    changed = PlacementAssumptions.standard(roof_set_back_m=1.5)
    assert changed.origins()["roof_set_back_m"] == "edited in this project"
    assert "edited" not in changed.origins()["facade_set_back_m"]


def test_unknown_types_are_refused_by_name() -> None:
    with pytest.raises(KnownError, match="mono_perc"):
        PhotovoltaicAssumptions.standard(module="gold")
    with pytest.raises(KnownError, match="inverter “none”"):
        PhotovoltaicAssumptions.standard(inverter="none")
    with pytest.raises(KnownError, match="evacuated_tube"):
        SolarThermalAssumptions.standard(collector="pan")
    with pytest.raises(KnownError, match="east_west"):
        PlacementAssumptions.standard(rack_layout="spiral")


def test_keys_change_with_every_choice_and_carry_the_values_behind_it() -> None:
    keys = {
        content_key(item.as_mapping())
        for item in (
            *STANDARDS,
            PhotovoltaicAssumptions.standard(module="cdte"),
            PhotovoltaicAssumptions.standard(age_loss_percent=1.0),
            PlacementAssumptions.standard(rack_layout="flat"),
            SolarThermalAssumptions.standard(mean_fluid_temperature_c=60.0),
        )
    }
    assert len(keys) == 8
    assert content_key(PhotovoltaicAssumptions.standard().as_mapping()) in keys
    behind = PhotovoltaicAssumptions.standard().as_mapping()
    assert behind["module"]["efficiency"] == pytest.approx(0.1994)
    assert len(behind["mountings"]) == 3
