"""Columns of any content are written, and read back as what they are or as text; nothing breaks out of its place."""

import io
import math
from pathlib import Path
from typing import Any

import orjson
import pyogrio
import pytest
import trimesh
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citytwin_desktop.formats.meshes.glb import write_glb
from citytwin_desktop.formats.meshes.obj import object_name
from citytwin_desktop.formats.meshes.painting import neutral_painting
from citytwin_desktop.formats.written_layers.geojson import write_geojson
from citytwin_desktop.formats.written_layers.geopackage import write_geopackage
from tests.formats.box_models import box_model
from tests.formats.test_meshes_gltf import checked, properties_of

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_VALUES = st.one_of(st.none(), st.booleans(), st.floats(), st.integers(-(2**63), 2**63 - 1), _TEXT, st.just({"a": [1]}))
_COLUMNS = st.dictionaries(_TEXT.filter(bool), st.tuples(_VALUES, _VALUES), min_size=1, max_size=5)
_BOUNDED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_BOUNDED
@given(columns=_COLUMNS)
def test_any_columns_make_a_sound_mesh(columns: dict[str, Any]) -> None:
    city = box_model(["A", "B"])
    data = write_glb(city, neutral_painting(city), columns, {"note": list(columns)})
    document, binary = checked(data)
    found = properties_of(document, binary)
    texts = [pair for pair in columns.values() if all(isinstance(value, str) and value for value in pair)]
    assert all(list(pair) in found.values() for pair in texts)
    assert len(found) <= len(columns)
    assert trimesh.load(io.BytesIO(data), file_type="glb").area == pytest.approx(752.0)


@_BOUNDED
@given(columns=_COLUMNS)
def test_any_columns_make_sound_geojson(columns: dict[str, Any]) -> None:
    first, _ = orjson.loads(write_geojson(box_model(["A", "B"]), columns, {}))["features"]
    for name, (value, _) in columns.items():
        known = value not in (None, "") and not (isinstance(value, float) and not math.isfinite(value))
        if known and name not in ("height_m", "attributes", "footprint_area_m2"):
            assert first["properties"][name] == value


@settings(_BOUNDED, max_examples=10)
@given(columns=_COLUMNS)
def test_any_columns_make_a_layer(columns: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    counts = write_geopackage(path, box_model(["A", "B"]), columns, {}, {"columns": list(columns)})
    assert counts["buildings"] == 2
    info = pyogrio.read_info(path, layer="buildings")
    assert info["features"] == 2
    assert len(info["fields"]) >= len(columns)


@_BOUNDED
@given(name=st.text(max_size=400))
def test_names_of_objects_are_one_plain_word(name: str) -> None:
    word = object_name(name, 3)
    assert word.isascii()
    assert word.isprintable()
    assert 0 < len(word) < 230
    assert not set(word) & set(" #\\{}")
