"""The EnergyPlus engine as the queue runs it: one building in, one year out."""

import numpy as np

from citytwin_desktop.analysis.overheating import Overheating, overheating
from citytwin_desktop.catalog.usage_profiles import profile_year
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.flows import surface_flows
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs
from citytwin_desktop.sim.energyplus.read import RunOutputs
from citytwin_desktop.sim.energyplus.result import EnergyResult, Series
from citytwin_desktop.sim.energyplus.run import RunResult, named_failure, run_idf
from citytwin_desktop.sim.energyplus.sanity import check_balance, check_series
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
        check_balance(outcome.outputs)
    except KnownError as error:
        raise named_failure(model.building_id, error, context, inputs.keep_folder) from error
    return _result(inputs, outcome)


def _result(inputs: EnergyJobInputs, outcome: RunResult) -> EnergyResult:
    model, outputs = inputs.model, outcome.outputs
    warmest, hours = _warmest(outputs, model.spec.function)
    return EnergyResult(
        **outputs.hourly_kwh,
        operative_temperature_c=warmest,
        overheating_adaptive_h=hours.adaptive_h,
        overheating_fixed_h=hours.fixed_h,
        overheating_night_h=hours.night_h,
        heating_unmet_h=outputs.heating_unmet_h,
        cooling_unmet_h=outputs.cooling_unmet_h,
        flows=surface_flows(model, outputs, inputs.first_surface),
        floor_area_m2=model.floor_area_m2,
        volume_m3=model.volume_m3,
        zones=len(outputs.operative_c),
        warnings=(*model.notes, *outcome.messages.warnings),
        severe_count=outcome.messages.severe_count,
    )


def _warmest(outputs: RunOutputs, function: str) -> tuple[Series, Overheating]:
    """Temperature and hours of the storey that overheats most."""
    occupied = profile_year(function, "people") > 0
    every = [
        (values, overheating(values, outputs.outdoor_c, np.asarray(occupied)))
        for values in outputs.operative_c.values()
    ]
    return max(every, key=lambda item: (item[1].adaptive_h, item[1].fixed_h, float(item[0].mean())))
