"""Damaged city files, many of them: none may crash, hang, or be taken for sound when it is cut off."""

import argparse
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import TimeoutError as TooSlowError
from pathlib import Path
from typing import Any

from benchmarks.fuzz.mutations import mutated
from benchmarks.fuzz.samples import samples
from benchmarks.fuzz.verdict import verdict

LONGEST_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say how many, of which samples, and where the offenders are kept."""
    parser.add_argument("--count", type=int, default=200, help="damaged files in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="samples whose name holds this")
    parser.add_argument("--keep", type=Path, help="folder for the files that were dealt with wrongly")


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Read each damaged file in a worker process that may die or hang without harm."""
    from pebble import ProcessExpired, ProcessPool

    chosen = {name: data for name, data in samples().items() if arguments.only in name}
    wrong: list[dict[str, Any]] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in chosen}
    slowest: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, ProcessPool(max_workers=2, max_tasks=200) as pool:
        jobs = []
        for number in range(arguments.count):
            name = sorted(chosen)[number % len(chosen)]
            chance = random.Random(f"{arguments.seed}/{number}")  # noqa: S311 - the same damages every time
            data, how = mutated(chosen[name], chance)
            path = Path(folder) / f"{number}-{name}"
            path.write_bytes(data)
            jobs.append((name, how, path, time.perf_counter(), pool.schedule(verdict, [path, how], timeout=LONGEST_S)))
        for name, how, path, _, job in jobs:
            try:
                found, seconds = job.result()
            except TooSlowError:
                found, seconds = f"hang over {LONGEST_S:g} s", LONGEST_S
            except ProcessExpired as error:
                found, seconds = f"crash of the process, exit {error.exitcode}", 0.0
            counts[name][found.split(":")[0]] += 1
            slowest[name] = max(slowest[name], round(seconds * 1000))
            if found not in ("refused", "read"):
                wrong.append({"measure": "wrong", "sample": name, "how": how, "what": found[:300]})
                if arguments.keep:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    (arguments.keep / path.name).write_bytes(path.read_bytes())
            path.unlink()
    table = [
        {"measure": "fuzz", "sample": name, **counts[name], "slowest_ms": slowest[name]} for name in sorted(chosen)
    ]
    total = {"measure": "fuzz in all", "files": arguments.count, "wrong": len(wrong), "goal_wrong": 0}
    return [*table, *wrong, total]
