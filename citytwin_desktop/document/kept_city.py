"""The city as its only source gave it, read again from the bytes that the project keeps."""

import io
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document.document import Document
from citytwin_desktop.formats.assembly import assemble
from citytwin_desktop.formats.cityjson.source import read_stream
from citytwin_desktop.formats.import_options import STOREY_HEIGHT_M, ImportOptions
from citytwin_desktop.formats.report import ImportReport

_RENAMING = frozenset({"identifier_taken"})


@dataclass(frozen=True, eq=False)
class KeptCity:
    """What is known of the source of a project.

    Parameters
    ----------
    original : bytes
        The file as it came, unpacked.
    name : str
    as_imported : CityModel
        What importing it gave, in the project's local coordinates.
    crs : str, optional
        System that was stated at import.
    """

    original: bytes
    name: str
    as_imported: CityModel
    crs: str | None


def kept_city(document: Document) -> KeptCity | None:
    """Source of a project that keeps one only; None for any other. Buildings of other sources count as added to it.

    Parameters
    ----------
    document : Document

    Raises
    ------
    KnownError
        When the stored file is damaged.
    """
    sources = document.city.metadata.get("sources", [])
    keeping = [source for source in sources if source.get("content")]
    if len(keeping) != 1:
        return None
    entry = keeping[0]
    if any(item.get("code") in _RENAMING for item in entry.get("report", {}).get("items", [])):
        return None
    kept = document.project.source(str(entry["content"]))
    if kept is None:
        return None
    choices: dict[str, Any] = entry.get("choices", {})
    options = replace(_options(choices), project_epsg=document.city.epsg)
    report = ImportReport()
    source = read_stream(io.BytesIO(kept.data), kept.name, len(kept.data), options, report)
    city = assemble(source, options, report)
    shift = np.subtract(city.origin, document.city.origin)
    surfaces = replace(city.surfaces, polygons=city.surfaces.polygons.moved(shift))
    city = replace(city, origin=document.city.origin, surfaces=surfaces)
    return KeptCity(kept.data, kept.name, city, choices.get("crs"))


def _options(choices: dict[str, Any]) -> ImportOptions:
    box = choices.get("bbox") or None
    pairs = [str(pair).partition("=") for pair in choices.get("columns") or []]
    return ImportOptions(
        crs=choices.get("crs"),
        lod=choices.get("lod"),
        bbox=(float(box[0]), float(box[1]), float(box[2]), float(box[3])) if box else None,
        types=tuple(choices.get("types") or ()),
        where=str(choices.get("where") or ""),
        columns={name.strip(): attribute.strip() for name, _, attribute in pairs},
        storey_height_m=float(choices.get("storey_height_m") or STOREY_HEIGHT_M),
    )
