"""What a run gave, from its SQLite file."""

import sqlite3
from array import array
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus import outputs

SERIES_FILE = "eplusout.sql"
HOURS, MONTHS, YEARS = 8760, 12, 1
_NAMES = {HOURS: "hours", MONTHS: "months", YEARS: "years"}
_KWH_PER_J = 1.0 / 3.6e6
_OF = " OF "
_KWH_PER_W = HOURS / 1000.0

Series = NDArray[np.float32]
_Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RunOutputs:
    """Everything that was reported of one building.

    Parameters
    ----------
    hourly_kwh : dict of str to ndarray, (8760,) float32 [kWh]
        By the names of `outputs.METERS`.
    outdoor_c : ndarray, (8760,) float32 [°C]
    operative_c : dict of str to ndarray, (8760,) float32 [°C]
        By zone, in the capitals that EnergyPlus gives names.
    conduction_kwh, window_net_kwh, window_solar_kwh : dict of str to ndarray, (12,) float64 [kWh]
        By surface or window in capitals, positive into the room. The net of a window contains the sun that it lets in.
    heating_unmet_h, cooling_unmet_h : float [h]
        Hours of the year in which the worst zone missed its set-point.
    outdoor_air_kwh, system_air_kwh, people_kwh : float [kWh]
        Sensible heat of the year that came with outdoor air, with heated or cooled air, and from people.
    """

    hourly_kwh: dict[str, Series]
    outdoor_c: Series
    operative_c: dict[str, Series]
    conduction_kwh: dict[str, _Values]
    window_net_kwh: dict[str, _Values]
    window_solar_kwh: dict[str, _Values]
    heating_unmet_h: float
    cooling_unmet_h: float
    outdoor_air_kwh: float
    system_air_kwh: float
    people_kwh: float

    @cached_property
    def _windows(self) -> dict[str, list[str]]:
        """Names of windows by the wall that they end with, as `envelope` names them."""
        found: dict[str, list[str]] = {}
        for name in self.window_net_kwh:
            found.setdefault(name.partition(_OF)[2], []).append(name)
        return found

    def windows_of(self, wall: str) -> list[str]:
        """Names of the windows in a wall, given in capitals."""
        return self._windows.get(wall, [])


def read_outputs(folder: Path) -> RunOutputs:
    """Read the results of a run.

    Parameters
    ----------
    folder : Path
        Output folder of the run.

    Raises
    ------
    KnownError
        When the file or a quantity is missing, or has not exactly one value for each hour or month.
    """
    path = folder / SERIES_FILE
    if not path.is_file():
        raise KnownError("EnergyPlus wrote no results file: look at its messages, and at the space left on the disk.")
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        table = _Table(connection)
    except sqlite3.Error as error:
        raise KnownError(f"The results file of EnergyPlus cannot be read ({error}): run the building again.") from error
    finally:
        connection.close()
    return _outputs(table)


class _Table:
    """Values of each reported quantity, in the order of time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        names = connection.execute(
            "SELECT ReportDataDictionaryIndex, Name, upper(KeyValue) FROM ReportDataDictionary"
        ).fetchall()
        columns = {index: array("d") for index, *_ in names}
        appends = {index: column.append for index, column in columns.items()}

        def keep(index: int, value: float) -> None:
            appends[index](value)

        # SQLite hands each row over where it stands, and selects none: building rows would take half as long again.
        # Rows are written as time goes on, so the order of their own index is that of time.
        connection.create_function("keep", 2, keep)
        connection.execute(
            "SELECT 1 FROM ReportData WHERE keep(ReportDataDictionaryIndex, Value) ORDER BY ReportDataIndex"
        ).fetchall()
        self._found: dict[str, dict[str, _Values]] = {}
        for index, name, key in names:
            self._found.setdefault(name, {})[key or ""] = np.frombuffer(columns[index], np.float64)

    def all(self, name: str, count: int) -> dict[str, _Values]:
        """Values of a quantity by zone or surface."""
        found = self._found.get(name, {})
        for values in found.values():
            if len(values) != count:
                got = f"{len(values)} {_NAMES[count]} of {name}"
                raise KnownError(f"EnergyPlus gave {got} instead of {count:,}: check the weather file.")
        return found

    def one(self, name: str) -> _Values:
        """Hours of a quantity of the whole building."""
        found = self.all(name, HOURS)
        if not found:
            raise KnownError(f"EnergyPlus gave 0 hours of {name} instead of {HOURS:,}: check the weather file.")
        return next(iter(found.values()))

    def years(self, name: str) -> list[float]:
        """Value of the year by zone; a nought where nothing was reported."""
        return [float(values[0]) for values in self.all(name, YEARS).values()] or [0.0]


def _outputs(table: _Table) -> RunOutputs:
    hourly = {name: (table.one(meter) * _KWH_PER_J).astype(np.float32) for name, meter in outputs.METERS.items()}
    monthly = {
        name: {key: values * _KWH_PER_J for key, values in table.all(name, MONTHS).items()}
        for name in (outputs.CONDUCTION, outputs.WINDOW_NET, outputs.WINDOW_SOLAR)
    }
    operative = table.all(outputs.OPERATIVE_TEMPERATURE, HOURS)
    return RunOutputs(
        hourly_kwh=hourly,
        outdoor_c=table.one(outputs.OUTDOOR_TEMPERATURE).astype(np.float32),
        operative_c={key: values.astype(np.float32) for key, values in operative.items()},
        conduction_kwh=monthly[outputs.CONDUCTION],
        window_net_kwh=monthly[outputs.WINDOW_NET],
        window_solar_kwh=monthly[outputs.WINDOW_SOLAR],
        heating_unmet_h=max(table.years(outputs.HEATING_UNMET)),
        cooling_unmet_h=max(table.years(outputs.COOLING_UNMET)),
        outdoor_air_kwh=sum(table.years(outputs.OUTDOOR_AIR)) * _KWH_PER_W,
        system_air_kwh=sum(table.years(outputs.SYSTEM_AIR)) * _KWH_PER_W,
        people_kwh=sum(table.years(outputs.PEOPLE_HEAT)) * _KWH_PER_J,
    )
