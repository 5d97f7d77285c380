"""From a CityGML file to a `SourceCity`, member by member, in memory that does not grow with the file's text."""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from lxml import etree

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.citygml.axes import stated_east_first
from citytwin_desktop.formats.citygml.corners import Corners
from citytwin_desktop.formats.citygml.drafts import Draft
from citytwin_desktop.formats.citygml.energy.values import EnergyReader
from citytwin_desktop.formats.citygml.features import FeatureReader
from citytwin_desktop.formats.citygml.gathering import Gatherer, tell_fault
from citytwin_desktop.formats.citygml.header import Header, header_of
from citytwin_desktop.formats.citygml.kinds import BUILDINGS, CONTEXT
from citytwin_desktop.formats.citygml.members import MEMBER_TAGS, features_of
from citytwin_desktop.formats.citygml.names import HREF, NAMES
from citytwin_desktop.formats.citygml.references import Resolver
from citytwin_desktop.formats.citygml.remarks import Remarks
from citytwin_desktop.formats.citygml.scanning import scan
from citytwin_desktop.formats.cityjson.openings import cut_openings
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.reference_names import named_system
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity, SourceReference
from citytwin_desktop.formats.xml_safety import iterate, release

_WATCHED = 200
_GML32 = "http://www.opengis.net/gml/3.2"


def read(opened: OpenedSource, options: ImportOptions, report: ImportReport) -> SourceCity:
    """Read a CityGML file.

    Parameters
    ----------
    opened : OpenedSource
    options : ImportOptions
    report : ImportReport
        Told of everything that was repaired or left out.

    Raises
    ------
    KnownError
        When it is no CityGML, damaged, or holds nothing that can be used.
    """
    reading = _Reading(opened.name, options, report)
    with opened.stream() as stream:
        for share, element in _members(stream, opened):
            reading.member(element)
            release(element)
            if share is not None:
                options.watch(share, "reading CityGML")
    return reading.city()


def _members(stream: BinaryIO, opened: OpenedSource) -> Iterator[tuple[float | None, etree._Element]]:
    """Members of a file; now and then with the share of the file that has been read."""
    size = max(opened.size_bytes, 1)
    for number, element in enumerate(iterate(stream, opened.name, MEMBER_TAGS)):
        share = None
        if number % _WATCHED == _WATCHED - 1 and not opened.packing:
            share = min(stream.tell() / size, 1.0)
        yield share, element


class _Reading:
    """One file being read."""

    def __init__(self, name: str, options: ImportOptions, report: ImportReport) -> None:
        self._name, self._options, self._report = name, options, report
        self._remarks = Remarks(name, report)
        self._features = FeatureReader("made-up-id")
        self._geometry = self._features.geometry
        self._energy = EnergyReader(self._remarks)
        resolver = Resolver(self._geometry.named)
        self._gatherer = Gatherer(self._geometry.corners, resolver, self._energy, options, self._remarks)
        self._header: Header | None = None
        self._objects: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()

    def member(self, element: etree._Element) -> None:
        """Read one member of the city model."""
        if self._header is None:
            self._header = header_of(element)
            self._geometry.dimension = self._header.dimension
            if any(uri == _GML32 for uri in element.nsmap.values()):
                self._geometry.id_name = f"{{{_GML32}}}id"
        if element.get(HREF) and not len(element):
            self._left_out["xlink"] += 1
        for feature in features_of(element):
            self._feature(feature)

    def _feature(self, feature: etree._Element) -> None:
        name = NAMES[feature.tag]
        self._objects[name.local] += 1
        if name.family == "energy":
            self._energy.add_member(feature)
        elif name.local not in BUILDINGS and name.local not in CONTEXT:
            self._left_out[name.local] += 1
        elif self._options.takes(name.local):
            mark, named = self._geometry.corners.mark(), len(self._geometry.named)
            draft = self._features.read(feature)
            self._objects.update(part.kind for part in draft.family()[1:] if part.kind in BUILDINGS)
            if self._options.bbox is None or _near(self._geometry.corners, mark, draft, self._options.bbox):
                self._gatherer.take(draft)
            else:
                self._geometry.corners.back_to(mark)
                self._geometry.forget_beyond(named)

    def city(self) -> SourceCity:
        """Everything that has been read."""
        header = self._header
        if header is None or not self._objects:
            msg = f"“{self._name}” has no member of a city model in it: choose a CityGML file."
            raise KnownError(msg)
        self._gatherer.finish()
        reference = self._reference(header)
        in_degrees = _in_degrees(self._options.crs or reference)
        gathered = self._gatherer.surfaces(in_degrees)
        polygons = gathered.polygons
        if not in_degrees:
            names = [str(row["id"]) for row in self._gatherer.rows]
            polygons = cut_openings(polygons, gathered.kind, gathered.owner, names, self._report)
        self._energy.apply(self._gatherer.rows)
        self._tell()
        corners = self._geometry.corners
        return SourceCity(
            self._name,
            f"CityGML {header.version}".strip(),
            SourceReference(reference, stated_east_first(reference, header.axis_labels)),
            self._gatherer.rows,
            polygons,
            gathered.kind,
            gathered.owner,
            gathered.names,
            gathered.context,
            has_elevations=not (corners.flat_rings and corners.flat_rings == len(corners.ring_ends)),
            metadata=header.metadata,
            objects=dict(self._objects),
        )

    def _reference(self, header: Header) -> str:
        """Name of the coordinate system: the envelope's, or the one most geometries name."""
        named = self._geometry.references
        if not named:
            return header.reference
        often = max(named, key=lambda name: named[name]).strip()
        others = {name.strip() for name in named} - {header.reference or often}
        if others:
            told = ", ".join(sorted(other[:60] for other in others)[:3])
            used = header.reference or often
            message = f"Geometries name other coordinate systems ({told}) than “{used[:60]}”, which was taken for all."
            self._remarks.on_file("several_crs", message)
        return header.reference or often

    def _tell(self) -> None:
        remarks = self._remarks
        for (identifier, code), count in self._features.faults.items():
            tell_fault(remarks, identifier, code, count)
        for kind, count in self._left_out.items():
            message = f"{count:,} objects of type {kind} are not used and were left out."
            if kind == "xlink":
                message = f"{count:,} members are only references to other files, which are not read."
            remarks.on_file("type_not_used", message, "skipped")
        for kind, count in self._features.interior.items():
            what = "outer installations" if kind == "BuildingInstallation" else f"{kind} inside buildings"
            remarks.on_file("inside_not_used", f"{count:,} {what} are no part of the thermal envelope: left out.")
        for name, count in self._features.unused.most_common(50):
            remarks.on_file("property_not_used", f"{count:,} properties “{name[:60]}” are not used and were left out.")
        remarks.close()


def _near(corners: Corners, mark: tuple[int, int, int], draft: Draft, box: tuple[float, float, float, float]) -> bool:
    """Whether an object may lie in a box, in whichever order its coordinates stand."""
    values = np.array(corners.coordinates[mark[0] :]).reshape(-1, 3)
    if not len(values) or any(item.placements for item in draft.family()):
        return True
    (a0, b0), (a1, b1) = values[:, :2].min(axis=0), values[:, :2].max(axis=0)
    x0, y0, x1, y1 = box
    as_given = a1 < x0 or a0 > x1 or b1 < y0 or b0 > y1
    swapped = b1 < x0 or b0 > x1 or a1 < y0 or a0 > y1
    return not (as_given and swapped)


def _in_degrees(reference: str) -> bool:
    try:
        system = named_system(reference)
    except KnownError:
        return False
    return system is not None and bool(system.crs.is_geographic)


__all__ = ["read", "scan"]
