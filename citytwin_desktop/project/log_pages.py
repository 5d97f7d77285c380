"""The edit log for long lists: order and state of all entries, texts of a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from citytwin_desktop.project import schema
from citytwin_desktop.project.edit_log import HistoryEntry

_MOST_AT_ONCE = 5000
"""SQLite takes a limited number of values in one query."""
STANDS, UNDONE, ENDED = 0, 1, 2
"""State of a command: carried out; taken back and can be brought back; taken back for good by what came after."""


@dataclass(frozen=True)
class LogLine:
    """Place and state of one command in the log.

    Parameters
    ----------
    seq : int
    state : int
        `STANDS`, `UNDONE` or `ENDED`.
    """

    seq: int
    state: int


def lines(connection: Connection) -> tuple[LogLine, ...]:
    """Every command, newest first, without its texts."""
    log = schema.edit_log
    query = select(log.c.seq, log.c.undone).where(log.c.undoes.is_(None)).order_by(log.c.seq.desc())
    return tuple(LogLine(int(seq), int(state)) for seq, state in connection.execute(query))


def texts(connection: Connection, seqs: list[int]) -> dict[int, HistoryEntry]:
    """Entries by number, without their parameters and changes."""
    log = schema.edit_log
    query = select(log.c.seq, log.c.at, log.c.who, log.c.command, log.c.title, log.c.undone, log.c.undoes)
    found: dict[int, HistoryEntry] = {}
    for first in range(0, len(seqs), _MOST_AT_ONCE):
        for row in connection.execute(query.where(log.c.seq.in_(seqs[first : first + _MOST_AT_ONCE]))):
            found[int(row.seq)] = _entry(row)
    return found


def newest(connection: Connection) -> int:
    """Number of the last row of the log, undo and redo among them; 0 for an empty one."""
    return int(connection.execute(select(func.max(schema.edit_log.c.seq))).scalar() or 0)


def since(connection: Connection, moment: str) -> tuple[HistoryEntry, ...]:
    """Rows written at a moment (UTC, ISO 8601) or later, oldest first, undo and redo among them."""
    log = schema.edit_log
    query = select(log.c.seq, log.c.at, log.c.who, log.c.command, log.c.title, log.c.undone, log.c.undoes)
    return tuple(_entry(row) for row in connection.execute(query.where(log.c.at >= moment).order_by(log.c.seq)))


def _entry(row: Any) -> HistoryEntry:
    return HistoryEntry(int(row.seq), row.at, row.who, row.command, row.title, bool(row.undone), row.undoes, {})
