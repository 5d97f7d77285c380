"""Roads, water, green, trees and terrain as elements."""

import numpy as np
from lxml import etree

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.formats.citygml.axes import AxisOrder
from citytwin_desktop.formats.citygml.writing.attributes import clean
from citytwin_desktop.formats.citygml.writing.dialect import Dialect
from citytwin_desktop.formats.citygml.writing.geometry import RingTexts, multi_surface, polygon_element
from citytwin_desktop.formats.citygml.writing.identifiers import Identifiers


def context_element(city: CityModel, layer: ContextLayer, dialect: Dialect, ids: Identifiers) -> etree._Element | None:
    """One object for a layer, None for an empty one."""
    if layer.kind is ContextKind.TERRAIN:
        return _relief(city, layer, dialect, ids)
    if not len(layer.polygons):
        return None
    namespace, name = {
        ContextKind.ROAD: (dialect.transportation, "Road"),
        ContextKind.WATER: (dialect.water, "WaterBody"),
        ContextKind.GREEN: (dialect.vegetation, "PlantCover"),
        ContextKind.TREE: (dialect.vegetation, "SolitaryVegetationObject"),
    }[layer.kind]
    element = _object(namespace, name, layer, dialect, ids)
    rings = RingTexts(layer.polygons, city.origin, AxisOrder.of(city.epsg))
    polygons = (polygon_element(dialect, rings.of(place), ids.fitting("p")) for place in range(len(layer.polygons)))
    surface = multi_surface(dialect, polygons, ids.fitting(f"{layer.kind}-surfaces"))
    # Water and plants of CityGML 2.0 have other names for the same.
    what = {"WaterBody": "lod1MultiSurface", "SolitaryVegetationObject": "lod2Geometry"}.get(name, "lod2MultiSurface")
    tag = f"{{{dialect.core}}}lod2MultiSurface" if dialect.is_three else f"{{{namespace}}}{what}"
    etree.SubElement(element, tag).append(surface)
    return element


def _object(namespace: str, name: str, layer: ContextLayer, dialect: Dialect, ids: Identifiers) -> etree._Element:
    element = etree.Element(f"{{{namespace}}}{name}")
    element.set(f"{{{dialect.gml}}}id", ids.fitting(f"context-{layer.kind}"))
    etree.SubElement(element, f"{{{dialect.gml}}}name").text = clean(layer.name)
    return element


def _relief(city: CityModel, layer: ContextLayer, dialect: Dialect, ids: Identifiers) -> etree._Element | None:
    corners = layer.polygons.vertices[triangulate(layer.polygons).indices]
    if not len(corners):
        return None
    starts = np.arange(len(corners) + 1, dtype=np.int64)
    rings = RingTexts(Polygons(corners.reshape(-1, 3), starts * 3, starts), city.origin, AxisOrder.of(city.epsg))
    dem, gml = dialect.relief, dialect.gml
    feature = _object(dem, "ReliefFeature", layer, dialect, ids)
    etree.SubElement(feature, f"{{{dem}}}lod").text = "2"
    component = etree.SubElement(feature, f"{{{dem}}}reliefComponent")
    tin = etree.SubElement(component, f"{{{dem}}}TINRelief")
    tin.set(f"{{{gml}}}id", ids.fitting("tin"))
    etree.SubElement(tin, f"{{{dem}}}lod").text = "2"
    surface = etree.SubElement(etree.SubElement(tin, f"{{{dem}}}tin"), f"{{{gml}}}TriangulatedSurface")
    surface.set(f"{{{gml}}}id", ids.fitting("triangles"))
    patches = etree.SubElement(surface, f"{{{gml}}}{'patches' if dialect.is_three else 'trianglePatches'}")
    for place in range(len(corners)):
        patches.append(polygon_element(dialect, rings.of(place), tag="Triangle"))
    return feature
