"""Buildings and their parts as elements."""

import re
from collections.abc import Mapping
from typing import Any, TypeGuard

import numpy as np
from lxml import etree

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.citygml.axes import AxisOrder
from citytwin_desktop.formats.citygml.names import OWN_CODE_SPACE
from citytwin_desktop.formats.citygml.writing.attributes import (
    address_element,
    clean,
    generic_attributes,
    measure_attribute,
)
from citytwin_desktop.formats.citygml.writing.closed import closed_rows
from citytwin_desktop.formats.citygml.writing.dialect import SURFACE_NAMES, Dialect
from citytwin_desktop.formats.citygml.writing.geometry import RingTexts, multi_surface, polygon_element, solid_of
from citytwin_desktop.formats.citygml.writing.hosts import hosts_of_openings
from citytwin_desktop.formats.citygml.writing.identifiers import Identifiers
from citytwin_desktop.formats.cityjson.written_attributes import written_attributes

Values = Mapping[str, Mapping[str, tuple[float, str]]]
_OPENINGS = (SurfaceKind.WINDOW, SurfaceKind.DOOR)
_TALLEST_SOLID_LOD = "3"
_MOST_STOREYS = 1_000
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


class BuildingWriter:
    """Makes elements of buildings.

    Parameters
    ----------
    city : CityModel
    dialect : Dialect
    ids : Identifiers
    values : mapping
        Results by building and name: number and unit.
    """

    def __init__(self, city: CityModel, dialect: Dialect, ids: Identifiers, values: Values) -> None:
        self._city, self._dialect, self._ids, self._values = city, dialect, ids, values
        self._rings = RingTexts(city.surfaces.polygons, city.origin, AxisOrder.of(city.epsg))
        self._closed = closed_rows(city)
        self._columns = city.buildings.columns
        self._parts: dict[str, list[int]] = {}
        for row, parent in enumerate(self._columns["parent_id"]):
            if parent:
                self._parts.setdefault(parent, []).append(row)

    def outermost(self) -> list[int]:
        """Rows that are no part of another."""
        return [row for row, parent in enumerate(self._columns["parent_id"]) if not parent]

    def element(self, row: int) -> etree._Element:
        """A building with its parts."""
        bldg, name = self._dialect.building, "BuildingPart" if self._columns["parent_id"][row] else "Building"
        element = etree.Element(f"{{{bldg}}}{name}", nsmap=self._dialect.prefixes)
        attributes = written_attributes(self._city.buildings, row)
        self._add_identity(element, row, attributes)
        element.extend(generic_attributes(self._dialect, attributes))
        results = self._values.get(str(self._columns["id"][row]), {})
        element.extend(measure_attribute(self._dialect, key, *value) for key, value in results.items())
        if self._dialect.is_three:
            self._add_geometry(element, row)
            self._add_properties(element, row, attributes)
            self._add_addresses(element, attributes)
            self._add_parts(element, row)
        else:
            self._add_properties(element, row, attributes)
            self._add_geometry(element, row)
            self._add_parts(element, row)
            self._add_addresses(element, attributes)
        etree.cleanup_namespaces(element)
        return element

    def _add_identity(self, element: etree._Element, row: int, attributes: Mapping[str, Any]) -> None:
        gml, identifier = self._dialect.gml, str(self._columns["id"][row])
        fitting = self._ids.fitting(identifier)
        element.set(f"{{{gml}}}id", fitting)
        if description := attributes.get("description"):
            etree.SubElement(element, f"{{{gml}}}description").text = clean(str(description))
        if fitting != identifier and self._dialect.is_three:
            mark = etree.SubElement(element, f"{{{gml}}}identifier")
            mark.set("codeSpace", OWN_CODE_SPACE)
            mark.text = clean(identifier)
        if name := attributes.get("name"):
            etree.SubElement(element, f"{{{gml}}}name").text = clean(str(name))

    def _add_properties(self, element: etree._Element, row: int, attributes: Mapping[str, Any]) -> None:
        """Add what CityGML has its own names for, in the order of its schema."""
        con, bldg, three = self._dialect.construction, self._dialect.building, self._dialect.is_three
        year, height = self._columns["year_built"][row], self._columns["height_m"][row]
        if three and np.isfinite(year):
            etree.SubElement(element, f"{{{con}}}dateOfConstruction").text = _date(int(year), attributes)
        if three and np.isfinite(height):
            _add_height(element, con, attributes.get("measuredHeight"), float(height))
        for name in ("class", "function", "usage"):
            for text in _codes(attributes.get(name), 1 if name == "class" else None):
                etree.SubElement(element, f"{{{bldg}}}{name}").text = clean(text)
        if not three and np.isfinite(year):
            etree.SubElement(element, f"{{{bldg}}}yearOfConstruction").text = f"{int(year):04d}"
        for text in _codes(attributes.get("roofType"), 1):
            etree.SubElement(element, f"{{{bldg}}}roofType").text = clean(text)
        if not three and np.isfinite(height):
            stated = attributes.get("measuredHeight")
            measured = etree.SubElement(element, f"{{{bldg}}}measuredHeight")
            measured.set("uom", "m")
            measured.text = repr(float(stated) if _is_number(stated) else round(float(height), 6))
        for name in ("storeysAboveGround", "storeysBelowGround"):
            count = attributes.get(name)
            if _is_number(count) and 0 <= count < _MOST_STOREYS:
                etree.SubElement(element, f"{{{bldg}}}{name}").text = str(int(count))

    def _add_geometry(self, element: etree._Element, row: int) -> None:
        mine = self._city.surfaces.of_building(row)
        if mine.stop == mine.start:
            return
        level = str(self._columns["lod"][row])[:1]
        level = level if level in "01234" and level else "2"
        if self._dialect.is_three:
            level = min(level, _TALLEST_SOLID_LOD)
        elif level == "2" and np.isin(self._city.surfaces.kind[mine], _OPENINGS).any():
            level = "3"  # the only one at which CityGML 2.0 has windows beside walls
        surfaces = range(mine.start, mine.stop)
        names = {surface: self._ids.fitting(str(self._city.surfaces.source_id[surface])) for surface in surfaces}
        solid = None
        if level > "0" and self._closed[row]:
            solid = self._property(self._dialect, f"lod{level}Solid")
            members = [names[surface] for surface in surfaces]
            solid.append(
                solid_of(self._dialect, members, self._ids.fitting(f"{row}-solid"), self._ids.fitting(f"{row}-shell"))
            )
        if level not in self._dialect.levels:
            self._add_plain(element, level, names, solid is not None)
            return
        boundaries = self._boundaries(level, names)
        # The schema of 3.0 has the boundaries first, that of 2.0 the solids of level 2 first and those of 3 and 4 last.
        before = solid is not None and not self._dialect.is_three and level == "2"
        if before and solid is not None:
            element.append(solid)
        element.extend(boundaries)
        if not before and solid is not None:
            element.append(solid)

    def _property(self, dialect: Dialect, name: str) -> etree._Element:
        return etree.Element(f"{{{dialect.core if dialect.is_three else dialect.building}}}{name}")

    def _add_plain(self, element: etree._Element, level: str, names: Mapping[int, str], closed: bool) -> None:
        """Add surfaces that CityGML 2.0 keeps without themes: LoD 0 and 1."""
        polygons = [polygon_element(self._dialect, self._rings.of(surface), name) for surface, name in names.items()]
        if level == "0":
            kinds = {int(self._city.surfaces.kind[surface]) for surface in names}
            name = "lod0RoofEdge" if kinds == {SurfaceKind.ROOF} else "lod0FootPrint"
            prop = self._property(self._dialect, name)
            prop.append(multi_surface(self._dialect, polygons, self._ids.fitting("surfaces")))
        elif closed:
            prop = self._property(self._dialect, "lod1Solid")
            gml = self._dialect.gml
            solid = etree.SubElement(prop, f"{{{gml}}}Solid")
            solid.set(f"{{{gml}}}id", self._ids.fitting("solid"))
            shell = etree.SubElement(etree.SubElement(solid, f"{{{gml}}}exterior"), f"{{{gml}}}CompositeSurface")
            for polygon in polygons:
                etree.SubElement(shell, f"{{{gml}}}surfaceMember").append(polygon)
        else:
            prop = self._property(self._dialect, "lod1MultiSurface")
            prop.append(multi_surface(self._dialect, polygons, self._ids.fitting("surfaces")))
        element.append(prop)

    def _boundaries(self, level: str, names: Mapping[int, str]) -> list[etree._Element]:
        """One boundary surface for each polygon, windows and doors within that of the wall they are in."""
        kinds = {surface: SurfaceKind(int(self._city.surfaces.kind[surface])) for surface in names}
        openings = [surface for surface, kind in kinds.items() if kind in _OPENINGS]
        hosts = hosts_of_openings(self._city.surfaces.polygons, openings, [s for s in names if s not in openings])
        found = []
        holder = "boundary" if self._dialect.is_three else "boundedBy"
        for surface, kind in kinds.items():
            if surface in hosts:
                continue
            outer = self._property(self._dialect, holder)
            theme = self._theme(outer, surface, kind, level, names[surface])
            for opening in (opening for opening, host in hosts.items() if host == surface):
                self._add_opening(theme, opening, kinds[opening], level, names[opening])
            found.append(outer)
        return found

    def _theme(
        self, outer: etree._Element, surface: int, kind: SurfaceKind, level: str, polygon_id: str
    ) -> etree._Element:
        dialect = self._dialect
        name = SURFACE_NAMES[kind]
        if kind in _OPENINGS:  # one that lies in no wall at all
            name = "ClosureSurface"
        namespace = dialect.core if dialect.is_three and name == "ClosureSurface" else dialect.construction
        theme = etree.SubElement(outer, f"{{{namespace}}}{name}")
        theme.set(f"{{{dialect.gml}}}id", self._ids.fitting(f"{polygon_id}-surface"))
        self._add_surface(theme, surface, level, polygon_id)
        return theme

    def _add_opening(self, theme: etree._Element, surface: int, kind: SurfaceKind, level: str, polygon_id: str) -> None:
        dialect = self._dialect
        three = dialect.is_three
        prop = etree.SubElement(theme, f"{{{dialect.construction}}}{'fillingSurface' if three else 'opening'}")
        name = f"{SURFACE_NAMES[kind]}Surface" if three else SURFACE_NAMES[kind]
        opening = etree.SubElement(prop, f"{{{dialect.construction}}}{name}")
        opening.set(f"{{{dialect.gml}}}id", self._ids.fitting(f"{polygon_id}-surface"))
        self._add_surface(opening, surface, level if three else max(level, "3"), polygon_id)

    def _add_surface(self, theme: etree._Element, surface: int, level: str, polygon_id: str) -> None:
        dialect = self._dialect
        prop = self._property(dialect, f"lod{level}MultiSurface")
        polygon = polygon_element(dialect, self._rings.of(surface), polygon_id)
        prop.append(multi_surface(dialect, [polygon], self._ids.fitting(f"{polygon_id}-multi")))
        theme.append(prop)

    def _add_addresses(self, element: etree._Element, attributes: Mapping[str, Any]) -> None:
        given = attributes.get("address")
        for parts in given if isinstance(given, list) else [given]:
            address = address_element(self._dialect, parts) if isinstance(parts, Mapping) else None
            if address is not None:
                etree.SubElement(element, f"{{{self._dialect.building}}}address").append(address)

    def _add_parts(self, element: etree._Element, row: int) -> None:
        name = "buildingPart" if self._dialect.is_three else "consistsOfBuildingPart"
        for part in self._parts.get(str(self._columns["id"][row]), []):
            etree.SubElement(element, f"{{{self._dialect.building}}}{name}").append(self.element(part))


def _add_height(element: etree._Element, con: str, stated: Any, height_m: float) -> None:
    """Add the height that the source states, else that of the geometry, marked as estimated."""
    known = _is_number(stated)
    height = etree.SubElement(etree.SubElement(element, f"{{{con}}}height"), f"{{{con}}}Height")
    texts = (
        ("highReference", "highestRoofEdge"),
        ("lowReference", "lowestGroundPoint"),
        ("status", "measured" if known else "estimated"),
    )
    for name, text in texts:
        etree.SubElement(height, f"{{{con}}}{name}").text = text
    value = etree.SubElement(height, f"{{{con}}}value")
    value.set("uom", "m")
    value.text = repr(float(stated) if known else round(height_m, 6))


def _date(year: int, attributes: Mapping[str, Any]) -> str:
    """Date of construction: the source's own where it is one of that year, else the first of January."""
    given = str(attributes.get("dateOfConstruction") or attributes.get("yearOfConstruction") or "")
    return given if _DATE.fullmatch(given) and given[:4] == f"{year:04d}" else f"{year:04d}-01-01"


def _codes(given: Any, most: int | None) -> list[str]:
    codes = given if isinstance(given, list) else [given]
    return [str(code) for code in codes if isinstance(code, str | int | float) and str(code)][:most]


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))
