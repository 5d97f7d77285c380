"""What a project holds, in numbers: the content of ``citytwin info``."""

from collections import Counter
from typing import Any

from citytwin_desktop.city.named import SELECTION, VIEW
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.freshness import ENGINES
from citytwin_desktop.project import lock
from citytwin_desktop.project.reading import read_meta


def project_summary(document: Document) -> dict[str, Any]:
    """Counts, areas, scenarios, weather and the state of results.

    Parameters
    ----------
    document : Document
    """
    city = document.city
    columns = city.buildings.columns
    levels = Counter(str(lod) for lod in columns["lod"] if lod)
    parts = sum(bool(parent) for parent in columns["parent_id"])
    weather = document.weather
    holder = lock.holder(document.path)
    with document.project.reading() as connection:
        version = read_meta(connection)["schema_version"]  # of the file: opened read-only it stays as it is
    return {
        "project": str(document.path),
        "schema_version": version,
        "crs": f"EPSG:{city.epsg}" if city.epsg else None,
        "lod": levels.most_common(1)[0][0] if levels else None,
        "buildings": len(city.buildings) - parts,
        "parts": parts,
        "surfaces": city.surfaces.count_by_kind(),
        "areas_m2": {kind: round(area, 3) for kind, area in city.surfaces.area_by_kind_m2().items()},
        "volume_m3": round(float(city.volumes_m3().sum()), 3),
        "weather": weather
        and {
            "name": weather.name,
            "latitude_deg": weather.latitude_deg,
            "longitude_deg": weather.longitude_deg,
        },
        "solar_conditions": document.solar_conditions.as_mapping(),
        "scenarios": [
            {"id": item.id, "name": item.name, "parent": item.parent_id or None, "assigned": len(item.assignments)}
            for item in document.scenarios
        ],
        "results": {engine: _counts(document, engine, document.scenarios[0].id) for engine in ENGINES},
        "results_by_scenario": {item.id: _counts(document, "energyplus", item.id) for item in document.scenarios},
        "views": list(document.named(VIEW)),
        "selections": list(document.named(SELECTION)),
        "edits": len(document.history()),
        "locked_by": str(holder) if holder and not _is_us(document, holder) else None,
    }


def _counts(document: Document, engine: str, scenario_id: str) -> dict[str, int]:
    status = document.status(engine, scenario_id)
    return {name: len(getattr(status, name)) for name in ("fresh", "stale", "missing", "failed")}


def _is_us(document: Document, holder: lock.Holder) -> bool:
    import os

    return not document.read_only and holder.pid == os.getpid()
