"""The Energy ADE becomes values of buildings with their origin, and time series."""

# ruff: noqa: E501 - samples of XML read better on one line

from pathlib import Path
from typing import Any

import pytest

from citytwin_desktop.formats.citygml.energy.constructions import total_resistance_m2k_w
from citytwin_desktop.formats.citygml.energy.units import celsius, plain_unit
from citytwin_desktop.formats.citygml.source import read
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import ImportReport

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "citygml"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not beside the repository")
ROOF = (
    "<b:lod2MultiSurface><g:MultiSurface><g:surfaceMember><g:Polygon><g:exterior><g:LinearRing><g:posList>"
    "0 0 0 4 0 0 4 5 0 0 0 0</g:posList></g:LinearRing></g:exterior></g:Polygon></g:surfaceMember></g:MultiSurface>"
    "</b:lod2MultiSurface>"
)


def read_energy(
    tmp_path: Path, inner: str, members: str = "", version: str = "1.0"
) -> tuple[dict[str, Any], ImportReport]:
    parts = "".join(f"<g:featureMember>{member}</g:featureMember>" for member in members.split("|") if member)
    text = (
        '<c:CityModel xmlns:c="http://www.opengis.net/citygml/2.0" xmlns:g="http://www.opengis.net/gml" '
        'xmlns:b="http://www.opengis.net/citygml/building/2.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:e="http://www.sig3d.org/citygml/2.0/energy/{version}"><c:cityObjectMember><b:Building g:id="H">{inner}{ROOF}'
        f"</b:Building></c:cityObjectMember>{parts}</c:CityModel>"
    )
    path = tmp_path / "city.gml"
    path.write_text(text)
    report = ImportReport()
    return read(OpenedSource(path, path.name), ImportOptions(), report).rows[0], report


def boundary(kind: str, area: float, construction: str, openings: str = "") -> str:
    return (
        f"<e:boundedBy><e:ThermalBoundary><e:thermalBoundaryType>{kind}</e:thermalBoundaryType>"
        f'<e:area uom="m2">{area}</e:area>{construction}{openings}</e:ThermalBoundary></e:boundedBy>'
    )


def zone(*content: str) -> str:
    return f'<e:thermalZone><e:ThermalZone g:id="Z">{"".join(content)}</e:ThermalZone></e:thermalZone>'


def layers(*parts: tuple[str, float]) -> str:
    return "".join(
        f"<e:layer><e:Layer><e:layerComponent><e:LayerComponent><e:areaFraction>1</e:areaFraction>"
        f'<e:thickness uom="m">{thickness}</e:thickness><e:material xlink:href="#{material}"/></e:LayerComponent>'
        "</e:layerComponent></e:Layer></e:layer>"
        for material, thickness in parts
    )


def material(name: str, conductivity: float) -> str:
    return f'<e:SolidMaterial g:id="{name}"><e:conductivity uom="W/(m*K)">{conductivity}</e:conductivity></e:SolidMaterial>'


@needs_data
def test_the_house_of_the_energy_ade() -> None:
    name = "FZKHouseLoD3-EnergyADE1.gml"
    row = read(OpenedSource(DATA / name, name), ImportOptions(), ImportReport()).rows[0]
    expected = {
        "wall_u_value_w_m2k": 0.4,
        "roof_u_value_w_m2k": 0.4,
        "floor_u_value_w_m2k": 0.26,
        "window_g_value": 0.6,
        "heating_setpoint_c": 20.0,
        "equipment_w_m2": 5.0,
        "lighting_w_m2": 4.0,
        "people_per_m2": 2.0 / 240.0,
        "ventilation_l_s_m2": 0.8 * 608.917893677988 / 3.6 / 240.0,
        "heat_capacity_kj_m2k": 165.0,
    }
    for column, value in expected.items():
        assert row[column] == pytest.approx(value), column
        assert row["value_origins"][column][0] == row[column]
    # 11 windows of 1.2 W/m2K and the glazed doors of 2.3, by their areas in the thermal openings.
    doors = 2.0300999995507349 + 4.7737500000221189
    windows = 9 * 2.4 + 0.78440168270290977 + 0.78440168270290989
    assert row["window_u_value_w_m2k"] == pytest.approx((windows * 1.2 + doors * 2.3) / (windows + doors))
    assert row["value_origins"]["wall_u_value_w_m2k"][1] == "Energy ADE construction “KIT-FZK-Haus-Aussenwand”"
    assert "cooling_setpoint_c" not in row
    assert row["attributes"]["energy:grossFloorArea"] == 240.0


def test_u_values_by_layers_and_weighted_by_area(tmp_path: Path) -> None:
    members = material("brick", 0.8) + "|" + material("wool", 0.04)
    insulated = f'<e:construction><e:Construction g:id="new"><g:name>New</g:name>{layers(("brick", 0.24), ("wool", 0.12))}</e:Construction></e:construction>'
    bare = f'<e:construction><e:Construction g:id="old">{layers(("brick", 0.24))}</e:Construction></e:construction>'
    row, _ = read_energy(
        tmp_path, zone(boundary("outerWall", 30.0, insulated), boundary("outerWall", 10.0, bare)), members
    )
    new, old = 1.0 / (0.17 + 0.3 + 3.0), 1.0 / (0.17 + 0.3)
    assert row["wall_u_value_w_m2k"] == pytest.approx((30.0 * new + 10.0 * old) / 40.0)
    assert "“New”" in row["value_origins"]["wall_u_value_w_m2k"][1]


@pytest.mark.parametrize(("kind", "column", "surfaces"), [
    ("roof", "roof_u_value_w_m2k", 0.14), ("groundSlab", "floor_u_value_w_m2k", 0.17),
    ("GroundSlab", "floor_u_value_w_m2k", 0.17), ("atticFloor", "roof_u_value_w_m2k", 0.14),
    ("basementCeiling", "floor_u_value_w_m2k", 0.21),
])  # fmt: skip
def test_surface_resistances_by_position(tmp_path: Path, kind: str, column: str, surfaces: float) -> None:
    made = f'<e:construction><e:Construction g:id="k">{layers(("wool", 0.1))}</e:Construction></e:construction>'
    row, _ = read_energy(tmp_path, zone(boundary(kind, 10.0, made)), material("wool", 0.04))
    assert row[column] == pytest.approx(1.0 / (surfaces + 2.5))


def test_parallel_sections_by_iso_6946() -> None:
    # Rafters of 0.13 W/mK, 10 % of a layer of 0.2 m with wool of 0.04: sections give the upper limit, the layer the lower.
    layer = [(0.1, 0.2 / 0.13), (0.9, 0.2 / 0.04)]
    upper = 1.0 / (0.1 / (0.14 + 0.2 / 0.13) + 0.9 / (0.14 + 0.2 / 0.04))
    lower = 0.14 + 1.0 / (0.1 * 0.13 / 0.2 + 0.9 * 0.04 / 0.2)
    assert total_resistance_m2k_w([layer], 0.14) == pytest.approx((upper + lower) / 2.0)
    assert total_resistance_m2k_w([[(1.0, 2.0)], [(1.0, 1.0)]], 0.17) == pytest.approx(3.17)


def test_a_construction_that_lacks_something_gives_no_value(tmp_path: Path) -> None:
    made = f'<e:construction><e:Construction g:id="k">{layers(("wool", 0.1), ("unknown", 0.1))}</e:Construction></e:construction>'
    row, report = read_energy(tmp_path, zone(boundary("outerWall", 10.0, made)), material("wool", 0.04))
    assert "wall_u_value_w_m2k" not in row
    assert [item.code for item in report.items] == ["energy_construction_incomplete"]
    row, report = read_energy(tmp_path, zone(boundary("outerWall", 10.0, '<e:construction xlink:href="#gone"/>')))
    assert [item.code for item in report.items] == ["energy_construction_missing"]


def test_impossible_values_and_unknown_units_are_refused_by_name(tmp_path: Path) -> None:
    made = '<e:construction><e:Construction g:id="k"><e:uValue uom="W/(m2*K)">65</e:uValue></e:Construction></e:construction>'
    row, report = read_energy(tmp_path, zone(boundary("outerWall", 10.0, made)))
    assert "wall_u_value_w_m2k" not in row
    assert [item.code for item in report.items] == ["value_impossible"]
    row, _ = read_energy(tmp_path, zone(boundary("outerWall", 10.0, made.replace("W/(m2*K)", "BTU"))))
    assert "wall_u_value_w_m2k" not in row


def test_version_0_8_with_schedules_of_two_values(tmp_path: Path) -> None:
    usage = (
        '<e:UsageZone g:id="U"><e:usageZoneClass>residential</e:usageZoneClass>'
        '<e:floorArea><e:FloorArea><e:type>NetFloorArea</e:type><e:value uom="m^2">100</e:value></e:FloorArea></e:floorArea>'
        '<e:heatingSchedule><e:DualValueSchedule><e:usageValue uom="degree Celsius">21</e:usageValue>'
        '<e:idleValue uom="degree Celsius">16</e:idleValue></e:DualValueSchedule></e:heatingSchedule>'
        '<e:coolingSchedule><e:ConstantValueSchedule><e:averageValue uom="K">299.15</e:averageValue></e:ConstantValueSchedule></e:coolingSchedule>'
        "<e:occupiedBy><e:Occupants><e:numberOfOccupants>3</e:numberOfOccupants></e:Occupants></e:occupiedBy>"
        '<e:equippedWith><e:ElectricalAppliances><e:heatDissipation><e:HeatExchangeType><e:totalValue uom="W">250</e:totalValue>'
        "</e:HeatExchangeType></e:heatDissipation></e:ElectricalAppliances></e:equippedWith></e:UsageZone>"
    )
    inner = zone('<e:relates xlink:href="#U"/>', '<e:infiltrationRate uom="1/h">0.3</e:infiltrationRate>')
    row, report = read_energy(tmp_path, inner + f"<e:usageZone>{usage}</e:usageZone>", version="0.8.0")
    assert (row["heating_setpoint_c"], row["heating_setback_c"]) == (21.0, 16.0)
    assert row["cooling_setpoint_c"] == pytest.approx(26.0)
    assert (row["people_per_m2"], row["equipment_w_m2"], row["infiltration_ach"]) == (0.03, 2.5, 0.3)
    assert (row["function"], row["function_origin"]) == ("residential", "source")
    assert not report.items


def test_two_usage_zones_are_weighted_by_floor_area(tmp_path: Path) -> None:
    def usage(name: str, area: float, heat: float) -> str:
        return (
            f'<e:usageZone><e:UsageZone g:id="{name}"><e:floorArea><e:FloorArea><e:type>netFloorArea</e:type><e:value uom="m2">{area}</e:value>'
            f'</e:FloorArea></e:floorArea><e:heatingSchedule><e:ConstantValueSchedule><e:averageValue uom="C">{heat}</e:averageValue>'
            "</e:ConstantValueSchedule></e:heatingSchedule></e:UsageZone></e:usageZone>"
        )

    row, _ = read_energy(tmp_path, usage("a", 300.0, 20.0) + usage("b", 100.0, 24.0))
    assert row["heating_setpoint_c"] == pytest.approx(21.0)


def demand(series: str, use: str = "spaceHeating") -> str:
    return f"<e:demands><e:EnergyDemand><e:energyAmount>{series}</e:energyAmount><e:endUse>{use}</e:endUse></e:EnergyDemand></e:demands>"


REGULAR = (
    "<e:RegularTimeSeries><e:variableProperties><e:TimeValuesProperties><e:acquisitionMethod>simulation</e:acquisitionMethod>"
    "</e:TimeValuesProperties></e:variableProperties><e:temporalExtent><g:TimePeriod><g:beginPosition>2017-01-01</g:beginPosition>"
    '<g:endPosition>2017-12-31</g:endPosition></g:TimePeriod></e:temporalExtent><e:timeInterval unit="month">1</e:timeInterval>'
    '<e:values uom="kWh">9 8 7 5 3 1 0 0 2 4 7 9.5</e:values></e:RegularTimeSeries>'
)


def test_time_series_of_demands(tmp_path: Path) -> None:
    row, _ = read_energy(tmp_path, demand(REGULAR) + demand(REGULAR.replace("month", "hour"), "domesticHotWater"))
    first, second = row["time_series"]
    assert first == {
        "name": "spaceHeating", "variable": "heating_demand", "unit": "kWh", "interval_s": 2628000.0, "start": "2017-01-01",
        "acquisition": "simulation", "values": [9.0, 8.0, 7.0, 5.0, 3.0, 1.0, 0.0, 0.0, 2.0, 4.0, 7.0, 9.5],
    }  # fmt: skip
    assert (second["variable"], second["interval_s"]) == ("hot_water_demand", 3600.0)


@pytest.mark.parametrize("change", [("9 8 7", "9 eight 7"), ("9 8 7", "9 NaN 7"), ('unit="month"', 'unit="moon"'),
                                    ("RegularTimeSeries", "IrregularTimeSeries"), (">1<", ">-1<")])  # fmt: skip
def test_a_series_that_cannot_be_read_is_named(tmp_path: Path, change: tuple[str, str]) -> None:
    row, report = read_energy(tmp_path, demand(REGULAR.replace(*change)))
    assert "time_series" not in row
    assert [item.code for item in report.items] == ["energy_series_not_read"]


def test_what_is_not_used_is_counted(tmp_path: Path) -> None:
    _, report = read_energy(
        tmp_path, "<e:buildingType>terrace</e:buildingType>", '<e:Boiler g:id="x"/>|<e:Boiler g:id="y"/>'
    )
    told = [item.message for item in report.items if item.code == "energy_not_used"]
    assert len(told) == 2
    assert any(message.startswith("2 elements “Boiler”") for message in told)


def test_units_in_many_spellings() -> None:
    for text in ("W/(K*m^2)", "W/K*m2", "W/(K·m²)", "W/(K m2)"):
        assert plain_unit(text) == "wkm2"
    assert celsius(68.0, "F") == pytest.approx(20.0)
    assert celsius(293.15, "K") == pytest.approx(20.0)
    assert celsius(20.0, "\\degree{C}") == 20.0
    assert celsius(20.0, "furlong") is None


def day(kind: str, values: str) -> str:
    return (
        f"<e:dailySchedule><e:DailySchedule><e:dayType>{kind}</e:dayType><e:schedule><e:RegularTimeSeries>"
        f'<e:timeInterval unit="hour">1</e:timeInterval><e:values uom="1/h">{values}</e:values>'
        "</e:RegularTimeSeries></e:schedule></e:DailySchedule></e:dailySchedule>"
    )


def period(first: str, last: str, *days: str) -> str:
    span = f"<g:beginPosition>{first}</g:beginPosition><g:endPosition>{last}</g:endPosition>"
    return (
        f"<e:periodOfYear><e:PeriodOfYear><e:period><g:TimePeriod>{span}</g:TimePeriod></e:period>{''.join(days)}"
        "</e:PeriodOfYear></e:periodOfYear>"
    )


def dual(*more: str) -> str:
    values = '<e:usageValue uom="1/h">1.2</e:usageValue><e:idleValue uom="1/h">0.2</e:idleValue>'
    return f"<e:DualValueSchedule>{values}{''.join(more)}</e:DualValueSchedule>"


WEEK = (day("weekDay", "0 1 1 2"), day("weekEnd", "0.3 0.3"), day("designDay", "9 9"))
SUMMER, WINTER = day("typicalDay", "2"), day("typicalDay", "1")


@pytest.mark.parametrize(
    ("schedule", "mean"),
    [
        (period("2022-01-01", "2022-12-31", *WEEK), (5 * 1.0 + 2 * 0.3) / 7),
        (period("2022-04-01", "2022-09-30", SUMMER) + period("2022-10-01", "2022-03-31", WINTER),
         (183 * 2.0 + 182 * 1.0) / 365),
        (period("", "", SUMMER) + period("", "", SUMMER), 2.0),
        (period("", "", SUMMER) + period("", "", WINTER), None),
        (period("2022-01-01", "2022-12-31", day("payday", "1"), day("weekEnd", "2")), None),
        ("<e:usageHoursPerDay>10</e:usageHoursPerDay><e:usageDaysPerYear>219</e:usageDaysPerYear>", 0.45),
        ("", None),
    ],
)  # fmt: skip
def test_ventilation_is_the_mean_of_its_schedule_over_time(tmp_path: Path, schedule: str, mean: float | None) -> None:
    made = f"<e:DailyPatternSchedule>{schedule}</e:DailyPatternSchedule>" if "period" in schedule else dual(schedule)
    inner = (
        '<e:usageZone><e:UsageZone g:id="U"><e:floorArea><e:FloorArea><e:type>netFloorArea</e:type>'
        '<e:value uom="m2">100</e:value></e:FloorArea></e:floorArea><e:volume><e:VolumeType><e:type>netVolume</e:type>'
        f'<e:value uom="m3">360</e:value></e:VolumeType></e:volume><e:ventilationSchedule>{made}</e:ventilationSchedule>'
        "</e:UsageZone></e:usageZone>"
    )
    row, report = read_energy(tmp_path, inner)
    if mean is None:
        assert "ventilation_l_s_m2" not in row
        assert "energy_schedule_not_read" in {item.code for item in report.items}
    else:
        assert row["ventilation_l_s_m2"] == pytest.approx(mean)
        told = "in the mean of its schedule" in row["value_origins"]["ventilation_l_s_m2"][1]
        assert told is (mean != 2.0)
