"""Zones and surfaces: one zone for each storey, walls by edge, slabs in pairs, windows inside their wall."""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.sim.energyplus import constructions
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.inputs import PartyStretch, ThermalModel
from citytwin_desktop.sim.energyplus.plan_pieces import plan_pieces
from citytwin_desktop.sim.energyplus.wall_faces import WallFace, wall_faces

_SMALLEST_WINDOW_SIDE_M = 0.2
_SHORTEST_EDGE_M = 0.01  # EnergyPlus takes closer corners for one


def zone_name(storey: int) -> str:
    """Name of the zone of a storey, counted from 0 at the ground."""
    return f"Storey {storey + 1}"


def add_envelope(document: IdfDocument, model: ThermalModel) -> None:
    """Add zones and all heat transfer surfaces."""
    pieces = plan_pieces(model.plan)
    stretches: dict[tuple[int, int, int], list[PartyStretch]] = defaultdict(list)
    for stretch in model.party:
        stretches[stretch.polygon, stretch.ring, stretch.position].append(stretch)
    for storey in range(model.storeys):
        _add_zone(document, model, storey)
        _add_slabs(document, model, storey, pieces)
        for polygon, rings in enumerate(model.plan):
            for ring, corners in enumerate(rings):
                for position in range(len(corners)):
                    ends = corners[position], corners[(position + 1) % len(corners)]
                    name = f"Wall {storey + 1}.{polygon + 1}.{ring + 1}.{position + 1}"
                    _add_walls(document, model, storey, name, ends, stretches[polygon, ring, position])


def add_shading(document: IdfDocument, quads: FloatArray) -> None:
    """Add neighbours' walls; the other half of the recipe is the output option DoNotMirrorDetachedShading."""
    for number, quad in enumerate(quads):
        name = f"Neighbour {number + 1}"
        document.add("Shading:Building:Detailed", Name=name, Number_of_Vertices=len(quad), extra=_coordinates(quad))


def _add_zone(document: IdfDocument, model: ThermalModel, storey: int) -> None:
    area = model.footprint_area_m2
    document.add(
        "Zone",
        Name=zone_name(storey),
        Multiplier=1,
        Ceiling_Height=model.storey_height_m,
        Volume=area * model.storey_height_m,
        Floor_Area=area,
    )


def _add_slabs(document: IdfDocument, model: ThermalModel, storey: int, pieces: Sequence[FloatArray]) -> None:
    bottom, top = storey * model.storey_height_m, (storey + 1) * model.storey_height_m
    lowest, highest = storey == 0, storey == model.storeys - 1
    for number, piece in enumerate(pieces, start=1):
        _surface(
            document,
            name=f"Floor {storey + 1}.{number}",
            kind="Floor",
            construction=constructions.FLOOR if lowest else constructions.SLAB,
            zone=zone_name(storey),
            beyond="Ground" if lowest else "Surface",
            counterpart="" if lowest else f"Ceiling {storey}.{number}",
            corners=_at_height(piece[::-1], bottom),
        )
        _surface(
            document,
            name=f"Roof {number}" if highest else f"Ceiling {storey + 1}.{number}",
            kind="Roof" if highest else "Ceiling",
            construction=constructions.ROOF if highest else constructions.SLAB,
            zone=zone_name(storey),
            beyond="Outdoors" if highest else "Surface",
            counterpart="" if highest else f"Floor {storey + 2}.{number}",
            corners=_at_height(piece, top),
        )


def _add_walls(
    document: IdfDocument,
    model: ThermalModel,
    storey: int,
    name: str,
    ends: tuple[FloatArray, FloatArray],
    stretches: Sequence[PartyStretch],
) -> None:
    length = math.dist(*ends)
    if length < _SHORTEST_EDGE_M:
        return
    bottom = storey * model.storey_height_m
    faces = wall_faces(length, bottom, bottom + model.storey_height_m, stretches)
    for number, face in enumerate(faces, start=1):
        face_name = f"{name}.{number}"
        corners = _rectangle(ends, length, face)
        _surface(
            document,
            name=face_name,
            kind="Wall",
            construction=constructions.WALL if face.outdoors else constructions.PARTY_WALL,
            zone=zone_name(storey),
            beyond="Outdoors" if face.outdoors else "Adiabatic",
            counterpart="",
            corners=corners,
        )
        if face.outdoors:
            _add_window(document, face_name, corners, model.spec.window_share)


def _add_window(document: IdfDocument, wall: str, corners: FloatArray, share: float) -> None:
    """The rectangle of the wall scaled about its centre, so that it is always inside it."""
    scale = math.sqrt(share)
    sides = np.linalg.norm(np.diff(corners[:3], axis=0), axis=1) * scale
    if sides.min() < _SMALLEST_WINDOW_SIDE_M:
        return
    centre = corners.mean(axis=0)
    document.add(
        "FenestrationSurface:Detailed",
        Name=f"Window of {wall}",
        Surface_Type="Window",
        Construction_Name=constructions.WINDOW,
        Building_Surface_Name=wall,
        Multiplier=1,
        Number_of_Vertices=4,
        extra=_coordinates(centre + (corners - centre) * scale),
    )


def _surface(
    document: IdfDocument,
    *,
    name: str,
    kind: str,
    construction: str,
    zone: str,
    beyond: str,
    counterpart: str,
    corners: FloatArray,
) -> None:
    outdoors = beyond == "Outdoors"
    document.add(
        "BuildingSurface:Detailed",
        Name=name,
        Surface_Type=kind,
        Construction_Name=construction,
        Zone_Name=zone,
        Outside_Boundary_Condition=beyond,
        Outside_Boundary_Condition_Object=counterpart,
        Sun_Exposure="SunExposed" if outdoors else "NoSun",
        Wind_Exposure="WindExposed" if outdoors else "NoWind",
        View_Factor_to_Ground="autocalculate",
        Number_of_Vertices=len(corners),
        extra=_coordinates(corners),
    )


def _rectangle(ends: tuple[FloatArray, FloatArray], length: float, face: WallFace) -> FloatArray:
    """(4, 3) float64 [m]: upper left corner first, counter-clockwise seen from outside."""
    first, last = ends
    along = (last - first) / length
    left, right = first + along * face.start_m, first + along * face.end_m
    return np.array([[*left, face.top_m], [*left, face.bottom_m], [*right, face.bottom_m], [*right, face.top_m]])


def _at_height(corners: FloatArray, height_m: float) -> FloatArray:
    return np.column_stack([corners, np.full(len(corners), height_m)])


def _coordinates(corners: FloatArray) -> list[float]:
    values: list[float] = np.round(corners, 4).ravel().tolist()
    return values
