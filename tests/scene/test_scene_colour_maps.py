import numpy as np
import pytest

from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.colour_maps import DIVERGING_MAP, SEQUENTIAL_MAPS, ColourScale, colour_table


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


def test_unknown_map_is_refused_by_name() -> None:
    with pytest.raises(KnownError, match="rainbow"):
        colour_table("rainbow")
