"""Packed sources unpack within limits, whatever they claim."""

import bz2
import gzip
import io
import zipfile
from pathlib import Path

import pytest

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats import opened_source
from citytwin_desktop.formats.opened_source import open_sources

TEXT = b"a city file " * 1000


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), ("", bytes)])
def test_a_packed_file_reads_as_what_it_packs(tmp_path: Path, ending: str, pack: object) -> None:
    path = tmp_path / f"x.gml{ending}"
    path.write_bytes(pack(TEXT))  # type: ignore[operator]
    (opened,) = open_sources(path)
    assert opened.name == "x.gml"
    assert opened.read() == TEXT
    assert opened.head(10) == TEXT[:10]
    with opened.on_disk() as place:
        assert place.read_bytes() == TEXT
    assert place.exists() == (ending == "")


def test_a_packing_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(gzip.compress(TEXT))
    assert open_sources(path)[0].read() == TEXT


def test_members_of_an_archive_never_leave_the_folder_they_are_unpacked_to(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"../../evil.gml": TEXT, "/etc/other.gml": TEXT})
    for opened in open_sources(path):
        with opened.on_disk() as place:
            assert place.read_bytes() == TEXT
            assert place.parent.name.startswith("citytwin-import-")
    assert not (tmp_path.parent / "evil.gml").exists()


def test_files_of_a_shapefile_are_unpacked_together(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"d/a.shp": TEXT, "d/a.dbf": b"b", "d/a.prj": b"p", "d/b.dbf": b"other"})
    shape = next(item for item in open_sources(path) if item.name.endswith(".shp"))
    with shape.on_disk() as place:
        assert {item.name for item in place.parent.iterdir()} == {"a.shp", "a.dbf", "a.prj"}


def test_a_bomb_is_refused_before_it_fills_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened_source, "FREE_UNPACKED_BYTES", 1 << 20)
    path = tmp_path / "bomb.gml.gz"
    path.write_bytes(gzip.compress(bytes(64 << 20)))
    with pytest.raises(KnownError, match="unpacks to over"):
        open_sources(path)[0].read()
    archive = zipped(tmp_path / "bomb.zip", {"x.gml": bytes(64 << 20)})
    with pytest.raises(KnownError, match="unpacks to over"), open_sources(archive)[0].on_disk():
        pass


def test_an_archive_that_claims_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened_source, "MOST_UNPACKED_BYTES", 1 << 10)
    with pytest.raises(KnownError, match="claims to hold"):
        open_sources(zipped(tmp_path / "x.zip", {"x.gml": TEXT}))
    monkeypatch.setattr(opened_source, "MOST_MEMBERS", 1)
    with pytest.raises(KnownError, match="holds 2 files"):
        open_sources(zipped(tmp_path / "y.zip", {"x.gml": b"", "y.gml": b""}))


def test_damaged_packings_end_in_a_sentence(tmp_path: Path) -> None:
    whole = gzip.compress(TEXT)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.gml", TEXT)
    samples = {
        "cut.gz": whole[: len(whole) // 2],
        "wrong.gz": whole[:20] + b"\x00\xff" * 20 + whole[60:],
        "cut.bz2": bz2.compress(TEXT)[:-20],
        "wrong.zip": buffer.getvalue()[:40] + b"\xff" * 20 + buffer.getvalue()[60:],
        "cut.zip": buffer.getvalue()[:60],
    }
    for name, data in samples.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(KnownError, match="undamaged copy"):
            [item.read() for item in open_sources(path)]


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "missing", "does not exist"), (tmp_path, "is a folder"), (Path("/dev/zero"), "no")):
        with pytest.raises(KnownError, match=words):
            open_sources(path)
