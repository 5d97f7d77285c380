from itertools import combinations

import numpy as np
import pytest

from citytwin_desktop.analysis.class_breaks import NATURAL, QUANTILES, class_breaks
from citytwin_desktop.analysis.colour_scales import DIVERGING_MAP, ColourScale, colour_table
from citytwin_desktop.errors import KnownError


def within(values: np.ndarray, breaks: tuple[float, ...]) -> float:
    group = np.searchsorted(breaks, values, side="right")
    return float(sum(((values[group == k] - values[group == k].mean()) ** 2).sum() for k in np.unique(group)))


def test_natural_classes_are_the_best_of_all_ways_to_cut() -> None:
    values = np.random.default_rng(3).choice(40, 14, replace=False).astype(float)
    best = min(within(values, cut) for cut in combinations(np.unique(values)[1:], 3))
    assert within(values, class_breaks(values, 4, NATURAL)) == pytest.approx(best)


def test_natural_classes_cut_in_the_gaps() -> None:
    values = np.concatenate([np.linspace(0, 1, 50), np.linspace(10, 11, 9), np.linspace(50, 52, 30)])
    first, second = class_breaks(values, 3, NATURAL)
    assert 1.0 < first <= 10.0
    assert 11.0 < second <= 50.0


def test_quantiles_hold_as_many_each_and_leave_out_what_is_beyond() -> None:
    values = np.append(np.random.default_rng(1).gamma(2.0, 30.0, 5000), [np.nan, 1e9])
    counts = np.histogram(values, (0.0, *class_breaks(values, 5, QUANTILES, 0.0, 1e6), 1e6))[0]
    assert counts.tolist() == pytest.approx([1000] * 5, abs=1)


def test_odd_input_makes_no_breaks() -> None:
    assert class_breaks(np.full(9, 4.0), 5, NATURAL) == ()
    assert class_breaks(np.full(9, np.nan), 5, QUANTILES) == ()
    assert len(class_breaks(np.array([1.0, 1.0, 2.0]), 9, NATURAL)) == 1
    with pytest.raises(KnownError, match="stripes"):
        class_breaks(np.arange(3.0), 5, "stripes")


def test_unequal_classes_colour_by_their_own_ends() -> None:
    scale = ColourScale("viridis", 0.0, 100.0, 3, breaks=(0.05, 0.1))
    values = np.array([0.04, 0.05, 0.09, 0.1, 80.0, np.nan], np.float32)
    assert scale.places(values).tolist() == [0, 1, 1, 2, 2, 256]
    assert tuple(scale.colours(values)[0]) == tuple(colour_table("viridis")[0])
    assert scale.edges() == (0.0, 0.05, 0.1, 100.0)
    assert scale.class_bounds(0) == (-np.inf, 0.05)
    assert (scale.table()[1:] == colour_table("viridis")[255]).all(), "the bar shows how wide each class is"


def test_a_reversed_map_swaps_its_ends() -> None:
    plain, turned = ColourScale("cividis", 0.0, 1.0), ColourScale("cividis", 0.0, 1.0, reverse=True)
    ends = np.array([0.0, 1.0])
    assert (plain.colours(ends) == turned.colours(ends)[::-1]).all()
    stepped = ColourScale("cividis", 0.0, 1.0, 5, reverse=True)
    assert (stepped.class_colours()[0] == colour_table("cividis")[255]).all()


def test_a_difference_is_fitted_without_its_wildest_two_per_cent() -> None:
    values = np.concatenate([np.linspace(-10, 10, 980), np.full(10, 900.0)])
    scale = ColourScale.fitted(values, DIVERGING_MAP)
    assert scale.low == -scale.high
    assert scale.high < 10.1
    few = np.zeros(1000)
    few[0] = -7.0
    assert ColourScale.fitted(few, DIVERGING_MAP).high == 7.0


def test_unequal_classes_of_a_difference_keep_its_sign() -> None:
    scale = ColourScale(DIVERGING_MAP, -100.0, 100.0, 5, breaks=(-80.0, -60.0, -40.0, -10.0))
    red, _, blue = scale.class_colours().astype(int).T
    assert (blue[:4] > red[:4] + 20).all(), "what is less is blue"
    assert scale.class_colours()[4].min() > 250, "the class with zero in it is white"
    assert scale.colours(np.array([-11.0]))[0, 2] > scale.colours(np.array([-11.0]))[0, 0]
