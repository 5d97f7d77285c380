"""What entries of the edit log touched: read from their heads, without the bulk of geometry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, select

from citytwin_desktop.project import schema
from citytwin_desktop.project.packing import unpack

_GEOMETRY = ("InsertBuildings", "DeleteBuildings", "ReplaceSurfaces")
_WHOLE = ("SetFrame", "SetWeather", "SetSolarConditions", "SetCollectorChoices")
_VALUE_ORIGINS = "value_origins"


@dataclass(frozen=True)
class Touched:
    """What one entry of the log changed.

    Parameters
    ----------
    ids : frozenset of str
        Buildings that it names.
    columns : frozenset of str
        Columns of the building table.
    kinds : frozenset of str
        Kinds of its changes, see `citytwin_desktop.city.changes`.
    scenarios : frozenset of str
    """

    ids: frozenset[str]
    columns: frozenset[str]
    kinds: frozenset[str]
    scenarios: frozenset[str]

    @property
    def geometry(self) -> bool:
        """Whether shapes of buildings changed, or buildings came or went."""
        return bool(self.kinds & {*_GEOMETRY})

    @property
    def whole(self) -> bool:
        """Whether it changed something of the whole district."""
        return bool(self.kinds & {*_WHOLE})


def touched_by(connection: Connection, seq: int) -> Touched:
    """What an entry of the log changed.

    Parameters
    ----------
    connection : Connection
    seq : int

    Raises
    ------
    KnownError
        When the entry is damaged.
    """
    log = schema.edit_log
    data = connection.execute(select(log.c.changes).where(log.c.seq == seq)).scalar_one()
    rows = unpack(data, f"history entry {seq}")[0]["changes"]
    ids: set[str] = set()
    columns: set[str] = set()
    scenarios: set[str] = set()
    for row in rows:
        ids.update(row.get("ids", ()))
        if "column" in row and row["column"] != _VALUE_ORIGINS:
            columns.add(row["column"])
        if "scenario_id" in row:
            scenarios.add(row["scenario_id"])
        if row["change"] == "SetScenario":
            scenarios.update(str(item["id"]) for item in (row["before"], row["after"]) if item)
        if "fragment" in row:
            ids.update(_ids_of(connection, row["fragment"]))
    kinds = frozenset(str(row["change"]) for row in rows)
    return Touched(frozenset(ids), frozenset(columns), kinds, frozenset(scenarios))


def _ids_of(connection: Connection, key: str) -> tuple[str, ...]:
    """Identifiers of a fragment; payloads are named by their content, so what was read once holds."""
    if key not in _known_ids():
        table = schema.payloads
        data = connection.execute(select(table.c.data).where(table.c.hash == key)).scalar()
        header = unpack(bytes(data), "history of an import")[0] if data is not None else {}
        _known_ids()[key] = tuple(map(str, header.get("columns", {}).get("id", ())))
    return _known_ids()[key]


@lru_cache(maxsize=1)
def _known_ids() -> dict[str, tuple[str, ...]]:
    return {}
