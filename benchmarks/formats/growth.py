"""How processor time grows with the size of a source: the slope in a doubly logarithmic plot."""

import argparse
import math
from pathlib import Path
from typing import Any

from benchmarks.formats.large import write_footprints, write_stream
from benchmarks.formats.parsing import BERLIN, best, many_times, ready

STEPS = (1, 2, 4, 8)
FOOTPRINTS, STREAM_GB, MEMBERS = 5_000, 0.005, 5


def rows(_arguments: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Footprints, CityGML and CityJSONSeq in four sizes each."""
    makers = {
        "footprints": lambda step: write_footprints(folder / f"f{step}.gpkg", FOOTPRINTS * step),
        "CityGML": lambda step: _gml(folder / f"g{step}.gml", MEMBERS * step),
        "CityJSONSeq": lambda step: write_stream(folder / f"s{step}.city.jsonl", STREAM_GB * step)[0],
    }
    found = []
    for name, make in makers.items():
        paths = [make(step) for step in STEPS]
        times = [best(lambda path=path: ready(path), 1) for path in paths]
        sizes = [path.stat().st_size for path in paths]
        slope = math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])
        seconds = [round(time, 3) for time in times]
        found.append({"measure": f"growth of {name}", "slope": round(slope, 3), "goal": 1.1, "cpu_s": seconds})
    return found


def _gml(path: Path, copies: int) -> Path:
    path.write_bytes(many_times(BERLIN.read_bytes(), copies))
    return path
