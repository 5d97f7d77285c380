"""Objects of a file read into drafts, one after another, whatever version of CityGML they are written in."""

from collections import Counter
from typing import Any, NamedTuple

from lxml import etree

from citytwin_desktop.formats.citygml.attributes import (
    add_generic,
    add_simple,
    address_of,
    construction_height,
    external_reference,
    flatten,
    put,
)
from citytwin_desktop.formats.citygml.drafts import Draft, Group
from citytwin_desktop.formats.citygml.geometry import GeometryReader
from citytwin_desktop.formats.citygml.geometry_roles import Plan, plan_of
from citytwin_desktop.formats.citygml.implicit import placement_of, point_of
from citytwin_desktop.formats.citygml.kinds import (
    BOUNDARY_PROPERTIES,
    INSIDE_PROPERTIES,
    INSTALLATION_PROPERTIES,
    INTERIOR,
    OPENING_PROPERTIES,
    PART_PROPERTIES,
    SURFACE_KINDS,
    function_of_code,
)
from citytwin_desktop.formats.citygml.names import NAMES, OWN_CODE_SPACE, Name, gml_id, prefixed, text_of
from citytwin_desktop.formats.citygml.plain_tree import plain
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

_BODIES = frozenset(("Solid", "MultiSolid"))
_SHELLS = frozenset(("MultiSurface", "Geometry", "Surface", "GenericGeometry"))
_NO_SURFACES = frozenset(("TerrainIntersection", "TerrainIntersectionCurve", "MultiCurve", "Network", "MultiPoint",
                          "PointCloud"))  # fmt: skip
_CONTEXT_PARTS = frozenset(("trafficArea", "auxiliaryTrafficArea", "section", "intersection", "trafficSpace",
                            "auxiliaryTrafficSpace", "reliefComponent", "groupMember"))  # fmt: skip
_NOT_KEPT = frozenset(("appearance", "appearanceMember", "generalizesTo", "tin", "granularity", "extent",
                       "relatedTo", "dynamizer", "clearanceSpace", "marking", "hole", "predecessor", "successor",
                       "pointCloud", "metaDataProperty"))  # fmt: skip
_DEEPEST = 24


class FeatureReader:
    """Reads objects into drafts.

    Parameters
    ----------
    prefix : str
        Of identifiers that are made up.
    """

    def __init__(self, prefix: str) -> None:
        self.geometry = GeometryReader(self._fault)
        self.unused: Counter[str] = Counter()
        """What was passed over, by name, for one remark on each."""
        self.interior: Counter[str] = Counter()
        self.faults: Counter[tuple[str, str]] = Counter()
        """Polygons that could not be read, by object and code."""
        self._prefix, self._made_up, self._current = prefix, 0, ""

    def read(self, element: etree._Element, depth: int = 0) -> Draft:
        """Read an object with all its parts."""
        identifier = gml_id(element)
        if not identifier:
            self._made_up += 1
            identifier = f"{self._prefix}-{self._made_up}"
        draft = Draft(identifier, NAMES[element.tag].local)
        before, self._current = self._current, identifier
        self._read_properties(element, draft, depth)
        self._current = before
        return draft

    def _fault(self, code: str) -> None:
        self.faults[self._current, code] += 1

    def _read_properties(self, element: etree._Element, draft: Draft, depth: int) -> None:
        for child in element:
            name = NAMES[child.tag]
            local = name.local
            if name.family == "gml":
                self._read_gml(child, local, draft)
            elif name.family in ("energy", "other"):
                self._read_extension(child, name, draft)
            elif local in BOUNDARY_PROPERTIES:
                self._read_boundaries(child, local, draft)
            elif local[:3] == "lod" and local[3:4].isdigit():
                self._read_geometry(child, local[3], local[4:], draft, "", UNKNOWN_KIND, "")
            elif len(child):
                self._read_nested(child, local, draft, depth)
            else:
                self._read_value(child, local, draft)

    def _read_gml(self, child: etree._Element, local: str, draft: Draft) -> None:
        if local == "name" and (text := text_of(child)):
            put(draft.attributes, "name" if "name" not in draft.attributes else "alternativeName", text)
        elif local == "description" and (text := text_of(child)):
            put(draft.attributes, "description", text)
        elif local == "identifier" and child.get("codeSpace") == OWN_CODE_SPACE and (text := text_of(child)):
            draft.identifier = self._current = text

    def _read_value(self, child: etree._Element, local: str, draft: Draft) -> None:
        add_simple(draft.attributes, child, local)
        if local in ("usage", "function", "class") and not draft.code_function:
            draft.code_function = function_of_code(text_of(child), child.get("codeSpace", ""))

    def _read_extension(self, child: etree._Element, name: Name, draft: Draft) -> None:
        if name.family == "energy":
            draft.energy.append(plain(child))
        else:
            flatten(draft.attributes, child, prefixed(child))

    def _read_nested(self, child: etree._Element, local: str, draft: Draft, depth: int) -> None:
        """Read a property with content of its own."""
        if local in PART_PROPERTIES or local in _CONTEXT_PARTS:
            if depth < _DEEPEST:
                draft.parts.extend(self.read(part, depth + 1) for part in child)
            else:
                self._fault("nested_too_deep")
        elif local in INSTALLATION_PROPERTIES:
            for installation in child:
                self._read_installation(installation, draft)
        elif local in INSIDE_PROPERTIES:
            self.interior[NAMES[child[0].tag].local] += 1
        elif local.endswith(("Attribute", "AttributeSet")):
            self._read_generic(child, local, draft)
        elif local == "tin":
            draft.groups.append(Group("shell", "", UNKNOWN_KIND, "", self.geometry.faces(child)))
        elif local[:5] == "adeOf":
            for inner in child:
                self._read_extension_hook(inner, draft)
        else:
            self._read_structure(child, local, draft.attributes)

    def _read_structure(self, child: etree._Element, local: str, attributes: dict[str, Any]) -> None:
        """Read an attribute that has parts."""
        if local == "address":
            if found := address_of(child):
                put(attributes, "address", [found])
        elif local == "externalReference":
            if found := external_reference(child):
                put(attributes, "externalReferences", [found])
        elif local == "height":
            _read_height(child, attributes)
        elif local not in _NOT_KEPT:
            self.unused[local] += 1

    def _read_extension_hook(self, element: etree._Element, draft: Draft) -> None:
        for child in element:
            self._read_extension(child, NAMES[child.tag], draft)

    def _read_generic(self, child: etree._Element, local: str, draft: Draft) -> None:
        inner = child[0] if local == "genericAttribute" and len(child) else child
        add_generic(draft.attributes, inner, NAMES[inner.tag].local)

    def _read_boundaries(self, child: etree._Element, local: str, draft: Draft) -> None:
        """Read a property that leads to a boundary surface; most have one polygon and nothing unusual."""
        elements = list(child.iter())
        plan = _PLAIN_BOUNDARIES[tuple([element.tag for element in elements])]
        faces = self.geometry.plain_faces(elements, plan.geometry) if plan else None
        if plan and faces:
            identifier = elements[1].get(self.geometry.id_name) or ""
            draft.groups.append(Group("theme", plan.lod, plan.kind, identifier, faces))
            if identifier:
                self.geometry.named.setdefault(identifier, (faces, 0, len(faces), False))
            return
        for surface in child:
            self._read_boundary(surface, draft)
        if not len(child):
            self.unused[f"{local} by reference"] += 1

    def _read_boundary(self, surface: etree._Element, draft: Draft, opening: bool = False) -> None:
        """Read one boundary surface with its openings."""
        local = NAMES[surface.tag].local
        if local in INTERIOR:
            self.interior[local] += 1
            return
        if local not in SURFACE_KINDS:
            self._read_other_boundary(surface, local, draft)
            return
        role, kind, identifier = "opening" if opening else "theme", int(SURFACE_KINDS[local]), gml_id(surface)
        for child in surface:
            name = NAMES[child.tag].local
            if name[:3] == "lod" and name[3:4].isdigit():
                self._read_geometry(child, name[3], name[4:], draft, role, kind, identifier)
            elif name in OPENING_PROPERTIES or (opening and name in BOUNDARY_PROPERTIES):
                for inner in child:
                    if NAMES[inner.tag].local != "Envelope":
                        self._read_boundary(inner, draft, opening=True)

    def _read_other_boundary(self, surface: etree._Element, local: str, draft: Draft) -> None:
        """Boundary surfaces of what is no building: traffic areas, surfaces of water."""
        if local in (
            "TrafficArea",
            "AuxiliaryTrafficArea",
            "WaterSurface",
            "WaterGroundSurface",
            "WaterClosureSurface",
        ):
            draft.parts.append(self.read(surface))
        elif local not in ("Envelope", "Null"):
            self.unused[local] += 1

    def _read_installation(self, installation: etree._Element, draft: Draft) -> None:
        first = len(draft.groups)
        inner = Draft(gml_id(installation), "BuildingInstallation")
        self._read_properties(installation, inner, _DEEPEST)
        draft.groups[first:] = [
            Group("installation", group.lod, group.kind, group.identifier, group.faces)
            for group in inner.groups
            if group.faces
        ]
        self.interior["BuildingInstallation"] += 1

    def _read_geometry(
        self, child: etree._Element, lod: str, what: str, draft: Draft, role: str, kind: int, identifier: str
    ) -> None:
        if what in ("ImplicitRepresentation", "ImplicitGeometry"):
            if found := placement_of(child, lod, self.geometry):
                draft.placements.append(found)
            return
        if what in _NO_SURFACES:
            return
        if draft.kind == "SolitaryVegetationObject" and not draft.point:
            draft.point = point_of(child)
        faces = self.geometry.faces(child)
        if not faces:
            return
        role = role or {"FootPrint": "outline", "RoofEdge": "roof_edge"}.get(
            what, "body" if what in _BODIES else "shell"
        )
        draft.groups.append(Group(role, lod, kind, identifier, faces))
        if identifier:
            self.geometry.named.setdefault(identifier, (faces, 0, len(faces), False))


def _read_height(child: etree._Element, attributes: dict[str, Any]) -> None:
    """Take a height of CityGML 3.0; a measured one wins over an estimated one."""
    value, status = construction_height(child)
    if value is None:
        return
    if "measuredHeight" not in attributes or status == "measured":
        attributes["measuredHeight"] = value


class _PlainBoundary(NamedTuple):
    """A boundary surface of one geometry and no openings."""

    kind: int
    lod: str
    geometry: Plan


class _PlainBoundaries(dict[tuple[Any, ...], "_PlainBoundary | None"]):
    """Plain boundary surface by the tags of all elements of its property, None where there is more to it."""

    def __missing__(self, tags: tuple[Any, ...]) -> "_PlainBoundary | None":
        plain_one = _plain_boundary(tags)
        if len(self) < _MOST_PLANS and len(tags) < _LONGEST_PLAN:
            self[tags] = plain_one
        return plain_one


_MOST_PLANS, _LONGEST_PLAN = 2_000, 400
_PLAIN_BOUNDARIES = _PlainBoundaries()


def _plain_boundary(tags: tuple[Any, ...]) -> _PlainBoundary | None:
    """Whether a property holds a boundary surface with one geometry of surfaces and at most texts beside it."""
    names = [NAMES[tag].local for tag in tags]
    levels = [place for place, name in enumerate(names) if name[:3] == "lod" and name[3:4].isdigit()]
    if len(names) < 2 or names[1] not in SURFACE_KINDS or len(levels) != 1:
        return None
    place = levels[0]
    beside = names[2:place]
    lod, what = names[place][3], names[place][4:]
    geometry = plan_of(tags[place:])
    if what not in _SHELLS or geometry is None or any(name not in _TEXTS for name in beside):
        return None
    containers, polygons, places = (tuple(number + place for number in numbers) for numbers in geometry[:3])
    shifted = Plan(containers, polygons, places, geometry.rings)
    return _PlainBoundary(int(SURFACE_KINDS[names[1]]), lod, shifted)


_TEXTS = frozenset(("name", "description", "creationDate", "terminationDate"))
