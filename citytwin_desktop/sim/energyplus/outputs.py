"""What EnergyPlus is asked to report, by the names that our results give to it."""

from citytwin_desktop.sim.energyplus.document import IdfDocument, field_names

METERS = {
    "heating_kwh": "Heating:DistrictHeatingWater",
    "cooling_kwh": "Cooling:DistrictCooling",
    "lighting_kwh": "InteriorLights:Electricity",
    "equipment_kwh": "InteriorEquipment:Electricity",
}
"""Hourly meters by the name of the result that they give."""

OUTDOOR_TEMPERATURE = "Site Outdoor Air Drybulb Temperature"
OPERATIVE_TEMPERATURE = "Zone Operative Temperature"
"""Hourly [°C]."""

CONDUCTION = "Surface Inside Face Conduction Heat Transfer Energy"
WINDOW_NET = "Surface Window Net Heat Transfer Energy"
WINDOW_SOLAR = "Surface Window Transmitted Solar Radiation Energy"
"""Monthly by surface [J], positive into the room."""

HEATING_UNMET, COOLING_UNMET = "Zone Heating Setpoint Not Met Time", "Zone Cooling Setpoint Not Met Time"
"""Of the year by zone [h]."""

OUTDOOR_AIR, SYSTEM_AIR = (
    "Zone Air Heat Balance Outdoor Air Transfer Rate",
    "Zone Air Heat Balance System Air Transfer Rate",
)
"""Mean of the year by zone [W], positive into the room: infiltration with ventilation, and heat or cold supplied."""
PEOPLE_HEAT = "Zone People Sensible Heating Energy"
"""Of the year by zone [J]."""

HOURLY = (OUTDOOR_TEMPERATURE, OPERATIVE_TEMPERATURE)
MONTHLY = (CONDUCTION, WINDOW_NET, WINDOW_SOLAR)
YEARLY = (HEATING_UNMET, COOLING_UNMET, OUTDOOR_AIR, SYSTEM_AIR, PEOPLE_HEAT)


def add_outputs(document: IdfDocument) -> None:
    """Ask for meters, temperatures and heat flows in SQLite, and for no other file but the end file."""
    for meter in METERS.values():
        document.add("Output:Meter", Key_Name=meter, Reporting_Frequency="Hourly")
    for names, frequency in ((HOURLY, "Hourly"), (MONTHLY, "Monthly"), (YEARLY, "RunPeriod")):
        for name in names:
            document.add("Output:Variable", Key_Value="*", Variable_Name=name, Reporting_Frequency=frequency)
    document.add("Output:SQLite", Option_Type="Simple")
    document.add("Output:Diagnostics", Key_1="DoNotMirrorDetachedShading")
    switches = dict.fromkeys(field_names("OutputControl:Files"), "No")
    document.add("OutputControl:Files", **{**switches, "Output_SQLite": "Yes", "Output_END": "Yes"})
