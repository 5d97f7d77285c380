"""3D Tiles: every corner at its place on the globe, boxes that hold what is in them, archives by their index."""

import hashlib
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.meshes.painting import neutral_painting
from citytwin_desktop.formats.meshes.tile_store import INDEX_NAME, write_archive, write_folder
from citytwin_desktop.formats.meshes.tile_tree import tile_tree
from citytwin_desktop.formats.meshes.tileset import tileset_files
from tests.formats.box_models import ORIGIN, box_model
from tests.formats.test_meshes_gltf import array_of, checked, properties_of


def tiles_of(city: CityModel, most: int = 1000) -> dict[str, bytes]:
    columns = {"id": city.buildings.ids.tolist()}
    return dict(tileset_files(city, neutral_painting(city), columns, {"project": "x"}, most))


def geocentric(longitude_deg: float, latitude_deg: float, height_m: float) -> Any:
    """Closed form on the ellipsoid of WGS 84 (NIMA TR8350.2, 4-14)."""
    a, f = 6378137.0, 1 / 298.257223563
    east, north, e2 = np.radians(longitude_deg), np.radians(latitude_deg), f * (2 - f)
    n = a / np.sqrt(1 - e2 * np.sin(north) ** 2)
    flat = (n + height_m) * np.cos(north)
    return np.array([flat * np.cos(east), flat * np.sin(east), (n * (1 - e2) + height_m) * np.sin(north)])


def corners_of(data: bytes) -> tuple[Any, Any, list[str]]:
    """Corners of a tile in the frame of the root, z up; number and names of their buildings."""
    document, binary = checked(data)
    primitive = document["meshes"][0]["primitives"][0]["attributes"]
    position = array_of(document, binary, primitive["POSITION"]).astype(float) + document["nodes"][0]["translation"]
    feature = array_of(document, binary, primitive["_FEATURE_ID_0"]).astype(int)
    return (
        np.column_stack([position[:, 0], -position[:, 2], position[:, 1]]),
        feature,
        properties_of(document, binary)["id"],
    )


def leaves(tile: dict[str, Any], path: tuple[dict[str, Any], ...] = ()) -> Any:
    if "content" in tile:
        yield tile, (*path, tile)
    for child in tile.get("children", []):
        yield from leaves(child, (*path, tile))


def test_corners_stand_where_they_are_on_earth() -> None:
    city = box_model(["A", "B"])
    files = tiles_of(city)
    root = json.loads(files["tileset.json"])["root"]
    local, feature, names = corners_of(files[root["content"]["uri"]])
    matrix = np.array(root["transform"]).reshape(4, 4).T
    found = (matrix @ np.column_stack([local, np.ones(len(local))]).T).T[:, :3]
    to_degrees = pyproj.Transformer.from_crs(28992, 4326, always_xy=True)
    expected = [
        geocentric(*to_degrees.transform(x, y), z) for x, y, z in city.surfaces.polygons.vertices + np.array(ORIGIN)
    ]
    assert np.abs(found - expected).max() < 2e-3
    assert [names[number] for number in feature[[0, -1]]] == ["A", "B"]


def test_the_tree_holds_every_building_once_within_its_boxes() -> None:
    city = box_model([f"B{number}" for number in range(137)])
    files = tiles_of(city, most=20)
    tileset = json.loads(files["tileset.json"])
    assert tileset["asset"]["version"] == "1.1"
    seen: list[str] = []
    easts: list[float] = []
    for leaf, path in leaves(tileset["root"]):
        local, feature, names = corners_of(files[leaf["content"]["uri"]])
        assert len(names) <= 20
        # box k stands 20 k m east of the first one, give or take the turn of the grid
        east = np.array([float(name[1:]) for name in names])[feature] * 20.0
        easts += (local[:, 0] - east).tolist()
        seen += names
        errors = [tileset["geometricError"], *(tile["geometricError"] for tile in path)]
        assert errors == sorted(errors, reverse=True)
        assert errors[-1] == 0.0
        for tile in path:
            box = np.array(tile["boundingVolume"]["box"])
            assert np.count_nonzero(box[3:]) == 3
            half = box[[3, 7, 11]] + 1e-3
            assert (np.abs(local - box[:3]) <= half).all()
    assert sorted(seen) == sorted(city.buildings.ids)
    assert np.ptp(easts) < 12.0
    assert set(files) == {"tileset.json", *(leaf["content"]["uri"] for leaf, _ in leaves(tileset["root"]))}


def test_the_tree_ends_where_all_stand_in_one_spot() -> None:
    tree = tile_tree(np.zeros((5000, 2)), 100)
    found = list(tree.leaves())
    assert max(len(leaf.members) for leaf in found) <= 100
    assert np.sort(np.concatenate([leaf.members for leaf in found])).tolist() == list(range(5000))
    assert max(len(leaf.name) for leaf in found) <= 5


def test_an_archive_is_read_by_its_index(tmp_path: Path) -> None:
    files = tiles_of(box_model([f"B{number}" for number in range(60)]), most=5)
    path = tmp_path / "city.3tz"
    assert write_archive(path, files.items()) == len(files)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == INDEX_NAME
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        index = archive.read(INDEX_NAME)
    keys = [struct.unpack_from("<QQ", index, place) for place in range(0, len(index), 24)]
    assert keys == sorted(keys)
    offsets = {
        index[place : place + 16]: struct.unpack_from("<Q", index, place + 16)[0] for place in range(0, len(index), 24)
    }
    raw = path.read_bytes()
    assert len(offsets) == len(files)
    for name, data in files.items():
        start = offsets[hashlib.md5(name.encode(), usedforsecurity=False).digest()]
        signature, name_size, extra_size = (
            *struct.unpack_from("<4s", raw, start),
            *struct.unpack_from("<HH", raw, start + 26),
        )
        assert signature == b"PK\x03\x04"
        assert raw[start + 30 : start + 30 + name_size].decode() == name
        begin = start + 30 + name_size + extra_size
        assert raw[begin : begin + len(data)] == data


def test_all_or_nothing(tmp_path: Path) -> None:
    def failing() -> Any:
        yield "tiles/0.glb", b"x"
        raise KnownError("It broke.")

    with pytest.raises(KnownError, match="It broke"):
        write_folder(tmp_path / "city.3dtiles", failing())
    (tmp_path / "old.3tz").write_bytes(b"old")
    with pytest.raises(KnownError, match="It broke"):
        write_archive(tmp_path / "old.3tz", failing())
    assert [path.name for path in tmp_path.iterdir()] == ["old.3tz"]
    assert (tmp_path / "old.3tz").read_bytes() == b"old"
    with pytest.raises(KnownError, match="there already"):
        write_folder(tmp_path, iter([]))
    for store in (write_folder, write_archive):
        with pytest.raises(KnownError, match="cannot be written"):
            store(tmp_path / "no" / "such.3tz", iter([("a", b"")]))


def test_cities_that_have_no_place_on_the_globe() -> None:
    with pytest.raises(KnownError, match="no coordinate reference system"):
        tiles_of(box_model(["A"], epsg=0))
    with pytest.raises(KnownError, match="no buildings"):
        tiles_of(CityModel())
    city = box_model(["A"])
    with pytest.raises(KnownError, match="outside EPSG:25831"):
        tiles_of(CityModel(25831, (1e9, 1e9, 0.0), city.buildings, city.surfaces))


def test_zurich_in_tiles_keeps_its_area(shared_data: Path) -> None:
    from citytwin_desktop.formats.city_files import read_city_file

    city, _ = read_city_file(shared_data / "cityjson" / "zurich_subset_lod2.city.json")
    files = tiles_of(city, most=50)
    area = 0.0
    for name, data in files.items():
        if name.endswith(".glb"):
            local, _, _ = corners_of(data)
            document, binary = checked(data)
            triangles = array_of(document, binary, document["meshes"][0]["primitives"][0]["indices"]).reshape(-1, 3)
            a, b, c = (local[triangles[:, corner]] for corner in range(3))
            area += float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
    assert len(files) >= 4
    assert area == pytest.approx(city.surfaces.polygons.areas_m2.sum(), rel=5e-3)
