import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.appearance import GHOST, HIDDEN, OPAQUE, STALE, Appearance, desaturated
from citytwin_desktop.scene.colour_maps import ColourScale, colour_table
from citytwin_desktop.scene.palette import DARK


@pytest.fixture
def appearance(boxes: CityModel) -> Appearance:
    return Appearance(boxes, DARK)


def paint(appearance: Appearance, values: np.ndarray, stale: np.ndarray | None = None) -> None:
    appearance.values, appearance.stale, appearance.scale = values, stale, ColourScale("viridis", 0.0, 1.0)


def test_neutral_model_goes_by_kind(appearance: Appearance) -> None:
    rgba = appearance.surface_rgba()
    roofs = appearance.city.surfaces.kind == SurfaceKind.ROOF
    assert (rgba[roofs, :3] == DARK.model[SurfaceKind.ROOF]).all()
    assert (rgba[:, 3] == OPAQUE).all()


def test_data_take_the_colour_map_and_no_result_is_grey(appearance: Appearance) -> None:
    values = np.ones(len(appearance.city.surfaces), np.float32)
    values[:3] = np.nan
    paint(appearance, values)
    rgba = appearance.surface_rgba()
    assert (rgba[:3, :3] == DARK.no_result).all()
    assert (rgba[3:, :3] == colour_table("viridis")[255]).all()


def test_stale_is_marked_and_desaturated_but_not_where_there_is_no_result(appearance: Appearance) -> None:
    values = np.ones(len(appearance.city.surfaces), np.float32)
    values[1] = np.nan
    stale = np.zeros(len(values), bool)
    stale[:2] = True
    paint(appearance, values, stale)
    rgba = appearance.surface_rgba()
    assert rgba[:3, 3].tolist() == [STALE, OPAQUE, OPAQUE]
    assert np.ptp(rgba[0, :3].astype(int)) < np.ptp(rgba[2, :3].astype(int))


def test_selection_lies_over_everything(appearance: Appearance) -> None:
    appearance.selected = appearance.mask([4])
    rgba, owner = appearance.surface_rgba(), appearance.city.surfaces.building
    wall = np.flatnonzero((owner == 4) & (appearance.city.surfaces.kind == SurfaceKind.WALL))[0]
    expected = np.array(DARK.model[SurfaceKind.WALL]) * 0.4 + np.array(DARK.selection) * 0.6
    assert rgba[wall, :3] == pytest.approx(expected, abs=1)


def test_hidden_wins_over_isolated(appearance: Appearance) -> None:
    appearance.isolated = appearance.mask([0, 1])
    appearance.hidden = appearance.mask([1, 2])
    assert appearance.building_codes()[:4].tolist() == [OPAQUE, HIDDEN, HIDDEN, GHOST]


def test_desaturation_keeps_grey() -> None:
    grey = np.array([[90, 90, 90]], np.uint8)
    assert (desaturated(grey, 0.4) == grey).all()
