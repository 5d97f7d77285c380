"""City formats out: CityJSON and its sequence, written from the source where that was kept."""

from collections.abc import Mapping
from typing import Any

import orjson

from citytwin_desktop.document.document import Document
from citytwin_desktop.document.kept_city import kept_city

Measures = Mapping[str, Mapping[str, tuple[float, str]]]
"""Value and unit by name of each building."""


def cityjson_bytes(document: Document, measures: Measures, *, sequence: bool) -> bytes:
    """Write the city as CityJSON 2.0 or as a sequence of it.

    A project of one CityJSON source is written from that: all that was not changed stays as it came. Results stand
    among the attributes.

    Parameters
    ----------
    document : Document
    measures : mapping
    sequence : bool
    """
    from citytwin_desktop.formats.cityjson.round_trip import written_back
    from citytwin_desktop.formats.cityjson.writing import write_cityjson, write_cityjsonseq

    kept = kept_city(document)
    if kept is not None:
        data = written_back(
            kept.original, document.city, kept.as_imported, name=kept.name, crs=kept.crs, as_sequence=sequence
        )
    else:
        data = write_cityjsonseq(document.city) if sequence else write_cityjson(document.city)
    return _with_results(data, measures, sequence=sequence) if measures else data


def _with_results(data: bytes, measures: Measures, *, sequence: bool) -> bytes:
    lines = [orjson.loads(line) for line in (data.splitlines() if sequence else [data]) if line.strip()]
    for line in lines:
        for identifier, item in line["CityObjects"].items():
            if found := measures.get(identifier):
                attributes: dict[str, Any] = item.setdefault("attributes", {})
                attributes |= {name: value for name, (value, _unit) in found.items()}
    return b"\n".join([orjson.dumps(line) for line in lines] + ([b""] if sequence else []))
