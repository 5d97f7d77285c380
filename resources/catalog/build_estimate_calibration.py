"""Make estimate_calibration.csv and estimate_errors.csv from EnergyPlus runs.

Run ``python resources/catalog/build_estimate_calibration.py --keep FOLDER`` in the checkout. The calibrations come from
one set of buildings as they are, the errors from another set and its retrofits; both are half synthetic, half of
Rotterdam where the shared data are there. The folder keeps finished runs for the next time.
"""

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

CALIBRATION_SEED = 1
LEAST_BUILDINGS = 3


def main() -> None:
    """Read the command line, run, write the tables."""
    from benchmarks.estimate.experiment import held_out
    from citytwin_desktop.sim.estimate.validation import report

    parser = argparse.ArgumentParser(description="Make the tables of the estimate.")
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--buildings", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--errors-only", action="store_true", help="leave the calibrations as they are")
    arguments = parser.parse_args()
    here = Path(__file__).parent
    if not arguments.errors_only:
        fitted = held_out(arguments.buildings, 0, arguments.workers, arguments.keep, CALIBRATION_SEED)
        _write(here / "estimate_calibration.csv", calibration_rows(fitted))
    found = held_out(arguments.buildings, 8, arguments.workers, arguments.keep)
    _write(here / "estimate_errors.csv", error_rows(report(found)))


def calibration_rows(fitted: Any) -> list[dict[str, Any]]:
    """One row for all functions together, with an empty function, and one for each with enough buildings."""
    from citytwin_desktop.sim.estimate.archetype_calibration import pooled
    from citytwin_desktop.sim.estimate.expected_error import SHIPPED
    from citytwin_desktop.sim.estimate.five_r_one_c import MULTIPLIER_NAMES
    from citytwin_desktop.sim.estimate.validation import calibrations_of

    own = calibrations_of(fitted)
    groups: dict[str, list[Any]] = {"": own}
    for spec, calibration in zip(fitted.specs, own, strict=True):
        groups.setdefault(spec.function, []).append(calibration)
    rows = []
    for function, members in groups.items():
        if not function or len(members) >= LEAST_BUILDINGS:
            values = pooled(members, SHIPPED).multipliers
            multipliers = {name: round(getattr(values, name), 4) for name in MULTIPLIER_NAMES}
            rows.append({"function": function, "buildings": len(members), **multipliers})
    return rows


def error_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Errors that nine of ten cases stay below, by level; never smaller than those of a better level."""
    from citytwin_desktop.sim.estimate.expected_error import LEVELS

    found = {row["level"]: row for row in rows if row["package"] == "all"}
    annual = monthly = absolute = 0.0
    table = []
    for level in LEVELS:
        # A function is wider than an archetype and narrower than all buildings: it has the larger error of the two.
        measured = found.get(level, found["shipped"])
        annual = max(annual, measured["annual_p90_above_15_kwh_m2"])
        monthly = max(monthly, measured["monthly_cvrmse_p90_above_15_kwh_m2"])
        absolute = max(absolute, measured["absolute_p90_below_15_kwh_m2"] or 0.0)
        row = {"level": level, "annual_p90": annual, "monthly_cvrmse_p90": monthly, "absolute_p90_kwh_m2": absolute}
        table.append({**row, "cases": measured["cases"]})
    return table


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
