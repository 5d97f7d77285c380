"""Damaged files of footprints end in a sentence or in sane rows."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.errors import KnownError
from tests.formats.footprint_samples import collection, feature, read_file, scan_file, square, write_layer
from tests.formats.test_footprints_layers import COLUMNS, HOLED


def _mutated(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(found))
        kind = chance.randrange(4)
        if kind == 0:
            found[place] = chance.randrange(256)
        elif kind == 1:
            del found[place : place + chance.randint(1, 40)]
        elif kind == 2:
            found[place:place] = found[max(place - 30, 0) : place]
        else:
            found[place : place + 4] = chance.choice([b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"1e99", b"null"])
        if not found:
            return b"{"
    return bytes(found)


def _judge(path: Path) -> bool:
    try:
        city, report = read_file(path)
        scan_file(path)
    except KnownError:
        return False
    assert np.isfinite(city.polygons.vertices).all()
    assert (np.diff(city.owner) >= 0).all()
    assert len(city.polygons) == len(city.kind) == len(city.owner)
    assert city.owner.max(initial=-1) < len(city.rows)
    assert (np.diff(city.polygons.ring_start) >= 3).all()
    report.to_json()
    return True


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".shp", ".fgb"])
def test_mutated_files(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"houses{ending}"
    if ending == ".geojson":
        houses = [feature({"id": str(i), "height": i, "use": "office"}, square(i, 50, 0.5)) for i in range(8)]
        path.write_text(json.dumps(collection(*houses)))
    else:
        write_layer(path, [HOLED, HOLED], COLUMNS)
    original = path.read_bytes()
    chance = random.Random(7)
    read = 0
    for _ in range(150 if ending == ".geojson" else 40):
        path.write_bytes(_mutated(original, chance))
        read += _judge(path)
    assert read > 0


_ODDITIES = [None, [], {}, "", "x", -1, 1e308, True, [[[]]], [[0, 0]], {"type": "Polygon"}, "Polygon", 10**30]


def _replaced(value: Any, chance: random.Random) -> Any:
    """The value, with something odd somewhere in it."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        return {**value, key: _replaced(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        return [*value[:place], _replaced(value[place], chance), *value[place + 1 :]]
    return chance.choice(_ODDITIES)


def test_well_formed_nonsense(tmp_path: Path) -> None:
    houses = [feature({"id": str(i), "height": i, "use": "office"}, square(i, 50, 0.5)) for i in range(4)]
    root, chance, read = collection(*houses), random.Random(3), 0
    for _ in range(120):
        (tmp_path / "odd.geojson").write_text(json.dumps(_replaced(_replaced(root, chance), chance)))
        read += _judge(tmp_path / "odd.geojson")
    assert read > 10


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb"])
def test_truncated_files(tmp_path: Path, ending: str) -> None:
    path = write_layer(tmp_path / f"houses{ending}", [HOLED] * 2, COLUMNS)
    original = path.read_bytes()
    for share in (0.02, 0.2, 0.5, 0.8, 0.97):
        path.write_bytes(original[: int(share * len(original))])
        _judge(path)
