"""Content that another program has changed is refused in a sentence, never taken for numbers."""

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard

from citytwin_desktop.document.checks import check_project, doubts
from citytwin_desktop.document.document import create_document, open_document
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.packing import pack, unpack
from tests.conftest import CityFile


@pytest.fixture
def project(tmp_path: Path, city_file: CityFile) -> Path:
    path = tmp_path / "p.citytwin.gpkg"
    document = create_document(path)
    document.execute("import_city", sources=[str(city_file(count=3))])
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=2)
    document.close()
    return path


def run_sql(path: Path, statement: str, *values: Any) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def _settings(table: str, row: str, column: str, *values: str) -> list[str]:
    return [f"UPDATE {table} SET {column} = {value} WHERE {row}" for value in values]  # noqa: S608 - all ours


def _kept(kind: str, *contents: str) -> list[str]:
    return [f"INSERT INTO ct_named (kind, name, content) VALUES ('{kind}', 'n', '{text}')" for text in contents]  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        *_settings("ct_meta", "key = 'origin'", "value", "''", "'x'", "'[1]'", "'null'", "'[null,0,0]'"),
        *_settings("ct_meta", "key = 'epsg'", "value", "''", "'x'", "'9.9'", "'-1'"),
        *_settings("ct_meta", "key = 'city_metadata'", "value", "''", "'[1]'", "'null'", "'5'"),
        *_settings("ct_meta", "key = 'schema_version'", "value", "''", "'x'", "'1'", "'1.0.0'", "'-1.0'"),
        *_settings("buildings", "id = 'B0'", "wall_u_value_w_m2k", "'x'", "1e999", "x'00'"),
        *_settings("buildings", "id = 'B0'", "attributes", "'{'", "'[1]'", "'5'", "x'00ff'"),
        "UPDATE buildings SET function = x'00ff' WHERE id = 'B0'",
        "UPDATE buildings SET id = '' WHERE id = 'B0'",
        "DELETE FROM ct_scenario",
        "DROP TABLE ct_scenario",
        "ALTER TABLE buildings DROP COLUMN storeys",
    ],
)
def test_wrong_content_is_a_sentence(project: Path, statement: str) -> None:
    run_sql(project, statement)
    content = project.read_bytes()
    with pytest.raises(KnownError, match=r"p\.citytwin\.gpkg.*: restore it from a backup\."):
        open_document(project)
    assert project.read_bytes() == content
    assert [file.name for file in project.parent.glob(f"{project.name}*")] == [project.name]


def test_a_damaged_view_is_left_out_and_said(project: Path) -> None:
    """The rest opens, whole; what is damaged stays in the file until something takes its place."""
    document = open_document(project)
    document.execute("save_view", name="Good", content='{"camera": 1}')
    document.close()
    statements = [
        *_kept("view", "{", "[1]", "null"), *_kept("selection", "{}", '{"building_ids": 3}', '{"building_ids": [3]}'),
        *_kept("removed", "{}", '{"buildings": [3]}'),
        "INSERT INTO ct_named (kind, name, content) VALUES ('view', 'n', x'ff00')",
    ]  # fmt: skip
    for statement in statements:
        run_sql(project, "DELETE FROM ct_named WHERE name = 'n'")
        run_sql(project, statement)
        document = open_document(project)
        assert list(document.named("view")) == ["Good"]
        assert document.named("selection") == {}
        assert len(document.city.buildings) == 3
        assert "“n” is damaged and was left out; all else is whole." in document.project.left_out
        assert document.project.left_out in (*doubts(document), "")
        assert document.project.left_out in check_project(document)["problems"]
        document.close()
        document = open_document(project, read_only=True)
        assert document.project.left_out
        document.close()
    run_sql(project, "INSERT INTO ct_named (kind, name, content) VALUES ('view', 'm', '[')")
    document = open_document(project)
    assert "view “m”, view “n” are damaged and were left out" in document.project.left_out
    document.execute("save_view", name="n", content='{"camera": 2}')
    document.close()
    document = open_document(project)
    assert set(document.named("view")) == {"Good", "n"}
    document.close()


def vertices(array: np.ndarray[Any, Any], value: float) -> np.ndarray[Any, Any]:
    changed = array.copy()
    changed[0, 0] = value
    return changed


GEOMETRY = {
    "nan": lambda a: {"vertices": vertices(a["vertices"], np.nan)},
    "huge": lambda a: {"vertices": vertices(a["vertices"], 1e30)},
    "fewer": lambda a: {"vertices": a["vertices"][:-3]},
    "flat": lambda a: {"vertices": a["vertices"][:, :2]},
    "kinds": lambda a: {"kind": np.full_like(a["kind"], 99)},
    "kind missing": lambda a: {"kind": a["kind"][:-1]},
    "rings backwards": lambda a: {"ring_start": a["ring_start"][::-1].copy()},
    "rings beyond": lambda a: {"ring_start": a["ring_start"] * 1000},
    "polygon missing": lambda a: {"polygon_start": a["polygon_start"][:-1]},
}


@pytest.mark.parametrize("change", GEOMETRY.values(), ids=GEOMETRY)
def test_geometry_that_does_not_fit_together_is_refused(project: Path, change: Any) -> None:
    connection = sqlite3.connect(project)
    data = connection.execute("SELECT data FROM ct_geometry WHERE fid = 2").fetchone()[0]
    connection.close()
    header, arrays = unpack(data, "test")
    run_sql(project, "UPDATE ct_geometry SET data = ? WHERE fid = 2", pack(header, {**arrays, **change(arrays)}))
    with pytest.raises(KnownError, match="geometry of building “B1” is damaged"):
        open_document(project)


def test_a_weather_that_claims_to_be_huge_is_damaged(project: Path, weather_file: Path) -> None:
    document = open_document(project)
    document.execute("set_weather", path=str(weather_file))
    document.close()
    frame = b"\x28\xb5\x2f\xfd\xe0" + (1 << 50).to_bytes(8, "little") + b"\x01\x00\x00"
    assert zstandard.frame_content_size(frame) == 1 << 50
    run_sql(project, "UPDATE ct_weather SET data = ?", frame)
    with pytest.raises(KnownError, match="stored weather file is damaged"):
        open_document(project)


@pytest.mark.parametrize(
    "changes",
    [{}, {"changes": 5}, {"changes": [{"change": "Evil"}]}, {"changes": [{"change": "SetCells", "column": "nope"}]}],
)
def test_a_damaged_history_is_not_carried_out(project: Path, changes: dict[str, Any]) -> None:
    run_sql(project, "UPDATE ct_edit_log SET changes = ? WHERE seq = 2", pack(changes, {}))
    document = open_document(project)
    try:
        with pytest.raises(KnownError, match="holds a history that does not fit"):
            document.undo()
        assert document.city.building("B0").storeys == 2
    finally:
        document.close()


def test_a_parent_that_is_not_there_is_nobody(project: Path) -> None:
    run_sql(project, "UPDATE buildings SET parent_id = 'nobody' WHERE id = 'B0'")
    document = open_document(project)
    assert document.city.building("B0").parent_id == ""
    document.close()
