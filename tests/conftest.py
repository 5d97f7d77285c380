"""What all tests share: data beside the checkout, small cities, and a watch on leaked threads."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CityFile = Callable[..., Path]


@pytest.fixture(autouse=True, scope="session")
def no_trace_cache() -> Iterator[None]:
    """Leave the cache of whoever runs the tests alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CITYTWIN_NO_TRACE_CACHE", "1")
        yield


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread behind that was not there before."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 2.0
    while leaked := [t for t in threading.enumerate() if t not in before and t.is_alive() and not _tolerated(t)]:
        if time.monotonic() > deadline:
            pytest.fail(f"leaked threads: {[thread.name for thread in leaked]}")
        time.sleep(0.02)


def _tolerated(thread: threading.Thread) -> bool:
    # numba and hypothesis keep service threads of their own for the life of the process.
    return thread.name.startswith(("numba", "hypothesis", "asyncio_"))


@pytest.fixture
def shared_data() -> Path:
    """Folder of real data beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder shared/data is not beside this checkout")
    return SHARED_DATA


def box_object(
    x: float, y: float, width: float, depth: float, height: float, first: int
) -> tuple[list[Any], dict[str, Any]]:
    """Vertices and a CityJSON solid of an upright box with outward faces."""
    corners = [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]
    vertices = [[*corner, z] for z in (0.0, height) for corner in corners]
    faces = [[3, 2, 1, 0], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    boundaries = [[[index + first for index in face]] for face in faces]
    semantics = {
        "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}],
        "values": [[0, 1, 2, 2, 2, 2]],
    }
    return vertices, {"type": "Solid", "lod": "2", "boundaries": [boundaries], "semantics": semantics}


def box_city(
    count: int = 4, attributes: dict[str, Any] | None = None, crs: str | None = "EPSG/0/28992"
) -> dict[str, Any]:
    """A CityJSON document with a row of boxes of 10 × 8 × 6 m, 20 m apart."""
    objects, vertices = {}, []
    for number in range(count):
        corners, solid = box_object(1000.0 + 20.0 * number, 2000.0, 10.0, 8.0, 6.0, len(vertices))
        vertices += corners
        objects[f"B{number}"] = {"type": "Building", "geometry": [solid], "attributes": dict(attributes or {})}
    metadata = {"referenceSystem": f"https://www.opengis.net/def/crs/{crs}"} if crs else {}
    return {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": metadata,
        "transform": {"scale": [0.001, 0.001, 0.001], "translate": [0.0, 0.0, 0.0]},
        "CityObjects": objects,
        "vertices": [[round(value * 1000) for value in vertex] for vertex in vertices],
    }


@pytest.fixture
def city_file(tmp_path: Path) -> CityFile:
    """Writer of small CityJSON files; takes the arguments of `box_city`, or a whole document."""

    def write(name: str = "boxes.city.json", document: dict[str, Any] | None = None, **arguments: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(document or box_city(**arguments)), encoding="utf-8")
        return path

    return write


@pytest.fixture
def weather_file() -> Path:
    """Real weather file of Chicago that comes with EnergyPlus."""
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    return chicago_weather_path()
