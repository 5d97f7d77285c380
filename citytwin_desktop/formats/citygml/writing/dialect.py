"""How CityGML 3.0 and 2.0 spell the same things."""

from dataclasses import dataclass

from citytwin_desktop.city.kinds import SurfaceKind

XLINK = "http://www.w3.org/1999/xlink"


@dataclass(frozen=True)
class Dialect:
    """Namespaces of one version.

    Parameters
    ----------
    version : str
    gml, core, building, construction, generics, transportation, water, vegetation, relief, address : str
        Namespaces.
    levels : str
        Levels of detail that boundary surfaces may have.
    """

    version: str
    gml: str
    core: str
    building: str
    construction: str
    generics: str
    transportation: str
    water: str
    vegetation: str
    relief: str
    address: str
    levels: str

    @property
    def prefixes(self) -> dict[str, str]:
        """Namespace by prefix, as declared once at the top."""
        names = {
            "core": self.core, "gml": self.gml, "bldg": self.building, "con": self.construction, "gen": self.generics,
            "tran": self.transportation, "wtr": self.water, "veg": self.vegetation, "dem": self.relief,
            "xAL": self.address, "xlink": XLINK,
        }  # fmt: skip
        if self.construction == self.building:
            del names["con"]
        return names

    @property
    def is_three(self) -> bool:
        """Whether this is CityGML 3.0."""
        return self.version == "3.0"


def _module(name: str, version: str) -> str:
    return f"http://www.opengis.net/citygml/{name}/{version}"


def _dialect(version: str, gml: str, construction: str, address: str, levels: str) -> Dialect:
    return Dialect(
        version=version,
        gml=gml,
        core=f"http://www.opengis.net/citygml/{version}",
        building=_module("building", version),
        construction=_module(construction, version),
        generics=_module("generics", version),
        transportation=_module("transportation", version),
        water=_module("waterbody", version),
        vegetation=_module("vegetation", version),
        relief=_module("relief", version),
        address=address,
        levels=levels,
    )


THREE = _dialect("3.0", "http://www.opengis.net/gml/3.2", "construction", "urn:oasis:names:tc:ciq:xal:3", "0123")
TWO = _dialect("2.0", "http://www.opengis.net/gml", "building", "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0", "234")
DIALECTS = {"3.0": THREE, "2.0": TWO}

SURFACE_NAMES = {
    SurfaceKind.WALL: "WallSurface",
    SurfaceKind.ROOF: "RoofSurface",
    SurfaceKind.GROUND: "GroundSurface",
    SurfaceKind.OUTER_CEILING: "OuterCeilingSurface",
    SurfaceKind.OUTER_FLOOR: "OuterFloorSurface",
    SurfaceKind.CLOSURE: "ClosureSurface",
    SurfaceKind.WINDOW: "Window",
    SurfaceKind.DOOR: "Door",
}
