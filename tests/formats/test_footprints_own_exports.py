"""What this program wrote itself comes back: parts, attributes, own values, walls, roofs and surroundings."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.city_files import read_city_file
from citytwin_desktop.formats.written_layers.geojson import write_geojson
from citytwin_desktop.formats.written_layers.geopackage import write_geopackage
from tests.formats.box_models import box_model, with_road
from tests.formats.footprint_samples import codes, collection, feature, read_file, read_json, scan_file, square

COLUMNS: dict[str, list[Any]] = {
    "id": ["whole", "part", "alone"],
    "parent_id": ["", "whole", ""],
    "lod": ["2.2", "2.2", "2.2"],
    "function": ["", "office", "retail"],
    "function_origin": ["", "assumed", "source"],
    "year_built": [float("nan"), 1950.0, 1960.0],
    "wall_u_value_w_m2k": [float("nan"), 0.3, float("nan")],
    "wall_reflectance": [float("nan"), float("nan"), 0.4],
    "heating_system": ["", "gas_condensing_boiler", ""],
    "final_energy_kwh": [None, 12.5, None],
}


def _city() -> CityModel:
    attributes = np.array([{}, {"owner": "Ö", "deep": {"a": [1]}}, {}], object)
    city = box_model(["whole", "part", "alone"], columns={"attributes": attributes})
    faces = city.surfaces.take(np.flatnonzero(city.surfaces.building > 0))
    return with_road(CityModel(city.epsg, city.origin, city.buildings, faces))


def _codes() -> list[str]:
    from citytwin_desktop.formats.footprints.override_columns import _codes

    return sorted(_codes("heating"))


@pytest.fixture(params=["out.gpkg", "out.geojson"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    columns = {**COLUMNS, "heating_system": ["", _codes()[0], "no such boiler"]}
    if path.suffix == ".gpkg":
        write_geopackage(path, _city(), columns, {}, {"program": "x"})
    else:
        path.write_bytes(write_geojson(_city(), columns, {}))
    return path


def test_parts_attributes_and_own_values_come_back(written: Path) -> None:
    city, report = read_city_file(written)
    table = city.buildings.columns
    assert table["id"].tolist() == ["whole", "part", "alone"]
    assert table["parent_id"].tolist() == ["", "whole", ""]
    assert table["function"].tolist() == ["", "office", "retail"]
    assert table["function_origin"].tolist() == ["", "assumed", "source"]
    assert table["attributes"][1] == {"owner": "Ö", "deep": {"a": [1]}, "final_energy_kwh": 12.5}
    assert table["wall_u_value_w_m2k"][1] == 0.3
    assert np.isnan(table["wall_u_value_w_m2k"][[0, 2]]).all()
    assert table["wall_reflectance"][2] == 0.4
    assert table["heating_system"].tolist() == ["", _codes()[0], ""]
    assert table["value_origins"][1]["wall_u_value_w_m2k"] == [0.3, "in the source file"]
    assert table["value_origins"][2] == {"wall_reflectance": [0.4, "in the source file"]}
    assert city.volumes_m3() == pytest.approx([0.0, 480.0, 480.0], rel=5e-3)
    told = codes(report)
    assert "value_without_sense" in told
    assert "not_a_building" not in told


def test_walls_and_roofs_come_from_their_layer(tmp_path: Path) -> None:
    path = tmp_path / "out.gpkg"
    write_geopackage(path, _city(), COLUMNS, {}, {"program": "x"})
    source, report = read_file(path)
    assert [row["lod"] for row in source.rows] == ["0", "2.2", "2.2"]
    assert np.bincount(source.kind).tolist() == np.bincount(_city().surfaces.kind).tolist()
    assert sorted(set(source.polygons.vertices[:, 2].tolist())) == [2.0, 8.0]
    assert "raised_to_height" not in codes(report)
    assert [(kind, len(polygons)) for kind, polygons in source.context] == [(ContextKind.ROAD, 1)]
    flat, _ = read_file(path, lod="0")
    assert set(flat.kind.tolist()) == {SurfaceKind.GROUND}
    assert len(flat.polygons) == 2


def test_a_quick_look_tells_of_the_walls(tmp_path: Path) -> None:
    path = tmp_path / "out.gpkg"
    write_geopackage(path, _city(), COLUMNS, {}, {"program": "x"})
    found = scan_file(path)
    assert found.lods == {"0": 2, "2": 12}
    assert "surfaces" not in found.types


def test_a_foreign_layer_of_surfaces_is_not_ours(tmp_path: Path) -> None:
    from tests.formats.test_footprints_layers import COLUMNS as FOREIGN
    from tests.formats.test_footprints_layers import HOLED, write_layer

    path = tmp_path / "foreign.gpkg"
    write_layer(path, [HOLED, HOLED], FOREIGN, layer="buildings")
    write_layer(path, [HOLED, HOLED], FOREIGN, layer="surfaces")
    source, report = read_file(path)
    assert len(source.polygons) == 2
    assert "layer_left_out" in codes(report)


def test_own_values_in_any_table_within_their_range(tmp_path: Path) -> None:
    values = [("a", 0.24), ("b", -9999), ("c", "0,3"), ("d", 60.0), ("e", None)]
    features = [
        feature({"id": name, "height": 9.0, "wall_u_value_w_m2k": value}, square(13.0 + place / 100, 52.0, 0.0005))
        for place, (name, value) in enumerate(values)
    ]
    city, report = read_json(tmp_path, collection(*features))
    assert [row.get("wall_u_value_w_m2k") for row in city.rows] == [0.24, None, 0.3, None, None]
    assert city.rows[0]["value_origins"] == {"wall_u_value_w_m2k": [0.24, "in the source file"]}
    assert "value_origins" not in city.rows[1]
    assert [item.object for item in report.items if item.code == "value_without_sense"] == ["b", "d"]
    assert codes(report).count("own_values_taken") == 1


def _prism(x: float, **properties: Any) -> dict[str, Any]:
    plan = [(x, 0.0), (x + 10, 0.0), (x + 10, 10.0), (x, 10.0)]
    sides = [[(*plan[k], 0), (*plan[k - 3], 0), (*plan[k - 3], 6), (*plan[k], 6), (*plan[k], 0)] for k in range(4)]
    flat = [[*((*corner, z) for corner in plan), (*plan[0], z)] for z in (0, 6)]
    geometry = {"type": "MultiPolygon", "coordinates": [[face] for face in (*sides, *flat)]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize("second", ["M1", "M0", None])
def test_one_row_for_each_body_keeps_its_identifier(tmp_path: Path, second: str | None) -> None:
    rows = [_prism(0.0, EGID="M0", usage="office"), _prism(20.0, EGID=second), _prism(40.0, EGID="M2")]
    crs = {"type": "name", "properties": {"name": "EPSG:25832"}}
    city, report = read_json(tmp_path, collection(*rows, crs=crs))
    expected = ["M0", "M1", "M2"] if second == "M1" else [f"houses.{place}" for place in range(3)]
    assert [row["id"] for row in city.rows] == expected
    told = next(item.message for item in report.items if item.code == "columns_by_name")
    assert ("identifier from “EGID”" in told) == (second == "M1")
