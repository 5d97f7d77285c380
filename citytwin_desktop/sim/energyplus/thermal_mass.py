"""How thick the massive inner layer of a building must be to give it its heat capacity."""

from citytwin_desktop.sim.energyplus.inputs import ThermalModel

CONCRETE_KJ_M3K = 2300.0 * 0.9
PLASTER_KJ_M2K = 0.013 * 800.0 * 1.09
THINNEST_M, THICKEST_M = 0.005, 0.1
"""Deeper than 10 cm a layer does not take part in the rhythm of days, ISO 13786:2017 Annex A."""


def mass_thickness_m(model: ThermalModel) -> float:
    """Thickness of concrete behind every inner surface so that the whole has the heat capacity of its class.

    The classes of ISO 52016-1:2017 Table B.14 are of a whole building per floor area, partitions and furniture
    counted. Here that mass lies behind walls, roofs and floors, and on both sides of slabs; plaster counts as it is.

    Parameters
    ----------
    model : ThermalModel

    Returns
    -------
    float [m]
        Between half a centimetre and ten.
    """
    plastered = sum(face.area_m2 for face in model.faces if (face.kind, face.beyond) in _PLASTERED)
    massive = sum(face.area_m2 for face in model.faces)
    wanted = model.spec.heat_capacity_kj_m2k * model.floor_area_m2 - PLASTER_KJ_M2K * plastered
    return min(max(wanted / (CONCRETE_KJ_M3K * massive), THINNEST_M), THICKEST_M)


_PLASTERED = {("wall", "outdoors"), ("roof", "outdoors")}
