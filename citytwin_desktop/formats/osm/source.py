"""OpenStreetMap files: XML and PBF, packed or not."""

from collections import Counter

import numpy as np

from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints.attribute_values import length_m, number_of
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.osm.buildings import BuildingShapes, building_shapes, split_areas
from citytwin_desktop.formats.osm.objects import OsmObjects, TaggedShapes, read_objects
from citytwin_desktop.formats.osm.surroundings import counts_of, layers
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity, SourceReference
from citytwin_desktop.formats.source_scan import AttributeSummary, SourceScan

_REFERENCE = "EPSG:4326"
_SAMPLES = 5
_NOT_SORTED = "Its nodes, ways and relations are not in order and were sorted first."


def scan(opened: OpenedSource) -> SourceScan:
    """Counts of buildings, parts and what stands around them, and their tags.

    Raises
    ------
    KnownError
        When it is no OpenStreetMap data, or damaged.
    """
    objects = read_objects(opened)
    outlines, parts = split_areas(objects, ImportReport())
    types = _types(objects, outlines, parts)
    remarks = [] if objects.was_sorted else [_NOT_SORTED]
    if objects.broken:
        remarks.append(f"{len(objects.broken)} buildings are not closed or partly outside the file.")
    bare = sum(not _has_height(tags) for tags in outlines.tags)
    if bare:
        remarks.append(f"{bare} of {len(outlines)} buildings state neither height nor storeys.")
    box = objects.bounds
    return SourceScan(
        opened.name,
        "OpenStreetMap",
        opened.size_bytes,
        types=types,
        lods={"0": len(outlines) + len(parts)},
        reference=_REFERENCE,
        epsg=4326,
        extent=None if box is None else (box[0], box[1], 0.0, box[2], box[3], 0.0),
        attributes=_attributes([*outlines.tags, *parts.tags]),
        columns={
            "height_m": "height",
            "storeys": "building:levels",
            "year_built": "start_date",
            "function": "building",
            "name": "name",
        },
        remarks=tuple(remarks),
    )


def read(opened: OpenedSource, options: ImportOptions, report: ImportReport) -> SourceCity:
    """Buildings, parts, roads, water, green and trees; longitude, latitude and metres above the ground.

    Raises
    ------
    KnownError
        When it is no OpenStreetMap data, damaged, or holds nothing to show.
    """
    objects = read_objects(opened, options.bbox)
    if not objects.was_sorted:
        report.add(opened.name, "objects_sorted", _NOT_SORTED)
    options.watch(0.3, "OpenStreetMap objects read")
    outlines, parts = split_areas(objects, ImportReport())
    types = _types(objects, outlines, parts)
    if options.takes("Building"):
        shapes = building_shapes(objects, options, report)
    else:
        shapes = BuildingShapes([], Polygons.empty(), np.zeros(0, np.uint8), np.zeros(0, np.int64))
    context = layers(objects, options, report)
    if not shapes.rows and not context and not (options.bbox or options.types):
        msg = f"“{opened.name}” holds no building, road, water, green or tree: download another area."
        raise KnownError(msg)
    return SourceCity(
        opened.name,
        "OpenStreetMap",
        SourceReference(_REFERENCE),
        shapes.rows,
        shapes.polygons,
        shapes.kind,
        shapes.owner,
        context=context,
        has_elevations=False,
        metadata={"licence": "Open Database Licence 1.0, © OpenStreetMap contributors"},
        objects=types,
    )


def _types(objects: OsmObjects, outlines: TaggedShapes, parts: TaggedShapes) -> dict[str, int]:
    return {"Building": len(outlines), "BuildingPart": len(parts), **counts_of(objects)}


def _has_height(tags: dict[str, str]) -> bool:
    return length_m(tags.get("height")) > 0.0 or number_of(tags.get("building:levels")) > 0.0


def _attributes(records: list[dict[str, str]]) -> tuple[AttributeSummary, ...]:
    counts = Counter(key for tags in records for key in tags)
    samples: dict[str, dict[str, None]] = {key: {} for key in counts}
    for tags in records:
        for key, value in tags.items():
            if len(samples[key]) < _SAMPLES:
                samples[key][value[:40]] = None
    return tuple(AttributeSummary(key, count, tuple(samples[key])) for key, count in counts.most_common())
