"""Guards of the way from file to city that a break test asked for."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.cli.app import run
from citytwin_desktop.document.document import create_document
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.city_files import read_city_files, scan_city_file
from citytwin_desktop.formats.fitting_grid import fitting_epsg
from citytwin_desktop.formats.import_options import ImportOptions
from tests.conftest import CityFile, box_city


def plots(*places: tuple[float, float], crs: str = "") -> dict[str, Any]:
    """Squares of about 20 m with a height, as GeoJSON."""
    features = []
    for x, y in places:
        ring = [[x, y], [x + 2e-4, y], [x + 2e-4, y + 2e-4], [x, y + 2e-4], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"height": 5}, "geometry": geometry})
    content: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    return content | ({"crs": {"type": "name", "properties": {"name": crs}}} if crs else {})


def written(folder: Path, name: str, content: dict[str, Any]) -> Path:
    path = folder / name
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize("place", [(-78.52, -0.18), (101.69, 3.14), (-0.19, 5.60), (179.99, -17.7), (-47.9, -15.8)])
def test_tropical_cities_have_a_grid_too(place: tuple[float, float]) -> None:
    assert fitting_epsg(place) > 0


def test_a_second_city_far_away_is_refused_or_warned_of(tmp_path: Path) -> None:
    document = create_document(tmp_path / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(written(tmp_path, "berlin.geojson", plots((13.4, 52.5))))])
    with pytest.raises(KnownError, match="project of its own"):
        document.execute("import_city", sources=[str(written(tmp_path, "tokyo.geojson", plots((139.7, 35.7))))])
    document.execute("import_city", sources=[str(written(tmp_path, "delft.geojson", plots((4.36, 52.0))))])
    assert "crs_far_off" in {item.code for item in document.last_report.items}
    document.close()


def test_one_outline_beyond_the_pole_does_not_take_the_others_along(tmp_path: Path) -> None:
    path = written(tmp_path, "x.geojson", plots((13.4, 52.5), (13.41, 52.5), (13.42, 52.5), (13.4, 90.5)))
    ((city, report),) = read_city_files(path, ImportOptions())
    assert len(city.buildings) == 3
    assert np.isfinite(city.surfaces.polygons.vertices).all()
    assert "outlier_coordinates" in {item.code for item in report.items}


def test_degrees_under_the_name_of_a_grid_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "x.geojson", plots((13.4, 52.5), (13.41, 52.51), crs="urn:ogc:def:crs:EPSG::25833"))
    with pytest.raises(KnownError, match="look like degrees"):
        read_city_files(path, ImportOptions())


def test_a_bad_member_of_an_archive_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.geojson", json.dumps(plots((13.4, 52.5))))
        archive.writestr("empty.gml", b"")
        archive.writestr("bad.gml", b"<CityModel>")
    ((city, report),) = read_city_files(path, ImportOptions())
    assert len(city.buildings) == 1
    assert sum(item.code == "member_not_read" for item in report.items) == 2
    (scan,) = scan_city_file(path)
    assert len(scan.remarks) >= 2


def test_a_long_chain_of_parts_is_quick(tmp_path: Path, city_file: CityFile) -> None:
    city = box_city(count=1)
    box = city["CityObjects"].pop("B0")
    for number in range(6000):
        item: dict[str, Any] = (
            {"type": "BuildingPart", "parents": [f"P{number - 1}"]} if number else {"type": "Building"}
        )
        city["CityObjects"][f"P{number}"] = {**item, "children": [f"P{number + 1}"]}
    city["CityObjects"]["P5999"] |= {"geometry": box["geometry"]}
    ((found, report),) = read_city_files(city_file(document=city), ImportOptions())
    parents = dict(zip(found.buildings.ids, found.buildings.columns["parent_id"], strict=True))
    assert parents["P5999"] == "P0"
    assert report.kept == len(found.buildings)


def test_columns_are_chosen_by_name(tmp_path: Path, city_file: CityFile) -> None:
    document = create_document(tmp_path / "p.citytwin.gpkg")
    with pytest.raises(KnownError, match="no column “foo”"):
        document.execute("import_city", sources=[str(city_file())], columns=["foo=x"])
    document.execute("import_city", sources=[str(city_file())], columns=["year_built=Nope"])
    assert "attribute_missing" in {item.code for item in document.last_report.items}
    document.close()


@pytest.mark.parametrize("name", ["n" * 5000, "pipe"])
def test_impossible_names_end_in_a_sentence(
    name: str, tmp_path: Path, city_file: CityFile, capsys: pytest.CaptureFixture[str]
) -> None:
    if name == "pipe":
        os.mkfifo(tmp_path / name)
    target, source = str(tmp_path / name), str(city_file())
    assert run(["import", source, "--into", target]) == 1
    assert run(["info", target]) == 1
    assert run(["scan", target]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_name_in_no_encoding_is_stored_readably(tmp_path: Path, city_file: CityFile) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.city.json")
    path.write_bytes(city_file().read_bytes())
    document = create_document(tmp_path / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(path)])
    assert document.city.metadata["sources"][0]["name"] == "caf\ufffd.city.json"
    document.close()


def test_a_corner_on_the_other_side_of_the_earth_costs_its_building_only(tmp_path: Path) -> None:
    content = plots((13.4, 52.5), (13.41, 52.5), (13.42, 52.5))
    content["features"][1]["geometry"]["coordinates"][0][2] = [20.0, 50.0]
    ((city, report),) = read_city_files(written(tmp_path, "x.geojson", content), ImportOptions())
    assert len(city.buildings) == 2
    assert np.abs(city.surfaces.polygons.vertices).max() < 2000.0
    assert ("absurd_size", "skipped") in {(item.code, item.action) for item in report.items}
