"""Terrain grids: heights where they belong, bounds kept, and everything that is no ground refused by name."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource, open_sources
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.terrain import grid as grid_module
from citytwin_desktop.formats.terrain import source as source_module
from citytwin_desktop.formats.terrain.simplification import simplified_grid
from citytwin_desktop.formats.terrain.source import read, scan

Writer = Callable[..., OpenedSource]


@pytest.fixture
def geotiff(tmp_path: Path) -> Writer:
    """Writer of a GeoTIFF of cells of 2 m whose upper left corner lies at 100,000, 450,000."""

    def write(values: Any, crs: str | None = "EPSG:28992", turn_deg: float = 0.0, **profile: Any) -> OpenedSource:
        import rasterio
        from affine import Affine

        units, scale = profile.pop("units", None), profile.pop("scale", None)
        bands = np.asarray(values) if np.asarray(values).ndim == 3 else np.asarray(values)[None]
        names = profile.pop("names", ())
        transform = Affine.translation(100_000, 450_000) @ Affine.rotation(turn_deg) @ Affine.scale(2, -2)
        path = tmp_path / "dem.tif"
        count, height, width = bands.shape
        shape = {"count": count, "height": height, "width": width, "dtype": bands.dtype.name}
        with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=transform, **shape, **profile) as out:
            out.write(bands)
            if units:
                out.units = (units,) * count
            if scale:
                out.scales, out.offsets = (scale[0],) * count, (scale[1],) * count
            for number, name in enumerate(names, start=1):
                out.set_band_description(number, name)
        return open_sources(path)[0]

    return write


def taken(opened: OpenedSource, **options: Any) -> tuple[Polygons, ImportReport, Any]:
    report = ImportReport()
    city = read(opened, ImportOptions(**options), report)
    assert not city.rows
    assert [kind for kind, _ in city.context] == [ContextKind.TERRAIN]
    return city.context[0][1], report, city


def hills(rows: int = 60, columns: int = 90) -> Any:
    row, column = np.mgrid[:rows, :columns].astype(np.float64)
    return 20.0 + 5.0 * np.sin(column / 9.0) * np.cos(row / 7.0)


def surface_at(polygons: Polygons, xy: Any) -> Any:
    from matplotlib.tri import LinearTriInterpolator, Triangulation

    corners, inverse = np.unique(polygons.vertices, axis=0, return_inverse=True)
    mesh = Triangulation(corners[:, 0], corners[:, 1], inverse.reshape(-1, 3))
    return LinearTriInterpolator(mesh, corners[:, 2])(*xy.T)


@pytest.mark.parametrize("tolerance_m", [0.05, 0.25, 1.0])
@pytest.mark.parametrize("shape", [(60, 90), (2, 33), (65, 65), (37, 5)])
def test_no_cell_is_further_than_the_tolerance(tolerance_m: float, shape: tuple[int, int]) -> None:
    ground = hills(*shape) + np.random.default_rng(3).normal(0.0, 0.02, shape)
    corners = simplified_grid(ground, tolerance_m)
    rows, columns = corners[..., 0].ravel(), corners[..., 1].ravel()
    vertices = np.column_stack([columns, rows, ground[rows, columns]]).astype(float)
    starts = np.arange(len(corners) + 1)
    row, column = np.indices(shape)
    found = surface_at(Polygons(vertices, starts * 3, starts), np.column_stack([column.ravel(), row.ravel()]))
    assert not np.ma.getmaskarray(found).any()
    assert np.abs(found - ground.ravel()).max() <= tolerance_m + 1e-9
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    assert (area < 0).all() or (area > 0).all()
    assert abs(area.sum()) / 2 == (shape[0] - 1) * (shape[1] - 1), "neither gaps nor overlaps"


def test_flat_ground_makes_few_triangles_and_holes_stay_open() -> None:
    ground = np.full((257, 257), 3.0)
    assert len(simplified_grid(ground, 0.1)) == 2
    ground[100, 100] = np.nan
    corners = simplified_grid(ground, 0.1)
    assert 8 < len(corners) < 200
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    lost = 256**2 - abs((first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]).sum()) / 2
    assert 2.0 <= lost <= 4.0, "only the cells that touch the hole are missing"


def test_heights_lie_at_the_middles_of_cells(geotiff: Writer) -> None:
    ground = np.arange(12.0).reshape(3, 4).astype(np.float32) ** 2
    polygons, report, city = taken(geotiff(ground))
    assert city.reference.name == "EPSG:28992"
    expected = {(100_001.0 + 2 * c, 449_999.0 - 2 * r): float(ground[r, c]) for r in range(3) for c in range(4)}
    assert {(x, y): z for x, y, z in polygons.vertices.tolist()} == expected
    assert (polygons.normals[:, 2] > 0.0).all()
    assert polygons.area_vectors_m2[:, 2].sum() == pytest.approx(6 * 4)
    assert [item.code for item in report.items] == ["terrain_simplified"]


def test_a_turned_grid_is_turned(geotiff: Writer) -> None:
    polygons, _, _ = taken(geotiff(hills(8, 8).astype(np.float32), turn_deg=30.0))
    half, root = np.sin(np.pi / 6), np.cos(np.pi / 6)
    corner = np.array([100_000 + root + half, 450_000 + half - root])
    assert np.abs(polygons.vertices[:, :2] - corner).sum(axis=1).min() < 1e-6
    assert (polygons.normals[:, 2] > 0.0).all()
    assert polygons.area_vectors_m2[:, 2].sum() == pytest.approx((7 * 2) ** 2)


def test_no_data_scale_offset_and_feet(geotiff: Writer) -> None:
    ground = np.full((5, 5), 1000, np.int16)
    ground[0, 0] = -32768
    polygons, report, _ = taken(geotiff(ground, nodata=-32768, scale=(0.1, -50.0), units="ft"))
    assert polygons.vertices[:, 2] == pytest.approx(50.0 * 0.3048)
    assert not (np.abs(polygons.vertices[:, :2] - [100_001, 449_999]).sum(axis=1) < 1e-6).any()
    assert {item.code for item in report.items} == {"terrain_gaps", "terrain_simplified"}


def test_metres_stated_in_a_map_of_feet_stay_metres(geotiff: Writer) -> None:
    polygons, _, _ = taken(geotiff(np.full((3, 3), 100.0), crs="EPSG:2263", units="metre"))
    # Bringing the coordinates home multiplies heights by the foot of the map.
    assert polygons.vertices[:, 2] * 1200.0 / 3937.0 == pytest.approx(100.0)


def test_impossible_elevations_are_left_out_and_counted(geotiff: Writer) -> None:
    ground = hills(10, 10).astype(np.float32)
    ground[4, 4], ground[5, 5], ground[0, 9] = -9999.0, np.inf, 3.4e38
    polygons, report, _ = taken(geotiff(ground))
    assert 0.0 < polygons.vertices[:, 2].min() < polygons.vertices[:, 2].max() < 30.0
    assert next(item for item in report.items if item.code == "terrain_absurd").message.startswith("3 cells")


def test_only_the_box_is_read(geotiff: Writer) -> None:
    opened = geotiff(hills().astype(np.float32))
    polygons, _, _ = taken(opened, bbox=(100_040.0, 449_940.0, 100_060.0, 449_960.0))
    low, high = polygons.vertices[:, :2].min(axis=0), polygons.vertices[:, :2].max(axis=0)
    assert (low >= [100_036, 449_936]).all()
    assert (low <= [100_040, 449_940]).all()
    assert (high <= [100_064, 449_964]).all()
    report = ImportReport()
    assert not read(opened, ImportOptions(bbox=(0.0, 0.0, 1.0, 1.0)), report).context
    assert [item.code for item in report.items] == ["terrain_not_chosen"]
    assert not read(opened, ImportOptions(types=("Building",)), ImportReport()).context


def test_a_large_grid_is_thinned_and_said_so(geotiff: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_module.read_grid, "__defaults__", (400,))
    slope = np.add.outer(np.zeros(100), np.arange(100.0)).astype(np.float32)
    polygons, report, _ = taken(geotiff(slope))
    assert "terrain_thinned" in {item.code for item in report.items}
    # A plane stays the same plane when its cells are averaged: z = (x - 100,001) / 2.
    assert polygons.vertices[:, 2] == pytest.approx((polygons.vertices[:, 0] - 100_001.0) / 2.0, abs=1e-4)


def test_too_many_triangles_raise_the_tolerance(geotiff: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "MOST_TRIANGLES", 400)
    rough = np.random.default_rng(1).normal(10.0, 2.0, (40, 40)).astype(np.float32)
    polygons, report, _ = taken(geotiff(rough))
    assert len(polygons) <= 400
    assert "0.25 m" not in report.items[-1].message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n", "cannot be read as a grid"),
        ("ncols 3\nnrows two\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n", "cannot be read as a grid"),
        ("ncols 900000\nnrows 900000\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n", "810 thousand million cells"),
        ("ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -1\n-1 -1 -1 -1\n", "no elevation"),
        ("ncols 1\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n4 5\n", "too few"),
        ("ncols 2\nnrows 2\nxllcorner nan\nyllcorner 0\ncellsize 1\n4 5 6 7\n", "no usable size|cannot be read"),
        ("<VRTDataset rasterXSize='1' rasterYSize='1'/>", "cannot be read as a grid"),
    ],
)
def test_damaged_ascii_grids_are_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "g.asc").write_text(text, encoding="ascii")
    opened = open_sources(tmp_path / "g.asc")[0]
    with pytest.raises(KnownError, match=words):
        read(opened, ImportOptions(), ImportReport())


def test_an_ascii_grid_without_system_has_an_empty_reference(tmp_path: Path) -> None:
    rows = "\n".join(" ".join(f"{value:.2f}" for value in row) for row in hills(6, 7))
    head = "ncols 7\nnrows 6\nxllcenter 500\nyllcenter 900\ncellsize 10\nNODATA_value -9999\n"
    (tmp_path / "g.asc").write_text(head + rows, encoding="ascii")
    opened = open_sources(tmp_path / "g.asc")[0]
    polygons, _, city = taken(opened)
    assert city.reference.name == ""
    assert polygons.vertices[:, :2].min(axis=0) == pytest.approx([500.0, 900.0])
    found = scan(opened)
    assert (found.format, found.epsg, found.types) == ("ASCII grid", 0, {"TerrainGrid": 1})
    assert "names no coordinate reference system" in found.remarks[0]
    assert found.extent == pytest.approx((495.0, 895.0, hills(6, 7).min(), 565.0, 955.0, hills(6, 7).max()), abs=0.01)


def test_pictures_are_no_terrain(geotiff: Writer) -> None:
    picture = np.zeros((3, 4, 4), np.uint8)
    with pytest.raises(KnownError, match="has 3 bands and none is named elevation"):
        scan(geotiff(picture))
    polygons, _, _ = taken(geotiff(np.stack([hills(6, 6), hills(6, 6) * 0]), names=("Elevation", "Slope")))
    assert polygons.vertices[:, 2].max() > 15.0
    with pytest.raises(KnownError, match="complex numbers"):
        scan(geotiff(np.zeros((4, 4), np.complex64)))


def test_a_grid_without_place_is_refused(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (8, 8)).save(tmp_path / "photo.tif")
    with pytest.raises(KnownError, match="does not say where its cells lie"):
        scan(open_sources(tmp_path / "photo.tif")[0])


def test_mutated_grids_never_crash(geotiff: Writer, tmp_path: Path) -> None:
    data = geotiff(hills(20, 20).astype(np.float32), compress="deflate").path.read_bytes()
    rng = np.random.default_rng(7)
    for number in range(60):
        mutated = bytearray(data)
        for place in rng.integers(0, len(data), rng.integers(1, 12)):
            mutated[place] = rng.integers(256)
        if number % 3 == 0:
            mutated = mutated[: rng.integers(8, len(mutated))]
        path = tmp_path / f"m{number}.tif"
        path.write_bytes(bytes(mutated))
        try:
            city = read(OpenedSource(path, path.name), ImportOptions(), ImportReport())
        except KnownError:
            continue
        for _, polygons in city.context:
            assert np.isfinite(polygons.vertices).all()


def test_the_terrain_of_zug(shared_data: Path) -> None:
    archive = shared_data / "cea" / "cea_reference_case_inputs.zip"
    opened = next(item for item in open_sources(archive) if item.name.endswith("terrain.tif"))
    assert opened.packing == "zip"
    found = scan(opened)
    assert (found.epsg, found.remarks[-1][:17]) == (32732, "It has 27 × 31 ce")
    polygons, _, _ = taken(opened)
    span = polygons.vertices.max(axis=0) - polygons.vertices.min(axis=0)
    assert span[:2] == pytest.approx([26 * 30.0, 30 * 30.0])
    assert polygons.vertices[:, 1].min() > 15_200_000.0, "the source's own coordinates"
    with zipfile.ZipFile(archive) as members:
        assert opened.member in members.namelist()
