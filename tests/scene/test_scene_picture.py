"""Times and cells of `citytwin render`."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from citytwin_desktop.city.calendar import MONTH_NAMES
from citytwin_desktop.cli.picture import draw
from citytwin_desktop.document.document import create_document
from citytwin_desktop.document.exporting.moments import Moment, parse_time
from citytwin_desktop.errors import KnownError


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("4116", Moment(4116)),
        ("06-21T12", Moment(4116)),
        ("06-21T12:00", Moment(4116)),
        ("06", Moment(month=5)),
        ("06-21", Moment(4104, whole_day=True)),
        ("06-21T08..06-21T18", Moment(hours=(4112, 4122))),
        ("01-01T00..12-31T24", Moment(hours=(0, 8760))),
    ],
)
def test_times_of_the_year(text: str, moment: Moment) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize(
    "text", ["02-30", "02-30T10", "06-21T24", "06-21T18..06-21T08", "06-21..06-22", "9000", "²", "", ".."]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(KnownError, match="is no time"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("02-28", Moment(1392, whole_day=True)),
        ("02-29", Moment(1416, whole_day=True)),
        ("06-21T12", Moment(4140)),
        ("8783", Moment(8783)),
        ("02-29T00..03-01T24", Moment(hours=(1416, 1464))),
        ("01-01T00..12-31T24", Moment(hours=(0, 8784))),
    ],
)
def test_times_of_a_leap_year(text: str, moment: Moment) -> None:
    assert parse_time(text, 8784) == moment
    assert parse_time(_suffix_as_time(moment, 8784), 8784) == moment


def _suffix_as_time(moment: Moment, year_hours: int) -> str:
    """The words under a picture, written as a time again."""
    months = {name[:3]: f"{number:02d}" for number, name in enumerate(MONTH_NAMES, 1)}
    ends = []
    for end in moment.words(year_hours).split(" – "):
        day, month, *clock = end.split(" ")
        ends.append(f"{months[month]}-{int(day):02d}" + "".join(f"T{time}" for time in clock))
    return "..".join(ends)


def test_the_last_day_of_february_needs_a_leap_year() -> None:
    for text in ("02-29", "8760", "02-29T00..03-01T24"):
        with pytest.raises(KnownError, match="0–8759"):
            parse_time(text)
    with pytest.raises(KnownError, match="0–8783"):
        parse_time("8784", 8784)


@pytest.fixture
def document(tmp_path: Path, city_file: Any, weather_file: Path) -> Any:
    made = create_document(tmp_path / "boxes.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file())])
    made.execute("set_weather", path=str(weather_file))
    yield made
    made.close()


def test_cells_of_a_day_are_drawn_with_the_ground(document: Any, tmp_path: Path) -> None:
    size, neutral, sun = "320x200", tmp_path / "neutral.png", tmp_path / "sun.png"
    draw(document, neutral, None, None, "baseline", None, size)
    draw(document, sun, "direct_sunlight", "06-21", "baseline", None, size, cells_m=5.0)
    plain, cells = (np.asarray(Image.open(path).convert("RGB")).astype(int) for path in (neutral, sun))
    # Open ground in June has nearly all of the day: the yellow end of the map, where there was plain ground.
    yellow = (cells[..., 0] - cells[..., 2] > 80).mean()
    assert yellow > 0.2
    assert (plain[..., 0] - plain[..., 2] > 80).mean() < 0.01


@pytest.mark.parametrize(
    ("variable", "time", "minus", "cells", "words"),
    [
        ("heating_demand", None, None, 4.0, "choose a solar variable"),
        ("solar_irradiation", None, "baseline", 4.0, "leave out --minus"),
        ("solar_irradiation", None, None, 40.0, "1 to 10 m"),
        ("solar_irradiation", "06-21T12", None, None, "use solar_irradiance for an hour"),
        ("solar_irradiance", "06-21", None, None, "is of an hour"),
        ("direct_sunlight", "06", None, None, "is of a day"),
        ("sky_view_factor", "06", None, None, "is of the year"),
        ("heating_demand", "06-21T00..06-22T00", None, None, "a month or the year"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(
    document: Any, tmp_path: Path, variable: str, time: Any, minus: Any, cells: Any, words: str
) -> None:
    with pytest.raises(KnownError, match=words):
        draw(document, tmp_path / "x.png", variable, time, "baseline", minus, "64x64", cells)
    assert not (tmp_path / "x.png").exists()
