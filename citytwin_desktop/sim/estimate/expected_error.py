"""How far an estimate is expected to be from EnergyPlus, by how it was calibrated."""

import csv
from dataclasses import dataclass
from functools import cache

from citytwin_desktop.catalog.resources import resource_path

OWN, ARCHETYPE, FUNCTION, SHIPPED = "own", "archetype", "function", "shipped"
LEVELS = (OWN, ARCHETYPE, FUNCTION, SHIPPED)
"""From the best to the poorest."""
TABLE = "estimate_errors.csv"


@dataclass(frozen=True)
class ExpectedError:
    """Error of the heating need that nine of ten buildings stay below, in the experiment with held-out buildings.

    Parameters
    ----------
    level : str
        One of `LEVELS`.
    annual : float
        Relative, of the year.
    monthly_cvrmse : float
        Root mean square error of the months over their mean.
    shaded : bool
        Whether shading by neighbours was known; without it the error is larger than stated.
    """

    level: str
    annual: float
    monthly_cvrmse: float
    shaded: bool = True


@cache
def _measured() -> dict[str, tuple[float, float]]:
    with resource_path("catalog", TABLE).open(encoding="utf-8", newline="") as file:
        return {
            row["level"]: (float(row["annual_p90"]), float(row["monthly_cvrmse_p90"])) for row in csv.DictReader(file)
        }


def expected_error(level: str, *, shaded: bool = True) -> ExpectedError:
    """Error measured for a level of calibration.

    Parameters
    ----------
    level : str
        One of `LEVELS`.
    shaded : bool
        Whether the solar gains take neighbours into account.
    """
    return ExpectedError(level, *_measured()[level], shaded)
