"""How far an estimate is expected to be from EnergyPlus, by how it was calibrated."""

from dataclasses import dataclass
from functools import cache

from citytwin_desktop.catalog.tables import table
from citytwin_desktop.sim.estimate.version import ERROR_TABLE

OWN, ARCHETYPE, FUNCTION, SHIPPED = "own", "archetype", "function", "shipped"
LEVELS = (OWN, ARCHETYPE, FUNCTION, SHIPPED)
"""From the best to the poorest."""
SMALL_NEED_KWH_M2 = 15.0
"""Heating need of the passive house standard: below it a relative error says little."""


@dataclass(frozen=True)
class ExpectedError:
    """Error of the heating need that nine of ten buildings stay below, in the experiment with held-out buildings.

    Parameters
    ----------
    level : str
        One of `LEVELS`.
    annual : float
        Relative, of the year; infinite for a building without any need.
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
def _measured() -> dict[str, tuple[float, float, float]]:
    return {
        row["level"]: (float(row["annual_p90"]), float(row["monthly_cvrmse_p90"]), float(row["absolute_p90_kwh_m2"]))
        for row in table(ERROR_TABLE)
    }


def expected_error(level: str, need_kwh_m2: float = SMALL_NEED_KWH_M2, *, shaded: bool = True) -> ExpectedError:
    """Error measured for a level of calibration.

    A building of small need has the error that was measured of such buildings in kWh/m2, as a share of its need.

    Parameters
    ----------
    level : str
        One of `LEVELS`.
    need_kwh_m2 : float [kWh per m2 of floor and year]
        Estimated heating need.
    shaded : bool
        Whether the solar gains take neighbours into account.
    """
    annual, monthly, absolute = _measured()[level]
    if need_kwh_m2 < SMALL_NEED_KWH_M2:
        of_need = absolute / need_kwh_m2 if need_kwh_m2 > 0.0 else float("inf")
        annual, monthly = max(annual, of_need), max(monthly, of_need)
    return ExpectedError(level, annual, monthly, shaded)
