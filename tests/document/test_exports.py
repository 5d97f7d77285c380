"""A document in other formats: CityJSON that reads back, and input files that EnergyPlus runs."""

import subprocess
from pathlib import Path

import pytest

from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.document.exports import export_document
from citytwin_desktop.document.idf_files import file_names
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile


def boxes(folder: Path, city_file: CityFile, weather_file: Path | None, count: int) -> Document:
    document = create_document(folder / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(city_file(count=count))])
    if weather_file is not None:
        document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1960)
    return document


def test_cityjson_out_and_in_again(tmp_path: Path, city_file: CityFile) -> None:
    out = tmp_path / "out.city.json"
    document = boxes(tmp_path, city_file, None, 3)
    document.execute("edit_buildings", building_ids=("B1",), column="year_built", value=1999.0)
    message = export_document(document, out, "baseline")
    document.close()
    assert "3 buildings" in message
    copy = create_document(tmp_path / "copy.citytwin.gpkg")
    copy.execute("import_city", sources=[str(out)])
    assert copy.city.buildings.columns["year_built"].tolist() == [1960, 1999, 1960]
    assert copy.city.volumes_m3() == pytest.approx([480.0] * 3)
    copy.close()


def test_one_input_file_is_one_that_energyplus_runs(tmp_path: Path, city_file: CityFile, weather_file: Path) -> None:
    from citytwin_desktop.sim.energyplus.locate import locate

    document = boxes(tmp_path, city_file, weather_file, 1)
    export_document(document, tmp_path / "one.idf", "baseline")
    document.close()
    program = str(locate().executable)
    run = subprocess.run(
        [program, "-w", str(weather_file), "-d", str(tmp_path / "run"), str(tmp_path / "one.idf")],
        capture_output=True,
        timeout=200,
        check=False,
    )
    assert run.returncode == 0
    assert "Successfully" in (tmp_path / "run" / "eplusout.end").read_text()


def test_several_input_files_make_a_folder(tmp_path: Path, city_file: CityFile, weather_file: Path) -> None:
    document = boxes(tmp_path, city_file, weather_file, 3)
    try:
        export_document(document, tmp_path / "all.idf", "baseline")
        folder = tmp_path / "all"
        assert sorted(path.name for path in folder.iterdir()) == ["B0.idf", "B1.idf", "B2.idf", "weather.epw"]
        assert "BUILDINGSURFACE:DETAILED" in (folder / "B2.idf").read_text()
        assert (folder / "weather.epw").read_bytes() == weather_file.read_bytes()
        with pytest.raises(KnownError, match="there already"):
            export_document(document, tmp_path / "all.idf", "baseline")
    finally:
        document.close()


def test_input_files_need_weather_and_archetypes(tmp_path: Path, city_file: CityFile, weather_file: Path) -> None:
    document = create_document(tmp_path / "p.citytwin.gpkg")
    try:
        document.execute("import_city", sources=[str(city_file(count=1))])
        with pytest.raises(KnownError, match="no weather"):
            export_document(document, tmp_path / "x.idf", "baseline")
        document.execute("set_weather", path=str(weather_file))
        with pytest.raises(KnownError, match="no archetype"):
            export_document(document, tmp_path / "x.idf", "baseline")
        with pytest.raises(KnownError, match="no format that is written"):
            export_document(document, tmp_path / "x.json", "baseline")
        assert not (tmp_path / "x.idf").exists()
    finally:
        document.close()


def test_file_names_are_safe_and_different() -> None:
    names = file_names(["a/b", "a:b", "A_B", "../../etc", "", "weather.epw"])
    assert names == ["a_b.idf", "a_b-2.idf", "A_B-3.idf", "etc.idf", "building.idf", "weather.epw.idf"]
