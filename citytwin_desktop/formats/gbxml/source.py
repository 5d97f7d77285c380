"""Reading gbXML: each building's envelope with its openings and thermal values."""

import math
import re
from collections import Counter
from typing import Any

import numpy as np

from citytwin_desktop.catalog.functions import function_from_text
from citytwin_desktop.city.buildings import VALUE_ORIGINS
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.gbxml.document import Document, child, children, number, open_document, text
from citytwin_desktop.formats.gbxml.envelope import EnvelopeSurface, envelope
from citytwin_desktop.formats.gbxml.geometry import lowest_m
from citytwin_desktop.formats.gbxml.thermal import thermal_columns
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity, SourceReference
from citytwin_desktop.formats.source_scan import AttributeSummary, SourceScan

_FUNCTIONS = {
    "residential": ("SingleFamily", "MultiFamily", "Dormitory"),
    "office": ("Office", "TownHall", "CourtHouse", "PoliceStation", "FireStation", "PostOffice"),
    "retail": ("Retail", "DiningBarLoungeOrLeisure", "DiningCafeteriaFastFood", "DiningFamily"),
    "education": ("SchoolOrUniversity", "Library"),
    "healthcare": ("HospitalOrHealthcare", "HealthCareClinic"),
    "hotel": ("Hotel", "Motel"),
    "industrial": ("ManufacturingFacility", "Warehouse", "Workshop", "AutomotiveFacility"),
    "other": (
        "ConventionCenter", "ExerciseCenter", "Gymnasium", "MotionPictureTheatre", "Museum", "ParkingGarage",
        "Penitentiary", "PerformingArtsTheater", "ReligiousBuilding", "SportsArena", "Transportation",
    ),
}  # fmt: skip
"""The schema's values of ``buildingType``."""
_FUNCTION_OF = {word: function for function, words in _FUNCTIONS.items() for word in words}
_STOREY_GAP_M = 1.5


def scan(opened: OpenedSource) -> SourceScan:
    """Counts of buildings, spaces, surfaces and openings.

    Raises
    ------
    KnownError
        When it is no gbXML.
    """
    document = open_document(opened.read(), opened.name)
    buildings = document.every("Building")
    surfaces, types = envelope(document, ImportReport())
    counts = {tag: len(document.every(tag)) for tag in ("Building", "Space", "Surface", "Opening")}
    points = [ring for surface in surfaces for rings in surface.pieces for ring in rings]
    records = [_attributes(item, document) for item in buildings]
    names = dict.fromkeys(name for record in records for name in record)
    place = _location(document)
    remark = "It has local coordinates: state where it stands when importing."
    if place:
        site = f"{place['latitude_deg']:.4f}° north, {place['longitude_deg']:.4f}° east"
        remark = f"It has local coordinates; its site is said to be at {site}."
    return SourceScan(
        opened.name,
        _format(document),
        opened.size_bytes,
        types={**counts, **types},
        lods={"3": len(surfaces)},
        extent=_extent(points),
        attributes=tuple(
            AttributeSummary(
                name,
                sum(name in record for record in records),
                tuple(dict.fromkeys(str(record[name])[:40] for record in records if name in record))[:5],
            )
            for name in names
        ),
        columns={"function": "buildingType", "name": "Name"},
        remarks=(remark,),
    )


def read(opened: OpenedSource, options: ImportOptions, report: ImportReport) -> SourceCity:
    """Each building as one row with its outer surfaces; interior ones are left out.

    The coordinates are local: ``metadata`` has ``local`` and, where the file tells it, ``latitude_deg`` and
    ``longitude_deg`` of the site.

    Raises
    ------
    KnownError
        When it is no gbXML or has no surface towards outdoors.
    """
    document = open_document(opened.read(), opened.name)
    options.watch(0.3, "gbXML parsed")
    surfaces, types = envelope(document, report)
    if not surfaces:
        msg = f"“{opened.name}” has no outer wall, roof or floor: export it with its surfaces."
        raise KnownError(msg)
    _tell(document, types, surfaces, opened.name, report)
    elements = {str(item.get("id") or "building"): item for item in document.every("Building")}
    used = list(dict.fromkeys(surface.building for surface in surfaces))
    rows = [
        _row(name, elements.get(name), [s for s in surfaces if s.building == name], document, report) for name in used
    ]
    order = {name: place for place, name in enumerate(used)}
    pieces = [
        (order[surface.building], int(kind), identifier, rings)
        for surface in surfaces
        for kind, identifier, rings in _pieces(surface)
    ]
    pieces.sort(key=lambda piece: piece[0])
    return SourceCity(
        opened.name,
        _format(document),
        SourceReference(""),
        rows,
        Polygons.from_rings([rings for _, _, _, rings in pieces]),
        np.array([kind for _, kind, _, _ in pieces], np.uint8),
        np.array([owner for owner, _, _, _ in pieces], np.int64),
        np.array([identifier for _, _, identifier, _ in pieces], object),
        metadata={"local": True, **_location(document)},
        objects={tag: len(document.every(tag)) for tag in ("Building", "Space", "Surface", "Opening")},
    )


def _pieces(surface: EnvelopeSurface) -> list[tuple[int, str, list[FloatArray]]]:
    names = [surface.identifier] + [f"{surface.identifier}-{place}" for place in range(2, len(surface.pieces) + 1)]
    own = [(int(surface.kind), name, rings) for name, rings in zip(names, surface.pieces, strict=False)]
    return own + [(int(opening.kind), opening.identifier, [opening.ring]) for opening in surface.openings]


def _row(
    name: str, item: Any, surfaces: list[EnvelopeSurface], document: Document, report: ImportReport
) -> dict[str, Any]:
    columns, origins = thermal_columns(name, surfaces, document, report)
    has_openings = any(surface.openings for surface in surfaces)
    row: dict[str, Any] = {"id": name, "parent_id": "", "lod": "3" if has_openings else "2", **columns}
    row["attributes"] = {} if item is None else _attributes(item, document)
    if origins:
        row[VALUE_ORIGINS] = origins
    if item is not None:
        if title := text(item, "Name") or text(child(document.root, "Campus"), "Name"):
            row["name"] = title
        if function := _function(str(item.get("buildingType") or "")):
            row["function"] = function
        if storeys := _storeys(item, document):
            row["storeys"] = float(storeys)
            row["storeys_origin"] = Origin.DERIVED.value
    return row


def _function(kind: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind)
    return _FUNCTION_OF.get(kind) or ("" if kind == "Unknown" else function_from_text(words))


def _storeys(building: Any, document: Document) -> int:
    """Storeys above ground: those that the file lists, or where it lists one, levels on which spaces begin."""
    levels = [number(text(storey, "Level")) * document.metres for storey in children(building, "BuildingStorey")]
    above = [level for level in levels if level > -_STOREY_GAP_M]
    if len(above) > 1:
        return len(above)
    starts = sorted(
        level for space in children(building, "Space") if (level := lowest_m(space, document.metres)) > -1.0
    )
    count, last = 0, -math.inf
    for level in starts:
        if level > last + _STOREY_GAP_M:
            count, last = count + 1, level
    return count


def _attributes(building: Any, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {"buildingType": building.get("buildingType")}
    for tag in ("Name", "Description", "StreetAddress", "Area"):
        found[tag] = text(building, tag)
    spaces = list(children(building, "Space"))
    found["spaces"] = len(spaces)
    areas = [number(text(space, "Area")) * document.square_metres for space in spaces]
    volumes = [number(text(space, "Volume")) * document.cubic_metres for space in spaces]
    found["space_area_m2"] = round(sum(area for area in areas if area > 0.0), 3)
    found["space_volume_m3"] = round(sum(volume for volume in volumes if volume > 0.0), 3)
    return {key: value for key, value in found.items() if value not in (None, "", 0)}


def _location(document: Document) -> dict[str, float]:
    campus = child(document.root, "Campus")
    location = None if campus is None else child(campus, "Location")
    if location is None:
        return {}
    latitude, longitude = number(text(location, "Latitude")), number(text(location, "Longitude"))
    if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0) or (latitude == 0.0 and longitude == 0.0):
        return {}
    return {"latitude_deg": latitude, "longitude_deg": longitude}


def _tell(
    document: Document, types: Counter[str], surfaces: list[EnvelopeSurface], name: str, report: ImportReport
) -> None:
    """Say what was left out and what is odd of the file as a whole."""
    left_out = types.total() - len(surfaces)
    if left_out:
        message = f"{left_out} of {types.total()} surfaces are inside, shades or unusable and were left out."
        report.add(name, "interior_left_out", message)
    campus = child(document.root, "Campus")
    location = None if campus is None else child(campus, "Location")
    turned = number(text(location, "CADModelAzimuth")) if location is not None else math.nan
    if abs(turned) > 0.01:
        message = f"Its north is said to be turned by {turned:g}°; it is read as drawn: turn the building if need be."
        report.add(name, "model_azimuth", message)


def _format(document: Document) -> str:
    return f"gbXML {document.root.get('version') or ''}".strip()


def _extent(rings: list[FloatArray]) -> tuple[float, float, float, float, float, float] | None:
    if not rings:
        return None
    points = np.concatenate(rings)
    x0, y0, z0 = (float(value) for value in points.min(axis=0))
    x1, y1, z1 = (float(value) for value in points.max(axis=0))
    return x0, y0, z0, x1, y1, z1
