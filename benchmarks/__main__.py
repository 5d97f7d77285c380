"""``python -m benchmarks NAME [options] [--json]``: run one benchmark and print its rows."""

import argparse
import importlib
import json
import os
import pkgutil
import platform
from pathlib import Path

NAMES = sorted(
    module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name != "__main__"
)


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measured work, never asserted in tests.")
    subparsers = parser.add_subparsers(dest="name", required=True)
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in NAMES}
    for name, module in modules.items():
        subparser = subparsers.add_parser(name, help=(module.__doc__ or "").splitlines()[0])
        subparser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
        module.add_arguments(subparser)
    arguments = parser.parse_args()
    rows = modules[arguments.name].rows(arguments)
    if arguments.json:
        print(json.dumps({"benchmark": arguments.name, "machine": machine(), "rows": rows}))
        return
    print(machine())
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))


def machine() -> str:
    """Processor, cores, system and Python, as far as the system tells."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.partition(":")[2].strip() for line in information.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
