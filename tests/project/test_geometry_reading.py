"""Geometry read thousands of rows at a time is what each row holds, and damage is found as if read alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import geometry_reading
from citytwin_desktop.project.city_packing import pack_surfaces, unpack_surfaces
from citytwin_desktop.project.geometry_reading import surfaces_of
from citytwin_desktop.project.packing import pack

COUNT = 30
IDS = np.array([f"B{row}" for row in range(COUNT)], object)


def of_row(row: int) -> Surfaces:
    """Some triangles, squares and a square with a hole, other ones for each row."""
    random = np.random.default_rng(row)
    rings = [[random.uniform(0, 9, (corners, 3)) for corners in loops] for loops in ([3], [4], [4, 3])[: row % 3 + 1]]
    names = np.array([f'{row}", "arrays": {place}' for place in range(len(rings))], object)
    kinds = random.integers(0, 3, len(rings)).astype(np.uint8)
    return Surfaces(Polygons.from_rings(rings), kinds, np.zeros(len(rings), np.int64), names)


def same(one: Surfaces, other: Surfaces) -> bool:
    pairs = [
        (one.polygons.vertices, other.polygons.vertices),
        (one.polygons.ring_start, other.polygons.ring_start),
        (one.polygons.polygon_start, other.polygons.polygon_start),
        (one.kind, other.kind),
        (one.building, other.building),
        (one.source_id, other.source_id),
    ]
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)


@pytest.fixture
def blobs() -> list[bytes]:
    return [pack_surfaces(of_row(row)) for row in range(COUNT)]


def one_by_one(blobs: list[bytes]) -> Surfaces:
    return Surfaces.concatenate([unpack_surfaces(data, row, str(IDS[row])) for row, data in enumerate(blobs)])


def test_together_is_what_one_by_one_is(blobs: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = one_by_one(blobs)
    asked: list[int] = []
    monkeypatch.setattr(geometry_reading, "unpack_surfaces", lambda *a: asked.append(a[1]) or unpack_surfaces(*a))
    assert same(surfaces_of(blobs, np.arange(COUNT), IDS), expected)
    assert not asked  # the quick way was taken
    assert len(surfaces_of([], np.zeros(0, np.int64), IDS)) == 0


def test_another_layout_is_read_row_by_row(blobs: list[bytes]) -> None:
    surfaces = of_row(4)
    wide = {
        "kind": surfaces.kind,
        "vertices": surfaces.polygons.vertices.astype(np.float32),
        "ring_start": surfaces.polygons.ring_start,
        "polygon_start": surfaces.polygons.polygon_start,
    }
    blobs[4] = pack({"source_id": list(surfaces.source_id)}, wide)
    assert same(surfaces_of(blobs, np.arange(COUNT), IDS), one_by_one(blobs))


def damaged(row: int, **changed: Any) -> bytes:
    """A row as another program may have written it."""
    surfaces = of_row(row)
    arrays = {
        "vertices": surfaces.polygons.vertices,
        "ring_start": surfaces.polygons.ring_start.astype(np.uint32),
        "polygon_start": surfaces.polygons.polygon_start.astype(np.uint32),
        "kind": surfaces.kind,
    }
    header = {"source_id": changed.pop("source_id", list(surfaces.source_id))}
    return pack(header, arrays | changed)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"nonsense",
        damaged(5, vertices=np.full((11, 3), np.nan)),
        damaged(5, vertices=np.full((11, 3), 1e10)),
        damaged(5, ring_start=np.array([0, 7, 3, 9, 11], np.uint32)),
        damaged(5, ring_start=np.array([1, 3, 7, 9, 11], np.uint32)),
        damaged(5, polygon_start=np.array([0, 1, 2, 3], np.uint32)),
        damaged(5, kind=np.array([0, 1, 99], np.uint8)),
        damaged(5, kind=np.array([0, 1], np.uint8)),
        damaged(5, source_id=["a", "b"]),
        damaged(5, source_id=["a", "b", 3]),
        pack_surfaces(of_row(5))[:-6],
    ],
)
def test_damage_names_its_building(blobs: list[bytes], wrong: bytes) -> None:
    blobs[5] = wrong
    with pytest.raises(KnownError, match="B5"):
        surfaces_of(blobs, np.arange(COUNT), IDS)


def test_no_two_rows_of_damage_make_up_for_each_other(blobs: list[bytes]) -> None:
    # Together they have as many corners, rings and names as they should.
    first, second = of_row(1), of_row(7)
    swapped = [*first.source_id, "one more"], list(second.source_id)[:-1]
    blobs[1] = damaged(1, source_id=swapped[0])
    blobs[7] = damaged(7, source_id=swapped[1])
    with pytest.raises(KnownError, match="B1"):
        surfaces_of(blobs, np.arange(COUNT), IDS)


def test_geometry_of_no_building_is_a_sentence(tmp_path: Path) -> None:
    from citytwin_desktop.project.project_file import ProjectFile

    project = ProjectFile.create(tmp_path / "empty.citytwin.gpkg")
    with project.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO ct_geometry (fid, key, data) VALUES (7, 'k', ?)", (pack_surfaces(of_row(2)),)
        )
    project.close()
    with pytest.raises(KnownError, match="row 7"):
        ProjectFile.open(project.path)
