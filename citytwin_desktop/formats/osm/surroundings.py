"""Roads, water, green and trees, as polygons in longitude and latitude."""

import math
from collections import Counter

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.formats.footprints.attribute_values import length_m, number_of
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.osm.buildings import flat_polygons, is_given
from citytwin_desktop.formats.osm.crowns import crowns
from citytwin_desktop.formats.osm.local_metres import metres_per_degree
from citytwin_desktop.formats.osm.objects import OsmObjects, TaggedShapes
from citytwin_desktop.formats.report import ImportReport

LANE_M = 3.25
ROAD_WIDTHS_M = {
    "motorway": 12.0, "trunk": 10.0, "primary": 9.0, "secondary": 8.0, "tertiary": 7.0, "unclassified": 5.5,
    "residential": 5.5, "living_street": 5.0, "service": 3.5, "pedestrian": 4.0, "track": 3.0, "road": 5.5,
    "busway": 3.5, "bus_guideway": 3.5, "raceway": 10.0, "cycleway": 2.0, "footway": 2.0, "path": 1.5, "steps": 2.0,
    "bridleway": 2.0, "corridor": 2.0, "motorway_link": 5.0, "trunk_link": 5.0, "primary_link": 5.0,
    "secondary_link": 5.0, "tertiary_link": 5.0,
}  # fmt: skip
"""Width by class where neither ``width`` nor ``lanes`` is tagged; our assumption, said in the report."""
STREAM_WIDTHS_M = {"river": 20.0, "canal": 12.0, "stream": 2.0, "ditch": 1.0, "drain": 1.0, "tidal_channel": 5.0}
_NO_ROADS = (
    "proposed",
    "construction",
    "razed",
    "abandoned",
    "platform",
    "elevator",
    "bus_stop",
    "rest_area",
    "services",
)
_WATER = {"natural": ("water", "bay"), "waterway": ("riverbank", "dock", "boatyard"), "landuse": ("reservoir", "basin")}
_GREEN = {
    "landuse": (
        "grass", "forest", "meadow", "orchard", "vineyard", "allotments", "village_green", "recreation_ground",
        "cemetery", "flowerbed", "greenery", "plant_nursery", "greenfield", "farmland",
    ),
    "leisure": ("park", "garden", "nature_reserve", "golf_course", "dog_park", "common"),
    "natural": ("wood", "grassland", "scrub", "heath", "wetland", "shrubbery"),
}  # fmt: skip
_WIDEST_M = 200.0
_TREE_GAP_M = 8.0
_MOST_TREES = 50_000
TREE_HEIGHT_M = 10.0
CROWN_M = 6.0
_TALLEST_M, _WIDEST_CROWN_M = 120.0, 70.0


def is_any(tags: dict[str, str], keys: dict[str, tuple[str, ...]]) -> bool:
    """Whether a tag has one of the values given for its key."""
    return any(tags.get(key) in values for key, values in keys.items())


def counts_of(objects: OsmObjects) -> Counter[str]:
    """How many roads, waters, green areas and trees there are."""
    areas, lines, points = objects.areas.tags, objects.lines.tags, objects.points
    found = Counter(objects.counts)
    found["Water"] += sum(is_any(tags, _WATER) for tags in areas)
    found["Water"] += sum(tags.get("waterway") in STREAM_WIDTHS_M for tags in lines)
    found["Green"] += sum(is_any(tags, _GREEN) for tags in areas)
    found["Tree"] += len(points)
    found["TreeRow"] += sum(tags.get("natural") == "tree_row" for tags in lines)
    return +found


def layers(objects: OsmObjects, options: ImportOptions, report: ImportReport) -> list[tuple[ContextKind, Polygons]]:
    """Context layers that the options want.

    Parameters
    ----------
    objects : OsmObjects
    options : ImportOptions
    report : ImportReport
        Told once of each kind of width or size that was assumed.
    """
    found: list[tuple[ContextKind, Polygons]] = []
    if options.takes("Road"):
        found.append((ContextKind.ROAD, _roads(objects, report)))
    if options.takes("Water"):
        found.append((ContextKind.WATER, _waters(objects, report)))
    if options.takes("Green"):
        found.append((ContextKind.GREEN, _areas(objects.areas, _GREEN)))
    if options.takes("Tree"):
        found.append((ContextKind.TREE, _trees(objects, report)))
    return [(kind, polygons) for kind, polygons in found if len(polygons)]


def _areas(areas: TaggedShapes, keys: dict[str, tuple[str, ...]]) -> Polygons:
    chosen = [place for place, tags in enumerate(areas.tags) if is_any(tags, keys) and not is_given(tags, "building")]
    shapes = areas.shapes[chosen]
    return flat_polygons(shapes, np.arange(len(shapes)))[0]


def _roads(objects: OsmObjects, report: ImportReport) -> Polygons:
    """Surfaces that are drawn as such, and bands along the centre lines of the rest."""
    areas = objects.areas
    drawn = [
        place
        for place, tags in enumerate(areas.tags)
        if "area:highway" in tags or ("highway" in tags and tags.get("area") == "yes")
    ]
    lines, widths, assumed = [], [], Counter[str]()
    for place, tags in enumerate(objects.lines.tags):
        kind = tags.get("highway", "")
        if not kind or kind in _NO_ROADS or _is_hidden(tags):
            continue
        width = _road_width_m(tags)
        if math.isnan(width):
            width = ROAD_WIDTHS_M.get(kind, 3.0)
            assumed[kind] += 1
        lines.append(place)
        widths.append(width)
    if assumed:
        listed = ", ".join(f"{ROAD_WIDTHS_M.get(kind, 3.0):g} m for {kind}" for kind, _ in assumed.most_common(6))
        message = f"{assumed.total()} roads state no width; it was assumed by their class ({listed} …)."
        report.add("roads", "road_width_assumed", message)
    bands = _bands(objects.lines.shapes[lines], np.array(widths, np.float64))
    surfaces = np.concatenate([areas.shapes[drawn], bands])
    return flat_polygons(surfaces, np.arange(len(surfaces)))[0]


def _is_hidden(tags: dict[str, str]) -> bool:
    below = number_of(tags.get("layer", "")) < 0.0 or tags.get("location") == "underground"
    return below or is_given(tags, "tunnel") or is_given(tags, "indoor")


def _road_width_m(tags: dict[str, str]) -> float:
    for key in ("width", "width:carriageway", "est_width"):
        width = length_m(tags.get(key))
        if 0.3 <= width <= _WIDEST_M:
            return width
    lanes = number_of(tags.get("lanes"))
    return lanes * LANE_M if 1.0 <= lanes <= 16.0 else math.nan


def _waters(objects: OsmObjects, report: ImportReport) -> Polygons:
    lines, widths, assumed = [], [], 0
    for place, tags in enumerate(objects.lines.tags):
        kind = tags.get("waterway", "")
        if kind not in STREAM_WIDTHS_M or _is_hidden(tags):
            continue
        width = length_m(tags.get("width"))
        if not 0.1 <= width <= 2000.0:
            width, assumed = STREAM_WIDTHS_M[kind], assumed + 1
        lines.append(place)
        widths.append(width)
    if assumed:
        message = f"{assumed} waterways state no width; 20 m for rivers, 12 m for canals, 1 to 5 m else was assumed."
        report.add("water", "water_width_assumed", message)
    bands = _bands(objects.lines.shapes[lines], np.array(widths, np.float64))
    return Polygons.concatenate([_areas(objects.areas, _WATER), flat_polygons(bands, np.arange(len(bands)))[0]])


def _bands(lines: NDArray[np.object_], widths_m: FloatArray) -> NDArray[np.object_]:
    """Bands along lines, in longitude and latitude."""
    if not len(lines):
        return np.zeros(0, object)
    scales = metres_per_degree(shapely.bounds(lines)[:, [1, 3]].mean(axis=1))
    bands = shapely.buffer(_scaled(lines, scales), widths_m / 2.0, quad_segs=2, cap_style="flat", join_style="round")
    return _scaled(bands, 1.0 / scales)


def _scaled(shapes: NDArray[np.object_], factors: FloatArray) -> NDArray[np.object_]:
    """Shapes with the coordinates of each multiplied by its own two factors."""
    coordinates, index = shapely.get_coordinates(shapes, return_index=True)
    scaled: NDArray[np.object_] = shapely.set_coordinates(shapes.copy(), coordinates * factors[index])
    return scaled


def _trees(objects: OsmObjects, report: ImportReport) -> Polygons:
    """Crowns of single trees and of rows."""
    places = [shapely.get_coordinates(objects.points.shapes)]
    tags = list(objects.points.tags)
    for row_tags, line in zip(objects.lines.tags, objects.lines.shapes, strict=True):
        if row_tags.get("natural") == "tree_row":
            points = _along(line)
            places.append(points)
            tags.extend([row_tags] * len(points))
    points = np.concatenate(places).reshape(-1, 2)
    if len(points) > _MOST_TREES:
        message = f"{len(points) - _MOST_TREES} of {len(points)} trees were left out to save memory: choose a box."
        report.add("trees", "too_many_plants", message, "skipped")
        points, tags = points[:_MOST_TREES], tags[:_MOST_TREES]
    if not len(points):
        return Polygons.empty()
    sizes, assumed = _tree_sizes(tags)
    if assumed:
        message = (
            f"{assumed} trees state not both height and crown: {TREE_HEIGHT_M:g} m high, crowns of {CROWN_M:g} m or, "
            "with a known height, of half of it, were assumed."
        )
        report.add("trees", "tree_size_assumed", message)
    return crowns(points, sizes)


def _along(line: shapely.LineString) -> FloatArray:
    """Places of the trees of a row."""
    scale = metres_per_degree(np.array([line.bounds[1]]))[0]
    straight = shapely.transform(line, lambda points: points * scale)
    count = min(max(round(straight.length / _TREE_GAP_M), 1), _MOST_TREES)
    found = shapely.line_interpolate_point(straight, (np.arange(count) + 0.5) / count, normalized=True)
    return np.asarray(shapely.get_coordinates(found) / scale)


def _tree_sizes(tags: list[dict[str, str]]) -> tuple[FloatArray, int]:
    """(n, 2) float64 [m]: heights and crown diameters; how many were assumed in part."""
    heights = np.array([length_m(item.get("height")) for item in tags])
    crown = np.array([length_m(item.get("diameter_crown", item.get("crown_diameter"))) for item in tags])
    heights[~((heights >= 0.5) & (heights <= _TALLEST_M))] = np.nan
    crown[~((crown >= 0.5) & (crown <= _WIDEST_CROWN_M))] = np.nan
    assumed = int((np.isnan(heights) | np.isnan(crown)).sum())
    crown = np.where(np.isnan(crown), np.where(np.isnan(heights), CROWN_M, heights / 2.0), crown)
    heights = np.where(np.isnan(heights), np.maximum(TREE_HEIGHT_M, 1.2 * crown), heights)
    return np.column_stack([heights, np.clip(crown, 0.5, None)]), assumed
