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
    """

    object: str
    severity: Literal["info", "warning", "error"]
    code: str
    message: str
    action: Action


@dataclass
class ImportReport:
    """All remarks, and how many objects were kept, repaired and skipped."""

    kept: int = 0
    items: list[ImportItem] = field(default_factory=list)

    def add(self, name: str, code: str, message: str, action: Action = "kept", *, severe: bool = False) -> None:
        """Note something about one object; skipped and repaired objects count as warnings."""
        mild: Literal["info", "warning"] = "info" if action == "kept" else "warning"
        self.items.append(ImportItem(name, "error" if severe else mild, code, message, action))

    def extend(self, other: "ImportReport") -> None:
        """Take in the report on another source."""
        self.kept += other.kept
        self.items.extend(other.items)

    def to_json(self) -> dict[str, Any]:
        """The shape that ``citytwin import --report`` writes."""
        actions = Counter(item.action for item in {(item.object, item.action): item for item in self.items}.values())
        totals = {"kept": self.kept, "repaired": actions["repaired"], "skipped": actions["skipped"]}
        return {"totals": totals, "items": [vars(item) for item in self.items]}
