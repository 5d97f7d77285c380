"""Outdoor air of each zone: what leaks in, what is let in or blown in, and what comes through opened windows."""

from typing import Any

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.sim.energyplus.document import IdfDocument

ALWAYS, VENTILATION = "Always", "Ventilation"
"""Names of schedules."""
OPENING_TEMPERATURE_C = 23.0
"""Above it people open windows, DIN 4108-2:2013 clause 8.4.4."""


def add_air(document: IdfDocument, zone: str, spec: EnergySpec) -> None:
    """Outdoor air that leaks in, is let in or blown in, and comes through opened windows."""
    place = {"Zone_or_ZoneList_or_Space_or_SpaceList_Name": zone}
    document.add(
        "ZoneInfiltration:DesignFlowRate",
        Name=f"Infiltration of {zone}",
        **place,
        Schedule_Name=ALWAYS,
        Design_Flow_Rate_Calculation_Method="AirChanges/Hour",
        Air_Changes_per_Hour=spec.infiltration_ach,
        Constant_Term_Coefficient=1.0,
    )
    if spec.ventilation_l_s_m2 > 0 and not recovers(spec):
        document.add(
            "ZoneVentilation:DesignFlowRate",
            Name=f"Ventilation of {zone}",
            **place,
            Schedule_Name=VENTILATION,
            Design_Flow_Rate_Calculation_Method="Flow/Area",
            Flow_Rate_per_Floor_Area=spec.ventilation_l_s_m2 / 1000.0,
            Ventilation_Type="Natural",
            Constant_Term_Coefficient=1.0,
            Minimum_Indoor_Temperature=-100.0,
            Delta_Temperature=-100.0,
        )
    if spec.window_opening_ach > 0 and not spec.cooled:
        document.add(
            "ZoneVentilation:DesignFlowRate",
            Name=f"Opened windows of {zone}",
            **place,
            Schedule_Name=ALWAYS,
            Design_Flow_Rate_Calculation_Method="AirChanges/Hour",
            Air_Changes_per_Hour=spec.window_opening_ach,
            Ventilation_Type="Natural",
            Constant_Term_Coefficient=1.0,
            Minimum_Indoor_Temperature=max(OPENING_TEMPERATURE_C, spec.heating_setpoint_c + 1.0),
            Delta_Temperature=0.0,
        )


def add_recovered_air(document: IdfDocument, zone: str, spec: EnergySpec) -> dict[str, Any]:
    """Fields of an ideal system that brings in outdoor air through a heat exchanger, which stands still in summer."""
    name = f"Outdoor air of {zone}"
    document.add(
        "DesignSpecification:OutdoorAir",
        Name=name,
        Outdoor_Air_Method="Flow/Area",
        Outdoor_Air_Flow_per_Person=0.0,
        Outdoor_Air_Flow_per_Zone_Floor_Area=spec.ventilation_l_s_m2 / 1000.0,
        Outdoor_Air_Schedule_Name=VENTILATION,
    )
    return {
        "Design_Specification_Outdoor_Air_Object_Name": name,
        "Demand_Controlled_Ventilation_Type": "None",
        "Outdoor_Air_Economizer_Type": "NoEconomizer",
        "Heat_Recovery_Type": "Sensible",
        "Sensible_Heat_Recovery_Effectiveness": spec.heat_recovery_efficiency,
    }


def recovers(spec: EnergySpec) -> bool:
    """Whether outdoor air passes a heat exchanger."""
    return spec.ventilation_l_s_m2 > 0 and spec.heat_recovery_efficiency > 0
