"""What makes the file a valid GeoPackage 1.4 (OGC 12-128r19): its tables, geometry blobs and extents."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.project import schema

_TABLES = (
    """CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
    identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
)
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)


def create_tables(connection: Connection) -> None:
    """All tables of an empty project, in one transaction."""
    connection.execute(text(f"PRAGMA application_id = {schema.APPLICATION_ID}"))
    connection.execute(text(f"PRAGMA user_version = {schema.GEOPACKAGE_VERSION}"))
    schema.spatial_reference_systems.create(connection)
    for statement in _TABLES:
        connection.execute(text(statement))
    schema.metadata.create_all(connection)
    rows = [
        ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
        ("Undefined geographic", 0, "NONE", 0, "undefined"),
        ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84),
    ]
    names = ("srs_name", "srs_id", "organization", "organization_coordsys_id", "definition")
    connection.execute(schema.spatial_reference_systems.insert(), [dict(zip(names, row, strict=True)) for row in rows])
    _register_layer(connection)


def _register_layer(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "VALUES ('buildings', 'features', 'buildings', -1)"
        )
    )
    connection.execute(text("INSERT INTO gpkg_geometry_columns VALUES ('buildings', 'geom', 'MULTIPOLYGON', -1, 0, 0)"))


def set_reference_system(connection: Connection, epsg: int) -> None:
    """Declare the coordinate reference system of the buildings; 0 is none yet."""
    code = epsg or -1
    if epsg:
        import pyproj

        system = pyproj.CRS.from_epsg(epsg)
        connection.execute(
            text("INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (:name, :code, 'EPSG', :code, :wkt, NULL)"),
            {"name": system.name, "code": epsg, "wkt": system.to_wkt("WKT1_GDAL")},
        )
    for table in ("gpkg_contents", "gpkg_geometry_columns"):
        connection.execute(text(f"UPDATE {table} SET srs_id = :code WHERE table_name = 'buildings'"), {"code": code})  # noqa: S608


def update_extent(connection: Connection, city: CityModel) -> None:
    """Write the box of all buildings, which must follow every edit of geometry."""
    box: Sequence[float | None] = [None] * 4
    if len(city.surfaces.polygons.vertices):
        low, high = np.nanmin(city.bounds_m[0], axis=0), np.nanmax(city.bounds_m[1], axis=0)
        box = [float(low[k] + city.origin[k]) for k in (0, 1)] + [float(high[k] + city.origin[k]) for k in (0, 1)]
    values = dict(zip(("a", "b", "c", "d"), box, strict=True))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    connection.execute(
        text(
            "UPDATE gpkg_contents SET min_x=:a, min_y=:b, max_x=:c, max_y=:d, last_change=:now "
            "WHERE table_name='buildings'"
        ),
        {**values, "now": now},
    )


def geometry_blobs(shapes: NDArray[np.object_], epsg: int) -> list[bytes]:
    """GeoPackage binaries of multi-polygons in world coordinates, with their envelopes.

    Parameters
    ----------
    shapes : ndarray, (n,) object of shapely.MultiPolygon
    epsg : int
        Code of their system, 0 for none.
    """
    bodies = shapely.to_wkb(shapes, flavor="iso", output_dimension=2)
    bounds, empty = shapely.bounds(shapes), shapely.is_empty(shapes)
    blobs = []
    for body, (min_x, min_y, max_x, max_y), nothing in zip(bodies, bounds.tolist(), empty.tolist(), strict=True):
        header = struct.pack("<2sBBi", b"GP", 0, 1 | (1 << 4 if nothing else 1 << 1), epsg or -1)
        envelope = b"" if nothing else struct.pack("<4d", min_x, max_x, min_y, max_y)
        blobs.append(header + envelope + body)
    return blobs
