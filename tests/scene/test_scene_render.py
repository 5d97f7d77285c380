from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.render import render_png


@dataclass
class Values:
    values: np.ndarray
    stale: np.ndarray
    unit: str = "kWh/m²"


def test_picture_has_the_size_and_the_city(boxes: CityModel, tmp_path: Path) -> None:
    assert render_png(boxes, tmp_path / "city.png", (400, 300)) is None
    pixels = np.asarray(Image.open(tmp_path / "city.png"))
    assert pixels.shape[:2] == (300, 400)
    assert pixels[120:180, 150:250].std() > 15


def test_legend_is_drawn_with_the_scale(boxes: CityModel, tmp_path: Path) -> None:
    values = Values(np.linspace(100, 900, len(boxes.surfaces)).astype(np.float32), np.zeros(len(boxes.surfaces), bool))
    scale = render_png(boxes, tmp_path / "city.png", (800, 500), values, "Solar irradiation")
    assert scale is not None
    assert (scale.low, scale.high) == (0.0, 900.0)
    legend = np.asarray(Image.open(tmp_path / "city.png").convert("RGB"))[420:, :200]
    for colour in ((68, 1, 84), (253, 231, 37)):
        assert (np.abs(legend.astype(int) - colour).sum(axis=2) < 30).any()


@pytest.mark.parametrize("size", [(0, 100), (100, 100000)])
def test_impossible_sizes_are_refused(boxes: CityModel, tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(KnownError, match="cannot be drawn"):
        render_png(boxes, tmp_path / "city.png", size)
    assert not list(tmp_path.iterdir())


def test_unwritable_place_is_named(boxes: CityModel, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="nowhere"):
        render_png(boxes, tmp_path / "nowhere" / "city.png", (64, 64))
