"""The page on scripting is true: its lines run, and its table of commands is the registry."""

import dataclasses
import re
from pathlib import Path
from typing import Any, cast

import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.document.commands.command import registry

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scripting.md"


def _code_blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_lines_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, city_file: Any) -> None:
    city_file("boxes.city.json")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    blocks = _code_blocks()
    assert len(blocks) == 2
    try:
        for block in blocks:
            exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - the page is ours
    finally:
        if "document" in names:
            names["document"].close()
    assert names["edited"].wall_u_value_w_m2k == pytest.approx(0.3)
    assert "edited" in names["edited"].origins["wall_u_value_w_m2k"].lower()
    assert names["restored"] == names["before"] != 0.3
    assert names["roof_area_m2"] == pytest.approx(80.0, rel=1e-6)
    _check_irradiation(names["document"], names["irradiation"])


def _check_irradiation(document: Any, irradiation: Any) -> None:
    surfaces = document.city.surfaces
    roofs = irradiation.values[surfaces.kind == SurfaceKind.ROOF]
    # Nothing stands above these flat roofs: they get what the weather file says a horizontal plane gets.
    open_field_kwh_m2 = document.weather.global_horizontal_wh_m2.sum() / 1000.0
    assert irradiation.unit == "kWh/m²a"
    assert roofs == pytest.approx(open_field_kwh_m2, rel=0.02)
    assert irradiation.values[surfaces.kind == SurfaceKind.WALL].max() < roofs.min()


def test_table_of_commands_is_the_registry() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    page = {name: re.findall(r"`(\w+)`", parameters) for name, parameters in rows}
    known = {name: [field.name for field in dataclasses.fields(cast("Any", kind))] for name, kind in registry().items()}
    assert page == known
