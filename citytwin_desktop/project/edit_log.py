"""The edit log: every command with what it changed, undo and redo included."""

import getpass
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, select, update

from citytwin_desktop import __version__
from citytwin_desktop.city.changes import Change
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import schema
from citytwin_desktop.project.change_packing import decode, encode
from citytwin_desktop.project.packing import pack, unpack

_STANDS, _UNDONE, _ENDED = 0, 1, 2


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history.

    Parameters
    ----------
    seq : int
    at : str
        UTC time, ISO 8601.
    who : str
        User of the computer.
    command : str
        Identifier of the command, or ``undo`` or ``redo``.
    title : str
        For people.
    undone : bool
    undoes : int or None
        For an undo or redo, the entry it took back or brought back.
    arguments : dict
    """

    seq: int
    at: str
    who: str
    command: str
    title: str
    undone: bool
    undoes: int | None
    arguments: dict[str, Any]


def append(
    connection: Connection,
    command: str,
    title: str,
    arguments: dict[str, Any],
    changes: tuple[Change, ...],
    undoes: int | None = None,
) -> HistoryEntry:
    """Write one row, and the payloads its changes name."""
    rows, payloads = encode(changes) if undoes is None else ([], {})
    for key, data in payloads.items():
        known = connection.execute(select(schema.payloads.c.hash).where(schema.payloads.c.hash == key)).first()
        if known is None:
            connection.execute(schema.payloads.insert(), {"hash": key, "data": data})
    values: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": _user(),
        "app_version": __version__,
        "command": command,
        "title": title,
        "args_json": orjson.dumps(arguments, option=orjson.OPT_SERIALIZE_NUMPY).decode(),
        "changes": pack({"changes": rows}, {}),
        "undoes": undoes,
        "undone": _STANDS,
    }
    if undoes is None:
        # A new command ends what could be redone; those entries stay in the history as undone for good.
        taken_back = schema.edit_log.c.undone == _UNDONE
        connection.execute(update(schema.edit_log).where(taken_back).values(undone=_ENDED))
    inserted = connection.execute(schema.edit_log.insert(), values).inserted_primary_key
    seq = int(inserted[0]) if inserted else 0
    return HistoryEntry(seq, values["at"], values["who"], command, title, False, undoes, arguments)


def set_undone(connection: Connection, seq: int, *, undone: bool) -> None:
    """Mark an entry as taken back or brought back."""
    connection.execute(
        update(schema.edit_log).where(schema.edit_log.c.seq == seq).values(undone=_UNDONE if undone else _STANDS)
    )


def entries(connection: Connection) -> tuple[HistoryEntry, ...]:
    """All entries, oldest first."""
    return tuple(
        _entry(row) for row in connection.execute(_without_changes().order_by(schema.edit_log.c.seq)).mappings()
    )


def undo_candidate(connection: Connection) -> HistoryEntry | None:
    """Entry that undo would take back: the last command that stands."""
    log = schema.edit_log
    standing = _without_changes().where(log.c.undoes.is_(None), log.c.undone == _STANDS)
    row = connection.execute(standing.order_by(log.c.seq.desc()).limit(1)).mappings().first()
    return _entry(row) if row else None


def redo_candidate(connection: Connection) -> HistoryEntry | None:
    """Entry that redo would bring back: the first one undone since the last command."""
    log = schema.edit_log
    undone = _without_changes().where(log.c.undoes.is_(None), log.c.undone == _UNDONE)
    row = connection.execute(undone.order_by(log.c.seq).limit(1)).mappings().first()
    return _entry(row) if row else None


def changes_of(connection: Connection, seq: int) -> tuple[Change, ...]:
    """Read what one entry changed."""
    log = schema.edit_log
    data = connection.execute(select(log.c.changes).where(log.c.seq == seq)).scalar_one()
    header, _ = unpack(data, f"history entry {seq}")

    def payload(key: str) -> bytes:
        table = schema.payloads
        found = connection.execute(select(table.c.data).where(table.c.hash == key)).scalar()
        if found is None:
            msg = f"History entry {seq} has lost its content and cannot be undone: restore the project from a backup."
            raise KnownError(msg)
        return bytes(found)

    return decode(header["changes"], payload)


def _without_changes() -> Any:
    log = schema.edit_log
    return select(
        log.c.seq, log.c.at, log.c.who, log.c.command, log.c.title, log.c.undone, log.c.undoes, log.c.args_json
    )


def _entry(row: RowMapping) -> HistoryEntry:
    return HistoryEntry(
        int(row["seq"]),
        row["at"],
        row["who"],
        row["command"],
        row["title"],
        bool(row["undone"]),
        row["undoes"],
        orjson.loads(row["args_json"]),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
