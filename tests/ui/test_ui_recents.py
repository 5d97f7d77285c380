from pathlib import Path

from citytwin_desktop.ui.recents import LIMIT, WindowSettings


def test_recents_survive_a_restart_latest_first(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.citytwin.gpkg" for name in ("one", "two, with | and ;", "three")]
    for path in paths[:1]:
        path.touch()
        WindowSettings(tmp_path).add_recent(path, 4, 0)
    assert [recent.path for recent in WindowSettings(tmp_path).recents()] == paths[:1]
    for path in paths[1:]:
        path.touch()
        WindowSettings(tmp_path).add_recent(path, 853, 12)
    assert [recent.path for recent in WindowSettings(tmp_path).recents()] == paths[::-1]
    assert WindowSettings(tmp_path).recents()[0].stale == 12


def test_projects_that_are_gone_are_not_listed(tmp_path: Path) -> None:
    settings = WindowSettings(tmp_path)
    for number in range(LIMIT + 3):
        path = tmp_path / f"{number}.citytwin.gpkg"
        path.touch()
        settings.add_recent(path, number, 0)
    assert len(settings.recents()) == LIMIT
    (tmp_path / f"{LIMIT + 2}.citytwin.gpkg").unlink()
    assert len(settings.recents()) == LIMIT - 1


def test_damaged_settings_are_forgotten_quietly(tmp_path: Path) -> None:
    settings = WindowSettings(tmp_path)
    settings.remember("recents", "not json")
    settings.remember("views/x", "[1")
    assert settings.recents() == []
    assert settings.view_of(tmp_path / "any") is None


def test_views_are_kept_by_project(tmp_path: Path) -> None:
    settings = WindowSettings(tmp_path)
    settings.keep_view(tmp_path / "a", {"at_home": False, "scene": {"hidden": ["B1"]}})
    assert WindowSettings(tmp_path).view_of(tmp_path / "a") == {"at_home": False, "scene": {"hidden": ["B1"]}}
    assert settings.view_of(tmp_path / "b") is None
