"""The project is a valid GeoPackage at every moment that it is closed."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest

from citytwin_desktop.document.document import create_document, open_document
from tests.conftest import CityFile


def validate(path: Path) -> None:
    """Run GDAL's own validator, which needs no GDAL."""
    spec = importlib.util.find_spec("osgeo_utils")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the GeoPackage validator (gdal-utils) is not installed")
    script = Path(spec.submodule_search_locations[0]) / "samples" / "validate_gpkg.py"
    done = subprocess.run([sys.executable, script, "--extra", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path, city_file: CityFile) -> Path:
    path = tmp_path / "p.citytwin.gpkg"
    document = create_document(path)
    document.close()
    validate(path)
    document = open_document(path)
    document.execute("import_city", sources=[str(city_file(count=3))])
    document.close()
    return path


def test_it_is_valid_and_gdal_reads_it(project: Path) -> None:
    validate(project)
    info = pyogrio.read_info(project, layer="buildings")
    assert (info["crs"], info["features"], info["geometry_type"]) == ("EPSG:28992", 3, "MultiPolygon")
    assert info["total_bounds"] == pytest.approx((1000.0, 2000.0, 1050.0, 2008.0))


def test_it_stays_valid_after_removal_and_undo(project: Path) -> None:
    document = open_document(project)
    document.execute("remove_buildings", building_ids=["B2"])
    document.close()
    validate(project)
    assert pyogrio.read_info(project, layer="buildings")["total_bounds"] == pytest.approx(
        (1000.0, 2000.0, 1030.0, 2008.0)
    )
    document = open_document(project)
    document.undo()
    document.undo()
    document.close()
    validate(project)
    assert pyogrio.read_info(project, layer="buildings")["features"] == 0


def test_an_index_made_by_qgis_is_dropped_after_a_backup(project: Path) -> None:
    pytest.importorskip("sqlite3")
    import sqlite3

    connection = sqlite3.connect(project)
    connection.execute(
        "CREATE TRIGGER rtree_buildings_geom_update1 AFTER UPDATE ON buildings BEGIN SELECT ST_IsEmpty(1); END"
    )
    connection.commit()
    connection.close()
    document = open_document(project)
    document.execute("edit_buildings", building_ids=["B0"], column="name", value="x")
    document.close()
    assert [item.name for item in project.parent.glob("*.backup")] == ["p.citytwin.gpkg.before-1.4.backup"]


def test_a_copy_of_an_open_project_is_whole(project: Path, tmp_path: Path) -> None:
    document = open_document(project)
    document.execute("edit_buildings", building_ids=["B0"], column="name", value="copied")
    document.project.save_copy(tmp_path / "copy.citytwin.gpkg")
    document.close()
    copy = open_document(tmp_path / "copy.citytwin.gpkg")
    assert copy.city.building("B0").name == "copied"
    copy.close()
    validate(tmp_path / "copy.citytwin.gpkg")
