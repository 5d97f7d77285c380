"""Where outlines with elevations lie, and tables of IGN's BD TOPO."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.city_files import read_city_file
from citytwin_desktop.formats.footprints.column_choice import guess_columns
from tests.formats.footprint_samples import codes, collection, feature, read_file, read_json, square, write_layer

BD_TOPO: dict[str, Any] = {
    "cleabs": ["BATIMENT0000000001", "BATIMENT0000000002"],
    "nature": ["Indifférenciée", "Eglise"],
    "usage_1": ["Résidentiel", "Religieux"],
    "date_d_apparition": ["1954-01-01", "1890-01-01"],
    "nombre_d_etages": [4, 2],
    "hauteur": [12.0, 17.0],
    "altitude_minimale_sol": [35.0, 35.2],
    "altitude_maximale_sol": [35.4, 36.0],
    "altitude_minimale_toit": [47.0, 52.0],
    "altitude_maximale_toit": [49.0, 60.0],
}
LEVEL = shapely.Polygon([(652330, 6862414, 47), (652350, 6862414, 47), (652350, 6862424, 47), (652330, 6862424, 47)])
SLOPING = shapely.Polygon([(652370, 6862414, 50), (652390, 6862414, 50), (652390, 6862424, 52), (652370, 6862424, 52)])


def _lowest(path: Path) -> tuple[list[float], list[float]]:
    city, _ = read_city_file(path)
    rows = [city.surfaces.polygons.take(np.flatnonzero(city.surfaces.building == row)) for row in range(2)]
    z = [row.vertices[:, 2] + city.origin[2] for row in rows]
    return [float(part.min()) for part in z], [float(part.max()) for part in z]


def test_all_columns_of_bd_topo_are_known() -> None:
    assert guess_columns(BD_TOPO) == {
        "height_m": "hauteur",
        "storeys": "nombre_d_etages",
        "year_built": "date_d_apparition",
        "function": "usage_1",
        "id": "cleabs",
        "ground_elevation_m": "altitude_minimale_sol",
        "top_elevation_m": "altitude_minimale_toit",
    }


@pytest.mark.parametrize("name", ["ALTITUDE_M", "altitudemi"])
def test_names_cut_off_to_the_same_letters_stand_for_nothing(name: str) -> None:
    assert guess_columns({name: [47.0, 52.0]}) == {}


def test_bd_topo_stands_on_its_ground(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "batiment.gpkg", [LEVEL, SLOPING], BD_TOPO, crs="EPSG:2154")
    low, high = _lowest(path)
    assert (low, high) == (pytest.approx([35.0, 35.2]), pytest.approx([47.0, 52.2]))
    city, report = read_file(path)
    assert [row["storeys"] for row in city.rows] == [4.0, 2.0]
    assert "outline_level_is_gutter" not in codes(report)


def test_outlines_of_bd_topo_without_a_ground_hang_below_the_highest_gutter(tmp_path: Path) -> None:
    columns = {name: BD_TOPO[name] for name in ("cleabs", "usage_1", "hauteur")}
    path = write_layer(tmp_path / "batiment.gpkg", [LEVEL, SLOPING], columns, crs="EPSG:2154")
    low, high = _lowest(path)
    assert (low, high) == (pytest.approx([35.0, 35.0]), pytest.approx([47.0, 52.0]))
    _, report = read_file(path)
    assert codes(report).count("outline_level_is_gutter") == 1
    assert "outline_level_is_ground" not in codes(report)


def test_other_outlines_with_elevations_stand_at_their_level_and_say_so_once(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "houses.gpkg", [LEVEL, SLOPING], {"id": ["a", "b"], "height": [12.0, 17.0]})
    low, _ = _lowest(path)
    assert low == pytest.approx([47.0, 50.0])
    _, report = read_file(path)
    assert codes(report).count("outline_level_is_ground") == 1
    stated = {"id": ["a", "b"], "height": [12.0, 17.0], "z_ground": [35.0, 33.0]}
    _, report = read_file(write_layer(tmp_path / "stated.gpkg", [LEVEL, SLOPING], stated))
    assert "outline_level_is_ground" not in codes(report)


@pytest.mark.parametrize(("latitude", "doubtful"), [(-73.6, True), (84.5, True), (-54.8, False), (78.2, False)])
def test_places_where_nothing_is_built_are_doubted(tmp_path: Path, latitude: float, doubtful: bool) -> None:
    root = collection(feature({"height": 10}, square(45.5, latitude, 0.0005)))
    _, report = read_json(tmp_path, root)
    assert ("place_doubtful" in codes(report)) == doubtful


def test_metres_are_no_latitude(tmp_path: Path) -> None:
    _, report = read_file(write_layer(tmp_path / "site.gpkg", [shapely.box(0, -80, 10, -70)], {"height": [9.0]}))
    assert "place_doubtful" not in codes(report)


@pytest.mark.parametrize(
    "schema",
    [
        "http://inspire.jrc.ec.europa.eu/schemas/bu-core2d/2.0",
        "http://inspire.ec.europa.eu/schemas/bu-base/4.0",
        "urn:x-inspire:specification:gmlas:BuildingsBase:3.0",
    ],
)
@pytest.mark.parametrize("root", ["gml:FeatureCollection", "base:SpatialDataSet"])
def test_an_inspire_building_file_is_refused_with_what_to_do(tmp_path: Path, schema: str, root: str) -> None:
    path = tmp_path / "catastro.gml"
    path.write_text(f'<?xml version="1.0"?>\n<{root} xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:bu="{schema}"/>')
    with pytest.raises(KnownError, match=r"INSPIRE building file.*GeoPackage"):
        read_city_file(path)


def test_citygml_that_mentions_inspire_is_not_refused_as_such(tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_text(
        '<CityModel xmlns="http://www.opengis.net/citygml/2.0" '
        'xmlns:bu="http://inspire.ec.europa.eu/schemas/bu-core3d/4.0"/>'
    )
    with pytest.raises(KnownError) as refused:
        read_city_file(path)
    assert "INSPIRE" not in str(refused.value)


def test_a_column_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    root = collection(feature({"height": 10}, square(13.0, 52.0, 0.0005)))
    with pytest.raises(KnownError, match=r"“foo”.*height_m, storeys, year_built"):
        read_json(tmp_path, root, columns={"foo": "Nope"})


def test_the_guess_stays_where_the_wished_attribute_is_missing(tmp_path: Path) -> None:
    root = collection(feature({"height": 10}, square(13.0, 52.0, 0.0005)))
    city, report = read_json(tmp_path, root, columns={"height_m": "Nope", "storeys": "Nada"})
    assert city.rows[0]["measured_height_m"] == 10.0
    told = [item.message for item in report.items if item.code == "attribute_missing"]
    assert "“height” was taken" in told[0]
    assert "nothing was taken" in told[1]
    city, _ = read_json(tmp_path, root, columns={"height_m": ""})
    assert "measured_height_m" not in city.rows[0]


def test_codes_of_the_swiss_register_by_the_name_of_their_attribute(tmp_path: Path) -> None:
    values = {"GKAT": 1060, "GKLAS": 1220, "height": 9}
    city, _ = read_json(tmp_path, collection(feature(values, square(8.5, 47.0, 0.0005))))
    assert city.rows[0]["function"] == "office"
    bare = {"usage": 1220, "height": 9}
    city, report = read_json(tmp_path, collection(feature(bare, square(8.5, 47.0, 0.0005))))
    assert "function" not in city.rows[0]
    assert "function_unknown" in codes(report)
