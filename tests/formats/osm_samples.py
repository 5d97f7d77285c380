"""OpenStreetMap files made for tests."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import open_sources
from citytwin_desktop.formats.osm.source import read
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity

LATITUDE, LONGITUDE = 52.0, 13.0
# Lengths of a degree at 52° on WGS 84, from the series of the National Geospatial-Intelligence Agency.
_PHI = math.radians(LATITUDE)
NORTH_M = 111132.954 - 559.822 * math.cos(2 * _PHI) + 1.175 * math.cos(4 * _PHI)
EAST_M = 111412.84 * math.cos(_PHI) - 93.5 * math.cos(3 * _PHI) + 0.118 * math.cos(5 * _PHI)


class OsmFile:
    """Collects nodes, ways and relations, given in metres around a place."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.ways: list[str] = []
        self.relations: list[str] = []

    def node(self, x: float, y: float, **tags: str) -> int:
        number = len(self.nodes) + 1
        lat, lon = LATITUDE + y / NORTH_M, LONGITUDE + x / EAST_M
        self.nodes.append(f'<node id="{number}" version="1" lat="{lat:.9f}" lon="{lon:.9f}">{_tags(tags)}</node>')
        return number

    def way(self, points: Sequence[tuple[float, float]], tags: dict[str, str], *, closed: bool = True) -> int:
        refs = [self.node(*point) for point in points]
        number = 1000 + len(self.ways)
        members = "".join(f'<nd ref="{ref}"/>' for ref in [*refs, *(refs[:1] if closed else [])])
        self.ways.append(f'<way id="{number}" version="1">{members}{_tags(tags)}</way>')
        return number

    def box(self, x: float, y: float, width: float, depth: float, **tags: str) -> int:
        corners = [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]
        return self.way(corners, {key.replace("__", ":"): value for key, value in tags.items()})

    def relation(self, members: Sequence[tuple[int, str]], tags: dict[str, str]) -> int:
        number = 9000 + len(self.relations)
        parts = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
        self.relations.append(f'<relation id="{number}" version="1">{parts}{_tags(tags)}</relation>')
        return number

    def text(self, order: str = "nwr") -> str:
        parts = {"n": self.nodes, "w": self.ways, "r": self.relations}
        body = "\n".join(line for kind in order for line in parts[kind])
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n{body}\n</osm>\n'

    def read(self, folder: Path, **options: Any) -> tuple[SourceCity, ImportReport]:
        return read_text(folder, self.text(), **options)


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def read_text(
    folder: Path, text: str | bytes, name: str = "map.osm", **options: Any
) -> tuple[SourceCity, ImportReport]:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    report = ImportReport()
    return read(open_sources(path)[0], ImportOptions(**options), report), report
