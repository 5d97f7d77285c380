"""The run behind a value: engine, version, time, settings, warnings, and whether it is of today's inputs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from citytwin_desktop.city.numbers import number_text
from citytwin_desktop.document.explaining.changes_since import began, changes_since
from citytwin_desktop.document.explaining.inputs import settings_rows
from citytwin_desktop.document.explaining.subjects import counted
from citytwin_desktop.document.explanation import RunFacts
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.energy_results import ShownEnergy

ENGINE_TITLES = {
    "energyplus": "EnergyPlus", "estimate": "Estimate (calibrated 5R1C)", "solar": "Solar engine",
    "collectors": "Solar collectors",
}  # fmt: skip
LEVELS = {
    "own": "calibrated against EnergyPlus results of the building itself",
    "archetype": "calibrated against EnergyPlus results of its archetype",
    "function": "calibrated against EnergyPlus results of its function",
    "shipped": "calibrated with the factors that come with the program",
}
KEY_DIGITS = 12
MOST_READ = 200
"""Runs of more buildings are not read one by one while somebody waits."""
_UNKNOWN = (
    "What changed cannot be told from the history: a newer version of the program or of its tables may be the cause"
)


def facts_of(found: StoredResult, results: int = 1) -> RunFacts:
    """Facts of one stored result, said to stand for so many."""
    warnings = found.about.get("warnings", ())
    return RunFacts(
        ENGINE_TITLES.get(found.engine, found.engine),
        found.engine_version,
        found.at,
        found.cpu_s,
        found.key[:KEY_DIGITS],
        str(found.about.get("weather", "")),
        settings_rows(found.about.get("settings", {})),
        tuple(map(str, warnings)) if isinstance(warnings, list | tuple) else (),
        error_words(found.about.get("expected_error")),
        results,
    )


def error_words(error: Any) -> str:
    """Expected error of an estimate for people; empty where none was noted."""
    if not isinstance(error, Mapping):
        return ""
    annual = error.get("annual")
    size = (
        f"within ±{number_text(100.0 * float(annual), 2)} % of EnergyPlus"
        if annual is not None
        else "without a known limit"
    )
    level = LEVELS.get(str(error.get("level")), str(error.get("level", "")))
    shade = "; shading by neighbours is not in it" if error.get("shaded") is False else ""
    return f"Heating demand of the year, nine of ten buildings: {size}; {level}{shade}"


def run_of(document: Document, shown: Sequence[ShownEnergy]) -> RunFacts | None:
    """Facts of the runs behind some buildings: those of the first, with time and warnings of all that are read."""
    if not shown:
        return None
    keys = list(dict.fromkeys(item.key for item in shown))
    with document.project.reading() as connection:
        read = [result_store.about(connection, key) for key in keys[:MOST_READ]]
    found = [item for item in read if item is not None]
    if not found:
        return None
    first = facts_of(found[0], len(keys))
    if len(keys) == 1:
        return first
    warnings = Counter(text for item in found for text in facts_of(item).warnings)
    told = tuple(f"{text} ({counted(count)})" for text, count in warnings.most_common())
    versions = ", ".join(dict.fromkeys(item.engine_version for item in found))
    engines = ", ".join(dict.fromkeys(ENGINE_TITLES.get(item.engine, item.engine) for item in found))
    spent = math.fsum(item.cpu_s for item in found) if len(found) == len(keys) else math.nan
    latest = max(item.at for item in found)
    error = next((facts_of(item).error for item in found if item.about.get("expected_error")), "")
    return RunFacts(engines, versions, latest, spent, "", first.weather, first.settings, told, error, len(keys))


def _lacked_shade(found: StoredResult) -> bool:
    error = found.about.get("expected_error")
    return found.engine == "estimate" and isinstance(error, Mapping) and error.get("shaded") is False


def _solar_was_run(document: Document) -> bool:
    with document.project.reading() as connection:
        return bool(result_store.keys(connection, "solar"))


def freshness_of(
    document: Document, shown: Mapping[str, ShownEnergy], scenario_id: str
) -> tuple[str, str, tuple[str, ...]]:
    """State, sentence on it, and what changed since, of the energy results of some buildings."""
    stale = [name for name, item in shown.items() if not item.fresh]
    if not shown:
        return "", "No result: run EnergyPlus, or estimate", ()
    if not stale:
        return "fresh", "Fresh: of today's inputs", ()
    key = shown[stale[0]].key
    with document.project.reading() as connection:
        found = result_store.about(connection, key)
    told = since_run(document, found, stale[:MOST_READ], scenario_id)
    if len(stale) == len(shown):
        return "stale", "Stale: inputs have changed since; run again", told
    return "mixed", f"Stale for {counted(len(stale))} of {len(shown)}: inputs have changed since", told


def since_run(
    document: Document, found: StoredResult | None, ids: Sequence[str], scenario_id: str, *, solar: bool = False
) -> tuple[str, ...]:
    """What changed since a run, never empty: that it cannot be told is said too."""
    if found is None:
        return (_UNKNOWN,)
    told: tuple[str, ...] = ()
    weather = document.weather.name if document.weather else ""
    if found.about.get("weather") not in (None, "", weather):
        told = (f"weather: “{found.about['weather']}” then, “{weather or 'none'}” now",)
    if _lacked_shade(found) and _solar_was_run(document):
        told += ("solar: the sun was simulated since, and shading by neighbours is known now",)
    moment = began(found.at, float(found.about.get("wall_s", 0.0)))
    told += changes_since(document, moment, ids, scenario_id, solar=solar)
    return told or (_UNKNOWN,)
