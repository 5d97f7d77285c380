"""Plants as what shades: drawn bodies, covers raised to their height, crowns made of stated sizes."""

import numpy as np

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.formats.citygml.drafts import Draft
from citytwin_desktop.formats.citygml.remarks import Remarks
from citytwin_desktop.formats.cityjson.derived_plants import crown_of, raised, stated_thickness_m

Layer = list[tuple[ContextKind, Polygons]]


def grown(draft: Draft, surfaces: Polygons, solid: bool, in_degrees: bool, remarks: Remarks) -> Layer:
    """Surfaces of a plant or a cover of plants, with the layer they belong to.

    Parameters
    ----------
    draft : Draft
    surfaces : Polygons
        What is drawn of it.
    solid : bool
        Whether that is a body.
    in_degrees : bool
        Whether coordinates are degrees, in which nothing can be made of sizes in metres.
    remarks : Remarks
    """
    return (
        _cover(draft, surfaces, solid, in_degrees, remarks)
        if draft.kind == "PlantCover"
        else _tree(draft, surfaces, in_degrees, remarks)
    )


def _cover(draft: Draft, surfaces: Polygons, solid: bool, in_degrees: bool, remarks: Remarks) -> Layer:
    if not len(surfaces):
        remarks.add(draft.identifier, "no_geometry", "A PlantCover without surfaces was left out.", "skipped")
        return []
    if solid:
        message = "Its body shades like trees and is kept among them."
        remarks.add(draft.identifier, "plant_cover_stands", message)
        return [(ContextKind.TREE, surfaces)]
    thickness_m = None if in_degrees else stated_thickness_m({"attributes": draft.attributes})
    if thickness_m is None:
        return [(ContextKind.GREEN, surfaces)]
    message = f"It was raised to its average height of {thickness_m:g} m and shades like trees."
    remarks.add(draft.identifier, "plant_cover_raised", message, "repaired")
    return [(ContextKind.TREE, raised(surfaces, thickness_m))]


def _tree(draft: Draft, surfaces: Polygons, in_degrees: bool, remarks: Remarks) -> Layer:
    if len(surfaces):
        return [(ContextKind.TREE, surfaces)]
    point = next((placement.point for placement in draft.placements if placement.point), draft.point)
    item = {"attributes": draft.attributes, "geometry": [{"type": "MultiPoint", "boundaries": [0]}]}
    crown = crown_of(item, np.array([point])) if point and not in_degrees else None
    if crown is None:
        message = "It has no usable surfaces, and not all of height, crown diameter and one point to make a crown of."
        if in_degrees:
            message = "It has no surfaces, and its place is in degrees, where no crown can be made: convert the file."
        remarks.add(draft.identifier, "plant_without_geometry", message, "skipped")
        return []
    polygons, height_m, diameter_m = crown
    message = f"A round crown {diameter_m:g} m wide, up to {height_m:g} m above its point, was made of its attributes."
    remarks.add(draft.identifier, "crown_from_attributes", message, "repaired")
    return [(ContextKind.TREE, polygons)]
