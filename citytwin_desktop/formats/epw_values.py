"""Hourly values of a weather file: missing ones named, short gaps filled, humidity worked out where it can be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError

FloatArray = NDArray[np.float64]

LONGEST_FILLED_GAP_H = 6
"""Gaps up to this long are filled by straight lines; our assumption, noted with the weather."""
_SLIGHTLY_NEGATIVE_WH_M2 = -20.0


@dataclass(frozen=True)
class EpwField:
    """One column that engines need.

    Parameters
    ----------
    name : str
        Of the array in `Weather`.
    column : int
        Place in a row, from 0.
    title : str
    low, high : float
        Plausible values; the format's codes for missing values lie outside.
    fillable : bool
        Whether short gaps are filled; radiation is never made up.
    decimals : int
        When written.
    """

    name: str
    column: int
    title: str
    low: float
    high: float
    fillable: bool
    decimals: int


FIELDS = (
    EpwField("dry_bulb_c", 6, "dry-bulb temperature", -70.0, 70.0, True, 2),
    EpwField("relative_humidity_percent", 8, "relative humidity", 0.0, 110.0, True, 1),
    EpwField("dew_point_c", 7, "dew-point temperature", -70.0, 70.0, True, 2),
    EpwField("pressure_pa", 9, "pressure", 31000.0, 120000.0, True, 0),
    EpwField("global_horizontal_wh_m2", 13, "global horizontal radiation", 0.0, 1600.0, False, 2),
    EpwField("direct_normal_wh_m2", 14, "direct normal radiation", 0.0, 1600.0, False, 2),
    EpwField("diffuse_horizontal_wh_m2", 15, "diffuse horizontal radiation", 0.0, 1600.0, False, 2),
    EpwField("wind_speed_m_s", 21, "wind speed", 0.0, 80.0, True, 2),
)
_NOTHING = frozenset({"", "na", "nan", "n/a", "-", "null", "none", "m"})


@dataclass(frozen=True)
class EpwValues:
    """Clean columns.

    Parameters
    ----------
    values : dict of str to ndarray, (hours,) float64
    changed : dict of str to ndarray, (hours,) bool
        Where a value is not the file's own; only columns that have such.
    changes : tuple of str
    """

    values: dict[str, FloatArray]
    changed: dict[str, NDArray[np.bool_]]
    changes: tuple[str, ...]


def epw_values(table: list[list[str]], name: str) -> EpwValues:
    """Read the columns that engines need.

    Parameters
    ----------
    table : list of list of str
        Rows in the order of the calendar.
    name : str
        For messages.

    Raises
    ------
    KnownError
        When a value is no number, or values are missing that may not or cannot be filled.
    """
    given = {field.name: _numbers(table, field, name) for field in FIELDS}
    values = {field.name: _usable(given[field.name], field) for field in FIELDS}
    changes = [f"{words} by humidity and temperature" for words in _work_out_humidity(values)]
    for field in FIELDS:
        missing = np.isnan(values[field.name])
        if not missing.any():
            continue
        longest = longest_run(missing)
        if not field.fillable or longest > LONGEST_FILLED_GAP_H:
            raise KnownError(_lacking(given[field.name], missing, field, longest, name))
        values[field.name] = _interpolated(values[field.name])
        changes.append(f"{_times(missing, 'value')} of {field.title} missing in gaps up to {longest} h interpolated")
    if clipped := sum(int((given[f.name] < 0).sum()) for f in FIELDS if not f.fillable):
        changes.append(f"{clipped} slightly negative values of radiation set to 0")
    _check_sun(values, name)
    changed = {key: ~(values[key] == given[key]) for key in values if not np.array_equal(values[key], given[key])}
    return EpwValues(values, changed, tuple(changes))


def is_nothing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.lower() in _NOTHING


def longest_run(mask: NDArray[np.bool_]) -> int:
    """Longest run of true values, the end of the year followed by its beginning."""
    if mask.all():
        return len(mask)
    turned = np.roll(mask, -int(np.argmin(mask)))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], turned, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def saturation_pressure_pa(temperature_c: FloatArray) -> FloatArray:
    """Saturation pressure of water vapour over water (Magnus form, WMO-No. 8 Guide, annex 4.B)."""
    return np.asarray(611.2 * np.exp(17.62 * temperature_c / (243.12 + temperature_c)))


def dew_point_c(dry_bulb_c: FloatArray, relative_humidity_percent: FloatArray) -> FloatArray:
    """Dew point of moist air, the inverse of `saturation_pressure_pa`."""
    share = np.log(np.maximum(relative_humidity_percent, 0.1) / 100.0) + 17.62 * dry_bulb_c / (243.12 + dry_bulb_c)
    return np.asarray(243.12 * share / (17.62 - share))


def _numbers(table: list[list[str]], field: EpwField, name: str) -> FloatArray:
    cells = [row[field.column] for row in table]
    try:
        return np.array(cells, np.float64)
    except ValueError:
        pass
    try:
        return np.array(["nan" if is_nothing(cell) else cell for cell in cells], np.float64)
    except ValueError:
        msg = f"“{name}” has a {field.title} that is no number: get an undamaged copy of it."
        raise KnownError(msg) from None


def _usable(values: FloatArray, field: EpwField) -> FloatArray:
    """Values with nan for those that no weather has."""
    if not field.fillable:
        values = np.where((values < 0.0) & (values >= _SLIGHTLY_NEGATIVE_WH_M2), 0.0, values)
    with np.errstate(invalid="ignore"):
        return np.where((values >= field.low) & (values <= field.high), values, np.nan)


def _work_out_humidity(values: dict[str, FloatArray]) -> list[str]:
    """Put dew point and relative humidity each where only the other is known; in place."""
    dry, dew, humidity = values["dry_bulb_c"], values["dew_point_c"], values["relative_humidity_percent"]
    without_dew = np.isnan(dew) & ~np.isnan(dry) & ~np.isnan(humidity)
    without_humidity = np.isnan(humidity) & ~np.isnan(dry) & ~np.isnan(dew)
    told = []
    if without_dew.any():
        worked_out = np.clip(dew_point_c(dry, humidity), -70.0, 70.0)
        values["dew_point_c"] = np.where(without_dew, worked_out, dew)
        told.append(f"{_times(without_dew, 'dew point')} worked out")
    if without_humidity.any():
        share = 100.0 * saturation_pressure_pa(dew) / saturation_pressure_pa(dry)
        values["relative_humidity_percent"] = np.where(without_humidity, np.minimum(share, 100.0), humidity)
        told.append(f"{_times(without_humidity, 'relative humidity', 'relative humidities')} worked out")
    return told


def _times(mask: NDArray[np.bool_], one: str, many: str = "") -> str:
    count = int(mask.sum())
    return f"{count} {one if count == 1 else many or one + 's'}"


def _interpolated(values: FloatArray) -> FloatArray:
    known = np.flatnonzero(~np.isnan(values))
    return np.interp(np.arange(len(values)), known, values[known], period=len(values))


def _lacking(given: FloatArray, missing: NDArray[np.bool_], field: EpwField, longest: int, name: str) -> str:
    hour = int(np.flatnonzero(missing)[0])
    first = f"first: hour {hour + 1}, value {given[hour]:g}"
    count = int(missing.sum())
    if field.fillable:
        first += f"; the longest gap is {longest} hours and only {LONGEST_FILLED_GAP_H} are filled"
    return f"“{name}” lacks a usable {field.title} in {count} hours ({first}): fill the gaps or take another."


def _check_sun(values: dict[str, FloatArray], name: str) -> None:
    whole, direct, diffuse = (values[field.name].sum() for field in FIELDS if not field.fillable)
    if whole + direct + diffuse == 0.0:
        msg = f"“{name}” has no sun in the whole year: take a file with radiation."
        raise KnownError(msg)
    if whole < 0.9 * diffuse:
        msg = f"“{name}” has less global than diffuse radiation, so its columns are mixed up: take another."
        raise KnownError(msg)
