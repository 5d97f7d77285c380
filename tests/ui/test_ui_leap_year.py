"""The window with a weather file of a leap year: every date is the one that is computed."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

LAST_HOUR = 8783


@pytest.fixture
def leap(opened: Any, weather_file: Path, tmp_path: Path) -> Any:
    """The window after a weather file with a 29th of February that is like the 28th came in."""
    lines = weather_file.read_text(encoding="latin-1").splitlines()
    header, rows = lines[:8], lines[8:]
    header = [line.replace("DAYS,No", "DAYS,Yes") if line.startswith("HOLIDAYS") else line for line in header]
    last = [row for row in rows if row.split(",")[1:3] == ["2", "28"]]
    place = rows.index(last[-1]) + 1
    added = [",".join([*row.split(",")[:2], "29", *row.split(",")[3:]]) for row in last]
    path = tmp_path / "leap.epw"
    path.write_text("\n".join([*header, *rows[:place], *added, *rows[place:]]) + "\n", encoding="latin-1")
    opened.session.document.execute("set_weather", path=str(path))
    return opened


def test_the_time_bar_has_the_day_more(leap: Any) -> None:
    bar, session = leap.workspace.time_bar, leap.session
    session.document.set_hour(1416)
    assert bar.label.text() == "29 Feb 00:00"
    session.document.set_hour(LAST_HOUR)
    assert (bar.ruler.hour, bar.label.text()) == (LAST_HOUR, "31 Dec 23:00")
    QTest.keyClick(bar.ruler, Qt.Key.Key_Right)
    assert session.document.hour == 0
    bar.back.click()
    assert session.document.hour == LAST_HOUR
    assert bar.ruler.hour_at(bar.ruler.x_of(LAST_HOUR)) == LAST_HOUR


def test_what_is_painted_bears_its_date(leap: Any) -> None:
    session, painter, bar = leap.session, leap.workspace.painter, leap.workspace.time_bar
    leap.colour_by("solar_irradiation")
    session.document.set_hour(1439)
    for period, words in (("day", "29 Feb 23:00"), ("month", "February")):
        session.set_period(period)
        assert painter._detail() == words
    session.set_span(1416, 1440)
    assert painter._detail() == "29 Feb"
    assert bar.span.first.dateTime().date().toString("MM-dd") == "02-29"
    bar.span.last.setDateTime(bar.span.last.maximumDateTime())
    assert session.span == (1416, LAST_HOUR + 1)
    kept = session.view_state()
    session.set_span(0, 24)
    session.restore_view(kept)
    assert session.span == (1416, LAST_HOUR + 1)


def test_a_common_year_takes_the_day_away_again(leap: Any) -> None:
    session, bar = leap.session, leap.workspace.time_bar
    leap.colour_by("solar_irradiation")
    session.set_span(8760, 8784)
    session.document.set_hour(LAST_HOUR)
    session.document.undo()
    assert session.year_hours == 8760
    assert (session.document.hour, bar.ruler.hour) == (8759, 8759)
    assert bar.label.text() == "31 Dec 23:00"
    assert session.span == bar.ruler.span == (8736, 8760)
    assert leap.workspace.painter._detail() == "31 Dec"
