"""What becomes of one damaged file, and whether that is right."""

import time
import traceback
import warnings
from pathlib import Path

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.city_files import read_city_files, scan_city_file
from citytwin_desktop.formats.import_options import ImportOptions

_FARTHEST_M = 1e7


def verdict(path: Path, how: str) -> tuple[str, float]:
    """Scan and read a file.

    Parameters
    ----------
    path : Path
    how : str
        Damage, by its name; of a file that is ``cut_off`` something must be said.

    Returns
    -------
    verdict : str
        ``refused`` or ``read`` where that is right, else what is wrong.
    seconds : float
    """
    began = time.process_time()
    try:
        found = _verdict(path, how)
    except KnownError as error:
        found = "refused" if _is_sentence(str(error)) else f"no sentence: {error}"
    except Exception as error:  # noqa: BLE001 - whatever escapes is the finding
        last = traceback.extract_tb(error.__traceback__)[-1]
        found = f"crash: {type(error).__name__}: {error} at {Path(last.filename).name}:{last.lineno}"
    return found, time.process_time() - began


def _verdict(path: Path, how: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refused = False
        try:
            scan_city_file(path)
        except KnownError as error:
            if not _is_sentence(str(error)):
                return f"no sentence: {error}"
            refused = True
        try:
            cities = read_city_files(path, ImportOptions())
        except KnownError as error:
            if "--crs" not in str(error):
                raise
            cities = read_city_files(path, ImportOptions(crs="EPSG:25832"))
    for city, report in cities:
        if problem := nonsense(city):
            return f"nonsense: {problem}"
        totals = report.to_json()["totals"]
        told = totals["skipped"] + totals["repaired"] + sum(item.severity != "info" for item in report.items)
        if how == "cut_off" and not told:
            return "silent: a cut-off file was read without a remark"
    return "silent: refused by the scan, read without a word" if refused and not cities else "read"


def nonsense(city: CityModel) -> str:
    """What is impossible about a city that was read, empty when nothing is."""
    polygons = city.surfaces.polygons
    if not np.isfinite(polygons.vertices).all() or np.abs(polygons.vertices).max(initial=0.0) > _FARTHEST_M:
        return "vertices beyond reason"
    if (np.diff(polygons.ring_start) < 3).any() or (np.diff(polygons.polygon_start) < 1).any():
        return "rings of fewer than three corners"
    if len(set(city.buildings.ids)) != len(city.buildings) or not all(city.buildings.ids):
        return "identifiers that are empty or not unique"
    if (np.diff(city.surfaces.building) < 0).any() or city.surfaces.kind.max(initial=0) > 7:
        return "surfaces out of order or of no kind"
    if any(not np.isfinite(layer.polygons.vertices).all() for layer in city.context):
        return "context beyond reason"
    return ""


def _is_sentence(text: str) -> bool:
    return len(text) > 20 and text.rstrip()[-1] in ".:”)" and "\n" not in text and "Traceback" not in text
