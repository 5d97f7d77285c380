"""Photovoltaics on a building count in its final energy when their hours are known, and are missed when not."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.energy_indicators import indicators
from citytwin_desktop.document.result_tables import result_table
from tests.conftest import box_city


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two boxes in Chicago, the sun on them, and EnergyPlus for the first; no collectors yet."""
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    folder = tmp_path_factory.mktemp("photovoltaics")
    source = folder / "boxes.city.json"
    source.write_text(json.dumps(box_city(count=2)), encoding="utf-8")
    document = create_document(folder / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(source)])
    document.execute("set_weather", path=str(chicago_weather_path()))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1960)
    document.start_run("solar").wait()
    document.start_run("energyplus", building_ids=["B0"]).wait()
    document.close()
    return document.path


@pytest.fixture
def document(simulated: Path, tmp_path: Path) -> Any:
    copy = tmp_path / "p.citytwin.gpkg"
    shutil.copy(simulated, copy)
    opened = open_document(copy)
    yield opened
    opened.close()


def delivered(document: Document) -> tuple[float, bool]:
    """Electricity of B0 in the year [kWh] by the map's way, and whether it is fresh."""
    rows = result_table(document, "final_energy", "baseline", "building", "year").rows
    (row,) = (row for row in rows if (row.id, row.carrier) == ("B0", "electricity"))
    sums = document.monthly_sums("final_energy", ["B0"])
    assert sums is not None
    assert sums.fresh == row.fresh
    every = {line.carrier: line.values[0] for line in rows}
    assert sums.monthly_kwh.sum() == pytest.approx(sum(every.values()), rel=1e-5)
    return float(row.values[0]), row.fresh


def test_unknown_generation_is_said_and_known_generation_is_counted_at_once(document: Document) -> None:
    before, fresh = delivered(document)
    assert fresh
    document.execute("edit_buildings", building_ids=["B0"], column="photovoltaic_share", value=0.5)
    without, fresh = delivered(document)
    assert (without, fresh) == (pytest.approx(before), False)
    assert not document.building_result("final_energy", "B0").fresh
    assert document.building_result("electricity_use", "B0").fresh
    (shown,) = (item for item in indicators(document, ["B0"], "baseline") if item.title == "Electricity")
    assert shown.stale
    assert "run solar, then collectors" in shown.explanation

    document.start_run("collectors").wait()
    after, fresh = delivered(document)
    assert fresh
    (batch,) = document.collectors.hourly(np.array([0]))
    demand = document.building_result("electricity_use", "B0").values
    used = np.minimum(0.5 * batch.photovoltaic.hourly_kwh[0], demand).sum(dtype=np.float64)
    assert used > 500
    assert before - after == pytest.approx(used, rel=1e-4)
