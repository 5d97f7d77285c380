"""Which parts are measured, and how large."""

import argparse
from typing import Any

PARTS = ("import", "write", "neighbours", "overhead", "workers", "recipe", "estimate")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark; small by default, the goals were set on --buildings 100 --city 1000."""
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to measure, of {', '.join(PARTS)}")
    parser.add_argument("--buildings", type=int, default=10, help="that EnergyPlus runs for overhead and workers")
    parser.add_argument("--city", type=int, default=1000, help="buildings to import and enrich, and to estimate")
    parser.add_argument("--varied", type=int, default=20, help="buildings to hold the recipe against the reference")
    parser.add_argument("--workers", type=int, default=2, help="processes that are compared with one")


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure the chosen parts, in an order in which none disturbs another."""
    from benchmarks.energy import estimating, importing, overhead, recipe, shade, workers

    measured = {
        "import": lambda: importing.measure(arguments.city),
        "write": lambda: overhead.writing(arguments.buildings),
        "neighbours": shade.measure,
        "overhead": lambda: overhead.measure(arguments.buildings),
        "workers": lambda: workers.measure(arguments.buildings, arguments.workers),
        "recipe": lambda: recipe.measure(arguments.varied, arguments.workers),
        "estimate": lambda: estimating.measure(arguments.city),
    }
    chosen = arguments.only.split(",")
    unknown = [name for name in chosen if name not in measured]
    if unknown:
        raise SystemExit(f"there is no part {', '.join(unknown)}: choose of {', '.join(PARTS)}")
    return [line for name in PARTS if name in chosen for line in measured[name]()]
