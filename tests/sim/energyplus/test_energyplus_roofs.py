"""Real runs of EnergyPlus below real roofs: heat loss against areas by hand, and no complaint about the geometry."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from energy_samples import chicago, roofed_model, spec, steady_weather

from citytwin_desktop.city.roof_pieces import roof_pieces
from citytwin_desktop.sim.energyplus.engine import run
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs, EnergySettings
from citytwin_desktop.sim.energyplus.run import run_idf
from citytwin_desktop.sim.jobs import run_folders
from citytwin_desktop.sim.jobs.context import JobContext

RING = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 8.0), (0.0, 8.0)])


def house(roofs, storeys: int, **options):
    shapes = np.array([shapely.box(*outline) for outline, _ in roofs], object)
    planes = np.array([plane for _, plane in roofs])
    footprint = shapely.MultiPolygon([shapely.Polygon(RING)])
    pieces = roof_pieces(footprint, shapes, planes, np.arange(len(roofs)), 5.0)
    return roofed_model(pieces, [RING], storeys=storeys, **options)


GABLE = [((0, 0, 10, 4), (0.0, 0.75, 5.0)), ((0, 4, 10, 8), (0.0, -0.75, 11.0))]
STEPPED = [((0, 0, 4, 8), (0.0, 0.0, 9.0)), ((4, 0, 10, 4), (0.0, 0.5, 3.0)), ((4, 4, 10, 8), (0.0, -0.5, 7.0))]


def test_a_gable_house_loses_what_its_true_areas_lose(tmp_path: Path) -> None:
    """Eaves 5 m, ridge 8 m: roof 100 m2, walls 204 m2, floor 80 m2, all of U 0.05, 20 C inside, 0 C outside.

    H = 384 m2 x 0.05 W/m2K = 19.2 W/K, against 394 m2 x 0.05 = 19.7 W/K of the flat body of the same volume (walls
    36 m x 6.5 m). All inner surfaces are outer ones and equally cold, so they exchange no heat by radiation and the
    inner film insulates more than that of ISO 6946: 3 % in both, nothing in their ratio.
    """
    passive = spec(
        function="healthcare",
        wall_u_value_w_m2k=0.05,
        roof_u_value_w_m2k=0.05,
        floor_u_value_w_m2k=0.05,
        window_share=0.0,
        infiltration_ach=0.0,
        heating_setback_c=20.0,
        people_per_m2=0.0,
        lighting_w_m2=0.0,
        equipment_w_m2=0.0,
    )
    power_w = []
    for number, roofs in enumerate((GABLE, [((0, 0, 10, 8), (0.0, 0.0, 6.5))]), start=1):
        made = house(roofs, 2, spec=passive, ground_temperatures_c=(0.0,) * 12)
        context = JobContext(run_folders.create_job_folder(tmp_path, number))
        result = run(EnergyJobInputs(made, steady_weather(), EnergySettings()), context)
        power_w.append(float(result.heating_kwh[24 * 60 :].mean()) * 1000.0)
    assert power_w[0] == pytest.approx(20.0 * (100.0 + 204.0 + 80.0) * 0.05, rel=0.04)
    assert power_w[0] / power_w[1] == pytest.approx(384.0 / 394.0, rel=0.005)


def test_a_stepped_body_with_crowns_runs_without_a_word_about_its_geometry(tmp_path: Path) -> None:
    quad = np.array([[[14.0, 2.0, 9.0], [14.0, 2.0, 3.0], [14.0, 7.0, 3.0], [14.0, 7.0, 9.0]]])
    light = (0.46,) * 3 + (0.03,) * 7 + (0.46,) * 2
    made = house(STEPPED, 3, vegetation_shading=quad, vegetation_transmittance=light)
    text = building_idf(made, EnergySettings())
    assert "Light through crowns" in text
    context = JobContext(run_folders.create_job_folder(tmp_path, 1))
    outcome = run_idf(text, chicago(), context, 120.0)
    assert outcome.messages.severe_count == 0
    geometry = [w for w in outcome.messages.warnings if "ertex" in w or "lanar" in w or "urface=" in w or "Area" in w]
    assert geometry == []
