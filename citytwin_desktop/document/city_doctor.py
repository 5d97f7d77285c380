"""What the import doctor knows of an open project: remarks of its imports, and what can be simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from citytwin_desktop.city.diagnosis.readiness import Readiness, readiness
from citytwin_desktop.city.model import CityModel

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

LEVELS = ("ready", "doubtful", "blocked")
"""Names of the levels of readiness, from best to worst."""


@dataclass(frozen=True)
class ImportRemark:
    """One remark of an import.

    Parameters
    ----------
    source : str
        File name.
    object, severity, code, message, action, remedy
        See `ImportItem`.
    point : tuple of float [m], optional
        Where to look, in the project's coordinates.
    """

    source: str
    object: str
    severity: str
    code: str
    message: str
    action: str
    remedy: str = ""
    point: tuple[float, float, float] | None = None


class CityDoctor:
    """Keeps what was found until the city changes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._city: CityModel | None = None
        self._readiness: Readiness | None = None

    def readiness(self) -> Readiness:
        """Whether each building can be simulated, and why not."""
        city = self._document.city
        if self._readiness is None or self._city is not city:
            self._city, self._readiness = city, readiness(city)
        return self._readiness

    def remarks(self) -> tuple[ImportRemark, ...]:
        """Remarks of all imports that stand, in the order of import."""
        sources = self._document.city.metadata.get("sources", [])
        return tuple(
            _remark(str(source.get("name", "")), item)
            for source in sources
            for item in source.get("report", {}).get("items", [])
        )

    def to_json(self) -> dict[str, Any]:
        """What ``citytwin doctor --json`` prints."""
        state, city = self.readiness(), self._document.city
        rows = [
            {
                "id": str(city.buildings.ids[row]),
                "level": LEVELS[int(state.level[row])],
                "reasons": list(state.reasons(row)),
            }
            for row in range(len(city.buildings))
        ]
        counts = {name: sum(row["level"] == name for row in rows) for name in LEVELS}
        return {"counts": counts, "buildings": rows, "imports": [vars(item) for item in self.remarks()]}


def _remark(source: str, item: Mapping[str, Any]) -> ImportRemark:
    texts = {name: str(item.get(name) or "") for name in ("object", "severity", "code", "message", "action", "remedy")}
    point = item.get("point")
    place = (float(point[0]), float(point[1]), float(point[2])) if point else None
    return ImportRemark(source, **texts, point=place)
