"""Frames of the scene against VTK drawing the same triangles bare; scrubbing, highlights, picks and boxes."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scene.district import district

SIZE = (1280, 800)
TURNS, BURST = 4, 4
"""Each side draws some frames, then the next one, and so on again: load of the machine falls on all alike."""
PICKS = 200
SELECTED_AT_ONCE = 500
BOXED = 10_000


def measured(_project: Path, count: int) -> dict[str, Any]:
    """Medians over frames of which every one was counted by VTK and differs from the one before."""
    import pyvista

    from citytwin_desktop.analysis.colour_scales import ColourScale
    from citytwin_desktop.scene.city_scene import CityScene
    from citytwin_desktop.scene.edge_strength import make_seen_edges

    city = district(count)
    ours, bare = (pyvista.Plotter(off_screen=True, window_size=SIZE) for _ in range(2))
    for plotter in (ours, bare):
        plotter.ren_win.SetMultiSamples(0)
    scene = CityScene(ours)
    scene.set_city(city)
    home = scene.home_camera(SIZE[0] / SIZE[1])
    scene.set_camera(home)
    make_seen_edges(scene.tiles)  # as the first frame does
    triangles, lines = _bare_triangles(bare, scene), _bare_edges(bare, scene)

    def turn(number: int, edges: bool = False) -> None:
        scene.edges_shown = edges
        lines.SetVisibility(edges)
        scene.set_camera(home.orbited(float(number + 1), 0.0))
        scene.camera.apply(bare.renderer.GetActiveCamera())
        bare.renderer.ResetCameraClippingRange()

    # Turn about: whatever else the machine does, it does to both.
    with_edges = lambda number: turn(number, True)  # noqa: E731
    own, raw, plain, edged = _interleaved([(ours, with_edges), (bare, turn), (ours, turn), (bare, with_edges)])
    scene.edges_shown = True
    values = np.random.default_rng(1).uniform(0, 100, (TURNS * BURST + 1, len(city.surfaces))).astype(np.float32)
    scale = ColourScale("viridis", 0.0, 100.0, 0)
    scene.paint_values(values[0], None, scale)
    painted = [
        (ours, lambda number: turn(number, True)),
        (ours, lambda number: scene.paint_values(values[number + 1], None, scale)),
        (ours, lambda number: scene.select(np.arange(number % 2, SELECTED_AT_ONCE, 2))),
    ]
    static, scrub, highlight = _interleaved(painted)
    scene.select([])
    scene.set_camera(home)
    chosen, boxed_ms = _boxed(scene)
    return {
        "triangles": triangles,
        "frame_ms": _ms(own),
        "raw_frame_ms": _ms(raw),
        "frame_over_raw": round(own / raw, 2),
        "frame_without_edges_over_raw": round(plain / raw, 2),
        "frame_over_raw_of_same_triangles_and_edges": round(own / edged, 2),
        "painted_frame_ms": _ms(static),
        "scrub_over_static": round(scrub / static, 2),
        "highlight_over_static": round(highlight / static, 2),
        "pick_query_ms": _ms(_picked(scene)),
        "box_select_buildings": chosen,
        "box_select_ms": boxed_ms,
    }


def _bare_triangles(plotter: Any, scene: Any) -> int:
    """All triangles of a scene as one mesh, as VTK draws them by itself."""
    from vtkmodules.vtkFiltersCore import vtkAppendPolyData
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    together = vtkAppendPolyData()
    for tile in scene.tiles:
        together.AddInputData(tile.surface_data)
    together.Update()
    data = together.GetOutput()
    data.GetPointData().SetTCoords(None)
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    actor = vtkActor()
    actor.SetMapper(mapper)
    plotter.renderer.RemoveAllLights()
    plotter.add_light(_light())
    plotter.renderer.AddActor(actor)
    return int(data.GetNumberOfPolys())


def _bare_edges(plotter: Any, scene: Any) -> Any:
    """The edges that the scene shows as one mesh of lines, hidden at first."""
    from vtkmodules.vtkFiltersCore import vtkAppendPolyData
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    actor = vtkActor()
    actor.VisibilityOff()
    together = vtkAppendPolyData()
    seen = [lines for tile in scene.tiles for lines in tile.lines if lines.actor.GetVisibility()]
    for lines in seen:
        together.AddInputData(lines.data)
    if not seen:
        return actor  # from this far away the scene draws none either
    together.Update()
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(together.GetOutput())
    actor.SetMapper(mapper)
    actor.GetProperty().SetLighting(False)
    plotter.renderer.AddActor(actor)
    return actor


def _light() -> Any:
    import pyvista

    return pyvista.Light(position=(1, -1, 2), light_type="scene light")


def _interleaved(sides: list[tuple[Any, Callable[[int], Any]]]) -> list[float]:
    """Median time [s] of an act and its frame, of each side in turn."""
    times: list[list[float]] = [[] for _ in sides]
    ended = [0]
    for plotter in {id(plotter): plotter for plotter, _ in sides}.values():
        plotter.renderer.AddObserver("EndEvent", lambda *_: ended.__setitem__(0, ended[0] + 1))
    before: dict[int, NDArray[np.uint8]] = {}
    for turn in range(TURNS):
        for place, (plotter, act) in enumerate(sides):
            # The first frame after another context drew is not the window's: there is but one there.
            for number in range(turn * BURST, turn * BURST + BURST):
                count, began = ended[0], time.perf_counter()
                act(number)
                plotter.ren_win.Render()
                picture = _pixels(plotter)  # waits until the frame is there
                spent = time.perf_counter() - began
                if ended[0] != count + 1 or np.array_equal(picture, before.get(id(plotter))):
                    msg = "a frame was not drawn: its time would be a lie"
                    raise RuntimeError(msg)
                before[id(plotter)] = picture
                if number % BURST:
                    times[place].append(spent)
    return [statistics.median(spent) for spent in times]


def _pixels(plotter: Any) -> NDArray[np.uint8]:
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

    held = vtkUnsignedCharArray()
    plotter.ren_win.GetPixelData(0, 0, SIZE[0] - 1, SIZE[1] - 1, 0, held, 0)
    return np.asarray(vtk_to_numpy(held)).copy()


def _picked(scene: Any) -> float:
    """Median time [s] of asking what lies under a pixel, once the tiles' locators are there."""
    random = np.random.default_rng(3)
    places = random.uniform(0.2, 0.8, (PICKS, 2)) * SIZE
    times = []
    for _ in range(2):
        times.clear()
        for x, y in places:
            began = time.perf_counter()
            scene.pick(float(x), float(y), *SIZE)
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def _boxed(scene: Any) -> tuple[int, float]:
    """How many buildings a box holds that holds about 10,000, and the median time [ms] of asking which."""
    from citytwin_desktop.scene.region_picking import rows_in_polygon, warm_up

    warm_up()
    low, high = 0.0, 1.0
    for _ in range(8):
        share = (low + high) / 2.0
        count = len(rows_in_polygon(scene, _box(share), *SIZE, True))
        low, high = (share, high) if count < BOXED else (low, share)
    times = []
    for _ in range(7):
        began = time.perf_counter()
        found = rows_in_polygon(scene, _box(high), *SIZE, True)
        times.append(time.perf_counter() - began)
    return len(found), _ms(statistics.median(times))


def _box(share: float) -> NDArray[np.float64]:
    middle, half = np.array(SIZE) / 2.0, share * np.array(SIZE) / 2.0
    (x0, y0), (x1, y1) = middle - half, middle + half
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _ms(seconds: float) -> float:
    return round(seconds * 1000.0, 3)
