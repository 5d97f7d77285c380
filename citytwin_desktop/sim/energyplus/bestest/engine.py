"""One case as the queue runs it."""

from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.energyplus.bestest.case_idf import case_text
from citytwin_desktop.sim.energyplus.bestest.cases import Case
from citytwin_desktop.sim.energyplus.run import run_idf
from citytwin_desktop.sim.energyplus.sanity import check_balance
from citytwin_desktop.sim.jobs.context import JobContext

ENGINE = "citytwin_desktop.sim.energyplus.bestest.engine:run"
_TIMEOUT_S = 600.0


@dataclass(frozen=True, eq=False)
class CaseInputs:
    """Inputs of one job: a case and the weather file that it is run with."""

    case: Case
    weather: Weather


def run(inputs: CaseInputs, context: JobContext) -> dict[str, float]:
    """Simulate a case for a year.

    Returns
    -------
    dict of str to float [MWh]
        Annual sensible ``heating`` and ``cooling``.

    Raises
    ------
    CancelledError
        When the job was cancelled.
    KnownError
        One sentence that names the case, unless the run passed the checks of `run_idf` and its energy balance closes.
    """
    context.check_cancelled()
    try:
        outcome = run_idf(case_text(inputs.case, inputs.weather), inputs.weather.raw, context, _TIMEOUT_S)
        check_balance(outcome.outputs)
    except CancelledError:
        raise
    except KnownError as error:
        reason = str(error).rstrip(".")
        msg = f"Case {inputs.case.number} has no result ({reason}): "
        raise KnownError(msg + "reinstall EnergyPlus, or give an undamaged weather file.") from error
    annual = {name: float(np.sum(outcome.series[f"{name}_kwh"], dtype=np.float64)) for name in ("heating", "cooling")}
    return {name: value / 1000.0 for name, value in annual.items()}
