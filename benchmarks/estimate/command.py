"""Which parts are measured, and how large."""

import argparse
from pathlib import Path
from typing import Any

PARTS = ("speed", "error")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark; small by default, the goals were set on --buildings 50 --packages 8."""
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to measure, of {', '.join(PARTS)}")
    parser.add_argument("--buildings", type=int, default=6, help="that EnergyPlus runs, half of them of a real city")
    parser.add_argument("--packages", type=int, default=8, help="retrofits of each")
    parser.add_argument("--workers", type=int, default=1, help="EnergyPlus runs at once")
    parser.add_argument("--keep", type=Path, help="folder that keeps the runs for the next time")
    parser.add_argument("--city", type=int, default=1000, help="buildings of the timed year")


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure the chosen parts."""
    from benchmarks.estimate import experiment, speed

    chosen = arguments.only.split(",")
    if unknown := [name for name in chosen if name not in PARTS]:
        raise SystemExit(f"there is no part {', '.join(unknown)}: choose of {', '.join(PARTS)}")
    lines: list[dict[str, Any]] = []
    if "speed" in chosen:
        lines += speed.measure(arguments.city)
    if "error" in chosen:
        lines += experiment.measure(arguments.buildings, arguments.packages, arguments.workers, arguments.keep)
    return lines
