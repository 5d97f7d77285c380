"""City files in: time over a bare parser of the same bytes, 100,000 footprints, streams in bounded memory, growth."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.formats import growth, large, parsing

PARTS: dict[str, Callable[[argparse.Namespace, Path], list[dict[str, Any]]]] = {
    "cityjson": parsing.cityjson,
    "citygml": parsing.citygml,
    "footprints": large.footprints,
    "stream": large.stream,
    "growth": growth.rows,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what to measure and how large."""
    parser.add_argument("--only", help=f"parts by commas, of {', '.join(PARTS)}")
    parser.add_argument("--footprints", type=int, default=100_000)
    parser.add_argument("--stream-gb", type=float, default=1.0)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--child", help=argparse.SUPPRESS)


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure each part in a process of its own, so that none warms or burdens another."""
    if arguments.child:
        with tempfile.TemporaryDirectory() as folder:
            return PARTS[arguments.child](arguments, Path(folder))
    found = []
    for part in arguments.only.split(",") if arguments.only else PARTS:
        command = [sys.executable, "-m", "benchmarks", "formats", "--json", "--child", part]
        command += ["--footprints", str(arguments.footprints), "--stream-gb", str(arguments.stream_gb)]
        command += ["--repeats", str(arguments.repeats)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found += json.loads(done.stdout)["rows"]
    return found
