"""Assumptions that do not fit a project: leaves in the southern hemisphere."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from citytwin_desktop.document.checks import SOUTHERN_LEAVES, check_project, doubts
from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path
from tests.conftest import box_city, box_object


def southern_weather(folder: Path) -> Path:
    """Chicago's weather file, said to be of the same latitude in the south."""
    lines = chicago_weather_path().read_text(encoding="latin-1").split("\n")
    location = lines[0].split(",")
    location[6] = f"-{location[6].strip()}"
    path = folder / "south.epw"
    path.write_text("\n".join([",".join(location), *lines[1:]]), encoding="latin-1")
    return path


def city_with_a_tree(folder: Path) -> Path:
    """Four boxes and a crown."""
    city = box_city()
    corners, solid = box_object(1000.0, 2020.0, 4.0, 4.0, 6.0, len(city["vertices"]))
    city["vertices"] += [[round(value * 1000) for value in corner] for corner in corners]
    crown = {name: value for name, value in solid.items() if name != "semantics"}
    city["CityObjects"]["tree"] = {"type": "SolitaryVegetationObject", "geometry": [crown]}
    path = folder / "trees.city.json"
    path.write_text(json.dumps(city), encoding="utf-8")
    return path


@pytest.fixture
def document(tmp_path: Path) -> Iterator[Document]:
    """An empty project."""
    made = create_document(tmp_path / "p.citytwin.gpkg")
    yield made
    made.close()


def test_leaves_of_the_north_are_doubted_in_the_south(document: Document, tmp_path: Path) -> None:
    document.execute("import_city", sources=[str(city_with_a_tree(tmp_path))])
    assert doubts(document) == ()
    document.execute("set_weather", path=str(chicago_weather_path()))
    assert doubts(document) == ()
    document.execute("set_weather", path=str(southern_weather(tmp_path)))
    assert doubts(document) == (SOUTHERN_LEAVES,)
    assert check_project(document)["ok"]
    document.execute("set_solar_conditions", leaf_on_months=[1, 2, 3, 10, 11, 12])
    assert doubts(document) == ()


def test_without_trees_there_is_nothing_to_doubt(
    document: Document, tmp_path: Path, city_file: Callable[..., Path]
) -> None:
    document.execute("import_city", sources=[str(city_file())])
    document.execute("set_weather", path=str(southern_weather(tmp_path)))
    assert doubts(document) == ()
