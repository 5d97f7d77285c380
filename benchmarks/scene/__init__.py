"""100,000 buildings under the hand: frames, picks, edits, undo, opening and gaps, each size in processes of its own."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.scene import drawing, opening, undoing, window
from benchmarks.scene.district import write_project

PARTS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "drawing": drawing.measured,
    "opening": opening.measured,
    "window": window.measured,
    "undoing": undoing.measured,
}

GOALS = {
    "frame_over_raw": 1.2,
    "scrub_over_static": 1.3,
    "highlight_over_static": 1.3,
    "pick_query_ms": 1.0,
    "box_select_ms": 100.0,
    "geometry_edit_frames_beyond_30_ms": 1.5,
    "bulk_edit_s": 0.5,
    "bulk_edit_responsive_s": 0.5,
    "undo_over_do_max": 1.0,
    "open_s": 5.0,
    "open_peak_mb": 1500.0,
    "run_gap_ms": 100.0,
}
"""What each value must not exceed, on a software renderer and two cores."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say how large the districts are and what to measure."""
    parser.add_argument("--buildings", default="1000,10000,100000", help="sizes by commas")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts by commas, of {', '.join(PARTS)}")
    parser.add_argument("--child", nargs=2, metavar=("PART", "PROJECT"), help=argparse.SUPPRESS)


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """One row for each size; wall times on whatever machine this is."""
    if arguments.child:
        part, project = arguments.child
        return [PARTS[part](Path(project), int(arguments.buildings))]
    found = []
    for count in (int(text) for text in arguments.buildings.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "district.citytwin.gpkg"
            write_project(project, count)
            row: dict[str, Any] = {"buildings": count}
            for part in arguments.only.split(","):
                row |= _in_a_process(part, project, count)
        found.append(row | {"goals": {name: goal for name, goal in GOALS.items() if name in row}})
    return found


def _in_a_process(part: str, project: Path, count: int) -> dict[str, Any]:
    command = [sys.executable, "-X", "faulthandler", "-m", "benchmarks", "scene", "--json", "--buildings", str(count)]
    done = subprocess.run([*command, "--child", part, str(project)], check=True, stdout=subprocess.PIPE, text=True)
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])["rows"][0]
    return row
