"""What the types of CityGML stand for in a city."""

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

BUILDINGS = frozenset(("Building", "BuildingPart"))

SURFACE_KINDS: dict[str, int] = {
    "WallSurface": SurfaceKind.WALL,
    "RoofSurface": SurfaceKind.ROOF,
    "GroundSurface": SurfaceKind.GROUND,
    "OuterCeilingSurface": SurfaceKind.OUTER_CEILING,
    "OuterFloorSurface": SurfaceKind.OUTER_FLOOR,
    "ClosureSurface": SurfaceKind.CLOSURE,
    "Window": SurfaceKind.WINDOW,
    "Door": SurfaceKind.DOOR,
    "WindowSurface": SurfaceKind.WINDOW,
    "DoorSurface": SurfaceKind.DOOR,
    "GenericThematicSurface": UNKNOWN_KIND,
}
"""Kind of each type of boundary surface that faces the outside."""

INTERIOR = frozenset(("InteriorWallSurface", "CeilingSurface", "FloorSurface"))

INSIDE_PROPERTIES = frozenset(
    ("interiorRoom", "buildingRoom", "interiorBuildingInstallation", "interiorFurniture", "roomInstallation",
     "buildingFurniture", "buildingSubdivision", "buildingConstructiveElement", "constructiveElement")
)  # fmt: skip
"""Properties of a building that lead to what is inside it."""

INSTALLATION_PROPERTIES = frozenset(("outerBuildingInstallation", "buildingInstallation"))
PART_PROPERTIES = frozenset(("consistsOfBuildingPart", "buildingPart"))
OPENING_PROPERTIES = frozenset(("opening", "fillingSurface", "filling"))
BOUNDARY_PROPERTIES = frozenset(("boundedBy", "boundary"))

CONTEXT: dict[str, ContextKind] = {
    "Road": ContextKind.ROAD,
    "Railway": ContextKind.ROAD,
    "Track": ContextKind.ROAD,
    "Square": ContextKind.ROAD,
    "TransportationComplex": ContextKind.ROAD,
    "Section": ContextKind.ROAD,
    "Intersection": ContextKind.ROAD,
    "TrafficSpace": ContextKind.ROAD,
    "AuxiliaryTrafficSpace": ContextKind.ROAD,
    "TrafficArea": ContextKind.ROAD,
    "AuxiliaryTrafficArea": ContextKind.ROAD,
    "WaterBody": ContextKind.WATER,
    "LandUse": ContextKind.GREEN,
    "PlantCover": ContextKind.GREEN,
    "SolitaryVegetationObject": ContextKind.TREE,
    "ReliefFeature": ContextKind.TERRAIN,
    "TINRelief": ContextKind.TERRAIN,
}
"""Kind of layer by type of object."""

CODE_FUNCTIONS: dict[str, dict[str, str]] = {
    # Code list of the uses of buildings of Japan's 3D city models (Project PLATEAU, standard product specification).
    "building_usage": {
        "401": "office", "402": "retail", "403": "hotel", "404": "retail", "411": "residential", "412": "residential",
        "413": "residential", "414": "residential", "415": "residential", "421": "office", "431": "industrial",
        "441": "industrial", "451": "other", "452": "other", "453": "other", "454": "other",
    },
}  # fmt: skip
"""Function by code for code lists that say by their name whose they are."""


def function_of_code(code: str, code_space: str) -> str:
    """Function that a code of a known code list means, empty for any other.

    Parameters
    ----------
    code, code_space : str
    """
    known = CODE_FUNCTIONS.get(code_space.rpartition("/")[2].lower().removesuffix(".xml"))
    return known.get(code, "") if known else ""
