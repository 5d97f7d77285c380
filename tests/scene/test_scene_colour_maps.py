import numpy as np
import pytest

from citytwin_desktop.analysis.colour_scales import logarithmic_scale
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.colour_maps import (
    DIVERGING_MAP,
    SEQUENTIAL_MAPS,
    ColourScale,
    colour_table,
    logarithmic_ticks,
)


def test_viridis_has_its_published_ends() -> None:
    table = colour_table("viridis")
    assert table.shape == (256, 3)
    assert tuple(table[0]) == (68, 1, 84)
    assert tuple(table[-1]) == (253, 231, 37)


@pytest.mark.parametrize("name", SEQUENTIAL_MAPS)
def test_sequential_maps_only_get_brighter(name: str) -> None:
    luma = colour_table(name) @ np.array([0.2126, 0.7152, 0.0722])
    assert luma[-1] - luma[0] > 100
    assert (np.diff(luma) > -1.5).all()


def test_difference_is_white_at_zero_and_symmetric() -> None:
    scale = ColourScale.fitted(np.array([-3.0, 1.0, 8.0]), DIVERGING_MAP)
    assert (scale.low, scale.high) == (-8.0, 8.0)
    assert scale.colours(np.array([0.0])).min() > 250


def test_range_is_of_finite_values_and_starts_at_zero_when_near() -> None:
    assert ColourScale.fitted(np.array([1.0, np.nan, 100.0])).low == 0.0
    scale = ColourScale.fitted(np.array([80.0, np.nan, 100.0]))
    assert (scale.low, scale.high) == (80.0, 100.0)
    constant = ColourScale.fitted(np.array([5.0, 5.0]))
    assert constant.high > constant.low


def test_classes_step_the_colours() -> None:
    scale = ColourScale("viridis", 0.0, 10.0, classes=5)
    colours = scale.colours(np.linspace(0.0, 9.999, 500))
    assert len(np.unique(colours, axis=0)) == 5
    assert tuple(colours[0]) == tuple(colour_table("viridis")[0])
    assert tuple(colours[-1]) == tuple(colour_table("viridis")[255])


def test_values_beyond_the_range_take_the_ends() -> None:
    scale = ColourScale("cividis", 0.0, 1.0)
    ends = scale.colours(np.array([-5.0, 7.0]))
    assert (ends == colour_table("cividis")[[0, 255]]).all()


@pytest.mark.parametrize("classes", [0, 4])
def test_logarithms_of_values_choose_the_colour(classes: int) -> None:
    plain = ColourScale("viridis", 0.0, 1000.0, classes)
    scale = logarithmic_scale(plain, np.array([0.1, 3.0, 1000.0, np.nan]))
    assert (scale.low, scale.high, scale.logarithmic) == (0.1, 1000.0, True)
    assert scale.share(10.0) == pytest.approx(0.5)
    assert scale.value_at(0.75) == pytest.approx(100.0)
    values = np.array([0.1, 1.1, 11.0, 110.0, 1000.0], np.float32)
    even = ColourScale("viridis", 0.0, 1.0, classes)
    assert (scale.colours(values) == even.colours(np.array([0.0, 0.261, 0.511, 0.761, 1.0]))).all()
    assert scale.places(np.array([-5.0, 0.0, np.nan], np.float32)).tolist() == [0, 0, 256], "no warning, no colour"
    if classes:
        assert scale.edges() == pytest.approx((0.1, 1.0, 10.0, 100.0, 1000.0))
    assert logarithmic_ticks(3.0, 300.0) == [10.0, 100.0, 20.0, 200.0, 5.0, 50.0]


def test_logarithms_of_values_that_are_all_but_zero() -> None:
    for least in (1e-320, 1e-42):
        values = np.array([least, 1e-3, 1.0])
        scale = logarithmic_scale(ColourScale.fitted(values), values)
        assert scale.logarithmic
        assert scale.places(values.astype(np.float32)).tolist() == [0, 230, 255], "neither a warning nor undefined"


def test_without_logarithms_where_there_are_none() -> None:
    values = np.array([1.0, 5.0])
    for scale, seen in (
        (ColourScale("viridis", 0.0, 5.0), np.array([0.0, 5.0])),
        (ColourScale(DIVERGING_MAP, -5.0, 5.0), values),
        (ColourScale("viridis", 0.0, 1.0), values),
        (ColourScale("viridis", 0.0, 5.0), np.array([np.nan])),
    ):
        assert logarithmic_scale(scale, seen) == scale


def test_unknown_map_is_refused_by_name() -> None:
    with pytest.raises(KnownError, match="rainbow"):
        colour_table("rainbow")
