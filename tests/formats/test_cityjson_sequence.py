"""CityJSONSeq in all its forms, and packed files."""

import bz2
import gzip
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.formats.cityjson.source import read, scan
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import open_sources
from citytwin_desktop.formats.report import ImportReport
from tests.conftest import box_city
from tests.formats.cityjson_samples import as_bytes, as_sequence, read_bare, read_source


def test_a_sequence_reads_like_a_file() -> None:
    document = box_city(count=2)
    lines = as_sequence(document)
    whole = read_bare(document).surfaces.polygons.vertices
    np.testing.assert_array_equal(read_bare(lines).surfaces.polygons.vertices, whole)
    separated = b"\n\n".join(b"\x1e" + line for line in lines.splitlines())
    np.testing.assert_array_equal(read_bare(b"\xef\xbb\xbf" + separated).surfaces.polygons.vertices, whole)
    files = [document | {"CityObjects": {name: item}} for name, item in document["CityObjects"].items()]
    files[1]["transform"] = {"scale": [0.001] * 3, "translate": [5.0, 0.0, 0.0]}
    shifted = read_bare(b"\n".join(map(as_bytes, files))).surfaces.polygons.vertices
    np.testing.assert_allclose(shifted[24:] - whole[24:], [[5.0, 0.0, 0.0]] * 24)


def test_a_sequence_drops_what_lies_outside_the_box_as_it_comes() -> None:
    document = box_city(count=4)
    features = as_sequence(document).splitlines()
    for number in range(4):
        feature = json.loads(features[number + 1])
        feature["vertices"] = [
            corner if 8 * number <= place < 8 * number + 8 else document["vertices"][8 * number]
            for place, corner in enumerate(feature["vertices"])
        ]
        features[number + 1] = as_bytes(feature)
    source, report = read_source(b"\n".join(features), bbox=(1000.0, 2000.0, 1035.0, 2010.0))
    assert [row["id"] for row in source.rows] == ["B0", "B1"]
    assert source.objects == {"Building": 4}
    assert report.items == []


@pytest.mark.parametrize("packing", ["gzip", "bzip2", "zip", ""])
def test_packed_files_are_read_and_scanned(tmp_path: Path, packing: str) -> None:
    data = as_sequence(box_city(count=3))
    path = tmp_path / f"boxes.city.jsonl{'.' + packing if packing else ''}"
    if packing == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("boxes.city.jsonl", data)
    else:
        path.write_bytes({"gzip": gzip.compress, "bzip2": bz2.compress, "": bytes}[packing](data))
    opened = open_sources(path)[0]
    assert len(read(opened, ImportOptions(), ImportReport()).polygons) == 18
    found = scan(opened)
    assert (found.format, found.types, found.size_bytes) == ("CityJSONSeq 2.0", {"Building": 3}, path.stat().st_size)
