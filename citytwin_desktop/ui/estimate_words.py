"""What is said beside estimates: how far they are expected to be from EnergyPlus."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.result_badge import Badge

MOST_ASKED = 12
"""Errors of more buildings are not looked up while somebody waits."""

LEVELS = {
    "own": "calibrated against EnergyPlus results of the building itself",
    "archetype": "calibrated against EnergyPlus results of its archetype",
    "function": "calibrated against EnergyPlus results of its function",
    "shipped": "calibrated with the factors that come with the program",
}


def expected_errors(document: Any, building_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Expected errors of some estimates, of at most `MOST_ASKED` buildings spread over those given.

    Parameters
    ----------
    document : Document
    building_ids : sequence of str

    Returns
    -------
    list of dict
        ``annual`` and ``monthly`` as fractions of the heating demand, ``level`` of calibration, and whether
        neighbours' shading is in the estimate as ``shaded``.
    """
    step = max(math.ceil(len(building_ids) / MOST_ASKED), 1)
    found = []
    for name in building_ids[::step]:
        result = document.building_result("heating_demand", name, document.active_scenario)
        if result is not None and result.estimate and (error := result.about.get("expected_error")):
            found.append(dict(error))
    return found


def estimate_badge(document: Any, building_ids: Sequence[str], *, of_heating: bool = False) -> Badge:
    """The badge of a picture or panel in which these buildings have estimates.

    Parameters
    ----------
    document : Document
    building_ids : sequence of str
    of_heating : bool
        Whether heating demand is all that is shown; else the error is said to be that of heating.
    """
    errors = expected_errors(document, building_ids)
    annual = error_text(max((float(error["annual"]) for error in errors), default=math.nan))
    text = f"Estimate {annual}" if of_heating else f"Estimate (heating {annual})"
    text = text if annual else "Estimate"
    return Badge(text, "approximately-equal", "stale", _tip(errors, len(building_ids)))


def badge_of_estimates(document: Any, sides: Sequence[Any]) -> Badge | None:
    """The badge of a picture of some values, None where none of them is an estimate.

    Parameters
    ----------
    document : Document
    sides : sequence of SurfaceValues
        Of each scenario that is shown.
    """
    owner, buildings = document.city.surfaces.building, document.city.buildings
    mine = np.zeros(len(buildings), bool)
    for side in sides:
        if side.estimate is not None:
            mine[owner[side.estimate & np.isfinite(side.values)]] = True
    if not mine.any():
        return None
    return estimate_badge(document, buildings.ids[mine], of_heating=sides[0].variable == "heating_demand")


def error_text(fraction: float) -> str:
    """``±7 %``; empty where no error is known."""
    if math.isnan(fraction):
        return ""
    return f"±{number_text(100.0 * fraction, 2)} %" if fraction <= 1.0 else "over ±100 %"


def _tip(errors: list[dict[str, Any]], count: int) -> str:
    if not errors:
        return "Estimated in seconds by a calibrated simple model: run EnergyPlus for the truth."
    monthly = error_text(max(float(error["monthly"]) for error in errors))
    levels = "; ".join(words for level, words in LEVELS.items() if any(e.get("level") == level for e in errors))
    unshaded = any(error.get("shaded") is False for error in errors)
    shade = " Shading by neighbours is not in them: run solar first, then estimate again." if unshaded else ""
    of = "" if len(errors) == count else f" (largest of {len(errors)} out of {count} estimates)"
    return (
        f"Nine of ten estimates are nearer to EnergyPlus than this in a year{of}, and than {monthly} in the months. "
        f"{levels[:1].upper()}{levels[1:]}.{shade} Run EnergyPlus for the truth."
    )
