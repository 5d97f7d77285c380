"""Radiance itself, where it is installed."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from citytwin_desktop.sim.solar.radiance.programs import Programs


@pytest.fixture
def programs() -> Iterator[Programs]:
    if find_spec("pyradiance") is None:
        pytest.skip("pyradiance is not installed (extra “validation”)")
    with Programs(workers=2) as running:
        yield running
