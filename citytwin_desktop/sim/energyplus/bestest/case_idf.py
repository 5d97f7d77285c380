"""The input file of one case: the room as the product writes it, with what the standard prescribes in place of ours."""

from collections.abc import Sequence
from typing import Any

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus import building_use
from citytwin_desktop.sim.energyplus.bestest import cases
from citytwin_desktop.sim.energyplus.bestest.cases import Case
from citytwin_desktop.sim.energyplus.bestest.fabric import objects, set_fabric
from citytwin_desktop.sim.energyplus.bestest.room import room_document
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.serialise import idf_text

_GAIN_CLASSES = ("People", "Lights", "ElectricEquipment")
_SCHEDULE_CLASSES = ("Schedule:Compact", "Schedule:Constant")
_GAIN, _NIGHT_FAN = "Constant gain", "Night fan"
_OFF_C = 100.0

Steps = Sequence[tuple[str, float]]
"""Until when [hh:mm], and the value until then."""


def case_text(case: Case, weather: Weather) -> str:
    """Text of the input file of a case."""
    return idf_text(case_document(case, weather).rows())


def case_document(case: Case, weather: Weather) -> IdfDocument:
    """All objects of a case.

    Parameters
    ----------
    case : Case
    weather : Weather

    Raises
    ------
    BugError
        When the product writes another room than the cases were made for.
    """
    document = room_document(weather)
    set_fabric(document, case)
    _set_gains(document)
    if case.night == "setback":
        _set_back(document)
    elif case.night == "ventilated":
        _ventilate(document)
    return document


def _set_gains(document: IdfDocument) -> None:
    """One constant gain instead of people, light and appliances; a light of 0 W keeps its meter alive."""
    for kind in _GAIN_CLASSES:
        objects(document, kind).clear()
    _add_daily(document, _GAIN, [("24:00", 1.0)])
    shared: dict[str, Any] = {"Zone_or_ZoneList_or_Space_or_SpaceList_Name": _zone(document), "Schedule_Name": _GAIN}
    document.add(
        "ElectricEquipment",
        Name=_GAIN,
        **shared,
        Design_Level_Calculation_Method="EquipmentLevel",
        Design_Level=cases.INTERNAL_GAIN_W,
        Fraction_Latent=0.0,
        Fraction_Radiant=cases.GAIN_RADIANT_FRACTION,
        Fraction_Lost=0.0,
    )
    document.add(
        "Lights", Name="No light", **shared, Design_Level_Calculation_Method="LightingLevel", Lighting_Level=0.0
    )


def _set_back(document: IdfDocument) -> None:
    low, day = cases.NIGHT_SETPOINT_C, cases.HEATING_SETPOINT_C
    # The 2020 edition raises the set-point evenly over an hour; a step at 7 h would heat 6 % more.
    ramp = [(f"07:{minute}", low + (day - low) * minute / 60.0) for minute in range(10, 60, 10)]
    _replace_schedule(document, building_use.HEATING, [("07:00", low), *ramp, ("23:00", day), ("24:00", low)])


def _ventilate(document: IdfDocument) -> None:
    _replace_schedule(document, building_use.HEATING, [("24:00", -_OFF_C)])
    by_day = [("07:00", _OFF_C), ("18:00", cases.COOLING_SETPOINT_C), ("24:00", _OFF_C)]
    _replace_schedule(document, building_use.COOLING, by_day)
    _add_daily(document, _NIGHT_FAN, [("07:00", 1.0), ("18:00", 0.0), ("24:00", 1.0)])
    document.add(
        "ZoneVentilation:DesignFlowRate",
        Name=_NIGHT_FAN,
        Zone_or_ZoneList_or_Space_or_SpaceList_Name=_zone(document),
        Schedule_Name=_NIGHT_FAN,
        Design_Flow_Rate_Calculation_Method="Flow/Zone",
        Design_Flow_Rate=cases.NIGHT_FAN_M3_H / 3600.0,
        Ventilation_Type="Natural",  # the heat of the fan does not count
        Constant_Term_Coefficient=1.0,
        Minimum_Indoor_Temperature=-_OFF_C,
        Delta_Temperature=-_OFF_C,
    )


def _replace_schedule(document: IdfDocument, name: str, steps: Steps) -> None:
    """Put a schedule in the place of one that the product has written."""
    for kind in _SCHEDULE_CLASSES:
        written = objects(document, kind)
        for position, schedule in enumerate(written):
            if schedule.Name == name:
                del written[position]
                _add_daily(document, name, steps)
                return
    raise BugError(f"the product wrote no schedule “{name}”")


def _add_daily(document: IdfDocument, name: str, steps: Steps) -> None:
    fields: list[float | str] = ["Through: 12/31", "For: AllDays"]
    for until, value in steps:
        fields += [f"Until: {until}", value]
    limits = objects(document, "ScheduleTypeLimits")[0].Name
    document.add("Schedule:Compact", Name=name, Schedule_Type_Limits_Name=limits, extra=fields)


def _zone(document: IdfDocument) -> str:
    (zone,) = objects(document, "Zone")
    name: str = zone.Name
    return name
