"""What is wrong or doubtful, collected for the Problems list: runs, imports, and what can be simulated."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from citytwin_desktop.city.diagnosis.faults import FAULTS
from citytwin_desktop.city.diagnosis.readiness import Readiness
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document.checks import doubts
from citytwin_desktop.document.variables import ENGINES
from citytwin_desktop.ui.window_words import for_window

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)
_OF_LEVEL = {"blocks": ERROR, "doubtful": WARNING, "note": INFO}
_JUDGED = frozenset(code for code, fault in FAULTS.items() if fault.level != "note")
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
MENDING = {
    "No weather": "file.weather",
    "No archetypes": "model.enrich",
    "No buildings": "file.open_city",
    "The project is open read-only": "file.copy",
}
"""Action by the beginning of the document's sentence on what a run still needs."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the list.

    Parameters
    ----------
    severity : str
        One of `SEVERITIES`.
    sentence : str
    object : str
        Building or object of a source that it is about; empty for the whole project.
    remedy, code : str
    val3dity : int, optional
        Code of the same fault there.
    point : tuple of float [m], optional
        Where to look, in the project's coordinates.
    action : str
        Id of the action that mends it.
    """

    severity: str
    sentence: str
    object: str = ""
    remedy: str = ""
    code: str = ""
    val3dity: int | None = None
    point: tuple[float, float, float] | None = None
    action: str = ""

    @property
    def line(self) -> str:
        """Object and sentence, as they are copied."""
        return self.line_of(self.object)

    def line_of(self, name: str) -> str:
        """The same with another name of the object."""
        return f"{name}: {self.sentence}" if name else self.sentence

    @property
    def tip(self) -> str:
        """All that is known, line by line."""
        code = self.code + (f" (val3dity {self.val3dity})" if self.val3dity else "")
        return "\n".join(text for text in (self.line, self.remedy, f"Code: {code}" if self.code else "") if text)


def run_problems(document: Any, standing: Any) -> list[Problem]:
    """Failures of the engines in the active scenario, what keeps them from running, and doubtful assumptions.

    Parameters
    ----------
    document : Document
    standing : StaleCounts
        What the store holds, as last counted.
    """
    missing: dict[str, list[str]] = {}
    for engine, title in ENGINES.items():
        # That collectors wait for the sun is the order of things, not a problem; the inspector says it.
        if engine == "collectors":
            continue
        if (sentence := document.missing_for(engine, document.active_scenario)) and len(document.city.buildings):
            missing.setdefault(sentence, []).append(title)
    found = [
        Problem(WARNING, f"{', '.join(titles)}: {sentence}", action=_mending(sentence))
        for sentence, titles in missing.items()
    ]
    found += [Problem(WARNING, sentence) for sentence in doubts(document)]
    for engine in ENGINES:
        failed = standing.status(engine).failed
        found += [Problem(ERROR, sentence, name) for name, sentence in failed.items()]
    return found


def import_problems(document: Any) -> list[Problem]:
    """Remarks of all imports that stand, the grave ones first.

    What an import found wrong with a building that is there is left out: `light_problems` says whether it still is.
    """
    several = len(document.city.metadata.get("sources", [])) > 1
    found = [
        Problem(
            item.severity if item.severity in SEVERITIES else INFO,
            for_window(f"{item.message} ({item.source})" if several else item.message),
            item.object if item.object != item.source else "",
            for_window(item.remedy),
            item.code,
            FAULTS[item.code].val3dity if item.code in FAULTS else None,
            item.point,
        )
        for item in document.doctor.remarks()
        if not (item.action == "kept" and item.code in _JUDGED and item.object in document.city.buildings)
    ]
    return by_severity(found)


def light_problems(state: Readiness, city: CityModel) -> list[Problem]:
    """Why buildings cannot be simulated, or only with doubts."""
    x, y, z = city.origin
    found = []
    for item in state.findings.items(city):
        if item.level == "note":
            continue
        place = item.point_m and (item.point_m[0] + x, item.point_m[1] + y, item.point_m[2] + z)
        found.append(
            Problem(
                _OF_LEVEL[item.level], item.sentence, item.building_id, item.remedy, item.code, item.val3dity, place
            )
        )
    return by_severity(found)


def by_severity(problems: Iterable[Problem]) -> list[Problem]:
    """Errors, then warnings, then the rest, each in its order."""
    return sorted(problems, key=lambda problem: _RANK[problem.severity])


def _mending(sentence: str) -> str:
    return next((action for start, action in MENDING.items() if sentence.startswith(start)), "")
