"""OBJ and STL read back by another reader."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
import trimesh

from citytwin_desktop.analysis.colour_scales import ColourScale
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.meshes.obj import object_name, write_obj
from citytwin_desktop.formats.meshes.painting import neutral_painting, value_painting
from citytwin_desktop.formats.meshes.stl import write_stl
from tests.formats.box_models import HOSTILE, box_model, courtyard_model


def obj_bodies(data: bytes) -> dict[str, trimesh.Trimesh]:
    """Triangles by object, from the lines themselves."""
    vertices: list[list[float]] = []
    faces: dict[str, list[list[int]]] = {}
    name = ""
    for line in data.decode("ascii").splitlines():
        word, _, rest = line.partition(" ")
        if word == "v":
            vertices.append([float(part) for part in rest.split()])
        elif word == "o":
            assert " " not in rest
            assert rest not in faces
            name = rest
            faces[name] = []
        elif word == "f":
            faces[name].append([int(part) - 1 for part in rest.split()])
        else:
            assert word in ("#", "mtllib", "usemtl")
    return {key: trimesh.Trimesh(np.array(vertices), np.array(found)) for key, found in faces.items()}


def test_each_building_is_an_object_of_its_own() -> None:
    city = box_model(["A", "B"])
    data, materials = write_obj(city, neutral_painting(city), {"project": "x\ny"}, "x.mtl")
    bodies = obj_bodies(data)
    assert list(bodies) == ["A", "B"]
    for body in bodies.values():
        assert body.is_watertight
        assert body.volume == pytest.approx(480.0)
    assert b"EPSG:28992 = these + 91000.000 437000.000 2.000" in data
    used = {line.split()[1] for line in data.splitlines() if line.startswith(b"usemtl")}
    defined = [line.split()[1] for line in materials.splitlines() if line.startswith(b"newmtl")]
    assert used == {b"ground", b"roof", b"wall"}
    assert used <= set(defined)
    assert len(defined) == len(set(defined))


def test_another_reader_agrees() -> None:
    city = courtyard_model()
    data, _ = write_obj(city, neutral_painting(city), {}, "x.mtl")
    mesh = trimesh.load(io.BytesIO(data), file_type="obj", force="mesh")
    assert mesh.volume == pytest.approx(8000.0)
    assert mesh.area == pytest.approx(city.surfaces.polygons.areas_m2.sum())


def test_a_hostile_name_stays_in_its_line() -> None:
    city = box_model(HOSTILE)
    bodies = obj_bodies(write_obj(city, neutral_painting(city), {"note": "a\nf 1 2 3"}, "x.mtl")[0])
    assert len(bodies) == len(HOSTILE)
    assert all(body.volume == pytest.approx(480.0) for body in bodies.values())
    short = [name for name in HOSTILE if len(name) < 30]
    assert [unquote(name) for name in list(bodies)[: len(short)]][:4] == short[:4]
    assert max(len(name) for name in bodies) < 230
    assert object_name("", 7) == "row_7"


def test_values_become_a_few_materials() -> None:
    city = box_model(["A"])
    values = np.array([0.0, 10.0, np.nan, 10.0, 5.0, 5.0], np.float32)
    painting = value_painting(
        values, np.array([False] * 3 + [True] + [False] * 2), ColourScale("viridis", 0.0, 10.0), {}
    )
    data, materials = write_obj(city, painting, {}, "x.mtl")
    used = [line.split()[1].decode() for line in data.splitlines() if line.startswith(b"usemtl")]
    assert used == ["00_from_0_to_0.625", "08_from_5_to_5.625", "15_from_9.375_to_10", "no_result", "stale"]
    assert set(used) <= {line.split()[1].decode() for line in materials.splitlines() if line.startswith(b"newmtl")}


@pytest.mark.parametrize(("city", "volume_m3"), [(box_model(["A", "B", "C"]), 1440.0), (courtyard_model(), 8000.0)])
def test_stl_bodies_are_closed(city: CityModel, volume_m3: float) -> None:
    data = write_stl(city)
    assert len(data) == 84 + 50 * int.from_bytes(data[80:84], "little")
    assert not data.startswith(b"solid")
    assert b"EPSG:28992 + 91000.000 437000.000 2.000" in data[:80]
    mesh = trimesh.load(io.BytesIO(data), file_type="stl")
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(volume_m3, rel=1e-6)


@pytest.mark.parametrize("write", [write_stl, lambda city: write_obj(city, neutral_painting(city), {}, "x.mtl")])
def test_an_empty_city_is_refused(write: Any) -> None:
    with pytest.raises(KnownError, match="no buildings to write"):
        write(CityModel())


def test_berlin_keeps_its_areas_and_volumes(shared_data: Path) -> None:
    from citytwin_desktop.formats.city_files import read_city_file

    city, _ = read_city_file(shared_data / "citygml" / "berlin.citygml")
    mesh = trimesh.load(io.BytesIO(write_stl(city)), file_type="stl")
    # roofs, walls and grounds of the sample together
    assert mesh.area == pytest.approx(35_263.98 + 169_586.79 + 32_877.97, rel=5e-3)
    assert mesh.volume == pytest.approx(city.volumes_m3().sum(), rel=5e-3)
    bodies = obj_bodies(write_obj(city, neutral_painting(city), {}, "x.mtl")[0])
    assert len(bodies) == 61
    volumes = dict(zip(city.buildings.ids, city.volumes_m3(), strict=True))
    closed = {name: body.volume for name, body in bodies.items() if body.is_watertight}
    assert len(closed) > 30
    assert closed == pytest.approx({name: volumes[unquote(name)] for name in closed}, rel=5e-3)
