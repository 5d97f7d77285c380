"""Pictures of named views and turntables from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from citytwin_desktop.cli.app import run
from citytwin_desktop.document.document import create_document
from citytwin_desktop.scene.camera import OrbitCamera


@pytest.fixture
def project(tmp_path: Path, city_file: Callable[..., Path]) -> Path:
    """Four boxes, and a view of one of them from above."""
    path = tmp_path / "boxes.citytwin.gpkg"
    document = create_document(path)
    document.execute("import_city", sources=[str(city_file())])
    low, high = document.city.bounds_m
    middle = (low[0] + high[0]) / 2.0
    camera = OrbitCamera((middle[0], middle[1], 0.0), 60.0, 180.0, 90.0)
    others = [str(name) for name in document.city.buildings.ids[1:]]
    content = {"scene": {"camera": camera.to_dict(), "hidden": others}, "variable": "no such", "hour": 12}
    document.execute("save_view", name="Plan", content=json.dumps(content))
    document.close()
    return path


def test_a_named_view_and_a_turntable_are_drawn(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["info", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["views"] == ["Plan"]
    out, home, folder = tmp_path / "plan.png", tmp_path / "home.png", tmp_path / "turn"
    assert run(["render", str(project), str(out), "--view", "Plan", "--size", "120x90"]) == 0
    assert run(["render", str(project), str(home), "--size", "120x90"]) == 0
    plan = Image.open(out).convert("RGB")
    assert plan.getpixel((60, 45)) != plan.getpixel((4, 4))  # the roof in the middle
    assert plan.tobytes() != Image.open(home).convert("RGB").tobytes()
    assert run(["render", str(project), str(out), "--view", "Nowhere"]) == 1
    assert run(["render", str(project), str(folder), "--turntable", "3", "--size", "60x40"]) == 0
    assert sorted(path.name for path in folder.iterdir()) == [f"turntable_000{number}.png" for number in (1, 2, 3)]
    assert run(["render", str(project), str(folder), "--turntable", "0"]) == 2
