"""Hours of some receivers all at once: the numbers of `HourSynthesis.parts`, hour by hour."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.jobs.context import JobContext
from citytwin_desktop.sim.solar.engine import SolarJobInputs, run
from citytwin_desktop.sim.solar.hours import HourSynthesis
from citytwin_desktop.sim.solar.serialisation import operators_from_bytes
from citytwin_desktop.sim.solar.settings import SolarSettings


@pytest.fixture(scope="module")
def synthesis_of(tmp_path_factory: pytest.TempPathFactory, box: Any, city_of: Any, weather_of: Any) -> Any:
    """Two boxes that shade each other under a sky with beam and diffuse light all day."""
    city = city_of([*box(0, (0, 0, 0), (10, 8, 6)), *box(1, (13, -3, 0), (21, 9, 15))])

    def make(snow: tuple[int, ...] = (), **settings: int) -> HourSynthesis:
        weather = weather_of(48.0, 500.0, 120.0)
        chosen = replace(SolarSettings(rays=64), **settings)
        inputs = SolarJobInputs(city, weather, chosen, SolarConditions(snow_months=snow))
        made = run(inputs, JobContext(tmp_path_factory.mktemp("job")))
        return HourSynthesis(operators_from_bytes(made.operators), weather)

    return make


@pytest.mark.parametrize(
    ("snow", "settings"), [((), {}), ((1, 2, 12), {}), ((1,), {"sun_days": 24, "base_days": 12, "reflected_days": 8})]
)
def test_all_at_once_is_one_by_one(synthesis_of: Any, snow: tuple[int, ...], settings: dict[str, int]) -> None:
    synthesis = synthesis_of(snow, **settings)
    assert len(synthesis.operators.seasons) == (2 if snow else 1)
    rows = np.array([9, 0, 4, 7, 1])
    hours = np.concatenate([np.arange(4090, 4130), np.arange(200, 230), [8759, 0, 1500]])
    found = synthesis.parts_of(rows, hours)
    assert all(part.dtype == np.float32 and part.shape == (5, len(hours)) for part in found)
    assert all(part.max() > 5.0 for part in found)
    for place, hour in enumerate(hours):
        one = synthesis.parts(int(hour))
        for part, whole in zip(found, (one.beam, one.sky, one.reflected), strict=True):
            np.testing.assert_allclose(part[:, place], whole[rows], rtol=2e-5, atol=2e-3)


def test_chunks_of_rows_do_not_matter(synthesis_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    synthesis, hours = synthesis_of(), np.arange(4000, 4048)
    rows = np.arange(len(synthesis.operators))
    whole = synthesis.parts_of(rows, hours)
    monkeypatch.setattr("citytwin_desktop.sim.solar.hours._ROWS_AT_ONCE", 3)
    for one, other in zip(whole, synthesis.parts_of(rows, hours), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-3)


def test_hours_outside_the_year_are_refused_and_none_are_nothing(synthesis_of: Any) -> None:
    synthesis = synthesis_of()
    for hours in ([0, 8760], [-1, 5]):
        with pytest.raises(KnownError, match="not in the year"):
            synthesis.parts_of(np.array([0]), np.array(hours))
    assert synthesis.parts_of(np.array([0, 1]), np.zeros(0, np.int64))[0].shape == (2, 0)
    assert synthesis.parts_of(np.zeros(0, np.int64), np.array([4000]))[1].shape == (0, 1)
