"""The EnergyPlus engine as the queue runs it: one building in, one year out."""

import numpy as np

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs
from citytwin_desktop.sim.energyplus.read import EnergyResult, Series
from citytwin_desktop.sim.energyplus.run import RunResult, named_failure, run_idf
from citytwin_desktop.sim.energyplus.sanity import check_series
from citytwin_desktop.sim.jobs.context import JobContext


def run(inputs: EnergyJobInputs, context: JobContext) -> EnergyResult:
    """Simulate one building for a year.

    Parameters
    ----------
    inputs : EnergyJobInputs
    context : JobContext

    Returns
    -------
    EnergyResult

    Raises
    ------
    CancelledError
        When the job was cancelled; EnergyPlus is dead by then.
    KnownError
        One sentence with the building, the first severe message and what to do; its notes say where the input
        file is kept.
    """
    model = inputs.model
    context.check_cancelled()
    context.progress(0.0, "Writing the input file")
    try:
        idf = building_idf(model, inputs.settings)
        context.progress(0.1, "EnergyPlus is running")
        outcome = run_idf(idf, inputs.weather, context, inputs.settings.timeout_s)
        check_series(model, outcome.series)
    except KnownError as error:
        raise named_failure(model.building_id, error, context, inputs.keep_folder) from error
    return _result(inputs, outcome)


def _result(inputs: EnergyJobInputs, outcome: RunResult) -> EnergyResult:
    model, series = inputs.model, outcome.series
    return EnergyResult(
        **series,
        electricity_kwh=_electricity(series, model.spec),
        floor_area_m2=model.floor_area_m2,
        volume_m3=model.volume_m3,
        zones=model.storeys,
        warnings=(*model.notes, *outcome.messages.warnings),
        severe_count=outcome.messages.severe_count,
    )


def _electricity(series: dict[str, Series], spec: EnergySpec) -> Series:
    total = series["lighting_kwh"] + series["equipment_kwh"]
    if spec.cooling_efficiency > 0:
        total = total + series["cooling_kwh"] / np.float32(spec.cooling_efficiency)
    if spec.heating_carrier == "electricity" and spec.heating_efficiency > 0:
        total = total + series["heating_kwh"] / np.float32(spec.heating_efficiency)
    return total
