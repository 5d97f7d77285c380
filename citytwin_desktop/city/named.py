"""What a project keeps under names: views to come back to, and selections."""

from collections.abc import Mapping
from typing import Any

from citytwin_desktop.errors import KnownError

VIEW, SELECTION, REMOVED = "view", "selection", "removed"
"""Views, selections, and by source the buildings that were removed and that a newer delivery leaves out."""
KINDS = {VIEW: "view", SELECTION: "selection", REMOVED: "list of removed buildings"}
"""Kind to the word for it."""

LONGEST_NAME = 80


def one_line(name: str) -> str:
    """A name without line ends, tabs and blanks at its ends; empty where nothing of it can be seen."""
    name = " ".join(name.split())
    return name if any(letter.isprintable() and letter != " " for letter in name) else ""


def checked_name(kind: str, name: str) -> str:
    """A name without blanks at its ends.

    Raises
    ------
    KnownError
        When it is empty or too long.
    """
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        msg = f"The name of the {KINDS[kind]} has {len(name)} characters: give it 1 to {LONGEST_NAME}."
        raise KnownError(msg)
    return name


def required(named: Mapping[str, Mapping[str, Mapping[str, Any]]], kind: str, name: str) -> Mapping[str, Any]:
    """Look up one by its name.

    Raises
    ------
    KnownError
        When there is none.
    """
    kept = named.get(kind, {})
    if name not in kept:
        todo = f"choose one of {', '.join(kept)}" if kept else "none is kept yet, save one first"
        msg = f"There is no {KINDS[kind]} “{name}” in this project: {todo}."
        raise KnownError(msg)
    return kept[name]
