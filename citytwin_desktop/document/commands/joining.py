"""The command that joins a table to the buildings."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from citytwin_desktop.city.district import District
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted
from citytwin_desktop.document.table_join.join import join_of
from citytwin_desktop.document.table_join.request import LEAST_CONFIDENCE, REACH_M, JoinRequest, column_pairs
from citytwin_desktop.errors import KnownError


@register
@dataclass(frozen=True)
class JoinTable(Command):
    """Fill columns and attributes of buildings from a CSV or XLSX table; `preview_join` tells what would happen."""

    id: ClassVar[str] = "join_table"
    summary: ClassVar[str] = "Fill values of buildings from a CSV or XLSX table, by id, address or place"

    path: str
    key: str = "id"
    key_columns: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    min_confidence: float = LEAST_CONFIDENCE
    overwrite: str = "empty"
    crs: str = ""
    max_distance_m: float = REACH_M
    sheet: str = ""
    encoding: str = ""

    def request(self) -> JoinRequest:
        """Give the parameters, checked.

        Raises
        ------
        KnownError
            When one is not possible.
        """
        return JoinRequest(
            self.key.strip(),
            self.key_columns,
            column_pairs(self.columns),
            self.min_confidence,
            self.overwrite,
            self.crs,
            self.max_distance_m,
            self.sheet,
            self.encoding,
        )

    def prepare(self, district: District) -> Preparation:
        """Work out the cells to fill."""
        path = Path(self.path)
        join = join_of(district, path, self.request())
        if not join.changes:
            report = join.report
            first = next((item["reason"] for item in report["items"] if item["status"] != "matched"), "")
            why = f"{report['matched']} of {report['rows']} rows matched"
            told = f"; {first[0].lower()}{first[1:].rstrip('.')}" if first and not report["matched"] else ""
            msg = (
                f"“{path.name}” changes nothing ({why}{told}): check the key, the columns and what may be overwritten."
            )
            raise KnownError(msg)
        names = {name for change in join.changes for name in getattr(change, "ids", ())}
        logged = {**vars(self), "path": path.name}
        logged |= {name: list(value) for name, value in logged.items() if isinstance(value, tuple)}
        title = f"Join {path.name} to {counted(len(names))}"
        return Preparation(join.changes, title, report=join.report, logged=logged)
