"""People, light, appliances, air change, thermostat and ideal heating and cooling of each zone."""

from collections.abc import Sequence
from itertools import groupby

from citytwin_desktop.catalog.usage_profiles import usage_profiles
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.sim.energyplus.air_change import ALWAYS, VENTILATION, add_air, add_recovered_air, recovers
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.envelope import zone_name
from citytwin_desktop.sim.energyplus.inputs import ThermalModel

PEOPLE, LIGHTING, EQUIPMENT = "People", "Lighting", "Equipment"
HEATING, COOLING, ACTIVITY, CONTROL = "Heating", "Cooling", "Activity", "Thermostat control"
_ANY = "Any number"
METABOLIC_RATE_W = 120.0
"""Heat of one person, seated and lightly active, ISO 7730:2005 Annex B (1.2 met)."""


def add_building_use(document: IdfDocument, model: ThermalModel) -> None:
    """Add schedules, gains, infiltration and ideal loads for every storey."""
    _add_schedules(document, model.spec)
    _add_set_points(document, model.spec)
    for storey in range(len(model.storeys)):
        zone = zone_name(storey)
        _add_gains(document, zone, model.spec)
        add_air(document, zone, model.spec)
        _add_ideal_loads(document, zone, model.spec)


def _add_schedules(document: IdfDocument, spec: EnergySpec) -> None:
    # No limits of values, but EnergyPlus warns of every schedule that names none.
    document.add("ScheduleTypeLimits", Name=_ANY)
    usage = usage_profiles(spec.function)
    week, rest = usage.weekday, usage.weekend
    _schedule(document, PEOPLE, week.people, rest.people)
    _schedule(document, LIGHTING, week.lighting, rest.lighting)
    _schedule(document, EQUIPMENT, week.equipment, rest.equipment)
    if spec.ventilation_l_s_m2 > 0:
        _schedule(document, VENTILATION, week.ventilated, rest.ventilated)
    levels = {True: spec.heating_setpoint_c, False: min(spec.heating_setback_c, spec.heating_setpoint_c)}
    _schedule(document, HEATING, [levels[on] for on in week.heated], [levels[on] for on in rest.heated])
    for name, value in (
        (COOLING, spec.cooling_setpoint_c),
        (ALWAYS, 1.0),
        (ACTIVITY, METABOLIC_RATE_W),
        (CONTROL, 4 if spec.cooled else 1),
    ):
        document.add("Schedule:Constant", Name=name, Schedule_Type_Limits_Name=_ANY, Hourly_Value=value)


def _schedule(document: IdfDocument, name: str, weekday: Sequence[float], weekend: Sequence[float]) -> None:
    days = ("For: Weekdays", weekday), ("For: AllOtherDays", weekend)
    fields: list[float | str] = ["Through: 12/31"]
    for title, values in days:
        fields.append(title)
        hour = 0
        for value, run in groupby(values):
            hour += len(list(run))
            fields.extend([f"Until: {hour:02d}:00", value])
    document.add("Schedule:Compact", Name=name, Schedule_Type_Limits_Name=_ANY, extra=fields)


def _add_set_points(document: IdfDocument, spec: EnergySpec) -> None:
    if spec.cooled:
        document.add(
            "ThermostatSetpoint:DualSetpoint",
            Name="Set-points",
            Heating_Setpoint_Temperature_Schedule_Name=HEATING,
            Cooling_Setpoint_Temperature_Schedule_Name=COOLING,
        )
    else:
        document.add("ThermostatSetpoint:SingleHeating", Name="Set-points", Setpoint_Temperature_Schedule_Name=HEATING)


def _add_gains(document: IdfDocument, zone: str, spec: EnergySpec) -> None:
    place = {"Zone_or_ZoneList_or_Space_or_SpaceList_Name": zone}
    document.add(
        "People",
        Name=f"People of {zone}",
        **place,
        Number_of_People_Schedule_Name=PEOPLE,
        Number_of_People_Calculation_Method="People/Area",
        People_per_Floor_Area=spec.people_per_m2,
        Fraction_Radiant=0.3,
        Activity_Level_Schedule_Name=ACTIVITY,
    )
    document.add(
        "Lights",
        Name=f"Lights of {zone}",
        **place,
        Schedule_Name=LIGHTING,
        Design_Level_Calculation_Method="Watts/Area",
        Watts_per_Floor_Area=spec.lighting_w_m2,
        Fraction_Radiant=0.5,
        Fraction_Visible=0.2,
    )
    document.add(
        "ElectricEquipment",
        Name=f"Equipment of {zone}",
        **place,
        Schedule_Name=EQUIPMENT,
        Design_Level_Calculation_Method="Watts/Area",
        Watts_per_Floor_Area=spec.equipment_w_m2,
        Fraction_Radiant=0.3,
    )


def _add_ideal_loads(document: IdfDocument, zone: str, spec: EnergySpec) -> None:
    """Heat and cold that keep the set-points exactly, without a template and without latent load."""
    kind, name = ("DualSetpoint", "Set-points") if spec.cooled else ("SingleHeating", "Set-points")
    document.add(
        "ZoneControl:Thermostat",
        Name=f"Thermostat of {zone}",
        Zone_or_ZoneList_Name=zone,
        Control_Type_Schedule_Name=CONTROL,
        Control_1_Object_Type=f"ThermostatSetpoint:{kind}",
        Control_1_Name=name,
    )
    document.add(
        "ZoneHVAC:EquipmentConnections",
        Zone_Name=zone,
        Zone_Conditioning_Equipment_List_Name=f"Equipment list of {zone}",
        Zone_Air_Inlet_Node_or_NodeList_Name=f"Inlet of {zone}",
        Zone_Air_Node_Name=f"Air of {zone}",
        Zone_Return_Air_Node_or_NodeList_Name=f"Return of {zone}",
    )
    document.add(
        "ZoneHVAC:EquipmentList",
        Name=f"Equipment list of {zone}",
        Load_Distribution_Scheme="SequentialLoad",
        extra=["ZoneHVAC:IdealLoadsAirSystem", f"Ideal loads of {zone}", 1, 1],
    )
    recovered = add_recovered_air(document, zone, spec) if recovers(spec) else {}
    document.add(
        "ZoneHVAC:IdealLoadsAirSystem",
        Name=f"Ideal loads of {zone}",
        Zone_Supply_Air_Node_Name=f"Inlet of {zone}",
        Heating_Limit="NoLimit",
        Cooling_Limit="NoLimit",
        Dehumidification_Control_Type="None",
        Humidification_Control_Type="None",
        **recovered,
    )
