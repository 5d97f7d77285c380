"""Heat through the real surfaces of a building, gathered from the surfaces of its thermal model."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.energyplus.inputs import ThermalModel
from citytwin_desktop.sim.energyplus.read import RunOutputs
from citytwin_desktop.sim.energyplus.result import SurfaceFlows

_BETWEEN_ROOMS = "storey"


def surface_flows(model: ThermalModel, outputs: RunOutputs, first_surface: int) -> SurfaceFlows:
    """Sum what EnergyPlus reports of walls, roofs, floors and windows by the surface of the city they stand for.

    Parameters
    ----------
    model : ThermalModel
    outputs : RunOutputs
    first_surface : int
        Index of the building's first surface in the city.
    """
    sums: dict[int, NDArray[np.float64]] = {}
    for face in model.faces:
        if face.city_surface < 0 or face.beyond == _BETWEEN_ROOMS:
            continue
        transmission, solar = sums.setdefault(face.city_surface - first_surface, np.zeros((2, 12)))
        name = face.name.upper()
        transmission += outputs.conduction_kwh.get(name, 0.0)
        for window in outputs.windows_of(name):
            transmission += outputs.window_net_kwh[window] - outputs.window_solar_kwh[window]
            solar += outputs.window_solar_kwh[window]
    order = sorted(sums)
    values = np.array([sums[place] for place in order], np.float32).reshape(-1, 2, 12)
    return SurfaceFlows(np.array(order, np.int32), values[:, 0].copy(), values[:, 1].copy())
