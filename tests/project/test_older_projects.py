"""Projects of format 1.0, without reflectances and solar conditions, open as they are and are brought up to date."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.city.buildings import REFLECTANCE_COLUMNS
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.surface_reflectance import surface_reflectance
from citytwin_desktop.document.document import create_document, open_document
from citytwin_desktop.document.summary import project_summary
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile


def _edit(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.fixture
def project(tmp_path: Path, city_file: CityFile) -> Path:
    document = create_document(tmp_path / "old.citytwin.gpkg")
    document.execute("import_city", sources=[str(city_file(count=3))])
    document.execute("edit_buildings", building_ids=["B1"], column="storeys", value=2)
    document.close()
    return document.path


@pytest.fixture
def older(project: Path) -> Path:
    drops = [f"ALTER TABLE buildings DROP COLUMN {name}" for name in REFLECTANCE_COLUMNS]
    _edit(project, *drops, "UPDATE ct_meta SET value = '1.0' WHERE key = 'schema_version'")
    return project


def test_an_older_project_opens_read_only_without_being_changed(older: Path) -> None:
    before = older.read_bytes()
    document = open_document(older, read_only=True)
    assert len(document.city.buildings) == 3
    assert document.city.building("B1").storeys == 2
    assert np.isnan(document.city.buildings.columns["wall_reflectance"]).all()
    assert document.solar_conditions == SolarConditions()
    assert project_summary(document)["schema_version"] == "1.0"
    document.close()
    assert older.read_bytes() == before


def test_an_older_project_is_brought_up_to_date_after_a_backup(older: Path) -> None:
    document = open_document(older)
    assert older.with_name(f"{older.name}.before-1.0.backup").exists()
    document.execute("edit_buildings", building_ids=["B0", "B2"], column="roof_reflectance", value=0.7)
    document.execute("set_solar_conditions", ground_reflectance=0.3)
    document.undo()
    document.undo()
    document.undo()  # the edit that was made before the format changed
    assert np.isnan(document.city.building("B1").storeys)
    document.undo()  # and the import
    assert not len(document.city.buildings)
    for _ in range(4):
        document.redo()
    document.close()
    again = open_document(older)
    assert again.city.buildings.columns["roof_reflectance"].tolist() == pytest.approx([0.7, np.nan, 0.7], nan_ok=True)
    assert again.solar_conditions.ground_reflectance == 0.3
    assert len(list(older.parent.glob("*.backup"))) == 1
    again.close()


@pytest.mark.parametrize(
    "stored", ["", "[]", "3", '"x"', "{", '{"fog": 1}', '{"ground_reflectance": 2}', '{"snow_months": [0]}', "[[1]]"]
)
def test_impossible_stored_conditions_are_refused(project: Path, stored: str) -> None:
    _edit(project, f"INSERT INTO ct_meta VALUES ('solar_conditions', '{stored}')")  # noqa: S608 - all ours
    with pytest.raises(KnownError, match="restore it from a backup"):
        open_document(project)


@pytest.mark.parametrize(
    "stored", ["", "[]", "3", "{", '{"colour": 1}', '{"dc_ac_ratio": 99}', '{"module": "x"}', '{"module": 1}', "[[1]]"]
)
def test_impossible_stored_collector_assumptions_are_refused(project: Path, stored: str) -> None:
    _edit(project, f"INSERT INTO ct_meta VALUES ('collector_assumptions', '{stored}')")  # noqa: S608 - all ours
    with pytest.raises(KnownError, match="restore it from a backup"):
        open_document(project)


def test_conditions_that_only_a_newer_version_knows_do_not_keep_its_project_closed(project: Path) -> None:
    values = '{"fog_reflectance": 0.1, "ground_reflectance": 0.4}'
    _edit(project, f"INSERT INTO ct_meta VALUES ('solar_conditions', '{values}')")  # noqa: S608 - all ours
    _edit(project, "UPDATE ct_meta SET value = '1.9' WHERE key = 'schema_version'")
    document = open_document(project)
    assert document.read_only
    assert document.solar_conditions == SolarConditions(ground_reflectance=0.4)
    document.close()


def test_an_impossible_stored_reflectance_is_refused_where_it_is_used(project: Path) -> None:
    _edit(project, "UPDATE buildings SET wall_reflectance = 7 WHERE id = 'B1'")
    document = open_document(project)
    with pytest.raises(KnownError, match=r"of building “B1” is 7: edit it to a value from 0 to 0\.95"):
        surface_reflectance(document.city, document.solar_conditions)
    document.execute("edit_buildings", building_ids=["B1"], column="wall_reflectance", value=None)
    assert len(surface_reflectance(document.city, document.solar_conditions)) == len(document.city.surfaces)
    document.close()
