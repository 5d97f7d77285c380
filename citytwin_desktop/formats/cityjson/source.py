"""CityJSON 1.0, 1.1, 2.0 and CityJSONSeq: the quick look and the reading of what is there."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.batch import Batch
from citytwin_desktop.formats.cityjson.buildings import (
    INSIDE_TYPES,
    INSTALLATION_TYPES,
    BuildingReader,
    building_type,
)
from citytwin_desktop.formats.cityjson.context import CONTEXT_KINDS, ContextReader
from citytwin_desktop.formats.cityjson.documents import Document, documents
from citytwin_desktop.formats.cityjson.json_text import doubled_keys
from citytwin_desktop.formats.cityjson.openings import cut_openings
from citytwin_desktop.formats.cityjson.placing import Placer
from citytwin_desktop.formats.cityjson.scanning import scan_stream
from citytwin_desktop.formats.cityjson.structure import Header, Package, header_of, package_of
from citytwin_desktop.formats.collection_pause import collection_paused
from citytwin_desktop.formats.import_options import Box, ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity, SourceReference
from citytwin_desktop.formats.source_scan import SourceScan

_BATCH_BYTES = 8 << 20
"""Text of features that is parsed before their surfaces are flattened together."""
_TEXT_REMARKS = {
    "encoding_guessed": "The text is not UTF-8 as JSON must be and was read as Windows-1252: check its accents.",
    "not_a_number": "NaN or Infinity, which JSON does not know, was read as no value.",
}


def scan(opened: OpenedSource) -> SourceScan:
    """Look at a file without loading it; of a sequence over 64 MB at its beginning only.

    Raises
    ------
    KnownError
        When it is not CityJSON.
    """
    with collection_paused(), opened.stream() as stream:
        return scan_stream(stream, opened.name, opened.size_bytes)


def read(opened: OpenedSource, options: ImportOptions, report: ImportReport) -> SourceCity:
    """Read a file or sequence, the latter in memory bounded by what is kept of it.

    Parameters
    ----------
    opened : OpenedSource
    options : ImportOptions
        ``lod`` and ``types`` choose here; of a sequence, features outside ``bbox`` are dropped as they come.
    report : ImportReport
        Told of each object that is skipped or put right.

    Raises
    ------
    KnownError
        When the file as a whole is unusable: one sentence with file and remedy.
    """
    with opened.stream() as stream:
        return read_stream(stream, opened.name, opened.size_bytes, options, report)


def read_stream(
    stream: BinaryIO, name: str, size_bytes: int, options: ImportOptions, report: ImportReport
) -> SourceCity:
    """As `read`, from an open binary file of about ``size_bytes``."""
    # Parsed JSON has no circles for the collector to find, and looking for them takes longer than the parsing.
    with collection_paused():
        reader = _FileReader(name, options, report)
        seen = 0
        for document in documents(stream, name):
            reader.take(document)
            seen += len(document.text)
            options.watch(min(seen / max(size_bytes, 1), 0.99), "reading buildings")
            del document
        return reader.city()


class _FileReader:
    """Takes the documents of a file in order and makes a city of them."""

    def __init__(self, name: str, options: ImportOptions, report: ImportReport) -> None:
        self._name, self._options, self._report = name, options, report
        self._header: Header | None = None
        self._placer = Placer(report)
        self._buildings = BuildingReader(options, report, self._placer)
        self._context = ContextReader(name, options.bbox, report, self._placer)
        self._batches = Batch(report), Batch(report)
        self._waiting_bytes = 0
        self._counts: Counter[str] = Counter()

    def take(self, document: Document) -> None:
        """Read one document: the first is the header, the others are features."""
        for code in document.codes:
            self._report.add(self._name, code, _TEXT_REMARKS[code], "repaired")
        if self._header is None:
            self._header = header_of(document.value, self._name)
            self._take_package(package_of(document.value, self._header, self._name), document)
            return
        try:
            package = self._package_of_line(document, self._header)
        except KnownError as error:
            self._report.add(f"line {document.line}", "line_damaged", str(error), "skipped", severe=True)
            return
        if package is not None:
            self._take_package(package, document)

    def city(self) -> SourceCity:
        """What was read."""
        header = self._header
        if header is None:
            msg = f"“{self._name}” is empty: get a complete copy of it."
            raise KnownError(msg)
        self._flush()
        self._buildings.tell(self._name, self._counts)
        self._placer.tell(self._name)
        self._context.tell()
        if self._options.columns.get("id"):
            message = "Objects of CityJSON keep their own identifiers: the column chosen for them was not used."
            self._report.add(self._name, "id_column_not_used", message)
        polygons, kind, owner = self._buildings.surfaces()
        rows = self._buildings.rows
        polygons = cut_openings(polygons, kind, owner, [row["id"] for row in rows], self._report)
        return SourceCity(
            name=self._name,
            format=f"CityJSON {header.version}",
            reference=SourceReference(header.reference),
            rows=rows,
            polygons=polygons,
            kind=kind,
            owner=owner,
            context=self._context.layers(),
            metadata=header.metadata,
            objects=dict(self._counts),
        )

    def _package_of_line(self, document: Document, header: Header) -> Package | None:
        """Objects of a line after the first; None where they lie outside the box.

        Raises
        ------
        KnownError
            When the line is no feature, or damaged.
        """
        where = f"{self._name}, line {document.line}"
        value = document.value
        if document.fault:
            msg = f"“{where}” is not valid JSON ({document.fault}): its objects were left out, get an undamaged copy."
            raise KnownError(msg)
        kind = value.get("type") if isinstance(value, dict) else None
        if kind == "CityJSON":
            # An older kind of sequence has a whole file in each line.
            own = header_of(value, where)
            if own.reference and header.reference and own.reference != header.reference:
                msg = f"“{where}” lies in {own.reference[:80]}, unlike the rest: its objects were left out, split it."
                raise KnownError(msg)
            header = own
        elif kind != "CityJSONFeature":
            msg = f"“{where}” is no CityJSONFeature: it was left out, get an undamaged copy."
            raise KnownError(msg)
        package = package_of(value, header, where)
        box = self._options.bbox
        if box is None or not _lies_outside(package, box, document.text):
            return package
        self._counts.update(_type_of(item) for item in package.objects.values() if isinstance(item, dict))
        return None

    def _take_package(self, package: Package, document: Document) -> None:
        for identifier in doubled_keys(document.text, list(package.objects.values())):
            message = "Its identifier is there twice in the file, and only the last of the two can be read."
            self._report.add(identifier, "doubled_key", message, "skipped", severe=True)
        buildings, context = self._batches
        for number, (identifier, item) in enumerate(package.objects.items()):
            if isinstance(item, dict) and identifier:
                self._take_object(identifier, item, package, buildings, context)
            else:
                what = "is no object" if identifier else "has an empty identifier"
                message = f"It {what} as CityJSON has them, so it was left out: repair it in the source."
                self._report.add(identifier or "(no identifier)", "object_damaged", message, "skipped", severe=True)
            if document.alone and number % 500 == 0:
                self._options.watch(number / len(package.objects), "reading buildings")
        self._waiting_bytes += len(document.text)
        if self._waiting_bytes > _BATCH_BYTES:
            self._flush()

    def _take_object(
        self, identifier: str, item: Mapping[str, Any], package: Package, buildings: Batch, context: Batch
    ) -> None:
        kind = _type_of(item)
        self._counts[kind] += 1
        building = building_type(kind)
        if not self._options.takes(kind) and not (building and self._options.takes(building)):
            return
        if building:
            self._buildings.read(identifier, item, package, buildings)
        elif kind in CONTEXT_KINDS:
            self._context.read(identifier, item, package, context)
        elif kind not in INSTALLATION_TYPES + INSIDE_TYPES:
            self._report.add(identifier, "type_not_used", f"Objects of type {kind[:60]} are not used.", "skipped")

    def _flush(self) -> None:
        """Flatten what waits; its parsed text can go then."""
        buildings, context = self._batches
        self._batches = Batch(self._report), Batch(self._report)
        self._waiting_bytes = 0
        if len(buildings):
            self._buildings.take(buildings)
        self._context.take(context)


def _lies_outside(package: Package, box: Box, text: bytes) -> bool:
    """Whether all vertices of a feature lie on one side of a box; templates may reach farther than their point."""
    if not len(package.vertices) or b'"GeometryInstance"' in text:
        return False
    low, high = np.nanmin(package.vertices, axis=0), np.nanmax(package.vertices, axis=0)
    return bool(low[0] > box[2] or low[1] > box[3] or high[0] < box[0] or high[1] < box[1])


def _type_of(item: Mapping[str, Any]) -> str:
    given = item.get("type")
    return given if isinstance(given, str) else "(none)"
