"""An import that is going on: read on another thread, stored on the window's, taken back when it is cancelled."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.collection_pause import collection_paused
from citytwin_desktop.ui.background import Worker

IMPORT_ENGINE = "import"
_PHASE_DROP = 0.25
"""A share that falls by more than this begins another phase: readers, then repairs, each count from nothing."""


class CancelledError(Exception):
    """The user does not want the import any more."""


@dataclass(frozen=True)
class Step:
    """One command of an import, with its parameters."""

    command: str
    parameters: dict[str, Any]


class ImportJob:
    """Looks like a run of an engine to whoever shows its progress.

    Parameters
    ----------
    document : Document
    steps : sequence of Step
        Carried out one after the other; all of them or none.
    title : str
    made : bool
        Whether the project was made for this import, and goes when it fails.

    Attributes
    ----------
    refusal : str
        The sentence when it did not work; nothing is left half-done then.
    report : object
        Of the last command, None before its end.
    """

    engine = IMPORT_ENGINE

    def __init__(self, document: Any, steps: Sequence[Step], title: str, made: bool) -> None:
        self.document, self.title, self.made = document, title, made
        self.step = "opening"
        self.refusal, self.report = "", None
        self.cancelled = self.finished = False
        self.failed: dict[str, str] = {}
        self.skipped_fresh, self.total = 0, len(steps)
        self.log: list[str] = []
        self._lock, self._working = threading.Lock(), False
        self._steps, self._done, self._phase, self._share = tuple(steps), 0, 0, 0.0
        self._entries: list[int] = []
        self._worker = self._begin()

    @property
    def done(self) -> int:
        """Commands that were carried out."""
        return self._done

    @property
    def fraction(self) -> float:
        """How far it is, 0 to 1; never falls, for nobody knows how many phases there will be."""
        if self.finished and not self.cancelled and not self.refusal:
            return 1.0
        within: float = 1.0 - 0.5**self._phase * (1.0 - self._share / 2.0)
        return (self._done + within) / self.total

    def cancel(self) -> None:
        """Give it up; the next `poll` takes back what was done."""
        self.cancelled = not self.finished

    stop = cancel

    def poll(self) -> None:
        """Carry out what was worked out; call this on the window's thread."""
        if self.finished:
            return
        if self.cancelled:
            self._end("cancelled")
            return
        if not self._worker.finished:
            return
        try:
            self._carry_out(self._worker.result())
        except KnownError as error:
            self.refusal = str(error)
            self._end(self.refusal)
        except BaseException:
            self.cancelled = True
            self._end("stopped by an error")
            raise

    def wait(self, seconds: float) -> bool:
        """Wait for the work of the other thread; whether there is none left."""
        return self._worker.wait(seconds)

    def _carry_out(self, prepared: Any) -> None:
        if self.made:
            self._step_done()
            return
        if prepared.district is not self.document.project.district:
            # Edited meanwhile: worked out again there rather than here, where the window would stand still.
            self._worker = self._begin()
            return
        self._entries.append(self.document.carry_out(prepared).seq)
        self._step_done()

    def _step_done(self) -> None:
        self._done += 1
        if self._done < self.total:
            self._phase, self._share = 0, 0.0
            self._worker = self._begin()
            return
        self.report = self.document.last_report
        self.finished = True
        self._note("finished")

    def _begin(self) -> Worker:
        self._working = True
        return Worker(self._work)

    def _work(self) -> Any:
        """Done on the other thread."""
        # Late: the readers come with the first import.
        from citytwin_desktop.formats.import_options import watched

        step = self._steps[self._done]
        try:
            with watched(self._watch), collection_paused():
                prepared = self.document.prepare(step.command, **step.parameters)
            if self.made:
                # Nobody sees the new project yet, so it can be filled here rather than where the window would stand.
                self._watch(1.0, "storing")
                self.document.carry_out(prepared)
            return prepared
        finally:
            with self._lock:
                self._working = False
                if self.cancelled:
                    self._remove()

    def _watch(self, share: float, what: str) -> None:
        """Told by the readers, on their thread."""
        if self.cancelled:
            raise CancelledError
        if share < self._share - _PHASE_DROP:
            self._phase, self._share = self._phase + 1, 0.0
        self._share = min(max(share, self._share), 1.0)
        if what and what != self.step:
            self._note(what)

    def _note(self, what: str) -> None:
        self.step = what
        self.log.append(f"{what[:1].upper()}{what[1:]}")

    def _end(self, what: str) -> None:
        """Undo what was done so far; a project made for it goes."""
        self._note(what)
        self.finished = True
        if not self.made:
            self._take_back()
            return
        with self._lock:
            # While the other thread reads or stores, it cleans up itself as soon as it has seen that it may stop.
            if not self._working:
                self._remove()

    def _take_back(self) -> None:
        """Undo what was carried out, as long as nobody has edited the project since."""
        while self._entries:
            standing = [entry.seq for entry in self.document.history() if not entry.undone]
            if not standing or standing[-1] != self._entries.pop():
                self._note("what was done before the edit stays")
                return
            self.document.undo()

    def _remove(self) -> None:
        """Take away the project that was made for this import."""
        if self.made:
            self.document.close()
            self.document.path.unlink(missing_ok=True)
