"""Real city files: examined, repaired once and for all, and blocked exactly where the engine refuses."""

from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.city.diagnosis import size_faults
from citytwin_desktop.city.diagnosis.examination import examine
from citytwin_desktop.city.diagnosis.faults import FAULTS
from citytwin_desktop.city.diagnosis.readiness import BLOCKED, readiness
from citytwin_desktop.city.diagnosis.repair import repair
from citytwin_desktop.city.footprints import footprints
from citytwin_desktop.formats.city_files import read_city_file
from citytwin_desktop.sim.energyplus import thermal_models

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SAMPLES = {
    "cityjson/3-20-DELFSHAVEN.city.json": {"open_sides": (700, 800), "ring_self_intersection": (0, 15)},
    "cityjson/3dbag_delft_100.city.jsonl": {"open_sides": (0, 6), "non_planar_polygon_distance_plane": (0, 5)},
    "cityjson/delft.city.json": {"missing_ground": (0, 10), "shell_not_closed": (0, 10)},
    "cityjson/zurich_subset_lod2.city.json": {"no_plan": (10, 20), "buildingparts_overlap": (50, 90)},
    "citygml/berlin.citygml": {"no_height": (1, 1), "shell_not_closed": (0, 0)},
    "citygml/lod2_buildings_100_citygml3.gml": {"storeys_height_mismatch": (30, 50), "shell_not_closed": (0, 0)},
    "citygml/FZKHouseLoD3-EnergyADE1.gml": {"shell_not_closed": (0, 0), "non_manifold_case": (0, 0)},
}


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_examined_as_they_are(name):
    path = DATA / name
    if not path.exists():
        pytest.skip("needs ../shared/data")
    city, _ = read_city_file(path)
    found = examine(city)
    counts = found.counts()
    for code, (least, most) in SAMPLES[name].items():
        assert least <= counts.get(code, 0) <= most, code
    state = readiness(city, found)
    # What blocks is what the engine refuses: no footprint, or hardly any height.
    plans = footprints(city)
    refused = {
        int(row)
        for row in city.rows_with_geometry
        if row not in plans or not plans[row].mean_height_m >= thermal_models.MINIMUM_HEIGHT_M
    }
    assert set(np.intersect1d(np.flatnonzero(state.level == BLOCKED), city.rows_with_geometry).tolist()) == refused
    assert all(state.reasons(row) for row in refused)
    mended, done = repair(city)
    assert mended is city
    assert len(done) == 0


def test_limits_are_those_of_the_engine():
    assert size_faults.LEAST_HEIGHT_M == thermal_models.MINIMUM_HEIGHT_M
    assert size_faults.LEAST_STOREY_M == thermal_models._LEAST_STOREY_M


def test_nothing_that_the_engine_takes_is_said_to_block():
    takes = {"open_sides", "split_edges", "missing_ground", "missing_walls", "non_manifold_case", "zero_area"}
    assert {FAULTS[code].level for code in takes} == {"note"}
