"""Reading of results: each quantity gets its own values in the order of time, and nothing odd passes."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus import outputs
from citytwin_desktop.sim.energyplus.read import HOURS, SERIES_FILE, read_outputs

HOURLY = [(name, None) for name in outputs.METERS.values()]
HOURLY += [(outputs.OUTDOOR_TEMPERATURE, "Environment"), (outputs.OPERATIVE_TEMPERATURE, "Storey 1")]


def write(folder: Path, hours: int = HOURS, change: str = "") -> None:
    """Hour by hour as EnergyPlus does it, rows stored in another order than they were written in."""
    connection = sqlite3.connect(folder / SERIES_FILE)
    connection.execute("CREATE TABLE ReportDataDictionary(ReportDataDictionaryIndex INTEGER, Name TEXT, KeyValue TEXT)")
    connection.execute(
        "CREATE TABLE ReportData(ReportDataIndex INTEGER PRIMARY KEY, ReportDataDictionaryIndex INTEGER, Value REAL)"
    )
    names = [(7 + 300 * number, *name) for number, name in enumerate(HOURLY)]
    names.append((9000, outputs.CONDUCTION, "Wall 1.1"))
    connection.executemany("INSERT INTO ReportDataDictionary VALUES (?, ?, ?)", names)
    values = [
        (1 + hour * len(HOURLY) + number, 7 + 300 * number, 1000.0 * number + hour)
        for hour in range(hours)
        for number in range(len(HOURLY))
    ]
    values += [(10_000_000 + month, 9000, 3.6e6 * month) for month in range(12)]
    connection.executemany("INSERT INTO ReportData VALUES (?, ?, ?)", reversed(values))
    if change:
        connection.execute(change)
    connection.commit()
    connection.close()


def test_values_go_to_their_quantity_in_the_order_of_time(tmp_path: Path) -> None:
    write(tmp_path)
    found = read_outputs(tmp_path)
    for number, name in enumerate(outputs.METERS):
        wanted = (1000.0 * number + np.arange(HOURS)) / 3.6e6
        np.testing.assert_allclose(found.hourly_kwh[name], wanted, rtol=1e-6)
    outdoor = len(outputs.METERS)
    np.testing.assert_array_equal(found.outdoor_c, 1000.0 * outdoor + np.arange(HOURS))
    np.testing.assert_array_equal(found.operative_c["STOREY 1"], 1000.0 * (outdoor + 1) + np.arange(HOURS))
    np.testing.assert_allclose(found.conduction_kwh["WALL 1.1"], np.arange(12.0))


def test_an_hour_too_few_is_refused(tmp_path: Path) -> None:
    write(tmp_path, hours=HOURS - 1)
    with pytest.raises(KnownError, match="8759 hours of"):
        read_outputs(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ReportData SET Value = NULL WHERE ReportDataIndex = 5",
        "UPDATE ReportData SET Value = 'warm' WHERE ReportDataIndex = 5",
        "UPDATE ReportData SET ReportDataDictionaryIndex = 8 WHERE ReportDataIndex = 5",
        "DROP TABLE ReportData",
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, change: str) -> None:
    write(tmp_path, change=change)
    with pytest.raises(KnownError, match="cannot be read"):
        read_outputs(tmp_path)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no results file"):
        read_outputs(tmp_path)
