"""What a quick look at a CityGML file tells."""

from collections import Counter
from typing import IO

from lxml import etree

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.citygml.axes import stated_east_first
from citytwin_desktop.formats.citygml.drafts import Draft, Group
from citytwin_desktop.formats.citygml.features import FeatureReader
from citytwin_desktop.formats.citygml.header import Header, header_of
from citytwin_desktop.formats.citygml.implicit import numbers
from citytwin_desktop.formats.citygml.kinds import BUILDINGS
from citytwin_desktop.formats.citygml.members import MEMBER_TAGS, features_of
from citytwin_desktop.formats.citygml.names import NAMES, text_of
from citytwin_desktop.formats.known_attributes import guessed_columns
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.reference_names import named_system
from citytwin_desktop.formats.source_scan import AttributeSummary, SourceScan
from citytwin_desktop.formats.xml_safety import iterate, release

MOST_SCANNED_BYTES = 64 << 20
_MOST_SAMPLES = 5
_LONGEST_SAMPLE = 80
_MOST_ATTRIBUTES = 500
_SPACE = 3
Extent = tuple[float, float, float, float, float, float]


def scan(opened: OpenedSource) -> SourceScan:
    """Look a CityGML file through: all of it, or the first 64 MB.

    Parameters
    ----------
    opened : OpenedSource

    Raises
    ------
    KnownError
        When it is no CityGML, or damaged in what was looked at.
    """
    looking = _Looking()
    with opened.stream() as raw:
        counted = _Counted(raw)
        for element in iterate(counted, opened.name, MEMBER_TAGS):  # type: ignore[arg-type]
            looking.member(element)
            release(element)
            if counted.read_bytes > MOST_SCANNED_BYTES:
                break
        exact = counted.read_bytes <= MOST_SCANNED_BYTES
    return looking.result(opened, exact)


class _Counted:
    """A stream that counts what has been read of it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner, self.read_bytes = inner, 0

    def read(self, size: int) -> bytes:
        """Read on."""
        data = self._inner.read(size)
        self.read_bytes += len(data)
        return data


class _LightReader(FeatureReader):
    """Reads attributes and notes levels of detail, but no coordinates beyond the first of each geometry."""

    def __init__(self) -> None:
        super().__init__("")
        self.systems: Counter[str] = Counter()
        self.corners: list[list[float]] = []

    def _read_geometry(
        self, child: etree._Element, lod: str, what: str, draft: Draft, role: str, kind: int, identifier: str
    ) -> None:
        if what and (not draft.groups or draft.groups[-1].lod != lod):
            draft.groups.append(Group(role, lod, kind, identifier, []))
            for element in child.iter("{*}posList", "{*}pos"):
                self._note_corner(text_of(element))
                break
        if len(child) and (name := child[0].get("srsName")):
            self.systems[name] += 1

    def glance(self, feature: etree._Element) -> None:
        """Note the system and the first corner of an object that is no building."""
        for element in feature.iter("{*}posList", "{*}pos"):
            self._note_corner(text_of(element))
            break
        if not self.systems:
            self.systems.update(str(part.get("srsName")) for part in feature.iter() if part.get("srsName"))

    def _note_corner(self, text: str) -> None:
        parts = text[:300].split()[:3]
        corner = numbers(" ".join(parts))
        if len(corner) == len(parts) == _SPACE:
            self.corners.append(corner)


class _Looking:
    """One file being looked at."""

    def __init__(self) -> None:
        self._reader = _LightReader()
        self._header: Header | None = None
        self._types: Counter[str] = Counter()
        self._lods: Counter[str] = Counter()
        self._attributes: Counter[str] = Counter()
        self._samples: dict[str, dict[str, None]] = {}

    def member(self, element: etree._Element) -> None:
        """Look at one member."""
        if self._header is None:
            self._header = header_of(element)
        for feature in features_of(element):
            name = NAMES[feature.tag]
            self._types[name.local] += 1
            if name.local in BUILDINGS:
                for draft in self._reader.read(feature).family():
                    self._building(draft)
            else:
                self._reader.glance(feature)

    def _building(self, draft: Draft) -> None:
        if draft.kind == "BuildingPart":
            self._types[draft.kind] += 1
        self._lods.update({group.lod for group in draft.groups})
        for name, value in draft.attributes.items():
            if name not in self._attributes and len(self._attributes) >= _MOST_ATTRIBUTES:
                continue
            self._attributes[name] += 1
            samples = self._samples.setdefault(name, {})
            if len(samples) < _MOST_SAMPLES:
                samples[str(value)[:_LONGEST_SAMPLE]] = None

    def result(self, opened: OpenedSource, exact: bool) -> SourceScan:
        """Everything that was seen."""
        header = self._header
        if header is None or not self._types:
            msg = f"“{opened.name}” has no member of a city model in it: choose a CityGML file."
            raise KnownError(msg)
        often = self._reader.systems.most_common(1)
        reference = header.reference or (often[0][0] if often else "")
        epsg, swapped = _system(reference, header.axis_labels)
        remarks = [] if reference else ["The file names no coordinate reference system: it has to be stated."]
        if reference and not epsg:
            remarks.append(f"The coordinate reference system “{reference[:60]}” is not known: it has to be stated.")
        if not exact:
            remarks.append("Only the first 64 MB of the file were looked at.")
        order = sorted(self._types, key=lambda kind: (kind != "Building", kind))
        return SourceScan(
            opened.name,
            f"CityGML {header.version}".strip(),
            opened.size_bytes,
            {kind: self._types[kind] for kind in order},
            dict(sorted(self._lods.items())),
            reference,
            epsg,
            self._extent(header, swapped),
            tuple(
                AttributeSummary(name, count, tuple(self._samples.get(name, ())))
                for name, count in self._attributes.most_common()
            ),
            guessed_columns(self._attributes),
            tuple(remarks),
            exact,
        )

    def _extent(self, header: Header, swapped: bool) -> Extent | None:
        """Extent that the file states, else that of the first corner of each geometry, east first."""
        corners = self._reader.corners
        if header.extent is not None:
            x0, y0, z0, x1, y1, z1 = header.extent
        elif corners:
            (x0, y0, z0), (x1, y1, z1) = map(min, zip(*corners, strict=True)), map(max, zip(*corners, strict=True))
        else:
            return None
        return (y0, x0, z0, y1, x1, z1) if swapped else (x0, y0, z0, x1, y1, z1)


def _system(reference: str, labels: list[str]) -> tuple[int, bool]:
    """EPSG code of a name, 0 for none, and whether its first coordinate points north."""
    try:
        system = named_system(reference)
    except KnownError:
        return 0, False
    if system is None:
        return 0, False
    stated, axes = stated_east_first(reference, labels), system.crs.axis_info
    by_system = stated is None and system.crs.is_geographic and axes and axes[0].direction == "north"
    return system.epsg, bool(stated is False or by_system)
