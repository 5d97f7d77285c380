"""The JSON document of the validation: what was compared, how far it lies apart, what is wanted.

All differences are fractions.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.radiance.comparison import Differences, differences
from citytwin_desktop.sim.solar.radiance.engine_values import EngineValues
from citytwin_desktop.sim.solar.radiance.reference import SolarReference

FloatArray = NDArray[np.float64]

HIDDEN_BELOW_KWH_M2 = 0.5
"""Surfaces that Radiance leaves darker than this in a whole year are hidden: walls within or behind a neighbour."""

GOALS: dict[str, float] = {
    "annual.mbe": 0.005,
    "annual.rrmse": 0.010,
    "annual.p90": 0.020,
    "hourly.first.rrmse": 0.05,
    "hourly.refined.rrmse": 0.02,
    "hidden_wall_kwh_m2_max": 1.0,
}
"""Largest absolute value wanted of each quantity, by its place in the document."""


def report(city: CityModel, reference: SolarReference, ours: EngineValues) -> dict[str, Any]:
    """Compare and judge.

    Parameters
    ----------
    city : CityModel
    reference : SolarReference
    ours : EngineValues

    Returns
    -------
    dict
        Headline keys ``annual``, ``hourly``, ``hidden_wall_kwh_m2_max``; beside them the parts, the kinds of
        surface, the certainty of the reference, and ``goals`` with what each headline value should be.

    Raises
    ------
    KnownError
        When no surface gets light, so that nothing can be compared.
    """
    open_air = reference.looked_at & (reference.total >= HIDDEN_BELOW_KWH_M2)
    if not open_air.any() or not reference.hourly[:, open_air].sum() > 0.0:
        raise KnownError("The weather gives no light to the validation district; choose another weather file.")
    hidden = ~open_air & (city.surfaces.kind == SurfaceKind.WALL)
    annual = differences(ours.annual_kwh_m2[open_air], reference.total[open_air])
    document: dict[str, Any] = {
        "check": "solar",
        "annual": annual.as_mapping(),
        "annual_first": differences(ours.first_annual_kwh_m2[open_air], reference.total[open_air]).as_mapping(),
        "hourly": {
            "first": differences(ours.first_w_m2[:, open_air], reference.hourly[:, open_air]).as_mapping(),
            "refined": differences(ours.refined_w_m2[:, open_air], reference.hourly[:, open_air]).as_mapping(),
        },
        "hidden_wall_kwh_m2_max": round(float(ours.annual_kwh_m2[hidden].max(initial=0.0)), 3),
        "hidden_walls": int(hidden.sum()),
        "annual_by_kind": _by_kind(city, reference, ours, open_air),
        "annual_by_part": _by_part(reference, ours, open_air),
        "reference": _certainty(reference, open_air),
    }
    document["goals"] = _goals(document)
    document["pass"] = all(goal["pass"] for goal in document["goals"].values())
    return document


def value_at(document: Mapping[str, Any], place: str) -> float:
    """Number at a dotted place such as ``hourly.first.rrmse``."""
    found: Any = document
    for name in place.split("."):
        found = found[name]
    return float(found)


def _goals(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    values = {place: value_at(document, place) for place in GOALS}
    return {
        place: {"value": value, "at_most": GOALS[place], "pass": abs(value) <= GOALS[place]}
        for place, value in values.items()
    }


def _by_kind(
    city: CityModel, reference: SolarReference, ours: EngineValues, chosen: NDArray[np.bool_]
) -> dict[str, Any]:
    kinds = [kind for kind in SurfaceKind if (chosen & (city.surfaces.kind == kind)).any()]
    found = {}
    for kind in kinds:
        some = chosen & (city.surfaces.kind == kind)
        found[kind.label] = differences(ours.annual_kwh_m2[some], reference.total[some]).as_mapping()
    return found


def _by_part(reference: SolarReference, ours: EngineValues, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """Beam, sky and reflected light by themselves, with the share of each in the whole."""
    whole = reference.total[chosen].sum()
    pairs = {
        "beam": (ours.beam_kwh_m2, reference.beam),
        "beam_first": (ours.first_beam_kwh_m2, reference.beam),
        "sky": (ours.sky_kwh_m2, reference.sky),
        "reflected": (ours.reflected_kwh_m2, reference.reflected),
    }
    return {
        name: {"share": round(float(theirs[chosen].sum() / whole), 4), **_of(mine, theirs, chosen).as_mapping()}
        for name, (mine, theirs) in pairs.items()
        if theirs[chosen].sum() > 0.0
    }


def _of(mine: FloatArray, theirs: FloatArray, chosen: NDArray[np.bool_]) -> Differences:
    return differences(mine[chosen], theirs[chosen])


def _certainty(reference: SolarReference, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """How far the reference agrees with itself: the standard error of the mean of its two samples."""
    first, second = reference.samples[:, chosen]
    apart = np.abs(first - second) / 2
    return {
        "program": "Radiance",
        "rrmse": round(float(np.sqrt((apart**2).mean()) / reference.total[chosen].mean()), 6),
        "p90": round(float(np.quantile(apart / reference.total[chosen], 0.9)), 6),
        "sensors": reference.sensor_count,
        "surfaces": int(chosen.sum()),
        "hours": [int(hour) for hour in reference.hours],
        "sun_difference_deg": round(reference.sun_difference_deg, 3),
        "seconds": round(reference.seconds, 1),
    }
