"""Large sources: 100,000 footprints into a project, and a stream that is larger than the memory it may take."""

import argparse
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from benchmarks.formats.parsing import DATA

SEQUENCE = DATA / "cityjson" / "3dbag_delft_100.city.jsonl"
SPACING_M = 25.0


def footprints(arguments: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Footprints with a height, as GeoPackage, into a project."""
    count = arguments.footprints
    path = write_footprints(folder / "footprints.gpkg", count)
    cpu, peak = measured("import", path, "--into", folder / "p.citytwin.gpkg")
    return [
        {
            "measure": "footprints into a project",
            "buildings": count,
            "cpu_s": round(cpu, 2),
            "goal_cpu_s": 20.0,
            "peak_mb": round(peak),
            "goal_mb": 1500,
        }
    ]


def write_footprints(path: Path, count: int) -> Path:
    """L-shaped and square houses on a grid, with height, storeys, year and use."""
    import numpy as np
    import pyogrio.raw
    import shapely

    side = int(np.ceil(np.sqrt(count)))
    number = np.arange(count)
    x, y = 400_000.0 + SPACING_M * (number % side), 5_800_000.0 + SPACING_M * (number // side)
    size = 6.0 + (number * 7 % 11)
    square = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    angle = [(0, 0), (1, 0), (1, 0.5), (0.5, 0.5), (0.5, 1), (0, 1), (0, 0)]
    shapes = [
        shapely.Polygon([(left + dx * width, low + dy * width) for dx, dy in (square if even else angle)])
        for left, low, width, even in zip(x, y, size, number % 2 == 0, strict=True)
    ]
    fields = {
        "height": 4.0 + (number * 13 % 40) / 2.0,
        "storeys": 1 + number * 13 % 40 // 6,
        "year": 1900 + number * 17 % 120,
        "use": np.array(["residential", "office", "school"], object)[number % 3],
        "osm_id": number.astype(np.int64),
    }
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array(shapes, object)),
        list(fields.values()),
        list(fields),
        crs="EPSG:25833",
        geometry_type="Polygon",
        driver="GPKG",
    )
    return path


def stream(arguments: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """A CityJSONSeq of the size asked for, of which a box is wanted."""
    path, box = write_stream(folder / "large.city.jsonl", arguments.stream_gb)
    size_mb = path.stat().st_size / (1 << 20)
    project = folder / "p.citytwin.gpkg"
    cpu, peak = measured("import", path, "--into", project, "--bbox", ",".join(f"{value:.3f}" for value in box))
    return [
        {
            "measure": "a box of a CityJSONSeq",
            "size_mb": round(size_mb),
            "cpu_s": round(cpu, 2),
            "peak_mb": round(peak),
            "goal_mb": 500,
        }
    ]


def write_stream(path: Path, size_gb: float) -> tuple[Path, tuple[float, float, float, float]]:
    """The features of 3DBAG again and again, each time 2 km further; gives the box of the first time as well."""
    lines = SEQUENCE.read_bytes().splitlines()
    header, features = orjson.loads(lines[0]), [orjson.loads(line) for line in lines[1:] if line.strip()]
    scale, translate = header["transform"]["scale"], header["transform"]["translate"]
    xs = [corner[0] for feature in features for corner in feature["vertices"]]
    ys = [corner[1] for feature in features for corner in feature["vertices"]]
    box = (
        min(xs) * scale[0] + translate[0] - 1.0,
        min(ys) * scale[1] + translate[1] - 1.0,
        max(xs) * scale[0] + translate[0] + 1.0,
        max(ys) * scale[1] + translate[1] + 1.0,
    )
    step, number = round(2000.0 / scale[0]), 0
    with path.open("wb") as out:
        out.write(lines[0] + b"\n")
        while out.tell() < size_gb * (1 << 30):
            for feature in features:
                out.write(_copied(feature, number, step * number) + b"\n")
            number += 1
    return path, box


def _copied(feature: dict[str, Any], number: int, east: int) -> bytes:
    text = orjson.dumps({**feature, "vertices": [[x + east, y, z] for x, y, z in feature["vertices"]]})
    if not number:
        return text
    for identifier in feature["CityObjects"]:
        text = text.replace(f'"{identifier}"'.encode(), f'"{identifier}~{number}"'.encode())
    return text


def measured(*words: Any) -> tuple[float, float]:
    """Processor time [s] and peak memory [MB] of one command of the program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "citytwin_desktop", *(str(word) for word in words)]
    subprocess.run(command, check=True, stdout=sys.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, after.ru_maxrss / 1024
