"""Hours of overheating, on temperatures whose answer can be counted by hand."""

import numpy as np
import pytest

from citytwin_desktop.analysis.overheating import adaptive_limit_c, overheating, running_mean_c
from citytwin_desktop.errors import BugError

HOURS = np.arange(8760)


def test_the_running_mean_of_a_constant_year_is_the_constant() -> None:
    assert running_mean_c(np.full(8760, 14.0)) == pytest.approx(np.full(365, 14.0))


def test_the_running_mean_follows_a_step_with_four_fifths_of_its_past() -> None:
    outdoor = np.where(HOURS < 180 * 24, 10.0, 20.0)
    found = running_mean_c(outdoor)
    # The day of the step still has only cool days before it.
    assert found[180:184] == pytest.approx([10.0, 12.0, 13.6, 14.88], abs=0.01)


def test_the_adaptive_limit_is_that_of_the_standard() -> None:
    # EN 16798-1 category II: 0.33 x 20 + 18.8 + 3 = 28.4; below 10 and above 30 it stays.
    for outdoor, limit in ((20.0, 28.4), (10.0, 25.1), (0.0, 25.1), (35.0, 31.7)):
        assert adaptive_limit_c(np.full(8760, outdoor))[0] == pytest.approx(limit)


def test_hours_are_counted_while_somebody_is_there() -> None:
    hour = HOURS % 24
    occupied = (hour >= 8) & (hour < 18)
    operative = np.where(hour == 12, 27.0, np.where(hour == 23, 30.0, 20.0))
    found = overheating(operative, np.full(8760, 20.0), occupied)
    assert found.fixed_h == 365.0
    assert found.adaptive_h == 0.0
    assert found.night_h == 365.0
    assert overheating(operative, np.full(8760, 12.0), occupied).adaptive_h == 365.0


def test_series_of_other_lengths_are_a_fault_of_the_program() -> None:
    with pytest.raises(BugError):
        overheating(np.zeros(8760), np.zeros(8759), np.zeros(8760, bool))
