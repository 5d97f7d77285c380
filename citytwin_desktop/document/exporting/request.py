"""What is asked of a writer, and how it says what it did."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from citytwin_desktop.document.document import Document
from citytwin_desktop.document.exporting.export_values import ExportValues


@dataclass(frozen=True)
class ExportRequest:
    """What is to be written where.

    Parameters
    ----------
    document : Document
    out : Path
    scenario_id : str
    variable, time : str, optional
        To colour by.
    epsg : int, optional
        System of the file, where a format leaves a choice.
    """

    document: Document
    out: Path
    scenario_id: str
    variable: str | None = None
    time: str | None = None
    epsg: int | None = None

    @cached_property
    def values(self) -> ExportValues:
        """Values for the writers."""
        return ExportValues(self.document, self.scenario_id, self.variable, self.time)

    def done(self, count: int, what: str, more: str = "") -> str:
        """Say what was written."""
        return f"{count} {what} written to “{self.out}”.{more}"
