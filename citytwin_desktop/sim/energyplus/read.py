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
    try:
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as connection:
            found = {name: _meter(connection, meter) for name, meter in METERS.items()}
    except sqlite3.Error as error:
        raise KnownError(f"The results file of EnergyPlus cannot be read ({error}): run the building again.") from error
    finally:
        if "connection" in locals():
            connection.close()
    return found


def _meter(connection: sqlite3.Connection, meter: str) -> Series:
    rows = connection.execute(
        "SELECT data.Value FROM ReportData AS data"
        " JOIN ReportDataDictionary AS dictionary USING (ReportDataDictionaryIndex)"
        " WHERE dictionary.Name = ? AND dictionary.IsMeter = 1 AND dictionary.ReportingFrequency = 'Hourly'"
        " ORDER BY data.TimeIndex",
        (meter,),
    ).fetchall()
    if len(rows) != HOURS:
        raise KnownError(f"EnergyPlus gave {len(rows)} hours of {meter} instead of {HOURS:,}: check the weather file.")
    return (np.array(rows, np.float64)[:, 0] * _KWH_PER_J).astype(np.float32)
