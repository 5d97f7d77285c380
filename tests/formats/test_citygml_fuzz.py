"""Mutated and made-up CityGML never crashes, hangs, or passes nonsense on."""

# ruff: noqa: E501 - samples of XML read better on one line

import contextlib
import random
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.citygml.source import read, scan
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import ImportReport

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "citygml"
SAMPLES = ("Building_and_garage_LOD2_citygml3.gml", "FZKHouseLoD3-EnergyADE1.gml", "plateau_64413325_bldg_6697.gml")
NONSENSE = (
    b"NaN",
    b"-1e400",
    b"",
    b"1e308",
    b"0x10",
    b"1_000",
    b"\xc2\xa0",
    b"9" * 400,
    b"#",
    b"urn:x",
    b"&lt;",
    b"-",
    b"2",
)


def check(path: Path) -> None:
    """Read a file and see that what comes out is sound."""
    opened = OpenedSource(path, path.name)
    with contextlib.suppress(KnownError):
        scan(opened)
    report = ImportReport()
    try:
        city = read(opened, ImportOptions(), report)
    except KnownError:
        return
    polygons = city.polygons
    assert np.isfinite(polygons.vertices).all()
    assert len(city.kind) == len(city.owner) == len(polygons)
    assert (np.diff(city.owner) >= 0).all()
    assert not len(city.owner) or (city.owner[0] >= 0 and city.owner[-1] < len(city.rows))
    assert (np.diff(polygons.ring_start) >= 3).all()
    assert (np.diff(polygons.polygon_start) >= 1).all()
    assert all(row["id"] for row in city.rows)
    assert all(np.isfinite(layer.vertices).all() for _, layer in city.context)
    assert all(item.message.endswith(".") and item.code for item in report.items)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """A file with one to four faults."""
    for _ in range(rng.randint(1, 4)):
        kind = rng.randrange(6)
        tags = [match.span() for match in re.finditer(rb"<[^>]+>", data)]
        texts = [match.span(1) for match in re.finditer(rb">([^<>]+)<", data)]
        start, end = rng.choice(tags if kind < 3 or not texts else texts)
        if kind == 0:  # a tag is lost or doubled
            data = data[:start] + data[start:end] * rng.choice((0, 2)) + data[end:]
        elif kind == 1:  # an element is moved elsewhere
            other = rng.choice(tags)[0]
            data = data[:other] + data[start:end] + data[other:]
        elif kind == 2:  # an attribute or name is damaged
            tag = data[start:end]
            data = (
                data[:start]
                + tag.replace(*rng.choice(((b"gml:", b"bldg:"), (b"lod", b"lad"), (b"#", b"#x"), (b'="', b'="3'))))
                + data[end:]
            )
        elif kind == 3:  # a text becomes nonsense
            data = data[:start] + rng.choice(NONSENSE) + data[end:]
        elif kind == 4:  # a number in a list becomes nonsense
            words = data[start:end].split(b" ")
            words[rng.randrange(len(words))] = rng.choice(NONSENSE)
            data = data[:start] + b" ".join(words) + data[end:]
        else:  # a whole block changes its name everywhere
            name = rng.choice((b"exterior", b"posList", b"Polygon", b"surfaceMember", b"values", b"Solid", b"material"))
            data = data.replace(
                name, rng.choice((b"interior", b"pos", b"Ring", b"name", b"OrientableSurface", b"coordinates"))
            )
    return data


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not beside the repository")
@pytest.mark.parametrize("sample", SAMPLES)
def test_mutated_samples(tmp_path: Path, sample: str) -> None:
    rng = random.Random(sample)
    data = (DATA / sample).read_bytes()
    if len(data) > 60_000:  # a few members say as much as many
        data = re.sub(rb"(?s)(</core:cityObjectMember>).*(<core:cityObjectMember>)", rb"\1\2", data, count=1)
    path = tmp_path / "mutated.gml"
    for _ in range(40):
        path.write_bytes(mutated(data, rng))
        check(path)


WORDS = st.sampled_from(
    ("Building", "BuildingPart", "consistsOfBuildingPart", "boundedBy", "WallSurface", "lod2MultiSurface", "lod1Solid",
     "MultiSurface", "Solid", "exterior", "interior", "surfaceMember", "Polygon", "LinearRing", "posList", "pos", "OrientableSurface",
     "baseSurface", "CompositeSurface", "thermalZone", "ThermalZone", "values", "RegularTimeSeries", "stringAttribute",
     "value", "lod2ImplicitRepresentation", "ImplicitGeometry", "transformationMatrix", "relativeGMLGeometry", "height", "Road",
     "trafficArea", "TrafficArea", "tin", "Triangle", "address", "name", "CityObjectGroup", "groupMember", "coordinates")
)  # fmt: skip
SPACES = st.sampled_from(("b", "g", "c", "e", "x"))
TEXTS = st.sampled_from(
    ("", "0 0 0 4 0 0 4 5 0 0 0 0", "0 0 4 0 4 5 0 0", "nan nan nan", "1 2", "Ω", "1e999 0 0 0 0 0 1 1 1 1e999 0 0")
)


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def build(space: str, word: str, inner: list[str], mark: str) -> str:
        extra = {"id": ' g:id="a"', "link": ' xlink:href="#a"', "turn": ' orientation="-"', "": ""}[mark]
        return f"<{space}:{word}{extra}>{''.join(inner)}</{space}:{word}>"

    return st.builds(build, SPACES, WORDS, st.lists(children, max_size=4), st.sampled_from(("", "id", "link", "turn")))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(members=st.lists(element(st.recursive(TEXTS, element, max_leaves=20)), min_size=1, max_size=3))
def test_made_up_documents(tmp_path: Path, members: list[str]) -> None:
    path = tmp_path / "made.gml"
    inner = "".join(
        f"<c:cityObjectMember><b:Building>{text}</b:Building>{text}</c:cityObjectMember>" for text in members
    )
    path.write_text(
        '<c:CityModel xmlns:c="http://www.opengis.net/citygml/2.0" xmlns:g="http://www.opengis.net/gml" '
        'xmlns:b="http://www.opengis.net/citygml/building/2.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:e="http://www.sig3d.org/citygml/2.0/energy/1.0" xmlns:x="u:unknown">{inner}</c:CityModel>',
        encoding="utf-8",
    )
    check(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_random_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bytes.gml"
    path.write_bytes(data)
    with pytest.raises(KnownError):
        read(OpenedSource(path, path.name), ImportOptions(), ImportReport())
