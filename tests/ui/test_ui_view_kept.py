"""What the view hides, highlights and ticks stays in step when the city or the project changes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QCheckBox

from citytwin_desktop.ui.layers_panel import _LAYERS
from tests.conftest import box_city


def hidden(window: Any) -> list[str]:
    return list(window.workspace.view.scene.view_state()["hidden"])


def highlighted(window: Any) -> list[str]:
    scene = window.workspace.view.scene
    return [str(name) for name in scene.city.buildings.ids[np.flatnonzero(scene.appearance.selected)]]


def ticks(window: Any) -> dict[str, bool]:
    boxes = window.workspace.layers.context.body.findChildren(QCheckBox)
    layers = {_LAYERS.get(layer.name, layer.name): layer.name for layer in window.session.document.city.context}
    return {layers[box.text()]: box.isChecked() for box in boxes if box.text() in layers}


def test_an_edit_of_the_city_keeps_what_is_hidden_and_selected(opened: Any, qtbot: Any) -> None:
    document, scene = opened.session.document, opened.workspace.view.scene
    scene.hide([0])
    document.select(["B2"])
    document.execute("remove_buildings", building_ids=["B1"])
    assert (hidden(opened), highlighted(opened)) == (["B0"], ["B2"])
    document.undo()
    assert (hidden(opened), highlighted(opened)) == (["B0"], ["B2"])


@pytest.fixture
def with_road(tmp_path: Path, city_file: Callable[..., Path]) -> Path:
    from citytwin_desktop.document.document import create_document

    city = box_city()
    city["vertices"] += [[990000, 1990000, 0], [1090000, 1990000, 0], [1090000, 1995000, 0], [990000, 1995000, 0]]
    surface = {"type": "MultiSurface", "lod": "1", "boundaries": [[[32, 33, 34, 35]]]}
    city["CityObjects"]["road"] = {"type": "Road", "geometry": [surface]}
    document = create_document(tmp_path / "road.citytwin.gpkg")
    document.execute("import_city", sources=[str(city_file("road.city.json", city))])
    document.close()
    return document.path


def test_the_list_of_layers_tells_what_is_hidden(opened: Any, with_road: Path, project: Path) -> None:
    opened.open_path(with_road)
    assert ticks(opened) == {"Road": True}
    opened.workspace.view.scene.show_context("Road", False)
    opened.session.document.execute("remove_buildings", building_ids=["B1"])
    assert ticks(opened) == {"Road": False}
    opened.open_path(project)
    opened.open_path(with_road)
    assert opened.workspace.view.scene.view_state()["context_hidden"] == ["Road"]
    assert ticks(opened) == {"Road": False}


def test_a_part_shows_the_package_of_its_building(
    opened: Any, tmp_path: Path, city_file: Callable[..., Path], qtbot: Any
) -> None:
    city = box_city(2)
    city["CityObjects"]["B0"] |= {"children": ["B1"]}
    city["CityObjects"]["B1"] |= {"type": "BuildingPart", "parents": ["B0"]}
    path = tmp_path / "parts.citytwin.gpkg"
    assert opened.import_city([str(city_file("parts.city.json", city))], path) is None
    document = opened.session.document
    package = document.packages()[0].id
    document.execute("assign_package", scenario_id="baseline", building_ids=["B0"], package_id=package)
    document.select(["B1"])
    box = opened.workspace.inspector.choices["package"].box
    qtbot.waitUntil(lambda: box.currentData() == package)
