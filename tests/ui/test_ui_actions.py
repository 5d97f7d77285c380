from collections import Counter

import pytest

from citytwin_desktop.ui.action_spec import MENUS
from citytwin_desktop.ui.actions import ACTIONS, TOOLBAR
from citytwin_desktop.ui.controllers import CONTROLLERS
from citytwin_desktop.ui.main_window import MainWindow

CONDITIONS = {"document", "buildings", "selection", "undo", "redo", "stale", "writable", "running"}
CONDITIONS |= {name for kind in CONTROLLERS.values() for name in kind.CONDITIONS}


def test_identifiers_and_shortcuts_are_unique() -> None:
    assert max(Counter(spec.id for spec in ACTIONS).values()) == 1
    assert max(Counter(spec.shortcut for spec in ACTIONS if spec.shortcut).values()) == 1


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.id)
def test_every_action_can_run(spec: object) -> None:
    part, _, method = spec.run.rpartition(".")
    assert callable(getattr(CONTROLLERS[part] if part else MainWindow, method, None))
    assert spec.menu in MENUS
    assert set(spec.needs) <= CONDITIONS
    assert spec.text[0].isupper()
    assert "!" not in spec.text


def test_toolbar_names_actions() -> None:
    assert {name for name in TOOLBAR if name} <= {spec.id for spec in ACTIONS}


def test_every_icon_exists() -> None:
    import json
    from pathlib import Path

    import qtawesome

    folder = Path(qtawesome.__file__).parent / "fonts"
    names = set(json.loads(next(folder.glob("materialdesignicons6*charmap*.json")).read_text(encoding="utf-8")))
    assert {spec.icon for spec in ACTIONS if spec.icon} <= names
