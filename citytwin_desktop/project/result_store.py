"""Results by the hash of their inputs, and which of them each scenario showed last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert

from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import schema
from citytwin_desktop.project.packing import pack, unpack


@dataclass(frozen=True)
class StoredSeries:
    """One array of a result.

    Parameters
    ----------
    unit : str
    values : ndarray
        Usually (8760,) or (n_surfaces, 12) float32.
    """

    unit: str
    values: NDArray[Any]


@dataclass(frozen=True)
class StoredResult:
    """What one engine computed for one key.

    Parameters
    ----------
    key : str
        Hash of everything that went in.
    engine, engine_version : str
    cpu_s : float [s]
    about : mapping
        Settings, warnings and what "explain this number" needs; JSON.
    series : mapping of str to StoredSeries
    blobs : mapping of str to bytes
        Engine's own binary forms, stored as they are.
    summary : mapping of str to (value, unit)
    at : str
        UTC time of storing; set on reading.
    """

    key: str
    engine: str
    engine_version: str
    cpu_s: float
    about: Mapping[str, Any]
    series: Mapping[str, StoredSeries] = field(default_factory=dict)
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    summary: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    at: str = ""


_YEAR_OF_ROOMS = ("heating_demand", "cooling_demand", "lighting", "equipment")
_NEEDED_SERIES = {"energyplus": _YEAR_OF_ROOMS, "estimate": _YEAR_OF_ROOMS}
"""Series without which a result of an engine is no result; one, whichever, by default."""
_NEEDED_SUMMARY = "floor_area_m2"

_FAILED = " failed"
"""Ends the engine's name of rows that tell of failures, which leave the result of an earlier run in its place."""


@dataclass(frozen=True)
class Shown:
    """Last runs of one engine for one subject.

    Parameters
    ----------
    key : str
        Of the last result, empty for none.
    failure : str
        Why the last run failed, empty if it did not.
    failed_key : str
        Of what failed.
    """

    key: str = ""
    failure: str = ""
    failed_key: str = ""


def put(connection: Connection, result: StoredResult) -> None:
    """Store a result; one with the same key is replaced, for it is the same."""
    put_all(connection, [result])


@dataclass(frozen=True)
class PackedResults:
    """Rows of some results, ready to be written: packing takes longer than writing and needs no connection."""

    results: list[dict[str, Any]]
    series: list[dict[str, Any]]
    summaries: list[dict[str, Any]]


def put_all(connection: Connection, results: Sequence[StoredResult]) -> None:
    """Store some results, as `put` does each."""
    put_packed(connection, packed(results))


def put_packed(connection: Connection, rows: PackedResults) -> None:
    """Store results that were packed."""
    each = ((schema.results, rows.results), (schema.series, rows.series), (schema.summaries, rows.summaries))
    for table, values in each:
        if values:
            connection.execute(insert(table).prefix_with("OR REPLACE"), values)


def packed(results: Sequence[StoredResult]) -> PackedResults:
    """Rows that store some results; touches no file, so any thread may call it."""
    rows = [
        {
            "key": result.key,
            "engine": result.engine,
            "engine_version": result.engine_version,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "cpu_s": result.cpu_s,
            "about_json": orjson.dumps(dict(result.about), option=orjson.OPT_SERIALIZE_NUMPY).decode(),
        }
        for result in results
    ]
    series = [
        {"key": result.key, "name": name, "unit": item.unit, "data": pack({"unit": item.unit}, {"values": item.values})}
        for result in results
        for name, item in result.series.items()
    ]
    series += [
        {"key": result.key, "name": name, "unit": "", "data": data}
        for result in results
        for name, data in result.blobs.items()
    ]
    summary = [
        {"key": result.key, "name": name, "value": float(value), "unit": unit}
        for result in results
        for name, (value, unit) in result.summary.items()
    ]
    return PackedResults(rows, series, summary)


def drop(connection: Connection, result_keys: Iterable[str]) -> None:
    """Take results out of the store; keys that are not in it do no harm."""
    wanted = list(result_keys)
    for table in (schema.results, schema.series, schema.summaries):
        connection.execute(delete(table).where(table.c.key.in_(wanted)))


def show(connection: Connection, engine: str, scenario_id: str, rows: Iterable[tuple[str, str, str]]) -> None:
    """Remember the last run of some subjects, given as (subject, key, failure); a failure leaves the last result."""
    table, given = schema.shown, list(rows)
    values = [
        {
            "engine": engine + _FAILED if failure else engine,
            "scenario_id": scenario_id,
            "subject": subject,
            "key": key,
            "failure": failure,
        }
        for subject, key, failure in given
    ]
    if not values:
        return
    gone = [subject for subject, _, failure in given if not failure]
    overcome = (table.c.engine == engine + _FAILED, table.c.scenario_id == scenario_id, table.c.subject.in_(gone))
    connection.execute(delete(table).where(*overcome))
    connection.execute(insert(table).prefix_with("OR REPLACE"), values)


def shown(connection: Connection, engine: str, scenario_id: str) -> dict[str, Shown]:
    """Last runs of each subject of one engine in one scenario."""
    table = schema.shown
    query = select(table).where(table.c.engine.in_((engine, engine + _FAILED)), table.c.scenario_id == scenario_id)
    found: dict[str, Shown] = {}
    for row in connection.execute(query):
        found[row.subject] = _merged(found.get(row.subject, Shown()), row.key, row.failure)
    return found


def last_shown(connection: Connection, engine: str, scenario_id: str, subject: str) -> Shown | None:
    """Last runs of one subject, or None."""
    table = schema.shown
    place = (table.c.scenario_id == scenario_id, table.c.subject == subject)
    query = select(table).where(table.c.engine.in_((engine, engine + _FAILED)), *place)
    found = None
    for row in connection.execute(query):
        found = _merged(found or Shown(), row.key, row.failure)
    return found


def _merged(known: Shown, key: str, failure: str) -> Shown:
    if failure:
        return replace(known, failure=failure, failed_key=key)
    return replace(known, key=key)


def keys(connection: Connection, engine: str) -> frozenset[str]:
    """Keys of all results of one engine that are whole: what is half gone must be run again."""
    results, parts, summary = schema.results.c, schema.series.c, schema.summaries.c
    whole: ColumnElement[bool] = exists().where(parts.key == results.key)
    if names := _NEEDED_SERIES.get(engine):
        mine = select(func.count()).where(parts.key == results.key, parts.name.in_(names)).scalar_subquery()
        area = exists().where(summary.key == results.key, summary.name == _NEEDED_SUMMARY)
        whole = (mine == len(names)) & area
    query = select(results.key).where(results.engine == engine, whole)
    return frozenset(connection.execute(query).scalars())


def about(connection: Connection, key: str) -> StoredResult | None:
    """A result without its series."""
    row = connection.execute(select(schema.results).where(schema.results.c.key == key)).first()
    if row is None:
        return None
    table = schema.summaries
    summary = {
        item.name: (item.value, item.unit) for item in connection.execute(select(table).where(table.c.key == key))
    }
    try:
        told = dict(orjson.loads(row.about_json))
    except (ValueError, TypeError):
        msg = f"What is stored about a result of {row.engine} is damaged: restore the project file from a backup."
        raise KnownError(msg) from None
    return StoredResult(key, row.engine, row.engine_version, row.cpu_s, told, summary=summary, at=row.at)


def series(connection: Connection, key: str, name: str) -> NDArray[Any] | None:
    """One array of a result, or None."""
    data = blob(connection, key, name)
    return None if data is None else np.asarray(unpack(data, f"result “{name}”")[1]["values"])


def blob(connection: Connection, key: str, name: str) -> bytes | None:
    """Bytes of one series of a result, or None."""
    table = schema.series
    query = select(table.c.data).where(table.c.key == key, table.c.name == name)
    data = connection.execute(query).scalar()
    return None if data is None else bytes(data)


def summaries(connection: Connection, name: str) -> dict[str, float]:
    """One summary number of all results, by key."""
    table = schema.summaries
    return {row.key: row.value for row in connection.execute(select(table).where(table.c.name == name))}
