"""Fit the simple hourly method to an EnergyPlus result of the same building."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.sim.estimate.buildings import EstimateBuildings
from citytwin_desktop.sim.estimate.climate import Climate
from citytwin_desktop.sim.estimate.errors_of import annual_error, monthly_cvrmse
from citytwin_desktop.sim.estimate.five_r_one_c import MULTIPLIER_NAMES, HourlyNeeds, Multipliers, hourly_needs
from citytwin_desktop.sim.estimate.solar_gains import SolarGains

FloatArray = NDArray[np.float64]
Floats = NDArray[np.float32]

DEFAULT_MULTIPLIERS = Multipliers(aperture=0.94, ground=0.7, air=1.03, capacity=0.88, coupling=0.25)
"""Fitted with the constants of `citytwin_desktop.sim.estimate.five_r_one_c`."""
_SPREAD = Multipliers(window=0.15, opaque=0.15, air=0.05, ground=0.3, aperture=0.15, capacity=0.4, coupling=0.4)
"""Standard deviation of the logarithm of each multiplier about its prior."""
_LARGEST_LOG = 1.2
_ANNUAL, _MONTHLY, _DAILY = 0.01, 0.04, 0.25
"""Misfit that weighs as much as one standard deviation, as a share of the year, the largest month and day."""
_LEAST_KWH_M2 = 1.0
_STEP = 1e-3


@dataclass(frozen=True)
class Calibration:
    """Multipliers of one building or of a class of buildings, and how well they fit.

    Parameters
    ----------
    multipliers : Multipliers
    level : str
        ``own``, ``archetype``, ``function`` or ``shipped``.
    heating_error, cooling_error : float
        Relative error of the annual need where it was fitted; expected size of it for a class. nan where there is
        no need.
    heating_cvrmse, cooling_cvrmse : float
        Of the months.
    buildings : int
        That it was made from.
    """

    multipliers: Multipliers
    level: str
    heating_error: float
    cooling_error: float
    heating_cvrmse: float
    cooling_cvrmse: float
    buildings: int = 1

    def as_mapping(self) -> dict[str, Any]:
        """Plain numbers for JSON; nan as None."""
        plain = asdict(self)
        return {name: None if isinstance(value, float) and np.isnan(value) else value for name, value in plain.items()}

    @classmethod
    def from_mapping(cls, plain: Mapping[str, Any]) -> Self:
        """Inverse of `as_mapping`.

        Raises
        ------
        KnownError
            When it is something else.
        """
        try:
            multipliers = Multipliers(**{name: float(plain["multipliers"][name]) for name in MULTIPLIER_NAMES})
            errors = {
                name: float("nan") if plain[name] is None else float(plain[name])
                for name in ("heating_error", "cooling_error", "heating_cvrmse", "cooling_cvrmse")
            }
            made = cls(multipliers, str(plain["level"]), **errors, buildings=int(plain["buildings"]))
        except (KeyError, TypeError, ValueError) as error:
            msg = f"A stored calibration of the estimate cannot be read ({error!r}): run the estimate again."
            raise KnownError(msg) from None
        if not (made.multipliers.as_array() > 0.0).all():
            raise KnownError("A stored calibration of the estimate has a multiplier of zero: run the estimate again.")
        return made


def calibrate(
    building: EstimateBuildings,
    climate: Climate,
    gains: SolarGains,
    heating_kwh: Floats,
    cooling_kwh: Floats,
    prior: Multipliers = DEFAULT_MULTIPLIERS,
) -> Calibration:
    """Fit the multipliers of one building to its hourly needs by EnergyPlus.

    Days, months and the year count; the multipliers are drawn to the prior, so that those that the needs of one
    year cannot tell apart stay physical, and a retrofit is still answered rightly.

    Parameters
    ----------
    building : EstimateBuildings
        One.
    climate : Climate
    gains : SolarGains
        Of that building.
    heating_kwh, cooling_kwh : ndarray, (8760,) float32 [kWh]
    prior : Multipliers

    Raises
    ------
    BugError
        When there is not exactly one building, or not a value for each hour.
    """
    from scipy.optimize import least_squares

    hours = len(climate.air_c)
    if len(building) != 1 or heating_kwh.shape != (hours,) or cooling_kwh.shape != (hours,):
        raise BugError("a calibration takes one building and its hours")
    fit = _Fit(building, climate, gains, np.stack([heating_kwh, cooling_kwh]).astype(np.float64), prior)
    found = least_squares(
        fit.residuals, np.zeros(len(MULTIPLIER_NAMES)), jac=fit.jacobian,
        bounds=(-_LARGEST_LOG, _LARGEST_LOG), max_nfev=15, xtol=1e-4, ftol=1e-4,
    )  # fmt: skip
    multipliers = Multipliers.from_array(prior.as_array() * np.exp(found.x))
    needs = hourly_needs(building, climate, gains, multipliers.as_array())
    return fitted(multipliers, needs, heating_kwh, cooling_kwh, climate)


def fitted(
    multipliers: Multipliers, needs: HourlyNeeds, heating_kwh: Floats, cooling_kwh: Floats, climate: Climate
) -> Calibration:
    """Calibration of one building with the errors that it leaves."""
    pairs = ((needs.heating_kwh[0], heating_kwh), (needs.cooling_kwh[0], cooling_kwh))
    annual = [annual_error(ours, truth) for ours, truth in pairs]
    monthly = [monthly_cvrmse(ours, truth, climate.month) for ours, truth in pairs]
    return Calibration(multipliers, "own", annual[0], annual[1], monthly[0], monthly[1])


class _Fit:
    """Residuals of one building by the logarithms of its multipliers over the prior."""

    def __init__(
        self, building: EstimateBuildings, climate: Climate, gains: SolarGains, truth: FloatArray, prior: Multipliers
    ) -> None:
        count = len(MULTIPLIER_NAMES)
        self._climate, self._prior = climate, prior.as_array()
        self._buildings, self._gains = building.take([0] * (count + 1)), gains.take([0] * (count + 1))
        self._month_start = np.flatnonzero(np.diff(climate.month, prepend=-1))
        self._truth = self._sums(truth)
        least = _LEAST_KWH_M2 * float(building.floor_area_m2[0])
        years = np.maximum(self._truth[:, 0], least)
        months = np.maximum(self._truth[:, 1:13].max(axis=1), least / 6.0)
        days = np.maximum(self._truth[:, 13:].max(axis=1), least / 60.0)
        scale = np.empty_like(self._truth)
        scale[:, 0] = _ANNUAL * years
        scale[:, 1:13] = _MONTHLY * months[:, None] * np.sqrt(12.0)
        scale[:, 13:] = _DAILY * days[:, None] * np.sqrt(365.0)
        self._scale = scale
        self._known: tuple[bytes, FloatArray] = (b"", np.zeros(0))

    def residuals(self, logs: FloatArray) -> FloatArray:
        return np.asarray(self._all(logs)[0])

    def jacobian(self, logs: FloatArray) -> FloatArray:
        values = self._all(logs)
        return np.asarray((values[1:] - values[0]).T / _STEP)

    def _all(self, logs: FloatArray) -> FloatArray:
        """(1 + 7, residuals): at a point, and a step from it along each axis."""
        if self._known[0] != logs.tobytes():
            points = np.vstack([logs, logs + _STEP * np.eye(len(logs))])
            needs = hourly_needs(self._buildings, self._climate, self._gains, self._prior * np.exp(points))
            misfits = [
                (self._sums(np.stack([needs.heating_kwh[row], needs.cooling_kwh[row]])) - self._truth) / self._scale
                for row in range(len(points))
            ]
            drawn = points / _SPREAD.as_array()
            self._known = logs.tobytes(), np.hstack([np.reshape(misfits, (len(points), -1)), drawn])
        return self._known[1]

    def _sums(self, hourly: NDArray[Any]) -> FloatArray:
        """(2, 1 + 12 + 365): year, months, days."""
        days = hourly.reshape(2, -1, 24).sum(axis=2, dtype=np.float64)
        months = np.add.reduceat(days, self._month_start // 24, axis=1)
        return np.hstack([months.sum(axis=1, keepdims=True), months, days])
