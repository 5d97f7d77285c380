"""EnergyPlus input files of a document's buildings, as the engine would run them, for other tools."""

import re
import shutil
from pathlib import Path

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.specifications import specification
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes

WEATHER_NAME = "weather.epw"
_UNSAFE = re.compile(r"[^\w.-]+")


def export_idf(document: Document, out: Path, scenario_id: str) -> str:
    """Write one input file, or for several buildings a folder of them with the weather file, and say what.

    Parameters
    ----------
    document : Document
    out : Path
        ``NAME.idf``; several buildings go into the folder ``NAME``.
    scenario_id : str

    Raises
    ------
    KnownError
        When there is no weather, no building can be written, the folder is there already or cannot be made.
    """
    weather = document.weather
    if weather is None:
        raise KnownError("The project has no weather file, which input files depend on: run citytwin weather first.")
    texts, refused = idf_texts(document, weather, scenario_id)
    if not texts:
        raise KnownError(next(iter(refused.values()), "The project has no buildings to write: import a city first."))
    left_out = f" {len(refused)} buildings were left out: {next(iter(refused.values()))}" if refused else ""
    if len(texts) == 1:
        (text,) = texts.values()
        write_bytes(out, text.encode())
        return f"1 building written to “{out}”.{left_out}"
    folder = out.with_suffix("")
    _write_folder(folder, texts, weather)
    return f"{len(texts)} buildings and their weather written to the folder “{folder}”.{left_out}"


def idf_texts(document: Document, weather: Weather, scenario_id: str) -> tuple[dict[str, str], dict[str, str]]:
    """Texts of the input files of all buildings in a scenario.

    Returns
    -------
    texts : dict of str to str
        By building identifier.
    refused : dict of str to str
        One sentence for each building that has none.
    """
    from citytwin_desktop.sim.energyplus.idf import building_idf
    from citytwin_desktop.sim.energyplus.thermal_models import thermal_models

    district, settings = document.project.district, document.keys.energy_settings
    city, scenario = district.city, district.scenario(scenario_id)
    rows = [int(row) for row in city.rows_with_geometry]
    found = {str(city.buildings.ids[row]): specification(district, row, scenario) for row in rows}
    specs = {identifier: spec for identifier, spec in found.items() if spec is not None}
    made = thermal_models(city, rows, specs, weather, settings, district.solar_conditions)
    return {model.building_id: building_idf(model, settings) for model in made.models}, made.refused


def file_names(identifiers: list[str]) -> list[str]:
    """A safe name for each identifier, different from all others even where case does not count."""
    names: list[str] = []
    taken: set[str] = {WEATHER_NAME}
    for identifier in identifiers:
        stem = _UNSAFE.sub("_", identifier).strip("._")[:100] or "building"
        name, count = f"{stem}.idf", 1
        while name.lower() in taken:
            count += 1
            name = f"{stem}-{count}.idf"
        taken.add(name.lower())
        names.append(name)
    return names


def _write_folder(folder: Path, texts: dict[str, str], weather: Weather) -> None:
    """Make the folder whole or not at all."""
    if folder.exists():
        msg = f"“{folder}” is there already: choose another name for the folder of input files."
        raise KnownError(msg)
    draft = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for name, text in zip(file_names(list(texts)), texts.values(), strict=True):
            (draft / name).write_text(text, encoding="utf-8")
        (draft / WEATHER_NAME).write_bytes(weather.raw)
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        msg = f"The folder “{folder}” cannot be written ({error.strerror}): choose another place."
        raise KnownError(msg) from None
