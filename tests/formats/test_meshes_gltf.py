"""glTF binary: sound by the specification, read back by another reader, with values of the buildings inside."""

import io
import json
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from citytwin_desktop.analysis.colour_scales import ColourScale
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.meshes.glb import write_glb
from citytwin_desktop.formats.meshes.painting import CLASSES, neutral_painting, value_painting
from citytwin_desktop.formats.meshes.property_table import NO_NUMBER, NO_TRUTH
from tests.formats.box_models import HOSTILE, box_model, courtyard_model, with_road

_WIDTH = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
_TYPE = {5123: "<u2", 5125: "<u4", 5126: "<f4"}


def parts_of(data: bytes) -> tuple[dict[str, Any], bytes]:
    """JSON and binary chunk, with the container's rules checked."""
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    size, kind = struct.unpack_from("<I4s", data, 12)
    assert kind == b"JSON"
    assert size % 4 == 0
    document = json.loads(data[20 : 20 + size])
    binary_size, kind = struct.unpack_from("<I4s", data, 20 + size)
    assert kind == b"BIN\x00"
    assert binary_size % 4 == 0
    assert 28 + size + binary_size == length
    return document, data[28 + size :]


def array_of(document: dict[str, Any], binary: bytes, number: int) -> Any:
    accessor = document["accessors"][number]
    view = document["bufferViews"][accessor["bufferView"]]
    width = _WIDTH[accessor["type"]]
    kind = np.dtype(_TYPE[accessor["componentType"]])
    assert accessor["count"] * width * kind.itemsize <= view["byteLength"]
    assert view["byteOffset"] % kind.itemsize == 0
    assert width * kind.itemsize % 4 == 0 or view["target"] == 34963
    values = np.frombuffer(binary, kind, accessor["count"] * width, view["byteOffset"])
    return values.reshape(-1, width) if width > 1 else values


def checked(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Check all that glTF 2.0 asks of what we write."""
    document, binary = parts_of(data)
    assert document["asset"]["version"] == "2.0"
    assert document["buffers"] == [{"byteLength": len(binary)}]
    ends = [0]
    for view in document["bufferViews"]:
        assert view["byteLength"] > 0
        assert ends[-1] <= view["byteOffset"] <= view["byteOffset"] + view["byteLength"] <= len(binary)
        ends.append(view["byteOffset"] + view["byteLength"])
    assert set(document["extensions"]) <= set(document["extensionsUsed"])
    for mesh in document["meshes"]:
        for primitive in mesh["primitives"]:
            attributes = {name: array_of(document, binary, k) for name, k in primitive["attributes"].items()}
            position, indices = attributes["POSITION"], array_of(document, binary, primitive["indices"])
            bounds = document["accessors"][primitive["attributes"]["POSITION"]]
            assert bounds["min"] == position.min(axis=0).tolist()
            assert bounds["max"] == position.max(axis=0).tolist()
            assert {len(values) for values in attributes.values()} == {len(position)}
            assert indices.max() < len(position)
            assert len(indices) % 3 == 0
            assert np.linalg.norm(attributes["NORMAL"], axis=1) == pytest.approx(1.0, abs=1e-5)
            assert primitive["material"] < len(document["materials"])
    assert [node["mesh"] for node in document["nodes"]] == list(range(len(document["meshes"])))
    return document, binary


def properties_of(document: dict[str, Any], binary: bytes) -> dict[str, list[Any]]:
    """Columns of the property table."""
    extension = document["extensions"]["EXT_structural_metadata"]
    (table,) = extension["propertyTables"]
    definitions = extension["schema"]["classes"][table["class"]]["properties"]
    assert set(definitions) == set(table["properties"])
    columns: dict[str, list[Any]] = {}
    for name, views in table["properties"].items():
        view = document["bufferViews"][views["values"]]
        assert view["byteOffset"] % 8 == 0
        data = binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        if definitions[name]["type"] == "STRING":
            place = document["bufferViews"][views["stringOffsets"]]
            offsets = np.frombuffer(binary, "<u4", table["count"] + 1, place["byteOffset"])
            columns[name] = [data[a:b].decode() for a, b in pairwise(offsets)]
        else:
            kind = {"FLOAT32": "<f4", "UINT8": "u1"}[definitions[name]["componentType"]]
            columns[name] = np.frombuffer(data, kind, table["count"]).tolist()
    return columns


def loaded(data: bytes) -> trimesh.Trimesh:
    scene = trimesh.load(io.BytesIO(data), file_type="glb")
    return scene.geometry["buildings"]


@pytest.mark.parametrize(("city", "volume_m3"), [(box_model(["A", "B"]), 960.0), (courtyard_model(), 8000.0)])
def test_another_reader_finds_the_same_bodies(city: CityModel, volume_m3: float) -> None:
    data = write_glb(city, neutral_painting(city), {"id": city.buildings.ids}, {})
    checked(data)
    mesh = loaded(data)
    assert mesh.area == pytest.approx(city.surfaces.polygons.areas_m2.sum(), rel=1e-6)
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(volume_m3, rel=1e-6)  # negative if a turn had mirrored it
    assert mesh.extents[1] == pytest.approx(city.bounds_m[1][:, 2].max())  # up is y


def test_north_is_minus_z() -> None:
    city = box_model(["A"])
    document, binary = checked(write_glb(city, neutral_painting(city), {}, {}))
    primitive = document["meshes"][0]["primitives"][0]
    position = array_of(document, binary, primitive["attributes"]["POSITION"])
    assert position.min(axis=0).tolist() == [0.0, 0.0, -8.0]
    assert position.max(axis=0).tolist() == [10.0, 6.0, 0.0]
    assert document["asset"]["extras"]["origin_m"] == [91000.0, 437000.0, 2.0]
    assert document["asset"]["extras"]["epsg"] == 28992


def test_values_of_buildings_are_found_by_the_number_at_the_corner() -> None:
    ids = ["A", "bare", "Ж", "D"]
    city = box_model(ids)
    city = city.at_rows(np.arange(4))
    keep = np.flatnonzero(city.surfaces.building != 1)
    city = CityModel(city.epsg, city.origin, city.buildings, city.surfaces.take(keep))
    columns = {
        "id": ids, "heating_demand_kwh": [1.5, 2.5, None, float("inf")], "energy_fresh": [True, True, None, False],
        "empty": [None, "x", None, ""], "2 odd name": ["", "", "p", "q"],
    }  # fmt: skip
    document, binary = checked(write_glb(city, neutral_painting(city), columns, {}))
    table = properties_of(document, binary)
    assert table["id"] == ["A", "Ж", "D"]
    assert table["heating_demand_kwh"] == [1.5, NO_NUMBER, NO_NUMBER]
    assert table["energy_fresh"] == [1, NO_TRUTH, 0]
    assert table["_2_odd_name"] == ["", "p", "q"]
    assert "empty" not in table
    primitive = document["meshes"][0]["primitives"][0]
    feature = array_of(document, binary, primitive["attributes"]["_FEATURE_ID_0"])
    position = array_of(document, binary, primitive["attributes"]["POSITION"])
    assert set(feature[position[:, 0] > 55].tolist()) == {2.0}
    (ids_of,) = primitive["extensions"]["EXT_mesh_features"]["featureIds"]
    assert (ids_of["featureCount"], ids_of["attribute"], ids_of["propertyTable"]) == (3, 0, 0)


def test_colours_are_linear_and_say_what_is_stale_or_missing() -> None:
    city = box_model(["A"])
    values = np.array([0.0, 10.0, np.nan, 10.0, 5.0, 5.0], np.float32)
    stale = np.array([False, False, False, True, False, False])
    painting = value_painting(values, stale, ColourScale("viridis", 0.0, 10.0), {"variable": "v", "unit": "kWh"})
    document, binary = checked(write_glb(city, painting, {}, {}))
    colour = array_of(document, binary, document["meshes"][0]["primitives"][0]["attributes"]["COLOR_0"]) / 65535.0
    srgb = np.where(colour <= 0.0031308, 12.92 * colour, 1.055 * colour ** (1 / 2.4) - 0.055)[::4, :3] * 255
    # viridis begins at #440154 and ends at #FDE725 (van der Walt and Smith 2015)
    assert srgb[0] == pytest.approx([0x44, 0x01, 0x54], abs=0.6)
    assert srgb[1] == pytest.approx([0xFD, 0xE7, 0x25], abs=0.6)
    legend = document["asset"]["extras"]["legend"]
    assert legend["surfaces"] == {"fresh": 4, "stale": 1, "no_result": 1}
    hexes = ["#" + "".join(f"{round(float(v)):02X}" for v in row) for row in srgb]
    assert hexes[2] == legend["no_result_colour"]
    assert hexes[3] == legend["stale_colour"]
    assert painting.material.tolist() == [0, CLASSES - 1, CLASSES, CLASSES + 1, CLASSES // 2, CLASSES // 2]


def test_hostile_names_and_surroundings() -> None:
    city = with_road(box_model(HOSTILE))
    document, binary = checked(write_glb(city, neutral_painting(city), {"id": HOSTILE}, {"project": 'x"\n'}))
    assert properties_of(document, binary)["id"] == HOSTILE
    assert document["meshes"][1]["name"].startswith("context-Roads")
    scene = trimesh.load(io.BytesIO(write_glb(city, neutral_painting(city), {"id": HOSTILE}, {})), file_type="glb")
    assert sum(mesh.area for mesh in scene.geometry.values()) == pytest.approx(8 * 376.0 + 500.0)


def test_many_corners_take_wide_indices() -> None:
    city = box_model([f"B{number}" for number in range(2800)])
    document, _ = checked(write_glb(city, neutral_painting(city), {}, {}))
    indices = document["accessors"][document["meshes"][0]["primitives"][0]["indices"]]
    assert indices["componentType"] == 5125
    assert indices["count"] == 2800 * 12 * 3


def test_surfaces_without_area_and_empty_cities() -> None:
    with pytest.raises(KnownError, match="no buildings to write"):
        write_glb(CityModel(), neutral_painting(CityModel()), {}, {})
    city = box_model(["A", "B"])
    city.surfaces.polygons.vertices[24:48] = 1.0  # the second box shrinks to a point
    data = write_glb(city, neutral_painting(city), {"id": ["A", "B"]}, {})
    checked(data)
    assert loaded(data).area == pytest.approx(376.0)
    city.surfaces.polygons.vertices[3] = np.nan
    broken = CityModel(city.epsg, city.origin, city.buildings, city.surfaces)
    with pytest.raises(KnownError, match="“A” has a coordinate that is no number"):
        write_glb(broken, neutral_painting(broken), {}, {})


def test_delfshaven_is_small_and_whole(shared_data: Path) -> None:
    from citytwin_desktop.formats.city_files import read_city_file

    city, _ = read_city_file(shared_data / "cityjson" / "3-20-DELFSHAVEN.city.json")
    columns = {"id": city.buildings.ids.tolist(), "heating_demand_kwh": [1000.0] * len(city.buildings)}
    data = write_glb(city, neutral_painting(city), columns, {})
    document, binary = checked(data)
    assert len(data) < 5_000_000
    assert len(properties_of(document, binary)["id"]) == 853
    # roofs, walls and grounds of the sample together
    assert loaded(data).area == pytest.approx(145_002.1 + 348_478.0 + 133_597.0, rel=5e-3)
