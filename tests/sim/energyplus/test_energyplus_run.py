"""Real runs of EnergyPlus: closed form, failures, cancellation, the path through the queue."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from energy_samples import COURT, chicago, model, spec, steady_weather

from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.energyplus.engine import run
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs, EnergySettings, PartyStretch
from citytwin_desktop.sim.energyplus.run import run_idf
from citytwin_desktop.sim.energyplus.sanity import check_series
from citytwin_desktop.sim.jobs import run_folders
from citytwin_desktop.sim.jobs.context import JobContext
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.job import Job, JobDone, JobFailed
from citytwin_desktop.sim.jobs.queue import JobQueue


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    return JobContext(run_folders.create_job_folder(tmp_path, 1))


PASSIVE = spec(
    function="healthcare",  # heated day and night
    wall_u_value_w_m2k=0.1,
    roof_u_value_w_m2k=0.1,
    floor_u_value_w_m2k=0.1,
    window_u_value_w_m2k=1.0,
    window_share=0.0,
    infiltration_ach=0.1,
    heating_setback_c=20.0,
    people_per_m2=0.0,
    lighting_w_m2=0.0,
    equipment_w_m2=0.0,
)


def test_steady_heating_agrees_with_the_closed_form(tmp_path: Path) -> None:
    """A 10 x 10 x 3 m box, 20 C inside, 0 C outside and below, no sun, no gains.

    H = 320 m2 x 0.1 + 300 m3 x 0.1/h x 1.293 kg/m3 x 1005 J/kgK / 3600 s/h = 42.8 W/K. The inner films of
    ISO 6946 assume that a wall sees warm walls; here all are outer ones, which costs up to 4 %.
    """
    whole_wall = PartyStretch(0, 0, 1, 0.0, 10.0, 0.0, 3.0)
    cases = [
        (PASSIVE, ()),
        (PASSIVE, (whole_wall,)),
        (replace(PASSIVE, window_share=0.4, window_u_value_w_m2k=0.3), ()),
    ]
    weather, power_w = steady_weather(), []
    for number, (given, party) in enumerate(cases, start=1):
        made = model(spec=given, party=party, ground_temperatures_c=(0.0,) * 12)
        context = JobContext(run_folders.create_job_folder(tmp_path, number))
        result = run(EnergyJobInputs(made, weather, EnergySettings()), context)
        steady = result.heating_kwh[24 * 60 :] * 1000.0
        assert np.ptp(steady) < 0.01 * steady.mean()
        assert result.cooling_kwh.sum() == 0.0
        power_w.append(float(steady.mean()))
    ventilation = 300.0 * 0.1 / 3600.0 * 1.293 * 1005.0
    assert power_w[0] == pytest.approx(20.0 * (320.0 * 0.1 + ventilation), rel=0.05)
    # The wall without loss is warm and shines on the others, which then lose a little more: 15 %.
    assert power_w[0] - power_w[1] == pytest.approx(20.0 * 30.0 * 0.1, rel=0.15)
    # Panes are the coldest surfaces, and by the same films lose less than their rated U-value: 20 %.
    assert power_w[2] - power_w[0] == pytest.approx(20.0 * 48.0 * (0.3 - 0.1), rel=0.2), "40 % glazed"


def test_a_courtyard_building_runs_through_the_queue_and_a_bad_one_does_not_stop_it(tmp_path: Path) -> None:
    shade = np.array([[[30.0, 20.0, 12.0], [30.0, 20.0, 0.0], [30.0, 0.0, 0.0], [30.0, 0.0, 12.0]]])
    party = (PartyStretch(0, 0, 3, 5.0, 20.0, 0.0, 4.0),)
    good = model(*COURT, storeys=2, shading=shade, party=party, ground_resistance_m2k_w=1.2, building_id="Über; ,1")
    bad = model(spec=spec(window_g_value=7.0), building_id="flat")
    weather = chicago()
    jobs = [
        Job(
            made.building_id, "energyplus", made.building_id, (), EnergyJobInputs(made, weather, EnergySettings(), kept)
        )
        for made, kept in ((bad, str(tmp_path / "kept")), (good, ""))
    ]
    with JobQueue(local_executor(1), tmp_path) as queue:
        queue.submit_all(jobs)
        ends = {event.key: event for event in queue.run() if isinstance(event, JobDone | JobFailed)}
    failed, done = ends["flat"], ends["Über; ,1"]
    assert failed.message.startswith("Building “flat” has no EnergyPlus result")
    assert (tmp_path / "kept" / "flat.idf").is_file()
    result = done.outputs
    assert result.zones == 2
    assert result.severe_count == 0
    assert result.floor_area_m2 == pytest.approx(672.0)
    assert result.heating_kwh.shape == (8760,)
    assert result.heating_kwh.dtype == np.float32
    assert 10.0 < result.heating_kwh.sum() / 672.0 < 150.0
    assert 5.0 < result.cooling_kwh.sum() / 672.0 < 150.0
    january, july = slice(0, 744), slice(4344, 5088)
    assert result.heating_kwh[january].sum() > 20.0 * result.heating_kwh[july].sum()
    light = 8.0 * 672.0 * 261 * 6.0 / 1000.0  # six full hours on each of 261 weekdays, none at weekends
    assert result.lighting_kwh.sum() == pytest.approx(light, rel=1e-3)
    assert result.operative_temperature_c.shape == (8760,)
    assert 12.0 < result.operative_temperature_c.min() < result.operative_temperature_c.max() < 40.0
    assert result.heating_unmet_h < 50.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda text: text.replace("Wall,\n  Facade", "Wall,\n  Fassade").replace("\n  Wall,\n", "\n  Wand,\n"),
            "Wand",
        ),
        (lambda text: "Nonsense,1,2,3;", "EnergyPlus"),
        (lambda text: "", "ended with code"),
    ],
    ids=["construction", "garbage", "empty"],
)
def test_a_bad_input_file_is_a_sentence(context: JobContext, change, words: str) -> None:
    text = change(building_idf(model(), EnergySettings()))
    with pytest.raises(KnownError, match=words):
        run_idf(text, chicago(), context, 60.0)


def test_a_missing_program_output_is_a_sentence(context: JobContext) -> None:
    with pytest.raises(KnownError, match="EnergyPlus"):
        run_idf(building_idf(model(), EnergySettings()), b"no weather at all", context, 60.0)


def test_cancel_ends_energyplus_within_two_seconds(context: JobContext, tmp_path: Path) -> None:
    outcome: list[BaseException] = []

    def work() -> None:
        try:
            run(EnergyJobInputs(model(storeys=8), chicago(), EnergySettings(timesteps_per_hour=60)), context)
        except CancelledError as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    children = tmp_path / "000001" / run_folders.CHILDREN
    while not children.exists():
        time.sleep(0.02)
    pid = int(children.read_text().split()[0])
    time.sleep(0.3)
    assert psutil.Process(pid).name() == "energyplus"
    began = time.monotonic()
    (tmp_path / "000001" / run_folders.CANCEL).touch()
    thread.join(5.0)
    assert time.monotonic() - began < 2.0
    assert outcome
    assert not psutil.pid_exists(pid)


def test_a_run_that_was_killed_is_not_blamed_on_the_building(context: JobContext, tmp_path: Path) -> None:
    children = tmp_path / "000001" / run_folders.CHILDREN

    def kill() -> None:
        while not children.exists() or not children.read_text().strip():
            time.sleep(0.02)
        time.sleep(0.3)
        psutil.Process(int(children.read_text().split()[0])).kill()

    thread = threading.Thread(target=kill)
    thread.start()
    with pytest.raises(KnownError, match="ended from outside") as found:
        run(EnergyJobInputs(model(storeys=8), chicago(), EnergySettings(timesteps_per_hour=60)), context)
    thread.join()
    assert "geometry" not in str(found.value)


def test_timeout_is_a_sentence(context: JobContext) -> None:
    settings = EnergySettings(timesteps_per_hour=60, timeout_s=0.5)
    with pytest.raises(KnownError, match="did not finish within"):
        run(EnergyJobInputs(model(storeys=8), chicago(), settings), context)


def series(**changes: np.ndarray) -> dict[str, np.ndarray]:
    day = np.array([0, 0, 0, 0, 0, 0, 0, 0.2, 0.6, 0.6, 0.7, 0.7, 0.4, 0.6, 0.7, 0.7, 0.6, 0.2, 0, 0, 0, 0, 0, 0])
    week = np.concatenate([np.tile(day, 5), np.zeros(48)])
    year = np.concatenate([np.tile(week, 52), day]) * 100.0 / 1000.0
    idle = np.where(np.arange(8760) // 24 % 7 < 5, np.tile(np.maximum(day, 0.1), 365), 0.1) * 100.0 / 1000.0
    good = {"heating": np.ones(8760), "cooling": np.zeros(8760), "lighting": 8.0 * year, "equipment": 7.0 * idle}
    return {f"{name}_kwh": changes.get(name, values).astype(np.float32) for name, values in good.items()}


def test_a_sane_year_passes_and_nonsense_does_not() -> None:
    check_series(model(), series())
    for wrong, words in [
        ({"heating": np.full(8760, np.nan)}, "not a number"),
        ({"cooling": np.full(8760, -1.0)}, "negative"),
        ({"heating": np.full(8760, 1000.0)}, "no building needs"),
        ({"lighting": np.ones(8760)}, "put in"),
    ]:
        with pytest.raises(KnownError, match=words):
            check_series(model(), series(**wrong))
