import numpy as np
import pytest

from citytwin_desktop.scene.edge_strength import FAINT, FAINT_M, FULL_M, GONE_M, edge_strengths


def test_edges_fade_with_the_size_of_a_pixel() -> None:
    sizes = np.array([0.01, FULL_M, FAINT_M, (FAINT_M + GONE_M) / 2, GONE_M, 50.0])
    assert edge_strengths(sizes) == pytest.approx([1.0, 1.0, FAINT, FAINT / 2, 0.0, 0.0])
    every = edge_strengths(np.linspace(0.001, 5.0, 2000))
    assert (np.diff(every) <= 1e-12).all()
    assert np.abs(np.diff(every)).max() < 0.02
