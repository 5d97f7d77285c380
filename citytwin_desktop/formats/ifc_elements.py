"""Elements of an IFC model and their shapes."""

import math
from collections.abc import Iterator
from typing import Any, cast

import numpy as np

from citytwin_desktop.formats.ifc_bodies import Shape, StoreyOutline, storey_outlines
from citytwin_desktop.formats.report import ImportReport

_SHELL = ("IfcWall", "IfcCurtainWall", "IfcSlab", "IfcRoof", "IfcSpace")
_SLAB_ROOF = "ROOF"
_DEEPEST_TREE = 12


def every(model: Any, kind: str) -> list[Any]:
    """All elements of a class; none where the model's schema does not know it."""
    try:
        return list(model.by_type(kind))
    except RuntimeError:
        return []


def elements_of(model: Any, building: Any, kind: str, *, only: bool) -> list[Any]:
    """Elements of a kind that belong to a building; all of them where there is but one building."""
    found = every(model, kind)
    return found if only else [item for item in found if _building_of(item) == building]


def _container(item: Any) -> Any:
    from ifcopenshell.util.element import get_aggregate, get_container

    return get_container(item) or get_aggregate(item)


def _building_of(item: Any) -> Any:
    for _ in range(_DEEPEST_TREE):
        if item is None or item.is_a("IfcBuilding"):
            return item
        item = _container(item)
    return None


def _storey_of(item: Any) -> Any:
    for _ in range(_DEEPEST_TREE):
        if item is None or item.is_a("IfcBuildingStorey"):
            return item
        item = _container(item)
    return None


def building_outlines(model: Any, building: Any, *, only: bool, report: ImportReport) -> list[StoreyOutline]:
    """Outlines of the storeys of a building, from the ground up."""
    elements = [item for kind in _SHELL for item in elements_of(model, building, kind, only=only)]
    shapes = list(_shapes(elements, report))
    levels = {storey.id(): _elevation_m(storey) for storey in every(model, "IfcBuildingStorey")}
    return storey_outlines(shapes, levels)


def _elevation_m(storey: Any) -> float:
    """Elevation of a storey in the model's coordinates [m], nan for unknown."""
    from ifcopenshell.util.placement import get_local_placement
    from ifcopenshell.util.unit import calculate_unit_scale

    scale = calculate_unit_scale(storey.file)
    if storey.ObjectPlacement is not None:
        return float(get_local_placement(storey.ObjectPlacement)[2][3]) * scale
    return float(storey.Elevation) * scale if storey.Elevation is not None else math.nan


def _shapes(elements: list[Any], report: ImportReport) -> Iterator[Shape]:
    """Triangles of elements in metres and the model's own coordinates."""
    import ifcopenshell.geom

    settings = cast("Any", ifcopenshell.geom).settings()
    settings.set("use-world-coords", True)
    settings.set("weld-vertices", True)
    for item in elements:
        if item.Representation is None:
            continue
        try:
            made = cast("Any", ifcopenshell.geom.create_shape(settings, item)).geometry
        except RuntimeError:
            message = "Its geometry could not be made and was left out."
            report.add(str(item.GlobalId), "geometry_damaged", message, "skipped")
            continue
        vertices = np.array(made.verts, np.float64).reshape(-1, 3)
        faces = np.array(made.faces, np.int64).reshape(-1, 3)
        if not len(faces) or not (np.abs(vertices) < 1e8).all():
            continue
        storey = _storey_of(item)
        roof = item.is_a("IfcRoof") or (item.is_a("IfcSlab") and str(item.PredefinedType) == _SLAB_ROOF)
        kind = "roof" if roof else item.is_a()[3:].lower()
        yield Shape(kind, vertices[faces], -1 if storey is None else storey.id())
