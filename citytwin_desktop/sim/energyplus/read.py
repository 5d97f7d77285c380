"""Hourly results of a run from its SQLite file."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.idf import METERS

SERIES_FILE = "eplusout.sql"
HOURS = 8760
_KWH_PER_J = 1.0 / 3.6e6

Series = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class EnergyResult:
    """A simulated year of one building.

    Heating and cooling are useful demand: what the rooms need, before any system.

    Parameters
    ----------
    heating_kwh, cooling_kwh : ndarray, (8760,) float32 [kWh]
    lighting_kwh, equipment_kwh : ndarray, (8760,) float32 [kWh]
    electricity_kwh : ndarray, (8760,) float32 [kWh]
        Light, appliances, cooling by its efficiency, and heating where its carrier is electricity.
    floor_area_m2, volume_m3 : float
    zones : int
    warnings : tuple of str
        Ours first, then those of EnergyPlus.
    severe_count : int
        Always 0 in an accepted result.
    """

    heating_kwh: Series
    cooling_kwh: Series
    lighting_kwh: Series
    equipment_kwh: Series
    electricity_kwh: Series
    floor_area_m2: float
    volume_m3: float
    zones: int
    warnings: tuple[str, ...]
    severe_count: int


def read_series(folder: Path) -> dict[str, Series]:
    """Hourly meters of a run.

    Parameters
    ----------
    folder : Path
        Output folder of the run.

    Returns
    -------
    dict of str to ndarray, (8760,) float32 [kWh]
        By the names of `METERS`.

    Raises
    ------
    KnownError
        When the file or a meter is missing, or has not exactly one value for each hour.
    """
    path = folder / SERIES_FILE
    if not path.is_file():
        raise KnownError("EnergyPlus wrote no results file: look at its messages, and at the space left on the disk.")
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        return _meters(connection)
    except sqlite3.Error as error:
        raise KnownError(f"The results file of EnergyPlus cannot be read ({error}): run the building again.") from error
    finally:
        connection.close()


def _meters(connection: sqlite3.Connection) -> dict[str, Series]:
    dictionary = dict(
        connection.execute(
            "SELECT Name, ReportDataDictionaryIndex FROM ReportDataDictionary"
            " WHERE IsMeter = 1 AND ReportingFrequency = 'Hourly'"
        ).fetchall()
    )
    rows = connection.execute(
        "SELECT ReportDataDictionaryIndex, Value FROM ReportData ORDER BY TimeIndex, ReportDataIndex"
    ).fetchall()
    table = np.array(rows, np.float64).reshape(-1, 2)
    return {name: _series(table, dictionary.get(meter), meter) for name, meter in METERS.items()}


def _series(table: NDArray[np.float64], index: int | None, meter: str) -> Series:
    values = table[table[:, 0] == index, 1] if index is not None else table[:0, 1]
    if len(values) != HOURS:
        raise KnownError(
            f"EnergyPlus gave {len(values)} hours of {meter} instead of {HOURS:,}: check the weather file."
        )
    return (values * _KWH_PER_J).astype(np.float32)
