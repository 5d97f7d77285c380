"""Backgrounds and turntables: files in, files out."""

import io
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
from PIL import Image

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene import backdrop
from citytwin_desktop.scene.backdrop import ground_picture, open_backdrop, seen_ground
from citytwin_desktop.scene.backdrop_view import BackdropView
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.frame_writer import FrameWriter
from citytwin_desktop.scene.mbtiles import WORLD_M, TileFile
from citytwin_desktop.scene.turntable import PictureFolder, VideoFile, turn

EAST, NORTH = 121_000.0, 487_000.0
RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture(autouse=True)
def _small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backdrop, "LARGEST_PX", 384)


@pytest.fixture
def placed(boxes: CityModel) -> CityModel:
    """The boxes somewhere in Amsterdam."""
    from dataclasses import replace

    return replace(boxes, origin=(EAST, NORTH, 0.0))


def halves(low: tuple[float, float], high: tuple[float, float], path: Path, crs: Any) -> Path:
    """A GeoTIFF, red in the west and blue in the east of x = 30 m."""
    picture = np.zeros((3, 90, 100), np.uint8)
    east = low[0] + (np.arange(100) + 0.5) / 100 * (high[0] - low[0]) > 30.0
    picture[:] = np.where(east, np.array(BLUE)[:, None], np.array(RED)[:, None])[:, None, :]
    wide, high_px = (high[0] - low[0]) / 100, (high[1] - low[1]) / 90
    place = rasterio.Affine(wide, 0.0, EAST + low[0], 0.0, -high_px, NORTH + high[1])
    kind = {"driver": "GTiff", "width": 100, "height": 90, "count": 3, "dtype": "uint8"}
    with rasterio.open(path, "w", crs=crs, transform=place, **kind) as file:
        file.write(picture)
    return path


def tiles_file(path: Path, zoom: int = 17, kind: str = "png", data: bytes | None = None) -> Path:
    """Tiles about the city, red where x in EPSG:3857 is west of the city's middle and blue east of it."""
    x, y = pyproj.Transformer.from_crs(28992, 3857, always_xy=True).transform(EAST + 30.0, NORTH + 30.0)
    side = 2 * WORLD_M / 2**zoom
    column, row = int((x + WORLD_M) // side), int((WORLD_M - y) // side)
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    base.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
    base.execute("INSERT INTO metadata VALUES ('format', ?)", (kind,))
    for across in (-1, 0, 1):
        edge = (column + across) * side - WORLD_M
        west = edge + (np.arange(256) + 0.5) / 256 * side < x
        pixels = np.broadcast_to(np.where(west[:, None], RED, BLUE).astype(np.uint8), (256, 256, 3))
        stream = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG")
        for down in (-1, 0, 1):
            place = (zoom, column + across, 2**zoom - 1 - (row + down))
            base.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (*place, data or stream.getvalue()))
    base.commit()
    base.close()
    return path


LOW, HIGH = np.array([-60.0, -60.0]), np.array([120.0, 120.0])


def colour_at(picture: Any, x: float, y: float) -> tuple[int, ...]:
    height, width = picture.rgba.shape[:2]
    place = (np.array([x, y]) - picture.low) / (picture.high - picture.low)
    return tuple(int(part) for part in picture.rgba[int(place[1] * height), int(place[0] * width)])


@pytest.mark.parametrize("crs", ["EPSG:28992", None])
def test_a_picture_lies_where_its_file_says(tmp_path: Path, placed: CityModel, crs: Any) -> None:
    source = open_backdrop(halves((-40.0, -30.0), (90.0, 100.0), tmp_path / "photo.tif", crs), placed)
    picture = ground_picture(source, placed, LOW, HIGH)
    assert colour_at(picture, 25.0, 20.0) == (*RED, 255)
    assert colour_at(picture, 35.0, 20.0) == (*BLUE, 255)
    assert colour_at(picture, -50.0, 20.0)[3] == 0
    assert colour_at(picture, 25.0, 110.0)[3] == 0


def test_tiles_are_brought_into_the_system_of_the_city(tmp_path: Path, placed: CityModel) -> None:
    path = tiles_file(tmp_path / "map.mbtiles")
    before = path.read_bytes()
    source = open_backdrop(path, placed)
    picture = ground_picture(source, placed, LOW, HIGH)
    # The Dutch grid is turned a little against the meridian here: 30 m at a height of 30 m is where the colours meet.
    assert colour_at(picture, 27.0, 30.0) == (*RED, 255)
    assert colour_at(picture, 33.0, 30.0) == (*BLUE, 255)
    source.close()
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["map.mbtiles"]  # nothing was written beside it


def test_a_background_is_drawn_on_the_ground_under_the_houses(tmp_path: Path, placed: CityModel, plotter: Any) -> None:
    scene = CityScene(plotter, "light")
    scene.set_city(placed)
    scene.set_camera(OrbitCamera((30.0, 30.0, 0.0), 160.0, 180.0, 90.0))
    plotter.render()
    bare = np.asarray(plotter.screenshot(return_img=True)).astype(int)
    source = open_backdrop(halves((-40.0, -30.0), (90.0, 100.0), tmp_path / "photo.tif", "EPSG:28992"), placed)
    view = BackdropView(scene)
    view.show(ground_picture(source, placed, *seen_ground(scene.camera, placed, 1.6)))
    plotter.render()
    drawn = np.asarray(plotter.screenshot(return_img=True)).astype(int)

    def pixel(x: float, y: float, z: float = 0.0) -> tuple[int, int]:
        across, down = scene.camera.pixel(np.array([x, y, z]), 320, 200)
        return round(down), round(across)

    assert drawn[pixel(17.0, -8.0)] @ (1, 0, -1) > 80  # red
    assert drawn[pixel(43.0, -8.0)] @ (1, 0, -1) < -80  # blue
    roof = pixel(5.0, 5.0, 6.0)
    assert np.abs(drawn[roof] - bare[roof]).max() < 3
    view.set_opacity(0.3)
    plotter.render()
    faint = np.asarray(plotter.screenshot(return_img=True)).astype(int)
    place = pixel(17.0, -8.0)
    assert 0 < faint[place] @ (1, 0, -1) < 0.6 * (drawn[place] @ (1, 0, -1))
    scene.set_theme("light")  # all actors are made anew
    plotter.render()
    assert np.abs(np.asarray(plotter.screenshot(return_img=True)).astype(int) - faint).max() < 40
    view.remove()
    plotter.render()
    assert np.array_equal(np.asarray(plotter.screenshot(return_img=True)).astype(int), bare)


def test_the_ground_that_is_seen_is_bounded(placed: CityModel) -> None:
    for camera in (OrbitCamera(elevation_deg=2.0), OrbitCamera(distance_m=2e5), OrbitCamera(elevation_deg=-30.0)):
        for parallel in (False, True):
            from dataclasses import replace

            low, high = seen_ground(replace(camera, parallel=parallel), placed, 1.6)
            assert np.isfinite([*low, *high]).all()
            assert (high > low).all()
            assert (high - low).max() < 20_000.0


def refusal(path: Path, city: CityModel) -> str:
    """The sentence that a file is refused with."""

    def use() -> None:
        source = open_backdrop(path, city)
        try:
            ground_picture(source, city, LOW, HIGH)
        finally:
            source.close()

    with pytest.raises(KnownError) as refused:
        use()
    return str(refused.value)


def test_files_that_are_no_background_are_refused_by_name(tmp_path: Path, placed: CityModel) -> None:
    text = tmp_path / "fake.mbtiles"
    text.write_text("no database at all")
    assert "no SQLite database" in refusal(text, placed)
    empty = tmp_path / "empty.mbtiles"
    sqlite3.connect(empty).executescript("CREATE TABLE x (y); INSERT INTO x VALUES (1);")
    assert "a table that MBTiles files have is missing" in refusal(empty, placed)
    vector = refusal(tiles_file(tmp_path / "vector.mbtiles", kind="pbf"), placed)
    assert "vector tiles" in vector
    assert "vector.mbtiles" in vector
    assert "no PNG, JPEG or WebP" in refusal(tiles_file(tmp_path / "junk.mbtiles", data=b"\x1a\x45junk"), placed)
    wide = io.BytesIO()
    Image.new("RGB", (2048, 2048)).save(wide, "PNG")
    assert "2048×2048" in refusal(tiles_file(tmp_path / "wide.mbtiles", data=wide.getvalue()), placed)
    assert "zoom levels" in refusal(tiles_file(tmp_path / "deep.mbtiles", zoom=30), placed)
    bare = tmp_path / "photo.png"
    Image.new("RGB", (10, 10)).save(bare)
    assert "world file" in refusal(bare, placed)
    (tmp_path / "photo.pgw").write_text("1.0\n0\n0\n-1.0\n9000000\n9000000\n")
    assert "km from the city" in refusal(bare, placed)
    assert "not there any more" in refusal(tmp_path / "gone.tif", placed)
    assert "no background" in refusal(_touched(tmp_path / "notes.txt"), placed)
    broken = _touched(tmp_path / "broken.tif")
    assert "cannot be read" in refusal(broken, placed)
    assert "no coordinate system" in refusal(bare, CityModel())


def test_a_hostile_view_in_an_mbtiles_file_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "endless.mbtiles"
    base = sqlite3.connect(path)
    base.executescript(
        "CREATE TABLE metadata (name TEXT, value TEXT);"
        "CREATE VIEW tiles AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
        " SELECT x AS zoom_level, x AS tile_column, x AS tile_row, x AS tile_data FROM n;"
    )
    base.close()
    with pytest.raises(KnownError, match="interrupted"):
        TileFile(path)


def test_a_turn_goes_once_round(tmp_path: Path) -> None:
    cameras = turn(OrbitCamera(azimuth_deg=200.0), 8)
    assert [round(camera.azimuth_deg) for camera in cameras] == [200, 245, 290, 335, 20, 65, 110, 155]
    for wrong in (0, 10**6):
        with pytest.raises(KnownError):
            turn(OrbitCamera(), wrong)
    folder = tmp_path / "turn"
    writer = FrameWriter(PictureFolder(folder, 3))
    for shade in (10, 20, 30):
        writer.put(np.full((6, 8, 3), shade, np.uint8))
    writer.end()
    writer.wait()
    writer.raise_error()
    assert [path.name for path in sorted(folder.iterdir())] == [f"turntable_000{n}.png" for n in (1, 2, 3)]
    assert np.asarray(Image.open(folder / "turntable_0002.png"))[0, 0, 0] == 20
    stopped = FrameWriter(PictureFolder(tmp_path / "stopped", 3))
    stopped.put(np.zeros((6, 8, 3), np.uint8))
    stopped.give_up()
    stopped.wait()
    assert not (tmp_path / "stopped").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="stands in for ffmpeg with a script")
def test_a_video_is_piped_through_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys\ndata = sys.stdin.buffer.read()\nopen(sys.argv[-1], 'wb').write(data)\n"
        "open(sys.argv[-1] + '.arguments', 'w').write(' '.join(sys.argv))\n"
        "sys.stderr.write('no such encoder' if len(data) == 36 else ''); sys.exit(len(data) == 36)\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent) + os.pathsep + os.environ["PATH"])
    out = tmp_path / "city; rm -rf.mp4"
    writer = FrameWriter(VideoFile(out, (5, 3), 25))
    for _ in range(2):
        writer.put(np.full((3, 5, 3), 7, np.uint8))
    writer.end()
    writer.wait()
    writer.raise_error()
    assert out.read_bytes() == bytes([7]) * (2 * 4 * 2 * 3)  # even sides
    assert "-s 4x2 -r 25" in (tmp_path / "city; rm -rf.part.mp4.arguments").read_text()
    failing = FrameWriter(VideoFile(tmp_path / "bad.mp4", (4, 3), 25))
    failing.put(np.zeros((3, 4, 3), np.uint8)[:, :, :])
    failing.put(np.zeros((3, 2, 3), np.uint8))
    failing.end()
    failing.wait()
    with pytest.raises(KnownError, match="no such encoder"):
        failing.raise_error()
    assert not list(tmp_path.glob("bad*.mp4"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KnownError, match="not installed"):
        VideoFile(out, (4, 4), 25)


def _touched(path: Path) -> Path:
    path.write_bytes(b"nothing of use")
    return path
