"""The quick look at a CityJSON file: what is in it, where it lies, what its buildings say of themselves."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.buildings import building_type
from citytwin_desktop.formats.cityjson.choice import is_surface_geometry, lod_of, lod_order
from citytwin_desktop.formats.cityjson.documents import Document, documents
from citytwin_desktop.formats.cityjson.structure import Header, header_of, package_of
from citytwin_desktop.formats.known_attributes import guessed_columns
from citytwin_desktop.formats.reference_names import named_system
from citytwin_desktop.formats.source_scan import AttributeSummary, SourceScan

SCANNED_BYTES = 64 << 20
"""How much of a sequence is looked at."""
_MOST_SAMPLES, _LONGEST_SAMPLE = 5, 60
_MOST_ATTRIBUTES = 500


def scan_stream(stream: BinaryIO, name: str, size_bytes: int) -> SourceScan:
    """Look at an open file.

    Raises
    ------
    KnownError
        When it is not CityJSON.
    """
    tally, seen = _Tally(name), 0
    for document in documents(stream, name):
        tally.take(document)
        seen += len(document.text)
        if seen > SCANNED_BYTES and not document.alone:
            tally.exact = False
            break
    return tally.scan(size_bytes)


class _Tally:
    def __init__(self, name: str) -> None:
        self._name = name
        self._header: Header | None = None
        self._types: Counter[str] = Counter()
        self._lods: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._samples: dict[str, dict[str, None]] = {}
        self._low, self._high = np.full(3, np.inf), np.full(3, -np.inf)
        self._bad_lines = 0
        self._remarks: list[str] = []
        self._format = ""
        self.exact = True

    def take(self, document: Document) -> None:
        """Count one document."""
        if self._header is None:
            self._header = header_of(document.value, self._name)
            self._format = f"CityJSON{'' if document.alone else 'Seq'} {self._header.version}"
            if document.codes:
                self._remarks.append(
                    "Its text is not JSON as it must be (encoding or NaN); it can be read all the same."
                )
            self._take_package(document.value, self._header)
            return
        self._format = self._format.replace("CityJSON ", "CityJSONSeq ")
        value = document.value
        if not isinstance(value, dict) or value.get("type") not in ("CityJSONFeature", "CityJSON"):
            self._bad_lines += 1
            return
        try:
            header = header_of(value, self._name) if value["type"] == "CityJSON" else self._header
            self._take_package(value, header)
        except KnownError:
            self._bad_lines += 1

    def scan(self, size_bytes: int) -> SourceScan:
        """What was seen."""
        header = self._header
        if header is None:
            msg = f"“{self._name}” is empty: get a complete copy of it."
            raise KnownError(msg)
        system = named_system(header.reference) if header.reference else None
        if system is None:
            self._remarks.insert(0, "It names no coordinate reference system that is known: state it at import.")
        if self._bad_lines:
            self._remarks.append(f"{self._bad_lines} lines are damaged and would be left out.")
        types = sorted(self._types.items(), key=_type_order)
        found = np.isfinite(self._low).all()
        extent = tuple(np.concatenate([self._low, self._high]).tolist()) if found else None
        return SourceScan(
            name=self._name,
            format=self._format,
            size_bytes=size_bytes,
            types=dict(types),
            lods={lod: self._lods[lod] for lod in sorted(self._lods, key=lod_order)},
            reference=header.reference,
            epsg=0 if system is None else system.epsg,
            extent=extent,
            attributes=tuple(
                AttributeSummary(name, count, tuple(self._samples.get(name, ())))
                for name, count in self._counts.most_common(_MOST_ATTRIBUTES)
            ),
            columns=guessed_columns(self._counts),
            remarks=tuple(self._remarks),
            exact=self.exact,
        )

    def _take_package(self, document: Mapping[str, Any], header: Header) -> None:
        package = package_of(document, header, self._name)
        self._widen(package.vertices)
        for item in package.objects.values():
            if not isinstance(item, dict):
                continue
            kind = item.get("type")
            self._types[kind if isinstance(kind, str) else "(none)"] += 1
            if not building_type(kind):
                continue
            given = item.get("geometry")
            for geometry in given if isinstance(given, list) else ():
                if is_surface_geometry(geometry):
                    self._lods[lod_of(geometry)] += 1
            attributes = item.get("attributes")
            if isinstance(attributes, dict):
                self._take_attributes(attributes)

    def _take_attributes(self, attributes: Mapping[str, Any]) -> None:
        for name, value in attributes.items():
            if value is None or value == "":
                continue
            self._counts[name] += 1
            samples = self._samples.setdefault(name, {})
            if len(samples) < _MOST_SAMPLES:
                samples[str(value)[:_LONGEST_SAMPLE]] = None

    def _widen(self, vertices: FloatArray) -> None:
        usable = vertices[np.isfinite(vertices).all(axis=1)]
        if len(usable):
            self._low = np.minimum(self._low, usable.min(axis=0))
            self._high = np.maximum(self._high, usable.max(axis=0))


def _type_order(entry: tuple[str, int]) -> tuple[bool, bool, int, str]:
    kind, count = entry
    return kind != "Building", not building_type(kind), -count, kind
