"""Tables of a project file (SQLAlchemy Core); never reflected, always declared here."""

from typing import Any

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import UserDefinedType

from citytwin_desktop.city.buildings import (
    COLUMNS,
    OVERRIDE_COLUMNS,
    REFLECTANCE_COLUMNS,
    SYSTEM_COLUMNS,
    VALUE_ORIGINS,
)

SCHEMA_VERSION = (1, 4)
"""Major and minor: a newer major is refused, a newer minor opened read-only."""

ADDED_COLUMNS: dict[tuple[int, int], tuple[str, ...]] = {
    (1, 1): REFLECTANCE_COLUMNS,
    (1, 2): (*OVERRIDE_COLUMNS[OVERRIDE_COLUMNS.index("heat_capacity_kj_m2k") :], *SYSTEM_COLUMNS),
    (1, 3): (VALUE_ORIGINS,),
    (1, 4): (),
}
"""Columns of ``buildings`` by the version that brought them; older files open read-only without them."""

APPLICATION_ID = 0x47504B47
"""“GPKG”, as GeoPackage 1.4 (OGC 12-128r19), requirement 2, asks."""

GEOPACKAGE_VERSION = 10400

metadata = MetaData()


class MultiPolygon(UserDefinedType[bytes]):
    """A GeoPackage geometry column; declared so, or requirement 25 fails."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        """Name of the column type in SQL."""
        return "MULTIPOLYGON"


spatial_reference_systems = Table(
    "gpkg_spatial_ref_sys",
    metadata,
    Column("srs_name", Text, nullable=False),
    Column("srs_id", Integer, primary_key=True),
    Column("organization", Text, nullable=False),
    Column("organization_coordsys_id", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("description", Text),
)

SQL_TYPES = {"number": Float, "text": Text, "json": Text}

buildings = Table(
    "buildings",
    metadata,
    Column("fid", Integer, primary_key=True, autoincrement=True),
    Column("geom", MultiPolygon),
    *(
        Column(name, SQL_TYPES[definition.kind], unique=name == "id" or None, nullable=name != "id")
        for name, definition in COLUMNS.items()
        if name != "fid"
    ),
)
"""One row for each building and part: its footprint for QGIS, and every column of `COLUMNS`."""

geometry = Table(
    "ct_geometry",
    metadata,
    Column("fid", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
meta = Table("ct_meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
context = Table(
    "ct_context", metadata, Column("id", Integer, primary_key=True), Column("data", LargeBinary, nullable=False)
)
scenarios = Table(
    "ct_scenario",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent_id", Text, nullable=False),
)
assignments = Table(
    "ct_assignment",
    metadata,
    Column("scenario_id", Text, primary_key=True),
    Column("building_id", Text, primary_key=True),
    Column("package_id", Text, nullable=False),
)
weather = Table(
    "ct_weather",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
sources = Table(
    "ct_source",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""City files as they were imported, for writing them again with nothing lost."""

named = Table(
    "ct_named",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", Text, nullable=False),
)
"""Views and selections that the project keeps under names, as JSON."""

edit_log = Table(
    "ct_edit_log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("app_version", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("args_json", Text, nullable=False),
    Column("changes", LargeBinary, nullable=False),
    Column("undoes", Integer),
    Column("undone", Integer, nullable=False, default=0),
)
payloads = Table(
    "ct_payload", metadata, Column("hash", Text, primary_key=True), Column("data", LargeBinary, nullable=False)
)
results = Table(
    "ct_result",
    metadata,
    Column("key", Text, primary_key=True),
    Column("engine", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("cpu_s", Float, nullable=False),
    Column("about_json", Text, nullable=False),
)
series = Table(
    "ct_series",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
summaries = Table(
    "ct_summary",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("value", Float, nullable=False),
)
shown = Table(
    "ct_shown",
    metadata,
    Column("engine", Text, primary_key=True),
    Column("scenario_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("failure", Text, nullable=False, default=""),
)
"""For each engine, scenario and building the key of its last run, and why it failed if it did."""

ADDED_TABLES: dict[tuple[int, int], tuple[Table, ...]] = {(1, 3): (sources,), (1, 4): (named,)}
"""Tables by the version that brought them."""
