"""The command that sets buildings on the terrain: exact undo, and sentences where there is nothing to do."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile, box_city


def city_with_terrain(width_m: float = 60.0) -> dict[str, Any]:
    """The boxes of `box_city` above a slope that reaches `width_m` eastwards from x = 990."""
    document = box_city(count=4)
    first = len(document["vertices"])
    corners = [(990, 1990, 3), (990 + width_m, 1990, 9), (990 + width_m, 2030, 9), (990, 2030, 3)]
    document["vertices"] += [[round(value * 1000) for value in corner] for corner in corners]
    ground = [[[first, first + 1, first + 2]], [[first, first + 2, first + 3]]]
    geometry = {"type": "CompositeSurface", "lod": "1", "boundaries": ground}
    document["CityObjects"]["relief"] = {"type": "TINRelief", "geometry": [geometry]}
    return document


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile) -> Any:
    made = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=city_with_terrain()))])
    yield made
    made.close()


def bases(document: Document) -> Any:
    return document.city.bounds_m[0][:, 2] + document.city.origin[2]


def test_buildings_on_the_terrain_move_and_others_are_named(document: Document) -> None:
    document.select(["B1"])
    document.execute("drop_to_terrain")
    assert bases(document) == pytest.approx([4.0, 6.0, 8.0, 0.0], abs=0.01)
    assert document.last_report["moved"] == 3
    assert document.last_report["off_terrain"] == ["B3"]
    assert document.history()[-1].title == "Set 3 buildings on the terrain"
    assert document.selection == ("B1",)
    path = document.path
    document.close()
    again = open_document(path)
    assert bases(again)[:3] == pytest.approx([4.0, 6.0, 8.0], abs=0.01)
    again.undo()
    assert bases(again) == pytest.approx([0.0] * 4)
    assert again.city.buildings.ids.tolist() == ["B0", "B1", "B2", "B3"]
    again.close()
    document.project = open_document(path).project


def test_only_chosen_buildings_move(document: Document) -> None:
    document.execute("drop_to_terrain", building_ids=["B1"])
    assert np.flatnonzero(bases(document) > 0.1).tolist() == [1]
    with pytest.raises(KnownError, match="stand on the terrain already"):
        document.execute("drop_to_terrain", building_ids=["B1"])
    with pytest.raises(KnownError, match="No ground is known under 1 building"):
        document.execute("drop_to_terrain", building_ids=["B3"])
    with pytest.raises(KnownError, match="no building “B9”"):
        document.execute("drop_to_terrain", building_ids=["B9"])


def test_without_terrain_there_is_a_sentence(tmp_path: Path, city_file: CityFile) -> None:
    made = create_document(tmp_path / "q.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file())])
    with pytest.raises(KnownError, match="no terrain to stand on"):
        made.execute("drop_to_terrain")
    made.close()
