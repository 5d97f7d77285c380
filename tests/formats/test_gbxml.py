"""gbXML: the sample house, a made one in feet with known values, hostile files."""

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.gbxml.source import read, scan
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import open_sources
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity
from tests.formats.footprint_samples import codes

FOOT = 0.3048
BTU = 5.678263


def read_text(folder: Path, text: str | bytes) -> tuple[SourceCity, ImportReport]:
    path = folder / "house.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_path(path)


def read_path(path: Path) -> tuple[SourceCity, ImportReport]:
    report = ImportReport()
    return read(open_sources(path)[0], ImportOptions(), report), report


def loop(*points: tuple[float, float, float]) -> str:
    corners = "".join(
        "<CartesianPoint>" + "".join(f"<Coordinate>{value}</Coordinate>" for value in point) + "</CartesianPoint>"
        for point in points
    )
    return f"<PlanarGeometry><PolyLoop>{corners}</PolyLoop></PlanarGeometry>"


def surface(name: str, kind: str, geometry: str, construction: str = "", spaces: tuple[str, ...] = ("s1",)) -> str:
    adjacent = "".join(f'<AdjacentSpaceId spaceIdRef="{space}"/>' for space in spaces)
    used = f'constructionIdRef="{construction}"' if construction else ""
    return f'<Surface id="{name}" surfaceType="{kind}" {used}>{adjacent}{geometry}</Surface>'


WINDOW = (
    '<Opening id="w1" openingType="FixedWindow" windowTypeIdRef="glass">'
    + loop((4, 0, 3), (8, 0, 3), (8, 0, 6), (4, 0, 6))
    + "</Opening>"
)
DOOR = (
    '<Opening id="d1" openingType="NonSlidingDoor">'
    + loop((12, 0, 0), (15, 0, 0), (15, 0, 7), (12, 0, 7))
    + "</Opening>"
)
# A box of 20 by 10 by 10 feet.
BOX = [
    surface("south", "ExteriorWall", loop((0, 0, 0), (20, 0, 0), (20, 0, 10), (0, 0, 10)) + WINDOW + DOOR, "brick"),
    surface("east", "ExteriorWall", loop((20, 0, 0), (20, 10, 0), (20, 10, 10), (20, 0, 10)), "layered"),
    surface("north", "ExteriorWall", loop((20, 10, 0), (0, 10, 0), (0, 10, 10), (20, 10, 10)), "brick"),
    surface(
        "west",
        "UndergroundWall",
        "<RectangularGeometry><Azimuth>270</Azimuth><CartesianPoint><Coordinate>0</Coordinate><Coordinate>10</Coordinate>"
        "<Coordinate>0</Coordinate></CartesianPoint><Tilt>90</Tilt><Height>10</Height><Width>10</Width></RectangularGeometry>",
    ),
    surface("roof", "Roof", loop((0, 0, 10), (20, 0, 10), (20, 10, 10), (0, 10, 10)), "top"),
    surface("slab", "SlabOnGrade", loop((0, 10, 0), (20, 10, 0), (20, 0, 0), (0, 0, 0)), "top"),
    surface("inside", "InteriorWall", loop((5, 0, 0), (5, 10, 0), (5, 10, 10)), "brick", ("s1", "s2")),
    surface("shade", "Shade", loop((50, 0, 0), (50, 10, 0), (50, 10, 10)), "", ()),
]


def house(
    surfaces: list[str] | None = None, more: str = "", units: str = 'lengthUnit="Feet" areaUnit="SquareFeet"'
) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<gbXML xmlns="http://www.gbxml.org/schema" {units} volumeUnit="CubicFeet" version="6.01">
<Campus id="c"><Name>Farm</Name>
<Location><Latitude>52.5</Latitude><Longitude>13.4</Longitude><CADModelAzimuth>30</CADModelAzimuth></Location>
<Building id="b1" buildingType="SchoolOrUniversity"><Area>200</Area>
<BuildingStorey id="l0"><Level>0</Level></BuildingStorey><BuildingStorey id="l1"><Level>9</Level></BuildingStorey>
<BuildingStorey id="cellar"><Level>-9</Level></BuildingStorey>
<Space id="s1" zoneIdRef="z" conditionType="Heated"><Name>Room</Name>
<PeopleNumber unit="SquareFtPerPerson">100</PeopleNumber>
<LightPowerPerArea unit="WattPerSquareFoot">1</LightPowerPerArea><AirChangesPerHour>0.5</AirChangesPerHour>
<Area>150</Area><Volume>1500</Volume></Space>
<Space id="s2"><Name>Store</Name><Area>50</Area><AirChangesPerHour>0.1</AirChangesPerHour></Space></Building>
{"".join(BOX if surfaces is None else surfaces)}</Campus>
<Construction id="brick"><Name>Brick</Name><U-value unit="BtuPerHourSquareFtF">0.1</U-value></Construction>
<Construction id="layered"><Name>Layers</Name><LayerId layerIdRef="l"/></Construction>
<Construction id="top"><U-value unit="WPerSquareMeterK">0.2</U-value></Construction>
<Layer id="l"><MaterialId materialIdRef="wool"/><MaterialId materialIdRef="board"/></Layer>
<Material id="wool"><Thickness unit="Meters">0.1</Thickness>
<Conductivity unit="WPerMeterK">0.04</Conductivity></Material>
<Material id="board"><R-value unit="SquareMeterKPerW">0.1</R-value></Material>
<WindowType id="glass"><Name>Double</Name><U-value unit="WPerSquareMeterK">1.3</U-value>
<SolarHeatGainCoeff unit="Fraction" solarIncidentAngle="60">0.5</SolarHeatGainCoeff>
<SolarHeatGainCoeff unit="Fraction" solarIncidentAngle="0">0.6</SolarHeatGainCoeff></WindowType>
<Zone id="z"><DesignHeatT unit="F">68</DesignHeatT><DesignCoolT unit="C">0</DesignCoolT></Zone>{more}</gbXML>"""


def test_sample_house(shared_data: Path) -> None:
    path = shared_data / "gbxml" / "detached_house.xml"
    found = scan(open_sources(path)[0])
    assert {key: found.types[key] for key in ("Building", "Space", "Surface", "Opening")} == {
        "Building": 1, "Space": 11, "Surface": 67, "Opening": 11,
    }  # fmt: skip
    city, report = read_path(path)
    kinds = np.bincount(city.kind, minlength=8)
    assert kinds[[SurfaceKind.WALL, SurfaceKind.ROOF, SurfaceKind.WINDOW, SurfaceKind.DOOR]].tolist() == [20, 6, 9, 2]
    assert kinds[SurfaceKind.GROUND] == 4
    row = city.rows[0]
    assert (row["wall_u_value_w_m2k"], row["window_u_value_w_m2k"]) == (1.4166, 1.5652)
    assert row["value_origins"]["wall_u_value_w_m2k"] == [1.4166, "gbXML “EP_ExternalWall_Cavity”"]
    # Roof of 6.0175 W/m2K and 86.267 m2 above a ceiling of 0.357567 W/m2K and 60.671 m2.
    assert row["roof_u_value_w_m2k"] == pytest.approx(1 / (1 / 6.017519 + 86.26665 / (0.357567 * 60.670941)), abs=2e-4)
    assert "heating_setpoint_c" not in row  # exported as 0 °C
    assert row["storeys"] == 2.0
    assert city.metadata == {"local": True, "latitude_deg": 51.48, "longitude_deg": -0.45}
    assert codes(report).count("slab_not_on_grade") == 2


def test_a_house_in_feet(tmp_path: Path) -> None:
    city, report = read_text(tmp_path, house())
    areas: dict[int, float] = {}
    for kind, area in zip(city.kind.tolist(), city.polygons.areas_m2.tolist(), strict=True):
        areas[kind] = areas.get(kind, 0.0) + area / FOOT**2
    assert areas == pytest.approx({0: 600.0 - 33.0, 1: 200.0, 2: 200.0, 3: 12.0, 4: 21.0})
    assert sorted(set(np.round(city.polygons.vertices.max(axis=0) / FOOT, 9))) == [10.0, 20.0]
    row = city.rows[0]
    assert (row["id"], row["function"], row["name"], row["storeys"], row["lod"]) == (
        "b1",
        "education",
        "Farm",
        2.0,
        "3",
    )
    layered = 1.0 / (0.1 / 0.04 + 0.1 + 0.17)
    expected = (0.1 * BTU * (400 - 33) + layered * 100) / (500 - 33)
    assert row["wall_u_value_w_m2k"] == pytest.approx(expected, abs=1e-4)
    assert (row["window_u_value_w_m2k"], row["window_g_value"], row["roof_u_value_w_m2k"]) == (1.3, 0.6, 0.2)
    assert row["heating_setpoint_c"] == pytest.approx(20.0)
    assert "cooling_setpoint_c" not in row
    assert row["infiltration_ach"] == pytest.approx((0.5 * 150 + 0.1 * 50) / 200)
    assert row["people_per_m2"] == pytest.approx(1 / (100 * FOOT**2), abs=1e-4)
    assert row["lighting_w_m2"] == pytest.approx(1 / FOOT**2, abs=1e-3)
    assert {"interior_left_out", "model_azimuth"} <= set(codes(report))


def test_a_window_is_a_hole_and_a_door_a_notch_with_exact_corners(tmp_path: Path) -> None:
    city, _ = read_text(tmp_path, house())
    assert city.source_id is not None
    south = city.polygons.rings(city.source_id.tolist().index("south"))
    assert [len(ring) for ring in south] == [8, 4]
    corners = {tuple(point) for ring in south for point in ring}
    assert {(x * FOOT, 0.0, z * FOOT) for x, z in ((4, 3), (8, 6), (12, 7), (15, 0), (20, 10))} <= corners


def test_an_opening_beside_its_wall_and_a_surface_between_rooms(tmp_path: Path) -> None:
    lost = WINDOW.replace(">8<", ">28<")
    odd = surface("south", "ExteriorWall", loop((0, 0, 0), (20, 0, 0), (20, 0, 10), (0, 0, 10)) + lost)
    between = surface("between", "ExteriorWall", loop((0, 0, 0), (1, 0, 0), (1, 1, 0)), "", ("s1", "s2"))
    broken = surface("broken", "Roof", loop((0, 0, 0), (math.nan, 0, 0), (1, 1, 0)))
    city, report = read_text(tmp_path, house([odd, between, broken]))
    assert {(item.object, item.code) for item in report.items} >= {
        ("south", "opening_outside_surface"),
        ("between", "surface_between_spaces"),
        ("broken", "surface_without_corners"),
    }
    assert len(city.rows) == 1


def test_implausible_values_are_left_out(tmp_path: Path) -> None:
    city, report = read_text(tmp_path, house().replace("<AirChangesPerHour>0.5<", "<AirChangesPerHour>5000<"))
    assert "infiltration_ach" not in city.rows[0]
    assert "value_impossible" in codes(report)
    unknown = house().replace("BtuPerHourSquareFtF", "FurlongsPerFortnight")
    assert read_text(tmp_path, unknown)[0].rows[0]["wall_u_value_w_m2k"] == pytest.approx(
        1 / (2.5 + 0.1 + 0.17), abs=1e-4
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<gbXML", "house.xml"),
        ("<CityModel/>", "no gbXML"),
        ("hello", "house.xml"),
        (house([]), "no outer wall"),
        (house(units='lengthUnit="Parsecs"'), "Parsecs"),
        ('<!DOCTYPE gbXML [<!ENTITY a SYSTEM "file:///etc/passwd">]><gbXML>&a;</gbXML>', "DOCTYPE"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        read_text(tmp_path, text)


def test_mutated_files(tmp_path: Path) -> None:
    chance, usable = random.Random(11), 0
    words: list[Any] = ["nan", "1e400", "-1e300", "", "x", "0", "b1", "Roof", "F", "-5"]
    original = house()
    for _ in range(120):
        text = original
        for _ in range(chance.randint(1, 4)):
            mark = chance.choice(["<Coordinate>", '="', "<Area>", 'K">', "<Level>"])
            starts = [place + len(mark) for place in range(len(text)) if text.startswith(mark, place)]
            first = chance.choice(starts)
            ends = [text.find(end, first) for end in ('"', "<") if text.find(end, first) >= 0]
            text = text[:first] + chance.choice(words) + text[min(ends) :]
        try:
            city, _ = read_text(tmp_path, text)
        except KnownError:
            continue
        usable += 1
        assert np.isfinite(city.polygons.vertices).all()
        assert len(city.kind) == len(city.polygons) == len(city.owner)
        assert all(math.isfinite(value) for row in city.rows for value in row.values() if isinstance(value, float))
    assert usable > 40
