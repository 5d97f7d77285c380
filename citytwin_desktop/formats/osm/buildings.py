"""Buildings and building parts out of tagged areas."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import VALUE_ORIGINS
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.formats.footprints.feature_table import clean_rings
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.osm.building_parts import Family, family, parents_of
from citytwin_desktop.formats.osm.local_metres import metres_per_degree
from citytwin_desktop.formats.osm.objects import OsmObjects, TaggedShapes
from citytwin_desktop.formats.osm.roof_shapes import SHAPES, Body, body_under, direction_deg, frame_of, roof_planes
from citytwin_desktop.formats.osm.tags import Sizes, function_of, name_of, sizes_of, storeys_of, year_built
from citytwin_desktop.formats.report import ImportReport

_PITCH = math.tan(math.radians(35.0))
_PITCH_OF_SKILLION = math.tan(math.radians(10.0))
_LARGEST_ROOF_SHARE = 0.5
"""A roof of assumed pitch takes at most so much of a known height."""
_FEWEST_AT_ONCE = 500

Row = dict[str, Any]


@dataclass(eq=False)
class BuildingShapes:
    """Rows with their surfaces, in longitude, latitude and metres above the ground.

    Parameters
    ----------
    rows : list of dict
    polygons : Polygons
    kind : ndarray, (n,) uint8
    owner : ndarray, (n,) int64
    """

    rows: list[Row]
    polygons: Polygons
    kind: NDArray[np.uint8]
    owner: IntArray


@dataclass(eq=False)
class _Draft:
    """Surfaces while they are collected."""

    flat: list[tuple[int, Any]] = field(default_factory=list)
    bodies: list[tuple[int, Body, FloatArray, FloatArray]] = field(default_factory=list)
    assumed: Counter[str] = field(default_factory=Counter)


def is_given(tags: dict[str, str], key: str) -> bool:
    """Whether a tag is there and not ``no``."""
    return tags.get(key, "no") != "no"


def split_areas(objects: OsmObjects, report: ImportReport) -> tuple[TaggedShapes, TaggedShapes]:
    """Outlines of buildings, and building parts; what lies underground is left out.

    Parameters
    ----------
    objects : OsmObjects
        Relations of type ``building`` give their tags to an outline that has none.
    report : ImportReport
    """
    areas = objects.areas
    place_of = {identifier: place for place, identifier in enumerate(areas.ids)}
    for relation, members in objects.members.items():
        for member, role in members:
            if role == "outline" and member in place_of:
                tags = areas.tags[place_of[member]]
                given = {key: value for key, value in objects.relation_tags[relation].items() if key != "type"}
                areas.tags[place_of[member]] = {"building": "yes", **given, **tags}
    outlines, parts = [], []
    for place, tags in enumerate(areas.tags):
        if not (is_given(tags, "building") or is_given(tags, "building:part")):
            continue
        if tags.get("location") == "underground" or tags.get("building") == "underground":
            report.add(areas.ids[place], "underground", "It lies underground and was left out.", "skipped")
        elif is_given(tags, "building"):
            outlines.append(place)
        else:
            parts.append(place)
    return areas.take(np.array(outlines, np.int64)), areas.take(np.array(parts, np.int64))


def building_shapes(objects: OsmObjects, options: ImportOptions, report: ImportReport) -> BuildingShapes:
    """All buildings and parts.

    Flat ones are outlines with ``measured_height_m`` or storeys, to be raised later; those whose roof is tagged with
    a shape that fits their outline are closed bodies.

    Parameters
    ----------
    objects : OsmObjects
    options : ImportOptions
    report : ImportReport
    """
    outlines, parts = split_areas(objects, report)
    parts = _with_heights(parts, options.storey_height_m, report)
    for identifier in objects.broken:
        message = "Its outline is not closed or partly outside the file and was left out: download a larger area."
        report.add(identifier, "outline_not_closed", message, "skipped")
    everything = [sizes_of(tags, options.storey_height_m) for tags in (*outlines.tags, *parts.tags)]
    sizes = [found for found, _ in everything]
    for identifier, (_, wrong) in zip((*outlines.ids, *parts.ids), everything, strict=True):
        for key in wrong:
            report.add(identifier, "value_without_sense", f"Its tag {key} makes no sense and was left out: edit it.")
    relatives = _relatives(objects, outlines, parts, sizes, options.storey_height_m, report)
    rows = [
        *(_row(name, "", tags, size) for name, tags, size in zip(outlines.ids, outlines.tags, sizes, strict=False)),
        *(
            _row(name, outlines.ids[parent] if parent >= 0 else "", tags, size)
            for name, tags, size, parent in zip(
                parts.ids, parts.tags, sizes[len(outlines) :], relatives.parent.tolist(), strict=True
            )
        ),
    ]
    draft = _Draft()
    shapes = [*relatives.own, *parts.shapes]
    all_tags = [*outlines.tags, *parts.tags]
    for place, (shape, tags, size) in enumerate(zip(shapes, all_tags, sizes, strict=True)):
        if place % _FEWEST_AT_ONCE == 0:
            options.watch(0.3 + 0.5 * place / max(len(shapes), 1), f"{place} of {len(shapes)} buildings")
        _draw(draft, place, shape, tags, size, rows[place], options.storey_height_m, report)
    for what, count in draft.assumed.items():
        report.add("roofs", "roof_height_assumed", f"{count} roofs have no stated height: {what} was assumed.")
    return _shapes(rows, draft, report)


def _with_heights(parts: TaggedShapes, storey_height_m: float, report: ImportReport) -> TaggedShapes:
    """Parts that say how high they are; the others tell no more than the outline that they lie in."""
    kept = []
    for place, tags in enumerate(parts.tags):
        if _top_m(sizes_of(tags, storey_height_m)[0], storey_height_m) > 0.0:
            kept.append(place)
        else:
            message = "It is a building part without height or storeys: the outline of its building stands for it."
            report.add(parts.ids[place], "part_without_height", message, "skipped")
    return parts.take(np.array(kept, np.int64))


def _relatives(
    objects: OsmObjects,
    outlines: TaggedShapes,
    parts: TaggedShapes,
    sizes: list[Sizes],
    storey_height_m: float,
    report: ImportReport,
) -> Family:
    place_of = {identifier: place for place, identifier in enumerate(outlines.ids)}
    part_of = {identifier: place for place, identifier in enumerate(parts.ids)}
    stated: dict[int, int] = {}
    for members in objects.members.values():
        outline = next((place_of[name] for name, role in members if role == "outline" and name in place_of), None)
        if outline is not None:
            stated.update({part_of[name]: outline for name, role in members if role == "part" and name in part_of})
    parent = parents_of(outlines.shapes, parts.shapes, stated)
    for part in np.flatnonzero(parent < 0):
        message = "It is a building part that lies in no building: it is kept as a building of its own."
        report.add(parts.ids[part], "part_without_building", message)
    tops = np.array([_top_m(size, storey_height_m) for size in sizes[: len(outlines)]], np.float64)
    bases = np.array([size.base_m for size in sizes[len(outlines) :]], np.float64)
    found = family(outlines.shapes, parts.shapes, parent, tops, bases)
    for place, own in enumerate(found.own):
        if own is None:
            message = "Its parts describe it: its outline has no body of its own."
            report.add(outlines.ids[place], "described_by_parts", message)
        elif own is not outlines.shapes[place]:
            message = "Its parts cover only some of it: the rest of its outline is a body of its own."
            report.add(outlines.ids[place], "partly_described_by_parts", message)
    return found


def _top_m(size: Sizes, storey_height_m: float) -> float:
    return size.height_m if math.isfinite(size.height_m) else size.levels * storey_height_m


def _row(identifier: str, parent: str, tags: dict[str, str], size: Sizes) -> Row:
    row: Row = {"id": identifier, "parent_id": parent, "lod": "0", "attributes": dict(tags)}
    if name := name_of(tags):
        row["name"] = name
    if function := function_of(tags):
        row["function"] = function
    if math.isfinite(year := year_built(tags)):
        row["year_built"] = year
    if math.isfinite(storeys := storeys_of(size)):
        row["storeys"] = storeys
    return row


def _draw(
    draft: _Draft,
    place: int,
    shape: Any,
    tags: dict[str, str],
    size: Sizes,
    row: Row,
    storey_height_m: float,
    report: ImportReport,
) -> None:
    """Put a building's body or its outline into the draft."""
    height = size.height_m
    if math.isfinite(height):
        row["measured_height_m"] = height - size.base_m
    elif math.isfinite(size.levels) and size.base_m > 0.0:
        _height_from_storeys(row, size.levels * storey_height_m - size.base_m, size, storey_height_m)
    if size.base_m > 0.0:
        row["ground_elevation_m"] = size.base_m
    if shape is None:
        row["lod"] = ""
        return
    wanted = tags.get("roof:shape", tags.get("building:roof:shape", "")).lower()
    if wanted in SHAPES and _with_roof(draft, place, shape, tags, size, row, SHAPES[wanted], storey_height_m):
        return
    if wanted not in ("", "flat"):
        message = f"Its roof shape “{wanted[:30]}” does not fit its outline or is none we build: its roof is flat."
        report.add(row["id"], "roof_built_flat", message)
    if not math.isfinite(height) and math.isfinite(size.roof_height_m) and math.isfinite(size.levels):
        row["measured_height_m"] = size.levels * storey_height_m + size.roof_height_m - size.base_m
    draft.flat.append((place, shape))


def _height_from_storeys(row: Row, height_m: float, size: Sizes, storey_height_m: float) -> None:
    if height_m > 0.0:
        row["measured_height_m"] = height_m
        text = f"{size.levels:g} storeys of {storey_height_m:g} m, assumed at import"
        row[VALUE_ORIGINS] = {"height_m": [height_m, text]}


def _with_roof(
    draft: _Draft,
    place: int,
    shape: Any,
    tags: dict[str, str],
    size: Sizes,
    row: Row,
    roof: str,
    storey_height_m: float,
) -> bool:
    """Build a body with a sloping roof if sizes and outline allow."""
    pieces = shapely.get_parts(shape)
    if len(pieces) != 1 or not shapely.is_valid(pieces[0]):
        return False
    middle = np.array(shapely.bounds(shape)).reshape(2, 2).mean(axis=0)
    scale = metres_per_degree(middle[1:])[0]
    outline = shapely.transform(pieces[0], lambda points: (points - middle) * scale)
    facing = direction_deg(tags.get("roof:direction", ""))
    frame = frame_of(outline, tags.get("roof:orientation", ""), facing)
    if frame is None:
        return False
    rise, assumed = _rise_m(size, tags, roof, frame.half_width_m, storey_height_m)
    top = size.height_m if math.isfinite(size.height_m) else size.levels * storey_height_m + rise
    if not (math.isfinite(top) and 0.0 < rise < top - size.base_m + 1e-9):
        return False
    planes = roof_planes(roof, frame, top - rise, rise, facing)
    body = None if planes is None else body_under(outline, planes, size.base_m)
    if body is None:
        return False
    draft.bodies.append((place, body, middle, scale))
    row["lod"] = "2"
    if assumed:
        draft.assumed[assumed] += 1
    if not math.isfinite(size.height_m):
        text = f"{size.levels:g} storeys of {storey_height_m:g} m and a roof of {rise:.1f} m, assumed at import"
        row[VALUE_ORIGINS] = {"height_m": [top - size.base_m, text]}
    return True


def _rise_m(
    size: Sizes, tags: dict[str, str], roof: str, half_width_m: float, storey_height_m: float
) -> tuple[float, str]:
    """Height of the roof, and in words what was assumed for it, empty where it is stated."""
    if math.isfinite(size.roof_height_m):
        return size.roof_height_m, ""
    run = 2.0 * half_width_m if roof == "skillion" else half_width_m
    angle = direction_deg(tags.get("roof:angle", ""))
    if 0.0 < angle < 80.0:
        return run * math.tan(math.radians(angle)), ""
    if size.roof_levels > 0:
        return size.roof_levels * storey_height_m, f"{storey_height_m:g} m for each storey in the roof"
    pitch = _PITCH_OF_SKILLION if roof == "skillion" else _PITCH
    rise = run * pitch
    if math.isfinite(size.height_m):
        rise = min(rise, _LARGEST_ROOF_SHARE * (size.height_m - size.base_m))
    return rise, "a pitch of 35° (10° for a lean-to), at most half the height,"


def _shapes(rows: list[Row], draft: _Draft, report: ImportReport) -> BuildingShapes:
    """All surfaces in the order of their rows."""
    flat, flat_owner = _outline_polygons([shape for _, shape in draft.flat], [place for place, _ in draft.flat])
    lost = set(np.array([place for place, _ in draft.flat], np.int64)) - set(flat_owner.tolist())
    for place in sorted(lost):
        report.add(rows[place]["id"], "geometry_damaged", "Its outline has no area and was left out.", "skipped")
    base = np.array([rows[place].get("ground_elevation_m", 0.0) for place in range(len(rows))])
    flat.vertices[:, 2] = base[flat_owner[flat.vertex_polygon]] if len(flat) else 0.0
    rings = [
        [np.column_stack([ring[:, :2] / scale + middle, ring[:, 2]]) for ring in surface]
        for _, body, middle, scale in draft.bodies
        for surface in body.rings
    ]
    kinds = np.array([kind for _, body, _, _ in draft.bodies for kind in body.kinds], np.uint8)
    owners = np.array([place for place, body, _, _ in draft.bodies for _ in body.kinds], np.int64)
    polygons = Polygons.concatenate([flat, Polygons.from_rings(rings)])
    kind = np.concatenate([np.full(len(flat), SurfaceKind.GROUND, np.uint8), kinds])
    owner = np.concatenate([flat_owner, owners])
    order = np.argsort(owner, kind="stable")
    return BuildingShapes(rows, polygons.take(order), kind[order], owner[order])


def _outline_polygons(shapes: list[Any], owners: list[int]) -> tuple[Polygons, IntArray]:
    """Flat polygons of many outlines at once."""
    return flat_polygons(np.array(shapes, object), np.array(owners, np.int64))


def flat_polygons(shapes: NDArray[np.object_], owners: IntArray) -> tuple[Polygons, IntArray]:
    """Polygons of shapes, at level 0, and the owner of each.

    Parameters
    ----------
    shapes : ndarray, (n,) object of shapely geometry
    owners : ndarray, (n,) int64
    """
    parts, index = shapely.get_parts(shapes, return_index=True)
    area = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    if not area.any():
        return Polygons.empty(), np.zeros(0, np.int64)
    _, vertices, (ring_start, polygon_start) = shapely.to_ragged_array(shapely.force_2d(parts[area]))
    level = np.column_stack([vertices, np.zeros(len(vertices))])
    clean = clean_rings(level, ring_start.astype(np.int64), polygon_start.astype(np.int64))
    return clean.polygons, owners[index[area]][clean.kept]
