"""The whole EnergyPlus input of one building."""

from typing import Any

from citytwin_desktop.city.calendar import MONTH_NAMES
from citytwin_desktop.sim.energyplus.building_use import add_building_use
from citytwin_desktop.sim.energyplus.constructions import add_constructions
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.envelope import add_envelope, add_shading
from citytwin_desktop.sim.energyplus.inputs import EnergySettings, ThermalModel
from citytwin_desktop.sim.energyplus.outputs import add_outputs
from citytwin_desktop.sim.energyplus.serialise import idf_text


def build_idf(model: ThermalModel, settings: EnergySettings) -> IdfDocument:
    """Make all objects of the input file of one building.

    Parameters
    ----------
    model : ThermalModel
    settings : EnergySettings

    Returns
    -------
    IdfDocument
        Objects of eppy; ``idf_text(document.rows())`` is the file.
    """
    document = IdfDocument()
    _add_controls(document, model, settings)
    _add_site(document, model)
    add_constructions(document, model)
    add_envelope(document, model)
    add_shading(document, model)
    add_building_use(document, model)
    add_outputs(document)
    return document


def building_idf(model: ThermalModel, settings: EnergySettings) -> str:
    """Text of the input file of one building."""
    return idf_text(build_idf(model, settings).rows())


def _add_controls(document: IdfDocument, model: ThermalModel, settings: EnergySettings) -> None:
    document.add(
        "SimulationControl",
        Do_Zone_Sizing_Calculation="No",
        Do_System_Sizing_Calculation="No",
        Do_Plant_Sizing_Calculation="No",
        Run_Simulation_for_Sizing_Periods="No",
        Run_Simulation_for_Weather_File_Run_Periods="Yes",
    )
    document.add(
        "Building",
        Name=model.building_id,
        North_Axis=0,
        Terrain=settings.terrain,
        Loads_Convergence_Tolerance_Value=0.04,
        Temperature_Convergence_Tolerance_Value=0.4,
        Solar_Distribution=settings.solar_distribution,
        Maximum_Number_of_Warmup_Days=25,
        Minimum_Number_of_Warmup_Days=1,
    )
    document.add("Timestep", Number_of_Timesteps_per_Hour=settings.timesteps_per_hour)
    document.add(
        "ShadowCalculation",
        Shading_Calculation_Method="PolygonClipping",
        Shading_Calculation_Update_Frequency_Method="Periodic",
        Shading_Calculation_Update_Frequency=20,
        Sky_Diffuse_Modeling_Algorithm="SimpleSkyDiffuseModeling",
    )
    document.add("SurfaceConvectionAlgorithm:Inside", Algorithm="TARP")
    document.add("SurfaceConvectionAlgorithm:Outside", Algorithm="DOE-2")
    document.add("HeatBalanceAlgorithm", Algorithm="ConductionTransferFunction")
    document.add(
        "GlobalGeometryRules",
        Starting_Vertex_Position="UpperLeftCorner",
        Vertex_Entry_Direction="Counterclockwise",
        Coordinate_System="World",
    )
    document.add(
        "RunPeriod",
        Name="Year",
        Begin_Month=1,
        Begin_Day_of_Month=1,
        End_Month=12,
        End_Day_of_Month=31,
        Day_of_Week_for_Start_Day="Monday",
        Use_Weather_File_Holidays_and_Special_Days="No",
        Use_Weather_File_Daylight_Saving_Period="No",
        Apply_Weekend_Holiday_Rule="No",
        Use_Weather_File_Rain_Indicators="Yes",
        Use_Weather_File_Snow_Indicators="Yes",
    )


def _add_site(document: IdfDocument, model: ThermalModel) -> None:
    by_month = zip(MONTH_NAMES, model.ground_temperatures_c, strict=True)
    named: dict[str, Any] = {f"{month}_Ground_Temperature": value for month, value in by_month}
    document.add("Site:GroundTemperature:BuildingSurface", **named)
