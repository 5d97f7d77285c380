from string import Template
from typing import Any

import pytest
from PySide6.QtCore import QSize

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.style import _SHEET, style_sheet
from citytwin_desktop.ui.theme import THEMES, contrast_ratio

TEXTS = ("text", "muted", "accent", "stale", "failed", "done")
GROUNDS = ("window", "panel", "raised")


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21.0)
    # An example of the standard's own understanding document: #777777 on white just fails 4.5.
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read(name: str) -> None:
    theme = THEMES[name]
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [("on_accent", "accent"), ("text", "hover"), ("text", "pressed"), ("stale", "hover")]
    weak = {pair: contrast_ratio(getattr(theme, pair[0]), getattr(theme, pair[1])) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", THEMES)
def test_style_sheet_leaves_no_token_open(name: str) -> None:
    sheet = style_sheet(THEMES[name], "arrow.png", "check.png")
    assert "$" not in sheet
    assert isinstance(_SHEET, Template)
    assert sheet.count("{") == sheet.count("}")


def test_an_icon_without_room_is_nothing_and_complains_of_nothing(qapp: Any, qtlog: Any) -> None:
    drawn = icon("close", THEMES["dark"])
    assert drawn.pixmap(QSize()).isNull()
    assert drawn.pixmap(QSize(0, 12)).isNull()
    assert not drawn.pixmap(QSize(16, 16)).isNull()
    assert [record.message for record in qtlog.records] == []
