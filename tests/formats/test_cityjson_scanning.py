"""The quick look at CityJSON files tells what is in them without loading them."""

import io
from pathlib import Path
from typing import Any

import pytest

from citytwin_desktop.formats.cityjson import scanning
from citytwin_desktop.formats.cityjson.scanning import scan_stream
from citytwin_desktop.formats.source_scan import SourceScan
from tests.conftest import box_city
from tests.formats.cityjson_samples import as_bytes, as_sequence


def look(document: Any) -> SourceScan:
    data = as_bytes(document)
    return scan_stream(io.BytesIO(data), "test.city.json", len(data))


def test_types_levels_extent_and_attributes_are_counted() -> None:
    document = box_city(count=7, attributes={"yearOfConstruction": 1931, "bouwjaar": 1930, "owner": "", "hoogte": 6})
    objects = document["CityObjects"]
    for number in range(7):
        objects[f"B{number}"]["attributes"]["plate"] = f"no. {number}"
    objects["B6"] |= {"type": "BuildingPart", "parents": ["B5"]}
    objects["B6"]["geometry"].append({"type": "MultiSurface", "lod": 1.2, "boundaries": []})
    for number in range(9):
        objects[f"road {number}"] = {"type": "Road", "attributes": {"lanes": 2}, "geometry": []}
    found = look(document)
    assert (found.format, found.exact, found.remarks, found.epsg) == ("CityJSON 2.0", True, (), 28992)
    assert list(found.types.items()) == [("Building", 6), ("BuildingPart", 1), ("Road", 9)]
    assert list(found.lods.items()) == [("1.2", 1), ("2", 7)]
    assert found.extent == pytest.approx((1000.0, 2000.0, 0.0, 1130.0, 2008.0, 6.0))
    summaries = {item.name: (item.count, item.samples) for item in found.attributes}
    assert summaries["yearOfConstruction"] == (7, ("1931",))
    assert summaries["plate"] == (7, tuple(f"no. {number}" for number in range(5)))
    assert "owner" not in summaries
    assert "lanes" not in summaries
    assert found.columns == {"year_built": "yearOfConstruction", "height_m": "hoogte"}


def test_a_missing_system_and_damaged_lines_are_told() -> None:
    assert "names no coordinate reference system" in look(box_city(crs=None)).remarks[0]
    lines = as_sequence(box_city(count=3)) + b"\n{broken\n[1]"
    found = look(lines)
    assert (found.format, found.types) == ("CityJSONSeq 2.0", {"Building": 3})
    assert found.remarks == ("2 lines are damaged and would be left out.",)


def test_of_a_long_sequence_the_beginning_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = as_sequence(box_city(count=4)).splitlines()
    monkeypatch.setattr(scanning, "SCANNED_BYTES", len(lines[0]) + len(lines[1]))
    found = look(b"\n".join(lines))
    assert (found.exact, found.types) == (False, {"Building": 2})


REAL = {
    "3-20-DELFSHAVEN.city.json": ("CityJSON 2.0", 28992, {"Building": 853}, {"2": 853}),
    "zurich_subset_lod2.city.json": ("CityJSON 1.1", 2056, {"Building": 49, "BuildingPart": 161}, {"2": 161}),
    "3dbag_delft_100.city.jsonl": (
        "CityJSONSeq 1.1",
        28992,
        {"Building": 99, "BuildingPart": 100},
        {"0": 99, "1.2": 100, "1.3": 100, "2.2": 100},
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared_data: Path, name: str) -> None:
    found = look((shared_data / "cityjson" / name).read_bytes())
    assert (found.format, found.epsg, dict(found.types), dict(found.lods)) == REAL[name]
