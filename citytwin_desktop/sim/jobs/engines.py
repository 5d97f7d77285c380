"""Names of engines and the functions behind them, as dotted paths that any process can import."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from citytwin_desktop.errors import BugError

EngineFunction = Callable[..., Any]

_PATHS: dict[str, str] = {
    "collectors": "citytwin_desktop.sim.collectors.engine:run",
    "energyplus": "citytwin_desktop.sim.energyplus.engine:run",
    "estimate": "citytwin_desktop.sim.estimate.engine:run",
    "solar": "citytwin_desktop.sim.solar.engine:run",
    "solar cells": "citytwin_desktop.sim.solar.engine:run_cells",
}


def engine_path(name: str) -> str:
    """Dotted path of an engine; a dotted path is its own name.

    Raises
    ------
    BugError
        When no engine has that name.
    """
    path = _PATHS.get(name, name)
    if ":" not in path:
        msg = f"there is no engine “{name}”"
        raise BugError(msg)
    return path


def load_engine(path: str) -> EngineFunction:
    """Import the function behind a dotted path."""
    module, _, function = path.partition(":")
    loaded: EngineFunction = getattr(import_module(module), function)
    return loaded
