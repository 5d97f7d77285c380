"""What an import did with each object of a source."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Action = Literal["kept", "repaired", "skipped"]


@dataclass(frozen=True)
class ImportItem:
    """One remark on one object.

    Parameters
    ----------
    object : str
        Identifier in the source, or the file's name for a remark on the whole file.
    severity : str
        ``info``, ``warning`` or ``error``.
    code : str
        Stable code that scripts can match.
    message : str
        One sentence.
    action : str
        What became of the object.
    remedy : str
        What can be done about it, empty where nothing need be.
    val3dity : int, optional
        Code of the same fault in val3dity.
    point : tuple of float [m], optional
        Where to look, in the project's coordinates.
    """

    object: str
    severity: Literal["info", "warning", "error"]
    code: str
    message: str
    action: Action
    remedy: str = ""
    val3dity: int | None = None
    point: tuple[float, float, float] | None = None


MOST_REMARKS = 1_000
"""Remarks of one code and action that are kept one by one; the rest is counted in one more."""


@dataclass
class ImportReport:
    """All remarks, and how many objects were kept, repaired and skipped.

    Parameters
    ----------
    kept : int
    parts : int
        How many of those that were kept are parts of buildings.
    source : str
        File name; a remark on the file as a whole counts no object.
    items : list of ImportItem
    """

    kept: int = 0
    parts: int = field(default=0, kw_only=True)
    source: str = ""
    items: list[ImportItem] = field(default_factory=list)
    counts: Counter[tuple[str, Action]] = field(default_factory=Counter, repr=False)
    touched: dict[Action, set[str]] = field(default_factory=lambda: {"repaired": set(), "skipped": set()}, repr=False)

    def add(self, name: str, code: str, message: str, action: Action = "kept", *, severe: bool = False) -> None:
        """Note something about one object; skipped and repaired objects count as warnings."""
        mild: Literal["info", "warning"] = "info" if action == "kept" else "warning"
        self.take(ImportItem(name, "error" if severe else mild, code, message, action))

    def extend(self, other: "ImportReport") -> None:
        """Take in the report on another source."""
        self.kept += other.kept
        self.parts += other.parts
        for item in other.items:
            self.take(item)
        for key, count in other.counts.items():
            self.counts[key] += max(count - MOST_REMARKS, 0)
        for action, names in other.touched.items():
            self.touched[action] |= names

    def take(self, item: ImportItem) -> None:
        """Take in one remark."""
        if item.action != "kept" and item.object != self.source:
            self.touched[item.action].add(item.object)
        self.counts[item.code, item.action] += 1
        if self.counts[item.code, item.action] <= MOST_REMARKS:
            self.items.append(item)

    def remarks(self) -> list[ImportItem]:
        """All remarks, with one more for each code of which there were too many to keep."""
        more = [
            ImportItem("", "info", code, f"{count - MOST_REMARKS:,} more objects have the same remark.", action)
            for (code, action), count in self.counts.items()
            if count > MOST_REMARKS
        ]
        return [*self.items, *more]

    def to_json(self) -> dict[str, Any]:
        """The shape that ``citytwin import --report`` writes."""
        repaired, skipped = (len(self.touched[action]) for action in ("repaired", "skipped"))
        totals = {"kept": self.kept, "repaired": repaired, "skipped": skipped}
        return {"totals": totals, "items": [vars(item) for item in self.remarks()]}
