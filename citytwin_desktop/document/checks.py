"""Whether a project file is sound, the content of ``citytwin check``; and what in an open project is doubtful."""

from typing import Any

from sqlalchemy import Connection, text

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.freshness import ENGINES

_ORPHANS = {
    "geometry without a building": "SELECT count(*) FROM ct_geometry WHERE fid NOT IN (SELECT fid FROM buildings)",
    "assignments of a building that is not there": (
        "SELECT count(*) FROM ct_assignment WHERE building_id NOT IN (SELECT id FROM buildings)"
    ),
    "assignments of a scenario that is not there": (
        "SELECT count(*) FROM ct_assignment WHERE scenario_id NOT IN (SELECT id FROM ct_scenario)"
    ),
    "series of a result that is not there": (
        "SELECT count(*) FROM ct_series WHERE key NOT IN (SELECT key FROM ct_result)"
    ),
    "parts of a building that is not there": (
        "SELECT count(*) FROM buildings WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM buildings)"
    ),
}

SOUTHERN_LEAVES = (
    "Trees are taken to be in leaf from April to October, which is winter here: set the months under Trees."
)


def doubts(document: Document) -> tuple[str, ...]:
    """Assumptions that do not fit this project, and what of it was left out, one sentence each.

    Parameters
    ----------
    document : Document
    """
    left_out = document.project.left_out
    return (*([left_out] if left_out else []), *([SOUTHERN_LEAVES] if _has_southern_leaves(document) else []))


def _has_southern_leaves(document: Document) -> bool:
    """Whether trees are taken to be in leaf in a southern winter."""
    weather, city = document.weather, document.city
    if weather is None or weather.latitude_deg >= 0.0:
        return False
    if document.solar_conditions.leaf_on_months != SolarConditions().leaf_on_months:
        return False
    return any(layer.kind is ContextKind.TREE and len(layer.polygons) for layer in city.context)


def check_project(document: Document) -> dict[str, Any]:
    """Integrity, GeoPackage rules, orphan rows and stale results of an open project.

    Returns
    -------
    dict
        ``ok``, ``problems`` (sentences) and ``stale`` (counts by engine).
    """
    with document.project.reading() as connection:
        problems = [*_integrity(connection), *_geopackage(connection), *_orphans(connection)]
    if document.project.left_out:
        problems.append(document.project.left_out)
    scenario = document.scenarios[0].id
    stale = {engine: len(document.status(engine, scenario).stale) for engine in ENGINES}
    return {"project": str(document.path), "ok": not problems, "problems": problems, "stale": stale}


def _integrity(connection: Connection) -> list[str]:
    found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(10)"))]
    found += [f"foreign key broken in {row[0]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    return [f"The database is damaged: {item}." for item in found if item != "ok"]


def _geopackage(connection: Connection) -> list[str]:
    """Rules of GeoPackage 1.4 that an edit could break; the reference validator runs in the tests."""
    problems = []
    layer = connection.execute(text("SELECT srs_id FROM gpkg_contents WHERE table_name = 'buildings'")).scalar()
    column = connection.execute(
        text("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'buildings'")
    ).scalar()
    if layer is None or layer != column:
        problems.append("The buildings layer is not registered with one reference system (requirement 146).")
    known = "SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0, 4326)"
    if connection.execute(text(known)).scalar() != 3:
        problems.append("The reference systems -1, 0 and 4326 are not all there (requirement 11).")
    blobs = "SELECT count(*) FROM buildings WHERE geom IS NOT NULL AND substr(geom, 1, 2) != X'4750'"
    if bad := connection.execute(text(blobs)).scalar():
        problems.append(f"{bad} footprints are no GeoPackage geometry (requirement 19).")
    return problems


def _orphans(connection: Connection) -> list[str]:
    counts = {what: connection.execute(text(query)).scalar() for what, query in _ORPHANS.items()}
    return [f"There are {count} {what}." for what, count in counts.items() if count]
