"""The page of words names every variable with its unit."""

import re
from pathlib import Path

from citytwin_desktop.document.variables import VARIABLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "nomenclature.md"


def test_the_page_names_every_variable() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Variables")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \| (\S+) \|", section, re.MULTILINE)
    page = {name: unit for names, unit in rows for name in re.findall(r"`(\w+)`", names)}
    assert page == {item.name: item.unit for item in VARIABLES.values()}
