"""Tagged objects of an OpenStreetMap file with their geometry, in longitude and latitude."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.import_options import Box
from citytwin_desktop.formats.opened_source import OpenedSource

MOST_BYTES = 2 << 30
"""Unpacked; nodes of a larger extract would not fit in memory."""
MOST_PBF_BYTES = 600 << 20
_BLOCK = 1 << 20
_OVERLAP = 64
_FORBIDDEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

Tags = dict[str, str]
Shapes = NDArray[np.object_]


@dataclass(eq=False)
class TaggedShapes:
    """Objects of one sort.

    Parameters
    ----------
    ids : list of str
        Such as ``way/123``.
    tags : list of dict
    shapes : ndarray, (n,) object of shapely geometry
        Longitude and latitude [deg].
    """

    ids: list[str] = field(default_factory=list)
    tags: list[Tags] = field(default_factory=list)
    shapes: Shapes = field(default_factory=lambda: np.zeros(0, object))

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, places: NDArray[np.int64]) -> "TaggedShapes":
        """The chosen objects."""
        return TaggedShapes(
            [self.ids[place] for place in places], [self.tags[place] for place in places], self.shapes[places]
        )


@dataclass(eq=False)
class OsmObjects:
    """What a file holds of use to us.

    Parameters
    ----------
    areas, lines, points : TaggedShapes
        Areas are multipolygons: closed ways and relations; lines are roads, streams and rows of trees.
    members : dict of str to list of tuple of (str, str)
        Identifier and role of the members of each relation of type ``building``.
    relation_tags : dict of str to dict
        Tags of these relations.
    broken : list of str
        Buildings whose outline is not closed, mostly cut off at the edge of the file.
    counts : Counter of str
        Objects by type, used or not.
    bounds : tuple of float or None
        Longitude and latitude of all that was read: x0, y0, x1, y1.
    was_sorted : bool
        False when the file had to be put in order first.
    """

    areas: TaggedShapes
    lines: TaggedShapes
    points: TaggedShapes
    members: dict[str, list[tuple[str, str]]]
    relation_tags: dict[str, Tags]
    broken: list[str]
    counts: Counter[str]
    bounds: Box | None
    was_sorted: bool = True


_AREA_KEYS = (
    "building",
    "building:part",
    "landuse",
    "leisure",
    "natural",
    "waterway",
    "water",
    "area:highway",
    "highway",
)
_LINE_KEYS = ("highway", "waterway")


def read_objects(opened: OpenedSource, bbox: Box | None = None) -> OsmObjects:
    """Read a file.

    Parameters
    ----------
    opened : OpenedSource
        OSM XML or PBF.
    bbox : tuple of float, optional
        Longitude and latitude; what lies outside as a whole is left out.

    Raises
    ------
    KnownError
        When it is no OpenStreetMap data, damaged, or too large.
    """
    is_pbf = _is_pbf(opened)
    is_sorted = True if is_pbf else _check_xml(opened)
    if is_pbf and opened.size_bytes > MOST_PBF_BYTES:
        raise KnownError(_too_large(opened.name))
    with opened.on_disk() as path, _in_order(path, opened.name, is_pbf=is_pbf, is_sorted=is_sorted) as file:
        found = _collected(file, opened.name)
    found.was_sorted = is_sorted
    return _inside(found, bbox) if bbox is not None else found


def _too_large(name: str) -> str:
    return f"“{name}” is larger than can be held in memory: cut your district out of it with “osmium extract” first."


def _is_pbf(opened: OpenedSource) -> bool:
    return opened.head(32)[4:15] == b"\x0a\x09OSMHeader"


def _check_xml(opened: OpenedSource) -> bool:
    """Whether nodes come before ways and ways before relations; refuses document types and what is no OSM.

    Raises
    ------
    KnownError
    """
    start = opened.head(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        msg = f"“{opened.name}” is neither OpenStreetMap XML nor PBF: check the file."
        raise KnownError(msg)
    stage, total, before, in_order = 0, 0, b"", True
    marks = (b"<node ", b"<way ", b"<relation ")
    with opened.stream() as stream:
        while block := stream.read(_BLOCK):
            total += len(block)
            text = before + block
            if _FORBIDDEN.search(text):
                msg = f"“{opened.name}” has a document type, which no OpenStreetMap file needs: it is not read."
                raise KnownError(msg)
            if total > MOST_BYTES:
                raise KnownError(_too_large(opened.name))
            firsts = [text.find(mark) for mark in marks]
            lasts = [text.rfind(mark) for mark in marks]
            for kind in range(3):
                if lasts[kind] >= 0:
                    later = [firsts[other] for other in range(kind + 1, 3) if firsts[other] >= 0]
                    in_order &= stage <= kind and (not later or lasts[kind] < min(later))
            stage = max([stage, *(kind for kind in range(3) if lasts[kind] >= 0)])
            before = text[-_OVERLAP:] if stage < 2 else text[-len(b"<relation ") :]
    return in_order


@contextmanager
def _in_order(path: Path, name: str, *, is_pbf: bool, is_sorted: bool) -> Iterator[Any]:
    """A file that osmium can read in one go: with another order (Overpass writes some so), a sorted copy."""
    import osmium

    file = osmium.io.File(str(path), "pbf" if is_pbf else "osm")
    if is_sorted:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="citytwin-import-") as folder:
        target = Path(folder) / "sorted.osm.pbf"
        with osm_trouble(name):
            reader = osmium.MergeInputReader()
            reader.add_file(str(path))
            writer = osmium.SimpleWriter(str(target))
            reader.apply(
                osmium.make_simple_handler(node=writer.add_node, way=writer.add_way, relation=writer.add_relation)
            )
            writer.close()
        yield osmium.io.File(str(target), "pbf")


@contextmanager
def osm_trouble(name: str) -> Iterator[None]:
    """Turn what osmium raises into a sentence.

    Raises
    ------
    KnownError
    """
    from osmium import InvalidLocationError

    try:
        yield
    except (InvalidLocationError, RuntimeError, ValueError, OSError, MemoryError, TypeError, OverflowError) as error:
        reason = str(error).split(": /")[0][:100]
        msg = f"“{name}” cannot be read as OpenStreetMap data ({reason}): download it again."
        raise KnownError(msg) from None


class _Collector:
    """Takes objects in as they come."""

    def __init__(self) -> None:
        import osmium

        self._wkb = osmium.geom.WKBFactory()
        self._no_place: tuple[type[Exception], ...] = (RuntimeError, osmium.InvalidLocationError)
        self._sorts: dict[str, tuple[list[str], list[Tags], list[str]]] = {
            sort: ([], [], []) for sort in ("areas", "lines", "points")
        }
        self.members: dict[str, list[tuple[str, str]]] = {}
        self.relation_tags: dict[str, Tags] = {}
        self.expected: dict[str, None] = {}
        self.closed: set[str] = set()
        self.counts: Counter[str] = Counter()

    def take(self, item: Any) -> None:
        """Take in one object."""
        tags = item.tags
        if item.is_area():
            if any(key in tags for key in _AREA_KEYS):
                kind = "way" if item.from_way() else "relation"
                identifier = f"{kind}/{item.orig_id()}"
                if self._keep("areas", identifier, tags, self._wkb.create_multipolygon, item):
                    self.closed.add(identifier)
        elif item.is_node():
            if tags.get("natural") == "tree":
                self._keep("points", f"node/{item.id}", tags, self._wkb.create_point, item)
        elif item.is_way():
            self._take_way(item, tags)
        elif item.is_relation():
            self._take_relation(item, tags)

    def _take_way(self, item: Any, tags: Any) -> None:
        identifier = f"way/{item.id}"
        if tags.get("building", "no") != "no" or tags.get("building:part", "no") != "no":
            self.expected[identifier] = None
        if any(key in tags for key in _LINE_KEYS) or tags.get("natural") == "tree_row":
            if "highway" in tags:
                self.counts["Road"] += 1
            closed_area = item.is_closed() and tags.get("area") == "yes"
            if not closed_area and len(item.nodes) > 1:
                self._keep("lines", identifier, tags, self._wkb.create_linestring, item)

    def _take_relation(self, item: Any, tags: Any) -> None:
        identifier = f"relation/{item.id}"
        if tags.get("type") == "building":
            self.relation_tags[identifier] = dict(tags)
            kinds = {"w": "way", "r": "relation", "n": "node"}
            self.members[identifier] = [(f"{kinds[member.type]}/{member.ref}", member.role) for member in item.members]
        elif tags.get("type") == "multipolygon" and tags.get("building", "no") != "no":
            self.expected[identifier] = None

    def _keep(self, sort: str, identifier: str, tags: Any, make: Any, item: Any) -> bool:
        """Keep an object whose nodes are all there."""
        try:
            blob = make(item)
        except self._no_place:  # places of nodes missing at the edge of the file, or fewer than two of them
            return False
        ids, all_tags, blobs = self._sorts[sort]
        ids.append(identifier)
        all_tags.append(dict(tags))
        blobs.append(blob)
        return True

    def shapes(self, sort: str) -> TaggedShapes:
        """All objects of a sort."""
        import shapely

        ids, tags, blobs = self._sorts[sort]
        with np.errstate(all="ignore"):
            shapes = shapely.from_wkb(np.array([bytes.fromhex(blob) for blob in blobs], object), on_invalid="ignore")
        return TaggedShapes(ids, tags, np.atleast_1d(shapes)) if blobs else TaggedShapes()


def _collected(file: Any, name: str) -> OsmObjects:
    import osmium

    collector = _Collector()
    wanted = osmium.filter.KeyFilter(*_AREA_KEYS)
    with osm_trouble(name):
        processor = osmium.FileProcessor(file).with_areas(wanted).with_filter(osmium.filter.EmptyTagFilter())
        for item in processor:
            collector.take(item)
    found = [collector.shapes(sort) for sort in ("areas", "lines", "points")]
    broken = [identifier for identifier in collector.expected if identifier not in collector.closed]
    return OsmObjects(
        found[0],
        found[1],
        found[2],
        collector.members,
        collector.relation_tags,
        broken,
        collector.counts,
        _bounds(found),
    )


def _bounds(found: list[TaggedShapes]) -> Box | None:
    import shapely

    shapes = np.concatenate([sort.shapes for sort in found])
    x0, y0, x1, y1 = (float(value) for value in shapely.total_bounds(shapes)) if len(shapes) else (np.nan,) * 4
    return (x0, y0, x1, y1) if np.isfinite(x0) else None


def _inside(found: OsmObjects, bbox: Box) -> OsmObjects:
    """Only what meets a box."""
    import shapely

    x0, y0, x1, y1 = bbox
    for sort in ("areas", "lines", "points"):
        shapes: TaggedShapes = getattr(found, sort)
        bounds = shapely.bounds(shapes.shapes).reshape(-1, 4)
        meets = (bounds[:, 0] <= x1) & (bounds[:, 2] >= x0) & (bounds[:, 1] <= y1) & (bounds[:, 3] >= y0)
        setattr(found, sort, shapes.take(np.flatnonzero(meets)))
    return found
