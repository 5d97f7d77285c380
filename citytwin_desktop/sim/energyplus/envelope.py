"""Zones and surfaces of a thermal model as EnergyPlus objects, windows inside their wall, shading around it."""

from citytwin_desktop.city.calendar import MONTH_DAYS
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.sim.energyplus import constructions
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.inputs import Face, Storey, ThermalModel
from citytwin_desktop.sim.energyplus.windows import glazing, holds_window, takes_windows, window_polygons

_BEYOND = {"outdoors": "Outdoors", "ground": "Ground", "adiabatic": "Adiabatic", "storey": "Surface"}
_CROWN_LIGHT, _CROWN_LIGHT_TYPE = "Light through crowns", "Share of light"


def zone_name(storey: int) -> str:
    """Name of the zone of a storey, counted from 0 at the ground."""
    return f"Storey {storey + 1}"


def add_envelope(document: IdfDocument, model: ThermalModel) -> None:
    """Add zones and all heat transfer surfaces."""
    asked = model.spec.window_share
    given = glazing(model.faces, asked).share if asked > 0 else 0.0
    for number, storey in enumerate(model.storeys):
        zone = zone_name(number)
        _add_zone(document, zone, storey)
        for face in storey.faces:
            _add_surface(document, zone, face)
            if asked > 0 and takes_windows(face) and holds_window(face.corners, asked):
                _add_windows(document, face, given)


def add_shading(document: IdfDocument, model: ThermalModel) -> None:
    """Add what stands around; the other half of the recipe is the output option DoNotMirrorDetachedShading."""
    for number, quad in enumerate(model.shading):
        _add_quad(document, f"Neighbour {number + 1}", quad, "")
    if not len(model.vegetation_shading):
        return
    document.add(
        "ScheduleTypeLimits",
        Name=_CROWN_LIGHT_TYPE,
        Lower_Limit_Value=0,
        Upper_Limit_Value=1,
        Numeric_Type="Continuous",
    )
    fields: list[float | str] = []
    for month, share in enumerate(model.vegetation_transmittance):
        fields += [f"Through: {month + 1}/{MONTH_DAYS[month]}", "For: AllDays", "Until: 24:00", share]
    document.add("Schedule:Compact", Name=_CROWN_LIGHT, Schedule_Type_Limits_Name=_CROWN_LIGHT_TYPE, extra=fields)
    for number, quad in enumerate(model.vegetation_shading):
        _add_quad(document, f"Crown {number + 1}", quad, _CROWN_LIGHT)


def _add_quad(document: IdfDocument, name: str, quad: FloatArray, schedule: str) -> None:
    document.add(
        "Shading:Building:Detailed",
        Name=name,
        Transmittance_Schedule_Name=schedule,
        Number_of_Vertices=len(quad),
        extra=quad.ravel().tolist(),
    )


def _add_zone(document: IdfDocument, name: str, storey: Storey) -> None:
    document.add(
        "Zone",
        Name=name,
        Multiplier=1,
        Ceiling_Height=storey.height_m,
        Volume=storey.volume_m3,
        Floor_Area=storey.floor_area_m2,
    )


def _add_windows(document: IdfDocument, wall: Face, share: float) -> None:
    for number, corners in enumerate(window_polygons(wall.corners, share)):
        document.add(
            "FenestrationSurface:Detailed",
            Name=f"Window of {wall.name}" if not number else f"Window {number + 1} of {wall.name}",
            Surface_Type="Window",
            Construction_Name=constructions.WINDOW,
            Building_Surface_Name=wall.name,
            Multiplier=1,
            Number_of_Vertices=len(corners),
            extra=corners.ravel().tolist(),
        )


def _add_surface(document: IdfDocument, zone: str, face: Face) -> None:
    outdoors = face.beyond == "outdoors"
    document.add(
        "BuildingSurface:Detailed",
        Name=face.name,
        Surface_Type=face.kind.capitalize(),
        Construction_Name=constructions.CONSTRUCTION_OF[face.kind, face.beyond],
        Zone_Name=zone,
        Outside_Boundary_Condition=_BEYOND[face.beyond],
        Outside_Boundary_Condition_Object=face.counterpart,
        Sun_Exposure="SunExposed" if outdoors else "NoSun",
        Wind_Exposure="WindExposed" if outdoors else "NoWind",
        View_Factor_to_Ground="autocalculate",
        Number_of_Vertices=len(face.corners),
        extra=face.corners.ravel().tolist(),
    )
