"""Tables of every solar variable: each tells its own quantity, in every resolution, in leap years too."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path
from tests.conftest import box_city

PARTS = ("solar_irradiance_beam", "solar_irradiance_diffuse", "solar_irradiance_reflected")


def _leap_weather(path: Path) -> Path:
    """Chicago's year with a 29th of February that is like the 28th."""
    lines = chicago_weather_path().read_text(encoding="latin-1").splitlines()
    header, rows = lines[:8], lines[8:]
    header = [line.replace("DAYS,No", "DAYS,Yes") if line.startswith("HOLIDAYS") else line for line in header]
    last = [row for row in rows if row.split(",")[1:3] == ["2", "28"]]
    place = rows.index(last[-1]) + 1
    added = [",".join([*row.split(",")[:2], "29", *row.split(",")[3:]]) for row in last]
    path.write_text("\n".join([*header, *rows[:place], *added, *rows[place:]]) + "\n", encoding="latin-1")
    return path


def _project(folder: Path, weather: Path) -> Path:
    source = folder / "boxes.city.json"
    source.write_text(json.dumps(box_city(count=2)), encoding="utf-8")
    document = create_document(folder / f"{weather.stem}.citytwin.gpkg")
    document.execute("import_city", sources=[str(source)])
    document.execute("set_weather", path=str(weather))
    document.start_run("solar").wait()
    document.close()
    return document.path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@pytest.fixture(scope="module")
def document(folder: Path) -> Any:
    opened = open_document(_project(folder, chicago_weather_path()))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def leap(folder: Path) -> Any:
    opened = open_document(_project(folder, _leap_weather(folder / "leap.epw")))
    yield opened
    opened.close()


def _values(document: Document, name: str, by: str, resolution: str) -> np.ndarray:
    return np.array([row.values for row in result_table(document, name, "baseline", by, resolution).rows])


@pytest.mark.parametrize("resolution", ["hour", "month", "year"])
def test_parts_of_the_irradiance_add_up_to_it(document: Document, resolution: str) -> None:
    parts = [_values(document, name, "surface", resolution) for name in PARTS]
    whole = _values(document, "solar_irradiance", "surface", resolution)
    assert all(part.max() > 1.0 for part in parts)
    np.testing.assert_allclose(sum(parts), whole, rtol=2e-3, atol=0.02)


def test_hours_are_those_of_the_surfaces(document: Document) -> None:
    hours = {name: _values(document, name, "surface", "hour") for name in (*PARTS, "solar_irradiance")}
    for hour in (4116, 8, 2000, 4104):
        for name, table in hours.items():
            shown = document.surface_values(name, hour=hour).values
            np.testing.assert_allclose(table[:, hour], shown, rtol=1e-4, atol=2e-3)


def test_means_of_months_and_years_are_means_of_hours(document: Document) -> None:
    hours = _values(document, "solar_irradiance_beam", "building", "hour")
    months = _values(document, "solar_irradiance_beam", "building", "month")
    assert months[:, 1] == pytest.approx(hours[:, 31 * 24 : 59 * 24].mean(axis=1), rel=1e-6)
    year = _values(document, "solar_irradiance_beam", "building", "year")
    assert year[:, 0] == pytest.approx(hours.mean(axis=1), rel=1e-6)
    energy = _values(document, "solar_irradiation", "building", "hour")
    total = _values(document, "solar_irradiation", "building", "year")
    assert energy.sum(axis=1) == pytest.approx(total[:, 0], rel=1e-3)


def test_buildings_and_city_are_means_by_area(document: Document) -> None:
    surfaces = _values(document, "solar_irradiance_diffuse", "surface", "year")[:, 0]
    area, owner = document.city.surfaces.polygons.areas_m2, document.city.surfaces.building
    # Floors on the soil can get no light and do not count.
    area = np.where(document.city.surfaces.kind == SurfaceKind.GROUND, 0.0, area)
    buildings = _values(document, "solar_irradiance_diffuse", "building", "year")[:, 0]
    for row in range(2):
        assert buildings[row] == pytest.approx(np.average(surfaces[owner == row], weights=area[owner == row]))
    city = _values(document, "solar_irradiance_diffuse", "city", "year")[0, 0]
    assert city == pytest.approx(np.average(surfaces, weights=area))


def test_hours_of_direct_sunlight(document: Document) -> None:
    hours = _values(document, "direct_sunlight", "surface", "hour")
    assert hours.min() >= 0.0
    assert hours.max() <= 1.0
    months, year = (_values(document, "direct_sunlight", "surface", part) for part in ("month", "year"))
    np.testing.assert_allclose(hours.sum(axis=1), year[:, 0], rtol=1e-6)
    np.testing.assert_allclose(months.sum(axis=1), year[:, 0], rtol=1e-6)
    # The sun is above a free horizon for half of the year, and these roofs have one.
    roofs = document.city.surfaces.kind == SurfaceKind.ROOF
    assert year[roofs, 0] == pytest.approx(4380.0, rel=0.01)
    noon_day = document.surface_values("direct_sunlight", hour=4116).values
    np.testing.assert_allclose(hours[:, 171 * 24 : 172 * 24].sum(axis=1), noon_day, rtol=1e-5)


def test_the_sky_view_factor_knows_no_time(document: Document) -> None:
    view = _values(document, "sky_view_factor", "surface", "year")[:, 0]
    assert view == pytest.approx(document.surface_values("sky_view_factor").values)
    assert view[document.city.surfaces.kind == SurfaceKind.ROOF] == pytest.approx(1.0, abs=0.02)
    for resolution in ("hour", "month"):
        with pytest.raises(KnownError, match="does not change with time"):
            result_table(document, "sky_view_factor", "baseline", "surface", resolution)


def test_a_leap_year_has_its_day_more(document: Document, leap: Document) -> None:
    assert leap.weather is not None
    assert leap.weather.hours == 8784
    for name in ("solar_irradiance", "solar_irradiance_beam", "solar_irradiation", "direct_sunlight"):
        assert _values(leap, name, "city", "hour").shape == (1, 8784)
    february = [_values(each, "solar_irradiation", "city", "month")[0, 1] for each in (document, leap)]
    assert february[1] / february[0] == pytest.approx(29 / 28, rel=0.05)
    hours, months = (_values(leap, "solar_irradiance_beam", "city", part)[0] for part in ("hour", "month"))
    assert months[1] == pytest.approx(hours[31 * 24 : 60 * 24].mean(), rel=1e-6)
    assert months[11] == pytest.approx(hours[-31 * 24 :].mean(), rel=1e-6)
    leap.set_hour(8783)
    assert leap.hour == 8783
    document.set_hour(8783)
    assert document.hour == 8759
    leap.start_run("collectors").wait()
    collectors = result_table(leap, "pv_yield", "baseline", "building", "hour").rows
    assert all(len(row.values) == 8784 for row in collectors)
    assert sum(row.values.sum() for row in collectors) > 0.0
