"""What changed since a run, as far as the history tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from citytwin_desktop.project import log_pages
from citytwin_desktop.project.edit_log import HistoryEntry
from citytwin_desktop.project.touched import Touched, touched_by

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from citytwin_desktop.document.document import Document

MOST_ENTRIES, MOST_TOLD = 400, 8
_IGNORED = frozenset({"name", "fid", "id"})


def changes_since(
    document: Document, moment: str, building_ids: Iterable[str], scenario_id: str, *, solar: bool = False
) -> tuple[str, ...]:
    """Sentences on commands since a moment whose effect stands and that may matter to some buildings.

    Parameters
    ----------
    document : Document
    moment : str
        UTC time, ISO 8601: when the run began.
    building_ids : iterable of str
    scenario_id : str
    solar : bool
        Whether the shapes of all buildings matter, and none of their uses.

    Returns
    -------
    tuple of str
        Oldest first; what they are is said of others too where they are too many to look at.
    """
    wanted = frozenset(building_ids)
    with document.project.reading() as connection:
        rows = log_pages.since(connection, moment)
        changed = _changed(connection, rows)
        told = [
            _sentence(entry, touched, wanted)
            for entry in changed[-MOST_ENTRIES:]
            if _matters(touched := touched_by(connection, entry.seq), wanted, scenario_id, solar)
        ]
    if len(changed) > MOST_ENTRIES:
        told.insert(0, f"{len(changed) - MOST_ENTRIES} older commands were not looked at")
    if len(told) > MOST_TOLD:
        return (*told[: MOST_TOLD - 1], f"and {len(told) - MOST_TOLD + 1} more commands")
    return tuple(told)


def began(at: str, wall_s: float) -> str:
    """When a run began that was stored at a moment after so many seconds."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    return (moment - timedelta(seconds=wall_s)).isoformat(timespec="seconds")


def _changed(connection: Connection, rows: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """Commands whose effect is another now than before these rows were written."""
    turns: dict[int, int] = {}
    for row in rows:
        place = row.seq if row.undoes is None else row.undoes
        turns[place] = turns.get(place, 0) + 1
    # A command carried out and taken back, or taken back and brought back, has changed nothing.
    odd = [seq for seq, count in turns.items() if count % 2]
    found = log_pages.texts(connection, odd)
    return [found[seq] for seq in sorted(odd) if seq in found]


def _matters(touched: Touched, wanted: frozenset[str], scenario_id: str, solar: bool) -> bool:
    if touched.whole or touched.geometry:
        return True
    if touched.scenarios and not solar and scenario_id in touched.scenarios:
        return not touched.ids or bool(touched.ids & wanted)
    columns = touched.columns - _IGNORED
    if solar:
        columns = columns & {"wall_reflectance", "roof_reflectance"}
    return bool(columns) and bool(touched.ids & wanted if not solar else touched.ids)


def _sentence(entry: HistoryEntry, touched: Touched, wanted: frozenset[str]) -> str:
    when = f"{entry.at[:16].replace('T', ' ')} UTC, {entry.who}"
    undone = "taken back: " if entry.undone else ""
    elsewhere = "; other buildings, which may shade it" if touched.geometry and not touched.ids & wanted else ""
    return f"{undone}{entry.title} ({when}{elsewhere})"
