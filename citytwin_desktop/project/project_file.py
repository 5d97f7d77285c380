"""The open project file: load, write changes with their log row, undo, results, weather, close."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from citytwin_desktop import __version__
from citytwin_desktop.city.changes import Change, apply_all, inverse_all
from citytwin_desktop.city.district import District
from citytwin_desktop.city.scenario import BASELINE, Scenario
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.formats.collection_pause import collection_paused
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.formats.kept_sources import LARGEST_KEPT_BYTES, KeptSource
from citytwin_desktop.project import edit_log, lock, schema
from citytwin_desktop.project.backup import copy_database
from citytwin_desktop.project.connection import engine_for, for_reading, known_error, pragma
from citytwin_desktop.project.edit_log import HistoryEntry
from citytwin_desktop.project.geopackage import create_tables
from citytwin_desktop.project.inspection import has_journal, inspect
from citytwin_desktop.project.last_step import LastStep, Reverted
from citytwin_desktop.project.migrations import migrate
from citytwin_desktop.project.reading import read_district
from citytwin_desktop.project.soundness import check_district, content_as_sentence
from citytwin_desktop.project.writing import write_changes, write_meta, write_scenario

_LARGEST_WEATHER_BYTES = 64 << 20
_MOST_NAMED = 3


class ProjectFile:
    """One open project; only the main process writes, and only through one of these.

    Use `create` or `open`, and `close` in the end: a closed project is one plain file.
    """

    def __init__(self, path: Path, engine: Engine, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._engine, self._reader = engine, for_reading(engine)
        self._aside: Engine | None = None
        self._write_turn, self._closed = threading.Lock(), False
        self._identity = _identity(path)
        self.district = District()
        self._left_out: list[str] = []
        self._revision = 0
        self._candidates: tuple[HistoryEntry | None, HistoryEntry | None] | None = None
        self._last = LastStep()

    @property
    def revision(self) -> int:
        """Counted up whenever anything but an edit may have been written: as long as it stays, so do the results."""
        return self._revision

    @property
    def left_out(self) -> str:
        """Sentence on what was damaged and is not shown, though it stays in the file; empty where all is whole."""
        if not self._left_out:
            return ""
        few = ", ".join(self._left_out[:_MOST_NAMED])
        more = f" and {len(self._left_out) - _MOST_NAMED} more" if len(self._left_out) > _MOST_NAMED else ""
        verb = "is damaged and was" if len(self._left_out) == 1 else "are damaged and were"
        return f"In “{self.path.name}” {few}{more} {verb} left out; all else is whole."

    @classmethod
    def create(cls, path: Path) -> ProjectFile:
        """Make an empty project.

        Raises
        ------
        KnownError
            When the file exists already, or the folder cannot be written.
        """
        path = path.resolve()
        if path.exists():
            msg = f"“{path.name}” exists already: open it, or choose another name."
            raise KnownError(msg)
        if not path.parent.is_dir():
            msg = f"The folder “{path.parent}” does not exist: create it first."
            raise KnownError(msg)
        lock.acquire(path)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            _write_empty(draft)
            os.replace(draft, path)
            return cls._open_writable(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            lock.release(path)
            raise

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> ProjectFile:
        """Open a project that exists.

        Raises
        ------
        KnownError
            When it is not a sound project, or another process has it open for writing.
        """
        # A link has its lock and its journal beside the file itself, where everybody looks for them.
        path = path.resolve()
        version = inspect(path)
        newer = version[1] > schema.SCHEMA_VERSION[1]
        writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        if read_only or newer or not writable:
            return cls._open_read_only(path)
        lock.acquire(path)
        try:
            migrate(path, version)
            return cls._open_writable(path)
        except BaseException:
            lock.release(path)
            raise

    @classmethod
    def _open_writable(cls, path: Path) -> ProjectFile:
        # Loaded before anything is written, so that a file with a damaged part stays as it is.
        engine = engine_for(path, "rw")
        project = cls(path, engine, read_only=False)
        project.load()
        pragma(engine, "journal_mode=WAL")
        return project

    @classmethod
    def _open_read_only(cls, path: Path) -> ProjectFile:
        # Without a journal beside it nobody writes, and an immutable file opens on any medium.
        project = cls(path, engine_for(path, "ro" if has_journal(path) else "immutable"), read_only=True)
        project.load()
        return project

    def load(self) -> None:
        """Read the district from the file; closes the connection when that fails."""
        try:
            with collection_paused(), content_as_sentence(self.path.name, "content"), self.reading() as connection:
                left_out: list[str] = []
                district = read_district(connection, left_out)
                check_district(district)
            self.district, self._left_out = district, left_out
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection in a transaction that only reads; database errors become sentences."""
        with self._transaction(self._reader) as connection:
            yield connection

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except (DBAPIError, sqlite3.Error) as error:
            if (known := known_error(error, self.path)) is not None:
                raise known from None
            raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that is durable when the block ends.

        Raises
        ------
        KnownError
            When the project is open read-only, or the disk refuses.
        """
        self._last.forget()
        try:
            with self._writing() as connection:
                yield connection
        finally:
            # Only now: who reads in between sees what was there before.
            self._revision += 1

    @contextmanager
    def writing_aside(self) -> Iterator[Connection]:
        """As `writing`, for results, on one other thread: whoever reads or edits meanwhile has his own connection.

        An edit waits until the block has ended, so that what can be done before it should be.
        """
        self._refuse_if_closed_to_writing()
        try:
            with self._write_turn:
                if self._closed:
                    raise BugError("a thread went on writing into a project that was closed")
                if self._aside is None:
                    self._aside = engine_for(self.path, "rw")
                with self._transaction(self._aside) as connection:
                    yield connection
        finally:
            self._revision += 1

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """As `writing`, for edits, which leave results alone."""
        self._refuse_if_closed_to_writing()
        self._candidates = None
        with self._write_turn, self._transaction(self._engine) as connection:
            yield connection

    def _refuse_if_closed_to_writing(self) -> None:
        if self.read_only:
            msg = f"“{self.path.name}” is open read-only: save a copy and edit that."
            raise KnownError(msg)
        self._refuse_if_moved()

    def _refuse_if_moved(self) -> None:
        """Refuse to write into a file that has lost its name: what goes there would be lost when it is closed."""
        try:
            here = _identity(self.path)
        except OSError:
            here = None
        if here != self._identity:
            msg = (
                f"“{self.path.name}” was moved, replaced or deleted while it was open: save a copy and go on with that."
            )
            raise KnownError(msg)

    def execute(self, command: str, title: str, arguments: dict[str, Any], changes: tuple[Change, ...]) -> HistoryEntry:
        """Apply changes in memory and on disk, together with their log row, in one transaction."""
        after = apply_all(self.district, changes)
        with self._writing() as connection:
            write_changes(connection, changes, after)
            entry = edit_log.append(connection, command, title, arguments, changes)
        self._last.done(entry, changes, self.district, after)
        self.district = after
        return entry

    def undo(self) -> tuple[HistoryEntry, tuple[Change, ...]] | None:
        """Take back the last command that stands; None when there is none."""
        return self._revert(edit_log.undo_candidate, undone=True)

    def redo(self) -> tuple[HistoryEntry, tuple[Change, ...]] | None:
        """Bring back the last command that was taken back; None when there is none."""
        return self._revert(edit_log.redo_candidate, undone=False)

    def _revert(
        self, candidate: Callable[[Connection], HistoryEntry | None], *, undone: bool
    ) -> tuple[HistoryEntry, tuple[Change, ...]] | None:
        with content_as_sentence(self.path.name, "a history"), self._writing() as connection:
            found = self._last.other_side(self.district, undone=undone) or self._read(
                connection, candidate, undone=undone
            )
            if found is None:
                return None
            entry, changes, after = found
            write_changes(connection, changes, after)
            edit_log.set_undone(connection, entry.seq, undone=undone)
            edit_log.append(connection, "undo" if undone else "redo", entry.title, {}, (), undoes=entry.seq)
        # Only once it is durable: a disk that refuses must not leave memory ahead of the file.
        self._last.reverted(found, self.district, undone=undone)
        self.district = after
        return entry, changes

    def _read(
        self, connection: Connection, candidate: Callable[[Connection], HistoryEntry | None], *, undone: bool
    ) -> Reverted | None:
        """What undo or redo would do, from the log."""
        entry = candidate(connection)
        if entry is None:
            return None
        changes = edit_log.changes_of(connection, entry.seq)
        changes = inverse_all(changes) if undone else changes
        return entry, changes, apply_all(self.district, changes)

    def history(self) -> tuple[HistoryEntry, ...]:
        """All log entries, oldest first."""
        with content_as_sentence(self.path.name, "a history"), self.reading() as connection:
            return edit_log.entries(connection)

    def candidates(self) -> tuple[HistoryEntry | None, HistoryEntry | None]:
        """What undo would take back, and what redo would bring back."""
        if self._candidates is None:
            with content_as_sentence(self.path.name, "a history"), self.reading() as connection:
                self._candidates = edit_log.undo_candidate(connection), edit_log.redo_candidate(connection)
        return self._candidates

    def add_weather(self, weather: Weather) -> None:
        """Store a weather file, to be pointed at by its hash; kept for undo once stored."""
        with self.writing() as connection:
            known = select(schema.weather.c.hash).where(schema.weather.c.hash == weather.content_hash)
            if connection.execute(known).first() is None:
                data = zstandard.ZstdCompressor(level=9, write_checksum=True).compress(weather.raw)
                row = {"hash": weather.content_hash, "name": weather.name, "data": data}
                connection.execute(schema.weather.insert(), row)

    def add_source(self, source: KeptSource) -> None:
        """Store a city file as it came, to be pointed at by its hash; kept for undo once stored."""
        with self.writing() as connection:
            known = select(schema.sources.c.hash).where(schema.sources.c.hash == source.hash)
            if connection.execute(known).first() is None:
                data = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(source.data)
                connection.execute(schema.sources.insert(), {"hash": source.hash, "name": source.name, "data": data})

    def source(self, content_hash: str) -> KeptSource | None:
        """City file as it came, None when it was not kept.

        Raises
        ------
        KnownError
            When it is damaged.
        """
        with self.reading() as connection:
            row = connection.execute(select(schema.sources).where(schema.sources.c.hash == content_hash)).first()
        if row is None:
            return None
        try:
            data = zstandard.ZstdDecompressor().decompress(row.data, max_output_size=LARGEST_KEPT_BYTES)
        except (zstandard.ZstdError, MemoryError, TypeError):
            data = b""
        if hashlib.blake2b(data, digest_size=16).hexdigest() != content_hash:
            msg = f"The stored file “{row.name}” is damaged: import it again."
            raise KnownError(msg)
        return KeptSource(content_hash, str(row.name), data)

    def weather(self) -> Weather | None:
        """Weather of the district, or None."""
        with self.reading() as connection:
            query = select(schema.weather).where(schema.weather.c.hash == self.district.weather_hash)
            row = connection.execute(query).first()
        if row is None:
            return None
        try:
            data = zstandard.ZstdDecompressor().decompress(row.data, max_output_size=_LARGEST_WEATHER_BYTES)
        except (zstandard.ZstdError, MemoryError, TypeError):
            raise KnownError("The stored weather file is damaged: choose the weather file again.") from None
        return read_epw(data, row.name)

    def save_copy(self, target: Path) -> None:
        """Write a complete copy, also while the project is open.

        Raises
        ------
        KnownError
            When the target cannot be written.
        """
        copy_database(self._engine, target)

    def close(self) -> None:
        """Fold the journal into the file, so that one plain file is left, and give the lock back."""
        with self._write_turn:
            self._closed = True
            if self._aside is not None:
                self._aside.dispose()
        try:
            if not self.read_only:
                pragma(self._engine, "wal_checkpoint(TRUNCATE)")
                pragma(self._engine, "journal_mode=DELETE")
        except sqlite3.Error as error:
            # A reader beside us, or a file that was moved: every edit is durable in the journal, which stays.
            logging.getLogger(__name__).warning("the journal of %s stays beside it: %s", self.path, error)
        finally:
            self._engine.dispose()
            if not self.read_only:
                lock.release(self.path)


def _identity(path: Path) -> tuple[int, int]:
    """Which file a name stands for; a file put in its place has another."""
    status = path.stat()
    return status.st_dev, status.st_ino


def _write_empty(path: Path) -> None:
    engine = engine_for(path, "rwc")
    try:
        with engine.begin() as connection:
            create_tables(connection)
            major, minor = schema.SCHEMA_VERSION
            first = {
                "schema_version": f"{major}.{minor}",
                "app_version": __version__,
                "project_id": secrets.token_hex(8),
            }
            write_meta(connection, first)
            write_scenario(connection, Scenario(BASELINE, "Baseline"))
    except DBAPIError as error:
        raise known_error(error, path) or error from None
    finally:
        engine.dispose()
